package dev.murmuration.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.local.platform.PlatformSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The deployment job against the real platform. */
class PrepareIT {

    private static final ConfigResource SHARDS = new ConfigResource(ConfigResource.Type.TOPIC, "shards");

    private final PlatformSettings platform = TestPlatform.settings();
    private final Admin admin = Admin.create(Map.of("bootstrap.servers", platform.bootstrapServers()));
    private final String bucket = "bucket-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    @AfterEach
    void disconnect() {
        admin.close();
    }

    @Test
    void makesWhatIsMissingAndKeepsWhatIsThere() throws Exception {
        delete("accuracies");

        Ran first = prepare("platform.partitions=5");
        Ran second = prepare("platform.partitions=5");

        assertThat(first.status()).as(first.printed()).isZero();
        assertThat(first.printed().lines())
                .containsExactly(
                        "bucket %s: made".formatted(bucket),
                        "topics: made accuracies",
                        "schemas: registered tweets-value, scored-tweets-value, labelled-images-value, shards-value, checkpoints-value,"
                                + " accuracies-value, rejections-value, crawler-cursors-value, crawler-declarations-value",
                        "ready");
        assertThat(second.status()).isZero();
        assertThat(second.printed())
                .contains("bucket %s: is there".formatted(bucket))
                .contains("topics: all are there");
        assertThat(admin.describeTopics(List.of("tweets")).allTopicNames().get().values())
                .singleElement()
                .satisfies(tweets -> assertThat(tweets.partitions()).hasSize(2));
    }

    @Test
    void waitsForTopicsThatSomebodyElseMakes() throws Exception {
        Ran there = prepare("platform.topics=await");
        delete("accuracies");
        Ran missing = prepare("platform.topics=await", "platform.timeout=PT0.3S");
        prepare();

        assertThat(there.status()).as(there.printed()).isZero();
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.printed()).contains("there are no topics [accuracies] yet");
    }

    @Test
    void refusesATopicThatWouldLoseWhatMustStay() throws Exception {
        retention("1000");
        Ran lossy = prepare();
        retention("-1");

        assertThat(lossy.status()).isEqualTo(1);
        assertThat(lossy.printed()).contains("the topic shards is there with retention.ms=1000 and needs -1");
        assertThat(prepare().status()).isZero();
    }

    @Test
    void saysWhichServerDoesNotAnswer() throws IOException {
        Ran away = prepare(
                "registry.url=http://localhost:%d/apis/registry/v3".formatted(PlatformSettings.freePort()),
                "platform.timeout=PT0.3S");

        assertThat(away.status()).isEqualTo(1);
        assertThat(away.printed()).contains("the registry at http://localhost").contains("was not ready within");
    }

    @Test
    void namesAWrongSetting() throws IOException {
        Ran wrong = prepare("platform.topics=perhaps");

        assertThat(wrong.status()).isEqualTo(78);
        assertThat(wrong.printed()).contains("platform.topics = perhaps: must be create or await");
    }

    private void delete(String topic) throws ExecutionException, InterruptedException {
        admin.deleteTopics(List.of(topic)).all().get();
        long last = System.nanoTime() + 60_000_000_000L;
        Set<String> topics = admin.listTopics().names().get();
        while (topics.contains(topic)) {
            assertThat(System.nanoTime()).as("the topic is still listed").isLessThan(last);
            Thread.onSpinWait();
            topics = admin.listTopics().names().get();
        }
    }

    private void retention(String milliseconds) throws ExecutionException, InterruptedException {
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry("retention.ms", milliseconds), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(SHARDS, List.of(set))).all().get();
        long last = System.nanoTime() + 60_000_000_000L;
        while (admin.describeConfigs(List.of(SHARDS)).all().get().values().stream()
                .noneMatch(
                        config -> milliseconds.equals(config.get("retention.ms").value()))) {
            assertThat(System.nanoTime()).as("the setting is not seen").isLessThan(last);
            Thread.onSpinWait();
        }
    }

    private record Ran(int status, String printed) {}

    private Ran prepare(String... further) throws IOException {
        Path settings = Files.write(
                folder.resolve("settings.properties"),
                List.of(
                        "kafka.bootstrap.servers=" + platform.bootstrapServers(),
                        "registry.url=" + platform.registryUrl(),
                        "s3.endpoint=" + platform.storeEndpoint(),
                        "s3.bucket=" + bucket,
                        String.join("\n", further)));
        StringWriter printed = new StringWriter();
        PrintWriter out = new PrintWriter(printed, true);
        int status = Main.commandLine().setOut(out).setErr(out).execute("prepare", "--settings", settings.toString());
        return new Ran(status, printed.toString());
    }
}
