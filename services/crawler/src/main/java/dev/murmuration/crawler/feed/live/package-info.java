/** Feeds over the network: connections with back-off, and the protocols of X, Bluesky and Mastodon. */
@NullMarked
package dev.murmuration.crawler.feed.live;

import org.jspecify.annotations.NullMarked;
