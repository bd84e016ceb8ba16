package dev.murmuration.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {

    @TempDir
    private Path folder;

    @Test
    void goesFromASimulatedFeedToAnAccuracyAndAccountsForEveryPhoto() throws Exception {
        Path json = folder.resolve("summary.json");
        try (Collector collector = new Collector();
                Command demo = Command.start(
                        folder,
                        Map.of("TRACING_ENDPOINT", collector.endpoint(), "TRACING_SHARE", "1.0"),
                        "demo",
                        "--keep",
                        "--records",
                        "400",
                        "--json",
                        json.toString())) {
            Command.Result result = demo.await();

            assertThat(result.exitStatus()).as(result.output()).isZero();
            JsonNode summary = new ObjectMapper().readTree(Files.readString(json));
            assertThat(summary.get("ok").asBoolean()).isTrue();
            assertThat(summary.get("records").asInt()).isEqualTo(400);
            assertThat(summary.get("scored").asInt())
                    .isEqualTo(summary.get("admitted").asInt())
                    .isPositive();
            assertThat(summary.at("/conservation/ok").asBoolean()).isTrue();
            assertThat(summary.get("shards").asInt()).isPositive();
            assertThat(summary.get("accuracies"))
                    .isNotEmpty()
                    .allSatisfy(accuracy ->
                            assertThat(accuracy.get("benchmark").asText()).isEqualTo("simulated"));

            // Each service sends its last spans some seconds after it has written.
            collector.until("a trace from a tweet to an accuracy", DemoIT::leadsFromATweetToAnAccuracy);

            Command.Result audit = demo.then("audit");
            assertThat(audit.exitStatus()).as(audit.output()).isZero();
            assertThat(audit.output())
                    .contains("conservation holds for")
                    .contains("offsets covered")
                    .containsPattern("in flight +0\n");

            Command.Result status = demo.then("status");
            assertThat(status.exitStatus()).as(status.output()).isZero();
            assertThat(status.output())
                    .contains("evaluator  ready")
                    .contains("teacher    < tweets")
                    .contains("accuracy simulated three-way")
                    .contains("rejected by crawler");

            Command.Result program = demo.then("status", "--json");
            JsonNode seen = new ObjectMapper().readTree(program.output());
            // Five services, the platform, its registry and the console.
            assertThat(seen.at("/programs")).hasSize(8);
            assertThat(seen.at("/checkpoint/step").asLong()).isPositive();
            assertThat(seen.at("/stages"))
                    .filteredOn(stage ->
                            stage.has("group") && !stage.get("group").asText().equals("shard-packer"))
                    .allSatisfy(stage ->
                            assertThat(stage.get("lagRecords").asLong()).isZero());

            Command.Result logs = demo.then("logs", "trainer");
            assertThat(logs.output()).contains("[trainer]");

            Path shards = folder.resolve("run/demo/platform/objects/murmuration/shards");
            try (var files = Files.walk(shards)) {
                Files.delete(files.filter(file -> file.toString().endsWith(".tar"))
                        .findFirst()
                        .orElseThrow());
            }
            Command.Result broken = demo.then("audit");
            assertThat(broken.exitStatus()).isEqualTo(1);
            assertThat(broken.output())
                    .contains("DIFFERENCE shards that are not in the object store: 1")
                    .contains("conservation is BROKEN");

            Command.Result down = demo.then("down");
            assertThat(down.output()).contains("ended in").contains("crawler").contains("platform");
            assertThat(demo.running("demo")).isEmpty();
        }
    }

    /** A record's own trace reaches its shard; from there links lead to the checkpoint, whose trace goes on to the accuracy. */
    private static boolean leadsFromATweetToAnAccuracy(Collector collector) {
        return collector.spans("crawler", "tweets").anyMatch(tweet -> {
            Set<ByteString> shards = linked(collector, tweet.trace(), "filter", "shards");
            return collector.goesOn(tweet.trace(), "teacher", "scored-tweets")
                    && collector.goesOn(tweet.trace(), "filter", "labelled-images")
                    && shards.stream()
                            .flatMap(shard -> linked(collector, shard, "trainer", "checkpoints").stream())
                            .anyMatch(checkpoint -> collector.goesOn(checkpoint, "evaluator", "accuracies"));
        });
    }

    /** The traces that begin where records of this one were joined with others. */
    private static Set<ByteString> linked(Collector collector, ByteString trace, String service, String topic) {
        Set<ByteString> wholes = collector
                .spans(service, "part of " + topic)
                .filter(part -> part.trace().equals(trace))
                .flatMap(part -> part.links().stream())
                .collect(Collectors.toSet());
        return collector
                .spans(service, topic)
                .filter(whole -> wholes.contains(whole.span()))
                .map(Collector.Sent::trace)
                .collect(Collectors.toSet());
    }
}
