package dev.murmuration.crawler.feed.recorded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Delivery.Malformed;
import dev.murmuration.crawler.feed.Delivery.Posted;
import dev.murmuration.crawler.feed.HandClock;
import dev.murmuration.crawler.feed.PlausibleTimes;
import dev.murmuration.crawler.feed.PositionException;
import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.photo.Fetched;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.crawler.photo.Refusal;
import dev.murmuration.crawler.photo.Refusal.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedFeedTest {

    private static final PhotoSource WEB = (url, room) -> Fetched.refused(Reason.MISSING, "the web: " + url);
    private static final PlausibleTimes TIMES = new HandClock().times();

    @TempDir
    Path folder;

    @Test
    void goesOnAfterAnyPosition() throws Exception {
        write("tweets.jsonl", post("1") + "\n\n" + post("2") + "\r\nnonsense\n" + post("3"));
        List<Delivery> all = read("");

        assertThat(all).hasSize(4);
        assertThat(all.get(2)).isInstanceOf(Malformed.class);
        for (int i = 0; i < all.size(); i++) {
            assertThat(read(all.get(i).position()))
                    .usingRecursiveComparison()
                    .isEqualTo(all.subList(i + 1, all.size()));
        }
    }

    @Test
    void aPostArrivesAtTheLatestTimeOfThePostsSoFar() throws Exception {
        write(
                "tweets.jsonl",
                String.join(
                        "\n",
                        post("1", "1969-12-31T23:59:59Z"),
                        post("2", "2014-05-01T00:00:07Z"),
                        post("3", "2010-01-01T00:00:00Z"),
                        post("4", "2005-12-31T23:59:59.999Z"),
                        post("5", "+999999999-12-31T23:59:59Z"),
                        post("6", "2026-07-01T12:05:00.001Z"),
                        post("7", "2014-05-01T00:01:07Z"),
                        post("8", "2014-05-01T00:00:37Z"),
                        post("9", "2006-01-01T00:00:00Z")));
        List<Delivery> all = read("");

        assertThat(all)
                .extracting(delivery -> {
                    Post post = ((Posted) delivery).post();
                    return post.createdAt() + " " + post.arrivedAt();
                })
                .containsExactly(
                        "2014-05-01T00:00:07Z 2014-05-01T00:00:07Z",
                        "2014-05-01T00:00:07Z 2014-05-01T00:00:07Z",
                        "2010-01-01T00:00:00Z 2014-05-01T00:00:07Z",
                        "2014-05-01T00:00:07Z 2014-05-01T00:00:07Z",
                        "2014-05-01T00:00:07Z 2014-05-01T00:00:07Z",
                        "2014-05-01T00:00:07Z 2014-05-01T00:00:07Z",
                        "2014-05-01T00:01:07Z 2014-05-01T00:01:07Z",
                        "2014-05-01T00:00:37Z 2014-05-01T00:01:07Z",
                        "2006-01-01T00:00:00Z 2014-05-01T00:01:07Z");
        for (int i = 0; i < all.size(); i++) {
            assertThat(read(all.get(i).position())).isEqualTo(all.subList(i + 1, all.size()));
        }
    }

    @Test
    void goesOnAfterAPositionFromBeforePostsHadATimeOfArrival() throws Exception {
        write("tweets.jsonl", post("1") + "\n" + post("2", "2010-01-01T00:00:00Z") + "\n");
        List<Delivery> all = read("");
        String old = all.getFirst().position().replaceFirst(":\\d+$", "");

        assertThat(old).matches("[0-9a-f]{16}:\\d+:1");
        assertThat(read(old)).isEqualTo(all.subList(1, 2));
    }

    @Test
    void readsGzipAsWell() throws Exception {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("tweets.jsonl.gz")))) {
            out.write((post("1") + "\n" + post("2") + "\n").getBytes(UTF_8));
        }
        List<Delivery> all = read("");

        assertThat(all).hasSize(2);
        assertThat(read(all.get(0).position())).isEqualTo(all.subList(1, 2));
    }

    @Test
    void whatIsWholeOfADamagedFileIsReadAndThenItEnds() throws Exception {
        StringBuilder text = new StringBuilder();
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            text.append(post(Long.toString(random.nextLong()))).append('\n');
        }
        byte[] whole = gzip(text.toString());
        byte[] flipped = whole.clone();
        Arrays.fill(flipped, whole.length / 2, whole.length / 2 + 64, (byte) 0xFF);

        for (byte[] damaged : List.of(Arrays.copyOf(whole, whole.length * 3 / 4), flipped)) {
            Files.write(folder.resolve("tweets.jsonl.gz"), damaged);
            List<Delivery> all = read("");

            assertThat(all).hasSizeBetween(2, 190);
            // Where bytes are wrong and not missing, lines may be nonsense before it is noticed.
            assertThat(all).first().isInstanceOf(Posted.class);
            if (damaged != flipped) {
                assertThat(all.subList(0, all.size() - 1)).allMatch(Posted.class::isInstance);
            }
            assertThat(all.getLast())
                    .isInstanceOfSatisfying(
                            Malformed.class,
                            cut -> assertThat(cut.reason()).isEqualTo("the file is damaged within this line"));
            for (int i = 0; i < all.size(); i++) {
                assertThat(read(all.get(i).position()))
                        .extracting(Delivery::position)
                        .isEqualTo(all.subList(i + 1, all.size()).stream()
                                .map(Delivery::position)
                                .toList());
            }
            assertThat(read(all.getLast().position())).isEmpty();
        }
    }

    @Test
    void aFileThatLacksOnlyItsLastBytesIsReadToItsLastLine() throws Exception {
        byte[] whole = gzip(post("1") + "\n" + post("2") + "\n");
        Files.write(folder.resolve("tweets.jsonl.gz"), Arrays.copyOf(whole, whole.length - 4));

        assertThat(read("")).hasSize(2).allMatch(Posted.class::isInstance);
    }

    @Test
    void whatIsNotGzipIsSaidBeforeAnythingIsRead() throws Exception {
        write("tweets.jsonl.gz", post("1"));

        assertThatThrownBy(() -> feed(folder)).isInstanceOf(IOException.class).hasMessageContaining("is not gzip");
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void aLineThatIsTooLongIsMalformedAndTheNextIsRead() throws Exception {
        write("tweets.jsonl", "x".repeat(5000) + "\n" + post("2") + "\n");

        List<Delivery> all = read("");

        assertThat(all.get(0))
                .isInstanceOfSatisfying(
                        Malformed.class, line -> assertThat(line.raw()).hasSize(1000));
        assertThat(all.get(1)).isInstanceOf(Posted.class);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void waitsForWhatIsStillWritten() throws Exception {
        Path file = folder.resolve("tweets.jsonl");
        Files.writeString(file, "");
        try (Deliveries deliveries = tailing().after("")) {
            Files.writeString(file, post("1").substring(0, 20), APPEND);
            Thread writer =
                    Thread.startVirtualThread(() -> append(file, post("1").substring(20) + "\n" + post("2")));
            Delivery first = deliveries.next().orElseThrow();
            writer.join();
            append(file, "\n");

            assertThat(first)
                    .isInstanceOfSatisfying(
                            Posted.class,
                            posted -> assertThat(posted.post().id()).isEqualTo("1"));
            Delivery second = deliveries.next().orElseThrow();
            assertThat(read(first.position())).isEqualTo(List.of(second));
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aFileThatBecomesShorterWhileItIsWrittenIsAnError() throws Exception {
        write("tweets.jsonl", post("1") + "\n");
        try (Deliveries deliveries = tailing().after("")) {
            deliveries.next();
            write("tweets.jsonl", "");

            assertThatThrownBy(deliveries::next).isInstanceOf(IOException.class).hasMessageContaining("was truncated");
        }
    }

    @Test
    void whatIsCompressedIsNotReadWhileItIsWritten() throws Exception {
        write("tweets.jsonl.gz", "");

        assertThatThrownBy(this::tailing).isInstanceOf(IOException.class).hasMessageContaining("compressed");
    }

    private RecordedFeed tailing() throws IOException {
        return new RecordedFeed(folder, new RecordedFeed.Settings(1000, 100, true, 0, Duration.ZERO), TIMES, WEB);
    }

    private static void append(Path file, String text) {
        try {
            Files.writeString(file, text, APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anEmptyFileIsAFeedThatHasEnded() throws Exception {
        write("tweets.jsonl", "");

        assertThat(read("")).isEmpty();
    }

    @Test
    void refusesThePositionOfAnotherStream() throws Exception {
        write("tweets.jsonl", post("1") + "\n" + post("2") + "\n");
        String position = read("").get(0).position();
        write("tweets.jsonl", post("3") + "\n" + post("2") + "\n");

        assertThatThrownBy(() -> read(position))
                .isInstanceOf(PositionException.class)
                .hasMessageContaining("another stream");
        assertThatThrownBy(() -> read("nonsense")).isInstanceOf(PositionException.class);
    }

    @Test
    void refusesAPositionBehindTheEnd() throws Exception {
        write("tweets.jsonl", post("1") + "\n" + post("2") + "\n");
        String position = read("").get(1).position();
        write("tweets.jsonl", post("1") + "\n");

        assertThatThrownBy(() -> read(position))
                .isInstanceOf(PositionException.class)
                .hasMessageContaining("ends before");
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> feed(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("neither tweets.jsonl nor");
        assertThatThrownBy(() -> feed(folder.resolve("nowhere")))
                .isInstanceOf(IOException.class)
                .hasMessage("no such folder or file");
    }

    @Test
    void readsPhotosOfTheFolder() throws Exception {
        write("tweets.jsonl", "");
        write("images/a.jpg", "bytes");

        assertThat(feed(folder).photos().fetch("images/a.jpg", bytes -> {}))
                .isInstanceOfSatisfying(
                        Fetched.Body.class, body -> assertThat(body.bytes()).isEqualTo("bytes".getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "images/../../secret", "/etc/hostname", "link", "linked/secret"})
    void neverLeavesTheFolder(String url) throws Exception {
        Path inside = Files.createDirectories(folder.resolve("recording"));
        write("recording/tweets.jsonl", "");
        write("secret", "secret");
        Files.createSymbolicLink(inside.resolve("link"), folder.resolve("secret"));
        Files.createSymbolicLink(inside.resolve("linked"), folder);

        assertThat(reason(feed(inside).photos().fetch(url, bytes -> {}))).isEqualTo(Reason.BLOCKED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"images/none.jpg", "images", "", "a\u0000b"})
    void whatIsNoFileIsMissing(String url) throws Exception {
        write("tweets.jsonl", "");
        write("images/a.jpg", "bytes");

        assertThat(reason(feed(folder).photos().fetch(url, bytes -> {}))).isEqualTo(Reason.MISSING);
    }

    @Test
    void aFileOverTheLimitIsTooLarge() throws Exception {
        write("tweets.jsonl", "");
        write("fits", "x".repeat(100));
        write("large", "x".repeat(101));

        assertThat(feed(folder).photos().fetch("fits", bytes -> {})).isInstanceOf(Fetched.Body.class);
        assertThat(reason(feed(folder).photos().fetch("large", bytes -> {}))).isEqualTo(Reason.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.org/a.jpg", "HTTPS://example.org/a.jpg", "file:///etc/hostname"})
    void addressesWithASchemeGoToTheWeb(String url) throws Exception {
        write("tweets.jsonl", "");

        assertThat(feed(folder).photos().fetch(url, bytes -> {}))
                .isEqualTo(Fetched.refused(Reason.MISSING, "the web: " + url));
    }

    private static Reason reason(Fetched fetched) {
        assertThat(fetched).isInstanceOf(Fetched.Refused.class);
        Refusal refusal = ((Fetched.Refused) fetched).refusal();
        return refusal.reason();
    }

    private static RecordedFeed feed(Path path) throws IOException {
        return new RecordedFeed(path, RecordedFeed.Settings.plain(1000, 100), TIMES, WEB);
    }

    private List<Delivery> read(String position) throws Exception {
        List<Delivery> all = new ArrayList<>();
        try (Deliveries deliveries = feed(folder).after(position)) {
            for (Optional<Delivery> next = deliveries.next(); next.isPresent(); next = deliveries.next()) {
                all.add(next.get());
            }
        }
        return all;
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String post(String id) {
        return post(id, "2014-05-01T00:00:07.000Z");
    }

    private static String post(String id, String createdAt) {
        return "{\"data\": {\"id\": \"%s\", \"text\": \"héllo\", \"created_at\": \"%s\"}}".formatted(id, createdAt);
    }
}
