/** A recorded stream: lines of files that may be compressed or still grow, at their own pace or a multiple of it. */
@NullMarked
package dev.murmuration.crawler.feed.recorded;

import org.jspecify.annotations.NullMarked;
