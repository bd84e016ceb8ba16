package dev.murmuration.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.local.audit.AuditTally;
import dev.murmuration.local.audit.Difference;
import dev.murmuration.local.audit.Report;
import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.ClassAccuracy;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.PerClass;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Thresholds;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private static final Instant TIME = Instant.parse("2026-11-22T00:00:00Z");
    private static final Report SOUND = new Report(9, Map.of(), List.of(), Map.of(), List.of());
    private static final Report BROKEN =
            new Report(9, Map.of(), List.of(new Difference("photos lost", 1, List.of("a#0"))), Map.of(), List.of());

    private final AuditTally ledger = new AuditTally();

    @Test
    void isOkWithoutAnAccuracyWhereThereWasNothingToMeasureOn() {
        Summary summary = new Summary(42, new AuditTally(), SOUND, false);

        assertThat(summary.ok()).isTrue();
        assertThat(summary.lines())
                .contains("no accuracy: the stream has no labels.csv, so nothing was held back to measure on");
        assertThat(new Summary(42, new AuditTally(), SOUND).ok()).isFalse();
    }

    @Test
    void hasTheFieldsOfTheDesignInItsOrder() throws Exception {
        ran(0.55);

        JsonNode json = new ObjectMapper().readTree(new Summary(42, ledger, SOUND).json(Optional.empty()));

        assertThat(names(json))
                .containsExactly(
                        "ok",
                        "seconds",
                        "records",
                        "admitted",
                        "rejected",
                        "deadLettered",
                        "scored",
                        "labelled",
                        "datasets",
                        "shards",
                        "checkpoints",
                        "accuracies",
                        "conservation",
                        "consoleUrl");
        assertThat(json.at("/rejected/crawler/not-english").asInt()).isEqualTo(1);
        assertThat(json.at("/datasets/flat/neutral").asInt()).isEqualTo(3);
        assertThat(names(json.at("/accuracies/0")))
                .containsExactly("benchmark", "protocol", "samples", "accuracy", "macroF1");
        assertThat(json.at("/conservation/photos").asInt()).isEqualTo(9);
        assertThat(json.get("consoleUrl").isNull()).isTrue();
        URI console = URI.create("http://localhost:8086");
        assertThat(new Summary(42, ledger, SOUND).json(Optional.of(console)))
                .contains("\"consoleUrl\" : \"http://localhost:8086\"");
        assertThat(json.get("ok").asBoolean()).isTrue();
    }

    @Test
    void givesOnlyTheLastAccuracyOfABenchmarkAndProtocol() throws Exception {
        ran(0.4);
        ledger.accuracy(accuracy(0.7));

        JsonNode json = new ObjectMapper().readTree(new Summary(42, ledger, SOUND).json(Optional.empty()));

        assertThat(json.get("accuracies")).hasSize(1);
        assertThat(json.at("/accuracies/0/accuracy").asDouble()).isEqualTo(0.7);
    }

    @Test
    void tellsHowWellPositivesRankAboveNegatives() {
        Accuracy measured = Accuracy.newBuilder(accuracy(.6))
                .setRocAuc(.9)
                .setRocAucLow95(.82)
                .setRocAucHigh95(.96)
                .setAveragePrecision(.93)
                .setBalancedAccuracy(.81)
                .build();

        assertThat(Summary.ranking(measured).orElseThrow())
                .endsWith(
                        "negative 0.900 (95 % interval 0.820 to 0.960, chance 0.500), average precision 0.930, balanced accuracy 81.0 %");
        assertThat(Summary.ranking(accuracy(.6))).isEmpty();
    }

    @Test
    void isNotOkWithoutAnAccuracy() {
        assertThat(new Summary(42, ledger, SOUND).ok()).isFalse();
    }

    @Test
    void isNotOkWithADifference() {
        ran(0.55);

        Summary summary = new Summary(42, ledger, BROKEN);

        assertThat(summary.ok()).isFalse();
        assertThat(summary.lines()).contains("DIFFERENCE photos lost: 1, for example a#0", "conservation is BROKEN");
    }

    @Test
    void saysThatAStudentLearnedFromFifteenPointsOn() {
        ran(0.55);

        assertThat(new Summary(42, ledger, SOUND).lines())
                .anySatisfy(line ->
                        assertThat(line).contains("the student has learned").contains("+15.0 points"));
    }

    @Test
    void saysThatAStudentDidNotLearnBelow() {
        ran(0.54);

        assertThat(new Summary(42, ledger, SOUND).lines())
                .anySatisfy(line -> assertThat(line)
                        .contains("the student has NOT clearly learned")
                        .contains("+14.0 points"));
    }

    private void ran(double accuracy) {
        ledger.cursor(Cursor.newBuilder()
                .setFeed("simulator")
                .setPosition("1")
                .setRecentIds(List.of())
                .setRecords(10)
                .setAdmitted(9)
                .setRejected(1)
                .setDeletions(0)
                .setDuplicates(0)
                .setMalformed(0)
                .setPhotos(9)
                .setAt(TIME)
                .build());
        ledger.rejected(new Rejection("x", null, "crawler", "not-english", "", TIME));
        ledger.shard(new Shard(
                "flat",
                Split.train,
                "k",
                "s",
                1L,
                6,
                new PerClass(1L, 3L, 2L),
                0,
                0L,
                5L,
                new Teacher("t", "v"),
                new Thresholds(0.7, 0.7, 0.7),
                TIME));
        ledger.accuracy(accuracy(accuracy));
    }

    /** On 100 photos, 40 of them of the most frequent class. */
    private static Accuracy accuracy(double accuracy) {
        Checkpoint checkpoint = new Checkpoint(
                "run", "vit-demo-8-64", "paper", 1L, 1L, "k", "s", "flat", List.of(), 1.0, null, TIME, "", null, "");
        return new Accuracy(
                checkpoint,
                "simulated",
                "s",
                "three-way",
                100L,
                accuracy,
                0.0,
                1.0,
                0.5,
                null,
                List.of(
                        new ClassAccuracy(Sentiment.negative, 40L, 0.0, 0.0, 0.0),
                        new ClassAccuracy(Sentiment.neutral, 30L, 0.0, 0.0, 0.0),
                        new ClassAccuracy(Sentiment.positive, 30L, 0.0, 0.0, 0.0)),
                List.of(),
                null,
                TIME,
                null,
                null,
                null,
                null);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> fields = object.fieldNames(); fields.hasNext(); ) {
            names.add(fields.next());
        }
        return names;
    }
}
