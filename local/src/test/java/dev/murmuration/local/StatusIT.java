package dev.murmuration.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** `status` against a cluster that is known by settings only. */
class StatusIT {

    private final PlatformSettings platform = TestPlatform.settings();
    private final String reason = "reason-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    @Test
    void showsLagAndRefusalsOfAnyCluster() throws Exception {
        send();

        String printed = status("--json", "--every", "0.1", "--timeout", "60");

        JsonNode json = new ObjectMapper().readTree(printed);
        assertThat(json.at("/rejections/crawler/" + reason).asInt()).isEqualTo(2);
        assertThat(json.get("stages"))
                .extracting(stage -> stage.get("stage").asText())
                .containsExactly("crawler", "teacher", "filter", "shards", "trainer", "evaluator");
        assertThat(json.at("/stages/5/group").asText()).isEqualTo("evaluator");
        // Sent a minute ago by its own clock, and no evaluator reads here.
        assertThat(json.at("/stages/5/lagRecords").asLong()).isPositive();
        assertThat(json.at("/stages/5/lagSeconds").asDouble()).isGreaterThanOrEqualTo(60);
        assertThat(json.get("undecodable").asInt()).isPositive();
    }

    @Test
    void namesAClusterThatDoesNotAnswer() throws IOException {
        Path nowhere = Files.writeString(
                folder.resolve("nowhere.properties"),
                "kafka.bootstrap.servers=localhost:%d\n".formatted(PlatformSettings.freePort()));

        StringWriter printed = new StringWriter();
        int status = Main.commandLine()
                .setErr(new PrintWriter(printed, true))
                .execute("status", "--timeout", "1", "--settings", nowhere.toString());

        assertThat(status).isEqualTo(1);
        assertThat(printed.toString()).contains("the cluster does not answer");
    }

    private String status(String... options) throws IOException {
        Path settings = Files.write(
                folder.resolve("settings.properties"),
                List.of(
                        "kafka.bootstrap.servers=" + platform.bootstrapServers(),
                        "registry.url=" + platform.registryUrl()));
        StringWriter printed = new StringWriter();
        PrintWriter out = new PrintWriter(printed, true);
        String[] all = new String[options.length + 3];
        all[0] = "status";
        all[1] = "--settings";
        all[2] = settings.toString();
        System.arraycopy(options, 0, all, 3, options.length);
        int status = Main.commandLine().setOut(out).setErr(out).execute(all);
        assertThat(status).as(printed.toString()).isZero();
        return printed.toString();
    }

    private void send() throws Exception {
        try (EventWriter writer = new EventWriter(RegistrySettings.apicurio(platform.registryUrl()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", platform.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            Instant now = Instant.now();
            byte[] rejection = writer.write(Topics.REJECTIONS, new Rejection("1", null, "crawler", reason, "", now));
            producer.send(new ProducerRecord<>(Topics.REJECTIONS.name(), 0, null, rejection))
                    .get();
            producer.send(new ProducerRecord<>(Topics.REJECTIONS.name(), 1, null, rejection))
                    .get();
            producer.send(new ProducerRecord<>(
                            Topics.CHECKPOINTS.name(), 0, now.minusSeconds(60).toEpochMilli(), null, new byte[] {1, 2, 3
                            }))
                    .get();
        }
    }
}
