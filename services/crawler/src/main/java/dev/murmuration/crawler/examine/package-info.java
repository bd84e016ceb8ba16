/** Examination of one delivery before it is settled: admission, then its photos; bounded in memory. */
@NullMarked
package dev.murmuration.crawler.examine;

import org.jspecify.annotations.NullMarked;
