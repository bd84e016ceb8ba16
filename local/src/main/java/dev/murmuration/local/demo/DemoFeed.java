package dev.murmuration.local.demo;

import dev.murmuration.local.launch.RunFolder;
import dev.murmuration.local.settings.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The demo's changes of the services' settings, with which a student is trained in a minute on a CPU.
 *
 * @param crawler settings of the feed
 * @param teacher settings of the teacher
 * @param filter settings of the data sets
 * @param trainer settings of the student
 */
public record DemoFeed(
        Map<String, String> crawler,
        Map<String, String> teacher,
        Map<String, String> filter,
        Map<String, String> trainer) {

    private static final String TEACHER = "teacher.model";

    private static final String PASSES = "trainer.stream.passes";

    private static final String ACTIVE = "filter.active";

    private static final String SOFT = "soft";

    /**
     * A data set of its own for a few hundred real photos: each photo whose text has one class that is more likely than the
     * others together. The student learns the teacher's probabilities, so a text that the teacher is unsure of misleads little,
     * and twice as many photos teach more than surer labels do (ADR 31).
     */
    private static final Map<String, String> SOFT_DATA_SET = Map.of(
            "filter.datasets.soft.preset", "flat",
            "filter.datasets.soft.threshold.negative", "0.5",
            "filter.datasets.soft.threshold.neutral", "0.5",
            "filter.datasets.soft.threshold.positive", "0.5");

    /** The photos to measure on are held back already, so a test split would only be taken from those to learn from. */
    private static final Map<String, String> NO_TEST_SPLIT =
            Map.of("filter.split.train", "95", "filter.split.val", "5", "filter.split.test", "0");

    /**
     * A few hundred real photos are too few to train a network from random weights. This one starts from ImageNet weights and
     * trains only its classifier, for four passes: with more it overfits.
     */
    private static final Map<String, String> REAL_PHOTOS = Map.of(
            "trainer.architecture",
            "efficientnet-lite0",
            "trainer.batch",
            "16",
            "trainer.learning-rate",
            "0.0005",
            "trainer.balanced",
            "true",
            "trainer.head-first-samples",
            Integer.toString(Integer.MAX_VALUE),
            "trainer.warmup-samples",
            "100",
            "trainer.average-decay",
            "0.9",
            PASSES,
            "4");

    /**
     * A stream of this many records of the simulator. Its texts are plain, so that the fast teacher reads them as well as the large one.
     *
     * @param settings may set the teacher, the size of shards and the number of passes. A student learns nothing more from
     *     simulated photos after four: three-way accuracy 86.3 % after four, 86.2 and 87.3 % after twelve
     */
    public static DemoFeed simulated(int records, long seed, Settings settings) {
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
                Map.of(TEACHER, settings.text(TEACHER, "bundled-fast")),
                filter("simulated", settings),
                Map.of("trainer.seed", Long.toString(seed), PASSES, settings.text(PASSES, "4")));
    }

    /**
     * A recorded stream in a folder; if it has labels, some of its photos become a benchmark.
     *
     * @param settings may set another student
     */
    public static DemoFeed recorded(Path folder, boolean isLabelled, long seed, Settings settings) {
        Map<String, String> student = new HashMap<>(Map.of("trainer.seed", Long.toString(seed)));
        REAL_PHOTOS.forEach((setting, value) -> student.put(setting, settings.text(setting, value)));
        Map<String, String> dataSets = new HashMap<>(filter(isLabelled ? "recorded" : "", settings));
        if (isLabelled) {
            NO_TEST_SPLIT.forEach((setting, value) -> dataSets.put(setting, settings.text(setting, value)));
        }
        if (settings.text(ACTIVE, "").isEmpty()) {
            dataSets.put(ACTIVE, "flat,bal,soft");
            SOFT_DATA_SET.forEach((setting, value) -> dataSets.put(setting, settings.text(setting, value)));
            student.put("trainer.dataset", settings.text("trainer.dataset", SOFT));
        }
        return new DemoFeed(
                Map.of(
                        "crawler.feed", "recorded",
                        "crawler.recorded.path", folder.toString(),
                        "crawler.simulator.benchmark", ""),
                Map.of(),
                dataSets,
                student);
    }

    /** The photos of the benchmark are held back; small shards, so that training starts early. */
    private static Map<String, String> filter(String benchmark, Settings settings) {
        return Map.of(
                "filter.benchmarks",
                benchmark,
                "filter.shards.max-samples",
                settings.text("filter.shards.max-samples", "200"));
    }

    /** Settings that replace the configured ones, by service. */
    public Map<String, Map<String, String>> overrides(RunFolder run) {
        Map<String, Map<String, String>> overrides = new HashMap<>();
        overrides.put("crawler", crawler);
        overrides.put("teacher", teacher);
        Map<String, String> dataSets = new HashMap<>(filter);
        dataSets.put("filter.state-dir", run.folder().resolve("filter-state").toString());
        overrides.put("filter", dataSets);
        Map<String, String> student = new HashMap<>(trainer);
        student.put("trainer.threads", "1");
        student.put("trainer.checkpoint.interval", "30s");
        overrides.put("trainer", student);
        return overrides;
    }
}
