package dev.murmuration.crawler.feed;

import dev.murmuration.crawler.photo.PhotoSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * A recorded stream: a folder with {@code tweets.jsonl} or {@code tweets.jsonl.gz}, or such a file itself; its photos lie beside it or on the web. Finite.
 *
 * <p>A position is {@code <fingerprint>:<byte>:<line>}: the first 16 hex digits of the SHA-256 of the first line, so that a cursor of another stream is noticed,
 * then how many (inflated) bytes and lines were read.
 */
public final class RecordedFeed implements Feed {

    private static final Pattern POSITION = Pattern.compile("([0-9a-f]{16}):(\\d{1,18}):(\\d{1,18})");

    private final Path file;
    private final int maxLineBytes;
    private final PhotoSource photos;

    /**
     * Opens nothing yet but checks that all is there.
     *
     * @param path the folder or the file
     * @param maxLineBytes longer lines are malformed
     * @param maxPhotoBytes bytes of the largest photo that is taken from the folder
     * @param web where photos with a scheme are fetched
     * @throws IOException if there is no such stream or it cannot be read; the message says what is missing
     */
    public RecordedFeed(Path path, int maxLineBytes, long maxPhotoBytes, PhotoSource web) throws IOException {
        this.file = Files.isDirectory(path) ? stream(path) : path;
        if (!Files.isRegularFile(file)) {
            throw new IOException("no such folder or file");
        }
        if (!Files.isReadable(file)) {
            throw new IOException("not readable");
        }
        this.maxLineBytes = maxLineBytes;
        Path folder = file.toAbsolutePath().getParent();
        this.photos = new FolderPhotos(folder == null ? file.getFileSystem().getPath("/") : folder, maxPhotoBytes, web);
    }

    private static Path stream(Path folder) throws IOException {
        for (String name : new String[] {"tweets.jsonl", "tweets.jsonl.gz"}) {
            if (Files.exists(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        throw new IOException("the folder holds neither tweets.jsonl nor tweets.jsonl.gz");
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
            String fingerprint = fingerprint();
            Lines lines = new Lines(open(), maxLineBytes);
            if (position.isEmpty()) {
                return new Recorded(lines, fingerprint);
            }
            Matcher matcher = POSITION.matcher(position);
            if (!matcher.matches() || !matcher.group(1).equals(fingerprint)) {
                lines.close();
                throw new PositionException(
                        "the stored cursor '%s' is of another stream than %s".formatted(position, file));
            }
            lines.skip(Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)));
            return new Recorded(lines, fingerprint);
        } catch (EOFException e) {
            throw new PositionException("%s ends before the stored cursor '%s'".formatted(file, position));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private InputStream open() throws IOException {
        InputStream in = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in;
    }

    private String fingerprint() throws IOException {
        try (Lines lines = new Lines(open(), maxLineBytes)) {
            byte[] first = lines.next().map(Lines.Line::bytes).orElse(new byte[0]);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(first);
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private record Recorded(Lines lines, String fingerprint) implements Deliveries {

        @Override
        public Optional<Delivery> next() throws IOException {
            Optional<Lines.Line> line = lines.next();
            // Empty lines keep a live connection alive; a recording may have kept them.
            while (line.isPresent() && new String(line.get().bytes(), StandardCharsets.UTF_8).isBlank()) {
                line = lines.next();
            }
            return line.map(this::delivery);
        }

        private Delivery delivery(Lines.Line line) {
            String position = fingerprint + ":" + lines.bytesRead() + ":" + lines.linesRead();
            return line.whole()
                    ? XLine.parse(line.bytes(), position)
                    : new Delivery.Malformed(
                            line.bytes(), "a line of more than %d bytes".formatted(line.bytes().length), position);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
