package dev.murmuration.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A demo slow enough that every service is at work when it is killed, one after the other. */
class FaultIT {

    @TempDir
    private Path folder;

    @Test
    void losesAndDoublesNothingWhenEveryServiceIsKilledOnce() throws Exception {
        Path json = folder.resolve("summary.json");
        // Small shards, so that the first one comes long before the feed ends and the demo with it.
        Map<String, String> slowly =
                Map.of("CRAWLER_SIMULATOR_RATE", "15", "FILTER_SHARDS_MAX_SAMPLES", "40", "TRAINER_STREAM_PASSES", "2");
        try (Command demo = Command.start(folder, slowly, "demo", "--records", "600", "--json", json.toString())) {
            for (String service : List.of("crawler", "teacher", "filter", "trainer", "evaluator")) {
                demo.until("the first shard", () -> printedIn(demo, "shards [0-9,]+ > [1-9]"));
                ProcessHandle process = demo.program("demo", service).process().orElseThrow();
                process.destroyForcibly();
                process.onExit().join();
                demo.until(
                        service + " runs again",
                        () -> printedIn(demo, service + " ended \\(exit status 137")
                                && demo.program("demo", service).process().isPresent());
            }

            Command.Result result = demo.await();

            assertThat(result.exitStatus()).as(result.output()).isZero();
            JsonNode summary = new ObjectMapper().readTree(Files.readString(json));
            assertThat(summary.get("records").asInt()).isEqualTo(600);
            assertThat(summary.at("/conservation/ok").asBoolean()).isTrue();
            assertThat(demo.running("demo")).isEmpty();
        }
    }

    @Test
    void keepsWhatATrainerHasLearnedWhenItIsToldToStop() throws Exception {
        // So much to learn that it has not ended before it is told to.
        Map<String, String> slowly = Map.of("TRAINER_STREAM_PASSES", "100000", "TRAINER_LOG_INTERVAL", "100ms");
        try (Command demo = Command.start(folder, slowly, "demo", "--records", "200")) {
            Path log = folder.resolve("run/demo/logs/trainer.log");
            demo.until("the finish", () -> linesIn(log, " of the budget, ") > 0);
            ProcessHandle process = demo.program("demo", "trainer").process().orElseThrow();
            long checkpoints = linesIn(log, "checkpoint of student at step ");

            process.destroy();
            process.onExit().join();

            assertThat(linesIn(log, "checkpoint of student at step ")).isGreaterThan(checkpoints);
            demo.until("it goes on", () -> linesIn(log, "run student resumes at step ") > 0);
        }
    }

    private static long linesIn(Path log, String text) {
        try {
            return Files.exists(log)
                    ? Files.readString(log)
                            .lines()
                            .filter(line -> line.contains(text))
                            .count()
                    : 0;
        } catch (java.io.IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    private static boolean printedIn(Command demo, String pattern) {
        try {
            return demo.printed().lines().anyMatch(line -> line.matches(".*" + pattern + ".*"));
        } catch (java.io.IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
