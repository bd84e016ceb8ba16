package dev.murmuration.crawler.feed.recorded;

import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.feed.Lines;
import dev.murmuration.crawler.feed.Message;
import dev.murmuration.crawler.feed.PlausibleTimes;
import dev.murmuration.crawler.feed.PositionException;
import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.feed.Times;
import dev.murmuration.crawler.feed.XLine;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.schemas.Sha256;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A recorded stream: a folder with {@code tweets.jsonl} or {@code tweets.jsonl.gz}, or such a file itself; its photos lie beside
 * it or on the web. Finite, unless it is read while it is written.
 *
 * <p>A position is {@code <fingerprint>:<byte>:<line>}: the first 16 hex digits of the SHA-256 of the first line, so that a
 * cursor of another stream is noticed, then how many (inflated) bytes and lines were read; and, since posts have a time of
 * arrival, {@code :<milliseconds>} of the latest one.
 *
 * <p>A damaged file is read as far as it is whole: the line that the damage cuts off is malformed, one line of the log names
 * file, byte and line, and the feed ends.
 */
public final class RecordedFeed implements Feed {

    /**
     * How it is read.
     *
     * @param maxLineBytes longer lines are malformed
     * @param maxPhotoBytes bytes of the largest photo that is taken from the folder
     * @param tail whether more lines are waited for at the end, by whoever writes them; then it never ends
     * @param speed as a multiple of the time in which it was posted; 0 for as fast as it is taken
     * @param longestPause a silence in the recording is not kept for longer than this
     */
    public record Settings(int maxLineBytes, long maxPhotoBytes, boolean tail, double speed, Duration longestPause) {

        /** As fast as it is taken, to its end. */
        public static Settings plain(int maxLineBytes, long maxPhotoBytes) {
            return new Settings(maxLineBytes, maxPhotoBytes, false, 0, Duration.ZERO);
        }
    }

    private static final Logger LOG = Logger.getLogger(RecordedFeed.class);
    private static final Pattern POSITION = Pattern.compile("([0-9a-f]{16}):(\\d{1,18}):(\\d{1,18})(?::(\\d{1,15}))?");

    private static final int FIRST_LINES = 1_000;

    private final Path file;
    private final Settings settings;
    private final PlausibleTimes times;
    private final PhotoSource photos;

    /**
     * Opens nothing yet but checks that all is there.
     *
     * @param path the folder or the file
     * @param times which of its times are believed
     * @param web where photos with a scheme are fetched
     * @throws IOException if there is no such stream or it cannot be read; the message says what is missing
     */
    public RecordedFeed(Path path, Settings settings, PlausibleTimes times, PhotoSource web) throws IOException {
        this.file = Files.isDirectory(path) ? stream(path) : path;
        if (!Files.isRegularFile(file)) {
            throw new IOException("no such folder or file");
        }
        if (!Files.isReadable(file)) {
            throw new IOException("not readable");
        }
        if (settings.tail() && isCompressed()) {
            throw new IOException("a compressed stream cannot be followed while it is written");
        }
        this.settings = settings;
        this.times = times;
        if (isCompressed()) {
            try (Reading reading = new Reading(false)) {
                if (reading.damage().isPresent()) {
                    throw new IOException(
                            "is not gzip: " + reading.damage().get().getMessage());
                }
            }
        }
        Path folder = file.toAbsolutePath().getParent();
        this.photos = new FolderPhotos(
                folder == null ? file.getFileSystem().getPath("/") : folder, settings.maxPhotoBytes(), web);
    }

