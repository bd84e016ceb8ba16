package dev.murmuration.crawler.feed;

import java.time.Duration;

/** How a feed waits: {@link Thread#sleep(Duration)}, or a test that only records it. */
@FunctionalInterface
public interface Pause {

    /** Waits this long. */
    void sleep(Duration time) throws InterruptedException;
}
