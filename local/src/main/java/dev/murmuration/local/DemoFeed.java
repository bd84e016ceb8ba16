package dev.murmuration.local;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a demo changes in the services' settings, so that a student is trained in a minute on a CPU.
 *
 * @param crawler settings of the feed
 * @param benchmark name of the benchmark whose photos the filter holds back
 * @param seed of the student
 */
record DemoFeed(Map<String, String> crawler, String benchmark, long seed) {

    static DemoFeed simulated(int records, long seed) {
        return new DemoFeed(
                Map.of(
                        "crawler.feed",
                        "simulator",
                        "crawler.simulator.records",
                        Integer.toString(records),
                        "crawler.simulator.seed",
                        Long.toString(seed),
                        "crawler.simulator.benchmark",
                        "simulated"),
                "simulated",
                seed);
    }

    static DemoFeed recorded(Path folder, boolean isLabelled, long seed) {
        return new DemoFeed(
                Map.of(
                        "crawler.feed", "recorded",
                        "crawler.recorded.path", folder.toString(),
                        "crawler.simulator.benchmark", ""),
                isLabelled ? "recorded" : "",
                seed);
    }

    Map<String, Map<String, String>> overrides(RunFolder run) {
        Map<String, Map<String, String>> overrides = new HashMap<>();
        overrides.put("crawler", crawler);
        overrides.put(
                "filter",
                Map.of(
                        "filter.benchmarks",
                        benchmark,
                        "filter.shards.max-samples",
                        "200",
                        "filter.state-dir",
                        run.folder().resolve("filter-state").toString()));
        overrides.put(
                "trainer",
                Map.of(
                        "trainer.threads", "1",
                        "trainer.seed", Long.toString(seed),
                        "trainer.checkpoint.interval", "30s"));
        return overrides;
    }
}
