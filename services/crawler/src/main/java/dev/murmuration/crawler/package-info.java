/** Feed to tweets: admission, photos, and the transaction that moves the cursor. */
@NullMarked
package dev.murmuration.crawler;

import org.jspecify.annotations.NullMarked;
