package dev.murmuration.evaluator.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.evaluator.BrightnessStudent;
import dev.murmuration.evaluator.model.CheckpointArchive;
import dev.murmuration.evaluator.model.ModelNamesTest;
import dev.murmuration.local.TestPlatform;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.store.ObjectStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that is asked all the time, while its run goes on. */
@QuarkusTest
@QuarkusTestResource(value = ServedRun.class, restrictToAnnotatedClass = true)
class ExchangeIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int CLIENTS = 4;
    private static final String POSITIVE = "\"label\":\"positive\"";
    private static final String NEUTRAL = "\"label\":\"neutral\"";

    @Inject
    ObjectStore store;

    @Inject
    EventWriter writer;

    @TempDir
    Path temporary;

    @TestHTTPResource
    URI service = URI.create("");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    @Test
    void changesToTheNewestCheckpointWithoutFailingARequest() throws Exception {
        announce(1, 0);
        assertThat(ask().body()).contains(POSITIVE);

        List<List<String>> told = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<List<String>>> asking = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                asking.add(clients.submit((Callable<List<String>>) this::askUntilNeutral));
            }
            announce(2, 50); // This one trusts in neutral only.
            for (Future<List<String>> each : asking) {
                told.add(each.get());
            }
        }

        assertThat(told).allSatisfy(answers -> {
            assertThat(answers.subList(0, answers.size() - 1))
                    .allSatisfy(answer -> assertThat(answer).contains(POSITIVE));
            assertThat(answers.getLast()).contains(NEUTRAL);
        });
    }

    /** Every answer up to the first of the second student. */
    private List<String> askUntilNeutral() throws Exception {
        List<String> answers = new ArrayList<>();
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (answers.isEmpty() || !answers.getLast().contains(NEUTRAL)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            HttpResponse<String> answer = ask();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            answers.add(answer.body());
        }
        return answers;
    }

    private HttpResponse<String> ask() throws Exception {
        return client.send(
                HttpRequest.newBuilder(service.resolve("/predict"))
                        .timeout(TIMEOUT)
                        .header("Content-Type", "image/png")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(BrightnessStudent.photo(2, 0)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void announce(int step, double neutral) throws Exception {
        Path model = temporary.resolve("model-" + step);
        BrightnessStudent.write(model, neutral);
        Path tar = temporary.resolve(step + ".tar");
        CheckpointArchive.pack(model, tar);
        String sha256 = Sha256.hex(tar);
        String key = "checkpoints/%s/%s.tar".formatted(ServedRun.RUN, sha256);
        store.put(key, Files.readAllBytes(tar), "application/x-tar");
        Checkpoint checkpoint = Checkpoint.newBuilder(ModelNamesTest.checkpoint(ServedRun.RUN, step, step))
                .setKey(key)
                .setSha256(sha256)
                .build();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestPlatform.settings().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            Topics.CHECKPOINTS.name(),
                            ServedRun.RUN.getBytes(StandardCharsets.UTF_8),
                            writer.write(Topics.CHECKPOINTS, checkpoint)))
                    .get();
        }
    }
}
