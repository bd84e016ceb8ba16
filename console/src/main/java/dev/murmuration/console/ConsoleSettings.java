package dev.murmuration.console;

import dev.murmuration.stage.settings.DurationRange;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Settings of the console; the README has them in a table. */
@ConfigMapping(prefix = "console")
interface ConsoleSettings {

    /** Base address of each service, by its name: for its health checks, and for the evaluator that answers "Try it". */
    Map<String, URI> services();

    /** How often positions, lag and health are looked up. */
    @WithDefault("2s")
    @DurationRange(min = 200, max = 3_600_000)
    Duration interval();

    /**
     * How many records of each partition of {@code tweets}, {@code scored-tweets}, {@code labelled-images} and {@code rejections}
     * are read at the start, the newest ones.
     */
    @WithDefault("50000")
    @Min(0)
    @Max(100_000_000)
    long history();

    /** How long a search for one tweet, photo, shard or sample may take; then the page shows what was found, and what was not read. */
    @WithDefault("10s")
    @DurationRange(min = 100, max = 600_000)
    Duration searchTimeout();

    /** How many labelled photos are kept for the wall, the newest ones. */
    @WithDefault("1000")
    @Min(1)
    @Max(100_000)
    int wallPhotos();

    /** How many scored tweets are kept with their texts and scores, for rejections to show; about 1 KB each. */
    @WithDefault("20000")
    @Min(1)
    @Max(10_000_000)
    int scoredTweets();

    /** How many small copies of photos are kept in memory; about 15 KB each. */
    @WithDefault("1000")
    @Min(1)
    @Max(1_000_000)
    int thumbnails();
}
