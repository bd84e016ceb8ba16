package dev.murmuration.crawler.feed.recorded;

import dev.murmuration.crawler.photo.Fetched;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.crawler.photo.Refusal.Reason;
import dev.murmuration.crawler.photo.Room;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Photos by paths relative to a folder, which they never leave, by {@code ..}, links or absolute paths; addresses with a scheme
 * go to the web.
 */
final class FolderPhotos implements PhotoSource {

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);

    private final Path folder;
    private final long maxBytes;
    private final PhotoSource web;

    FolderPhotos(Path folder, long maxBytes, PhotoSource web) throws IOException {
        this.folder = folder.toRealPath();
        this.maxBytes = maxBytes;
        this.web = web;
    }

    @Override
    public Fetched fetch(String url, Room room) throws InterruptedException {
        if (SCHEME.matcher(url).matches()) {
            return web.fetch(url, room);
        }
        try {
            Path file = folder.resolve(url).normalize();
            if (!file.startsWith(folder)) {
                return outside(url);
            }
            if (!Files.isRegularFile(file)) {
                return Fetched.refused(Reason.MISSING, "no file " + url);
            }
            Path real = file.toRealPath();
            return real.startsWith(folder) ? read(real, url, room) : outside(url);
        } catch (InvalidPathException e) {
            return Fetched.refused(Reason.MISSING, "no path: " + e.getReason());
        } catch (IOException e) {
            return Fetched.refused(Reason.MISSING, "unreadable: " + e.getClass().getSimpleName());
        }
    }

    private Fetched read(Path file, String url, Room room) throws IOException, InterruptedException {
        // It may still be growing: the limit holds while it is read.
        room.reserve(2 * Math.min(Files.size(file), maxBytes));
        try (InputStream in = Channels.newInputStream(Files.newByteChannel(file))) {
            byte[] bytes = in.readNBytes(Math.toIntExact(maxBytes + 1));
            return bytes.length > maxBytes
                    ? Fetched.refused(Reason.TOO_LARGE, "%s has more than %d bytes".formatted(url, maxBytes))
                    : new Fetched.Body(bytes);
        }
    }

    private static Fetched outside(String url) {
        return Fetched.refused(Reason.BLOCKED, "outside the recorded folder: " + url);
    }
}
