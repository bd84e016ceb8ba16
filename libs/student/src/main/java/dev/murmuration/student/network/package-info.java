/** The shapes of the students' networks, and the order of their weights in one vector. */
@NullMarked
package dev.murmuration.student.network;

import org.jspecify.annotations.NullMarked;
