package dev.murmuration.crawler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.murmuration.crawler.examine.Admission;
import dev.murmuration.crawler.examine.ByteBudget;
import dev.murmuration.crawler.examine.Declarations;
import dev.murmuration.crawler.examine.Examination;
import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Oddities;
import dev.murmuration.crawler.feed.PlausibleTimes;
import dev.murmuration.crawler.feed.recorded.RecordedFeed;
import dev.murmuration.crawler.photo.Fetched;
import dev.murmuration.crawler.photo.Inspection;
import dev.murmuration.crawler.photo.InspectionLimits;
import dev.murmuration.crawler.photo.Refusal;
import dev.murmuration.schemas.AuthorHash;
import dev.murmuration.schemas.Cursor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** 1,400 real tweets through everything but Kafka and the object store. */
class RecordedStreamTest {

    private static final Path DATA =
            Path.of(System.getProperty("murmuration.root", "../.."), "../shared/data/recorded-stream");

    @Test
    void countsExactlyWhatIsExpected() throws Exception {
        assumeTrue(Files.isDirectory(DATA), "the recorded stream is not here");
        RecordedFeed feed = new RecordedFeed(
                DATA,
                new RecordedFeed.Settings(1 << 20, 10 << 20, false, 0, Duration.ZERO),
                new PlausibleTimes(Clock.systemUTC(), Duration.ofMinutes(5), Oddities.ignored()),
                (url, room) -> Fetched.refused(Refusal.Reason.BLOCKED, "no web in this test"));
        AuthorHash authors = new AuthorHash("salt");
        CrawlState ledger = new CrawlState(
                CrawlState.beginning("recorded"),
                feed.source(),
                authors,
                new Admission(Set.of("en"), 5, Set.of()),
                new Declarations(10),
                1000,
                new SentTweets(2000),
                new EventLimit(900_000),
                Clock.systemUTC());
        Examination examination = new Examination(
                feed.source(),
                new Admission(Set.of("en"), 5, Set.of()),
                new Declarations(10),
                20,
                feed.photos(),
                new Inspection(new InspectionLimits(40_000_000, 32), 2),
                (key, photo) -> {},
                authors,
                new ByteBudget(64 << 20));
        Map<String, Integer> counts = new TreeMap<>();

        try (Deliveries deliveries = feed.after("")) {
            Optional<Delivery> delivery = deliveries.next();
            while (delivery.isPresent()) {
                for (Outgoing outgoing : ledger.settle(examination.examine(delivery.get()))) {
                    counts.merge(name(outgoing), 1, Integer::sum);
                }
                delivery = deliveries.next();
            }
        }

        JsonNode expected =
                new JsonMapper().readTree(DATA.resolve("expected.json").toFile());
        Map<String, Integer> expectedCounts = new TreeMap<>();
        expected.get("admission")
                .properties()
                .forEach(e -> expectedCounts.put(e.getKey(), e.getValue().intValue()));
        assertThat(counts).isEqualTo(expectedCounts);
        Cursor cursor = ledger.cursor();
        assertThat(cursor.getRecords()).isEqualTo(expected.get("records").longValue());
        assertThat(cursor.getAdmitted())
                .isEqualTo(expectedCounts.getOrDefault("admitted", 0).longValue());
        assertThat(cursor.getRejected()).isEqualTo(cursor.getRecords() - cursor.getAdmitted());
    }

    private static String name(Outgoing outgoing) {
        return switch (outgoing) {
            case Outgoing.Tweet tweet -> "admitted";
            case Outgoing.Rejection(var rejection) -> rejection.getReason();
            case Outgoing.Tombstone tombstone -> "tombstone";
            case Outgoing.Declared declared -> "declared";
            case Outgoing.DeadLetter letter -> "dead letter";
            case Outgoing.End end -> "end";
        };
    }
}
