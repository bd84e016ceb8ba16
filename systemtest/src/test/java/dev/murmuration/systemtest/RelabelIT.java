package dev.murmuration.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelabelIT {

    @TempDir
    private Path folder;

    @Test
    void makesNewDataSetsOfStoredTweetsWithoutFetchingAPhotoAgain() throws Exception {
        // What the student learns of them is not asked here.
        Map<String, String> once = Map.of("TRAINER_STREAM_PASSES", "1");
        try (Command demo = Command.start(folder, once, "demo", "--keep", "--records", "300")) {
            Command.Result made = demo.await();
            assertThat(made.exitStatus()).as(made.output()).isZero();
            Map<Path, FileTime> photos = photos();

            Command.Result soft = demo.then(
                    "relabel",
                    "soft",
                    "--datasets",
                    "soft=flat,soft-bal=bal-flat",
                    "--set",
                    "filter.datasets.soft.threshold.neutral=0.1",
                    "--set",
                    "filter.datasets.soft.threshold.negative=0.1",
                    "--set",
                    "filter.datasets.soft.threshold.positive=0.1");

            assertThat(soft.exitStatus()).as(soft.output()).isZero();
            assertThat(soft.output())
                    .containsPattern("data set soft +\\d+")
                    .containsPattern("data set soft-bal +\\d+")
                    .contains("conservation holds for");
            assertThat(samples(soft, "soft"))
                    .as("with hardly a threshold more than with one")
                    .isGreaterThan(samples(made, "flat"));
            assertThat(samples(soft, "soft-bal")).isPositive();
            assertThat(photos()).isEqualTo(photos);

            Command.Result taken = demo.then("relabel", "other", "--datasets", "soft");
            assertThat(taken.exitStatus()).isEqualTo(1);
            assertThat(taken.output()).contains("data set soft already exists");

            Command.Result again = demo.then("relabel", "soft", "--datasets", "soft=flat,soft-bal=bal-flat");
            assertThat(again.exitStatus()).as(again.output()).isZero();
            assertThat(samples(again, "soft")).isEqualTo(samples(soft, "soft"));

            Command.Result audit = demo.then("audit");
            assertThat(audit.exitStatus()).as(audit.output()).isZero();
            Command.Result ofRelabelling = demo.then("audit", "--relabelling", "soft");
            assertThat(ofRelabelling.exitStatus()).as(ofRelabelling.output()).isZero();
            assertThat(ofRelabelling.output())
                    .doesNotContain("records read")
                    .containsPattern("in flight +0\n")
                    .containsPattern(
                            "samples in shards +%,d\n".formatted(samples(soft, "soft") + samples(soft, "soft-bal")));
        }
    }

    /** The photos of the store, with when each was written last. */
    private Map<Path, FileTime> photos() throws IOException {
        Map<Path, FileTime> photos = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder.resolve("run/demo/platform/objects/murmuration/images"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                photos.put(file, Files.getLastModifiedTime(file));
            }
        }
        assertThat(photos).isNotEmpty();
        return photos;
    }

    private static long samples(Command.Result result, String dataset) {
        return result.output()
                .lines()
                .filter(line -> line.startsWith("data set " + dataset + " "))
                .mapToLong(
                        line -> Long.parseLong(line.strip().split(" +", -1)[3].replace(",", "")))
                .findFirst()
                .orElseThrow();
    }
}
