/** Where a text model comes from (bundled, a folder, the object store, a hub), what every model can do, and how its files are read. */
@NullMarked
package dev.murmuration.teacher.model;

import org.jspecify.annotations.NullMarked;
