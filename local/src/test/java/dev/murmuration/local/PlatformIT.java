package dev.murmuration.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import io.minio.GetObjectArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.errors.ErrorResponseException;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

class PlatformIT {

    private final PlatformSettings platform = platform();

    PlatformSettings platform() {
        return TestPlatform.settings();
    }

    @Test
    void hasEveryTopicWithItsPartitions() throws Exception {
        try (Admin admin = admin()) {
            Map<String, TopicDescription> topics = admin.describeTopics(
                            Topics.ALL.stream().map(Topic::name).toList())
                    .allTopicNames()
                    .get();
            assertThat(topics.get("tweets"))
                    .satisfies(tweets -> assertThat(tweets.partitions()).hasSize(2));
            assertThat(topics.get("shards"))
                    .satisfies(shards -> assertThat(shards.partitions()).hasSize(1));
            assertThat(topics).hasSize(Topics.ALL.size());
        }
    }

    @Test
    void compactsTweetsButKeepsEveryShard() throws Exception {
        ConfigResource tweets = new ConfigResource(ConfigResource.Type.TOPIC, "tweets");
        ConfigResource shards = new ConfigResource(ConfigResource.Type.TOPIC, "shards");
        try (Admin admin = admin()) {
            Map<ConfigResource, Config> configs =
                    admin.describeConfigs(List.of(tweets, shards)).all().get();
            assertThat(configs.get(tweets))
                    .extracting(config -> config.get("cleanup.policy").value())
                    .isEqualTo("compact");
            assertThat(configs.get(shards))
                    .extracting(
                            config -> config.get("cleanup.policy").value(),
                            config -> config.get("retention.ms").value())
                    .containsExactly("delete", "-1");
        }
    }

    @Test
    void putsAnObjectOnlyIfThereIsNone() throws Exception {
        MinioClient store = MinioClient.builder()
                .endpoint(platform.storeEndpoint())
                .credentials(platform.accessKey(), platform.secretKey())
                .build();
        String key = "images/" + UUID.randomUUID();
        putIfAbsent(store, key, "first");

        assertThatThrownBy(() -> putIfAbsent(store, key, "second"))
                .isInstanceOfSatisfying(
                        ErrorResponseException.class,
                        refused -> assertThat(refused.errorResponse().code()).isEqualTo("PreconditionFailed"));
        assertThat(store.getObject(GetObjectArgs.builder()
                                .bucket(platform.bucket())
                                .object(key)
                                .build())
                        .readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("first");
        store.close();
    }

    @Test
    void servesEverySchemaAndRefusesAnIncompatibleOne() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        URI versions = URI.create(
                "http://localhost:" + platform.registryPort() + "/apis/ccompat/v7/subjects/rejections-value/versions");

        HttpResponse<String> registered = http.send(
                HttpRequest.newBuilder(URI.create(versions + "/latest")).build(), HttpResponse.BodyHandlers.ofString());
        HttpResponse<String> incompatible = http.send(
                HttpRequest.newBuilder(versions)
                        .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"schema\":\"{\\\"type\\\":\\\"int\\\"}\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(registered.body()).contains("imageIndex").contains("avro.java.string");
        assertThat(incompatible.statusCode()).isEqualTo(409);
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", platform.bootstrapServers()));
    }

    private void putIfAbsent(MinioClient store, String key, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        store.putObject(
                PutObjectArgs.builder()
                        .bucket(platform.bucket())
                        .object(key)
                        .headers(Map.of("If-None-Match", "*"))
                        .stream(new ByteArrayInputStream(bytes), (long) bytes.length, -1L)
                        .build());
    }
}
