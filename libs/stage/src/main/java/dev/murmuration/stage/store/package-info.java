/** The object store: objects by key, uploads, retries. */
@NullMarked
package dev.murmuration.stage.store;

import org.jspecify.annotations.NullMarked;