    private static Path stream(Path folder) throws IOException {
        for (String name : new String[] {"tweets.jsonl", "tweets.jsonl.gz"}) {
            if (Files.exists(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        throw new IOException("the folder contains neither tweets.jsonl nor tweets.jsonl.gz");
    }

    private boolean isCompressed() {
        return file.toString().endsWith(".gz");
    }

    @Override
    public String source() {
        return "recorded";
    }

    @Override
    public PhotoSource photos() {
        return photos;
    }

    @Override
    public Deliveries after(String position) {
        try {
            if (position.isEmpty()) {
                return new Recorded("", firstTime(), new Reading(settings.tail()));
            }
            String fingerprint = fingerprint();
            Matcher matcher = POSITION.matcher(position);
            if (!matcher.matches() || !matcher.group(1).equals(fingerprint)) {
                throw new PositionException(
                        "the stored cursor '%s' is of another stream than %s".formatted(position, file));
            }
            Reading reading = new Reading(settings.tail());
            reading.lines.skip(Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)));
            Instant arrived =
                    matcher.group(4) == null ? firstTime() : Instant.ofEpochMilli(Long.parseLong(matcher.group(4)));
            return new Recorded(fingerprint, arrived, reading);
        } catch (EOFException e) {
            throw new PositionException("%s ends before the stored cursor '%s'".formatted(file, position));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** The file, open. */
    private final class Reading implements AutoCloseable {
        private final @Nullable GzipFile compressed;
        private final Lines lines;

        Reading(boolean tail) throws IOException {
            InputStream in = Files.newInputStream(file);
            compressed = isCompressed() ? new GzipFile(in) : null;
            InputStream plain = compressed == null ? in : compressed;
            lines = new Lines(tail ? new GrowingFile(file, plain) : plain, settings.maxLineBytes());
        }

        Optional<IOException> damage() {
            return compressed == null ? Optional.empty() : compressed.damage();
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    private String fingerprint() throws IOException {
        try (Reading reading = new Reading(false)) {
            return fingerprint(reading.lines.next().map(Message::bytes).orElse(new byte[0]));
        }
    }

    // What stands in for the time of a post whose own cannot be true, until one that can be has been read: the first of
    // these, or else the earliest.
    private Instant firstTime() throws IOException {
        try (Reading reading = new Reading(false)) {
            for (int i = 0; i < FIRST_LINES; i++) {
                Optional<Message> line = reading.lines.next();
                if (line.isEmpty()) {
                    break;
                }
                if (XLine.parse(line.get().bytes(), said -> new Times(said, said), "")
                                instanceof Delivery.Posted(Post post, var raw, String position)
                        && times.includes(post.createdAt())) {
                    return post.createdAt();
                }
            }
        }
        return PlausibleTimes.EARLIEST;
    }

    private static String fingerprint(byte[] firstLine) {
        return HexFormat.of().formatHex(Sha256.of(firstLine), 0, 8);
    }

    private final class Recorded implements Deliveries {
        private final Reading reading;
        private final Lines lines;
        private final Pace pace = new Pace(settings.speed(), settings.longestPause());
        private String fingerprint;
        private Instant arrived;

        Recorded(String fingerprint, Instant arrived, Reading reading) {
            this.fingerprint = fingerprint;
            this.arrived = arrived;
            this.reading = reading;
            this.lines = reading.lines;
        }

        @Override
        public Optional<Delivery> next() throws IOException, InterruptedException {
            Optional<Message> line = line();
            // Empty lines keep a live connection alive; a recording may have kept them.
            while (line.isPresent() && line.get().isBlank()) {
                line = line();
            }
            if (line.isEmpty()) {
                reading.damage().ifPresent(this::tell);
            }
            Optional<Delivery> delivery = line.map(this::delivery);
            if (delivery.isPresent()
                    && delivery.get() instanceof Delivery.Posted(Post post, var raw, String position)) {
                pace.await(post.arrivedAt());
            }
            return delivery;
        }

        private Optional<Message> line() throws IOException {
            Optional<Message> line = lines.next();
            if (fingerprint.isEmpty() && line.isPresent()) {
                fingerprint = fingerprint(line.get().bytes());
            }
            return line;
        }

        private void tell(IOException damage) {
            LOG.warnf(
                    "%s is damaged behind (inflated) byte %d, line %d: what is whole was read, and the feed ends (%s: %s)",
                    file,
                    lines.bytesRead(),
                    lines.linesRead(),
                    damage.getClass().getSimpleName(),
                    damage.getMessage());
        }

        private Delivery delivery(Message line) {
            if (lines.wasCut() && reading.damage().isPresent()) {
                return new Delivery.Malformed(line.bytes(), "the file is damaged within this line", position());
            }
            return line.whole()
                    ? XLine.parse(line.bytes(), this::times, posted -> position())
                    : new Delivery.Malformed(line.bytes(), line.tooLong(), position());
        }

        // The recording's own clock, so that the same recording gives the same times whenever it is read.
        private Times times(Instant said) {
            if (times.includes(said) && said.isAfter(arrived)) {
                arrived = said;
            }
            return times.times(said, arrived);
        }

        private String position() {
            return "%s:%d:%d:%d".formatted(fingerprint, lines.bytesRead(), lines.linesRead(), arrived.toEpochMilli());
        }

        @Override
        public void close() throws IOException {
            reading.close();
        }
    }
}
