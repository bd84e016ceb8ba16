/** Pages, their fragments, their JSON, and the events that bring them up to date. */
@NullMarked
package dev.murmuration.console.web;

import org.jspecify.annotations.NullMarked;
