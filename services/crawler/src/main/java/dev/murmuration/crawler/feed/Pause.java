package dev.murmuration.crawler.feed;

import java.time.Duration;

/** How a feed waits: {@link Thread#sleep(Duration)}, or in tests a recording of it. */
@FunctionalInterface
public interface Pause {

    /** Waits this long. */
    void sleep(Duration time) throws InterruptedException;
}
