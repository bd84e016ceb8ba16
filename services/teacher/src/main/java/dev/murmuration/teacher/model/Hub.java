package dev.murmuration.teacher.model;

import dev.murmuration.weights.file.WeightsFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Models of a hub that speaks Hugging Face's paths, {@code <url>/<id>/resolve/<revision>/<file>}: fetched once into a folder of
 * the cache, and never again while that folder is there. What breaks off goes on at the next start from the bytes that are there.
 * Every file is checked against the hash that the hub tells.
 *
 * @param url address of the hub
 * @param cache folder of this machine
 * @param mostBytes largest file that is fetched
 * @param timeout how long a connection may take to open, or go without a byte
 * @param progress takes a line now and then
 */
public record Hub(URI url, Path cache, long mostBytes, Duration timeout, Consumer<String> progress) {

    private static final String ID = "[\\w.-]{1,96}/[\\w.-]{1,96}";
    private static final String REVISION = "[\\w.-]{1,96}";
    private static final int MOST_REDIRECTS = 5;
    private static final int ATTEMPTS = 3;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int PROGRESS_PERCENT = 10;

    /**
     * The folder of a model.
     *
     * @param id for example {@code cardiffnlp/twitter-roberta-base-sentiment-latest}
     * @param revision branch, tag or commit
     * @throws ModelException in one line, if it is not in the cache and cannot be fetched
     */
    Path fetch(String id, String revision) {
        String origin = "hf://" + id + "@" + revision;
        if (!id.matches(ID) || !revision.matches(REVISION) || id.contains("..") || revision.contains("..")) {
            throw new ModelException(origin, "not an id of the form hf://owner/name or hf://owner/name@revision");
        }
        Path folder = cache.resolve(id.replace("/", "--") + "@" + revision);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try {
            Files.createDirectories(cache);
            try (FileChannel lockFile = FileChannel.open(
                            folder.resolveSibling(folder.getFileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock lock = lockFile.lock()) {
                // Another process may have fetched it meanwhile.
                return lock.isValid() && Files.isDirectory(folder) ? folder : fetch(origin, id, revision, folder);
            }
        } catch (IOException e) {
            throw new ModelException(
                    origin, "not in %s, and cannot be fetched from %s: %s".formatted(cache, url, reason(e)));
        }
    }

    private static String reason(IOException failed) {
        return failed instanceof RefusedException
                ? String.valueOf(failed.getMessage())
                : failed.getClass().getSimpleName() + " " + failed.getMessage();
    }

    private Path fetch(String origin, String id, String revision, Path folder) throws IOException {
        Path partial = folder.resolveSibling(folder.getFileName() + ".partial");
        String commit = commit(id, revision);
        // Files of two commits would be a model that nobody made.
        Path mark = partial.resolve(".commit");
        if (Files.isDirectory(partial)
                && !(Files.exists(mark) && Files.readString(mark).equals(commit))) {
            ModelFolder.remove(partial);
        }
        Files.createDirectories(partial);
        Files.writeString(mark, commit);
        require(get(origin, id, commit, "config.json", partial), id, "config.json");
        if (!get(origin, id, commit, "tokenizer.json", partial)) {
            require(get(origin, id, commit, "vocab.json", partial), id, "tokenizer.json, nor a vocab.json");
            require(get(origin, id, commit, "merges.txt", partial), id, "merges.txt");
        }
        require(weights(origin, id, commit, partial), id, "model.safetensors, nor a pytorch_model.bin");
        Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
        return folder;
    }

    /** Whether the hub has weights in one of the ways that transformers saves them; then all their files lie in the folder. */
    private boolean weights(String origin, String id, String commit, Path partial) throws IOException {
        for (String name : WeightsFolder.NAMES) {
            if (get(origin, id, commit, name, partial)) {
                for (Path part : WeightsFolder.parts(partial.resolve(name))) {
                    String file = String.valueOf(part.getFileName());
                    require(get(origin, id, commit, file, partial), id, file);
                }
                return true;
            }
        }
        return false;
    }

    private static void require(boolean found, String id, String file) throws IOException {
        if (!found) {
            throw new RefusedException("%s has no %s".formatted(id, file));
        }
    }

    private String commit(String id, String revision) throws IOException {
        Response response = request(address(id, revision, "config.json"), 0);
        try {
            return response.commit() == null ? revision : response.commit();
        } finally {
            response.connection().disconnect();
        }
    }

    private URI address(String id, String revision, String file) {
        String base = url.toString();
        return URI.create("%s/%s/resolve/%s/%s".formatted(base.replaceAll("/+$", ""), id, revision, file));
    }

    /** Whether the hub has the file; then it lies in the folder, checked. */
    private boolean get(String origin, String id, String commit, String file, Path folder) throws IOException {
        Path whole = folder.resolve(file);
        Path part = folder.resolve(file + ".part");
        for (int attempt = 1; !Files.exists(whole); attempt++) {
            long had = Files.exists(part) ? Files.size(part) : 0;
            Response response = request(address(id, commit, file), had);
            try {
                switch (response.status()) {
                    case HttpURLConnection.HTTP_NOT_FOUND -> {
                        return false;
                    }
                    case HttpURLConnection.HTTP_OK, HttpURLConnection.HTTP_PARTIAL -> {
                        boolean goesOn = response.status() == HttpURLConnection.HTTP_PARTIAL;
                        receive(origin + " " + file, response, part, goesOn ? had : 0);
                        check(file, part, response.hash());
                        Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
                    }
                    case RANGE_NOT_SATISFIABLE -> Files.delete(part);
                    default ->
                        throw new RefusedException("it answers %d for %s%s"
                                .formatted(
                                        response.status(),
                                        file,
                                        response.status() == HttpURLConnection.HTTP_UNAUTHORIZED
                                                ? " (no such model, or not a public one)"
                                                : ""));
                }
            } catch (RefusedException e) {
                throw e;
            } catch (IOException e) {
                if (attempt >= ATTEMPTS) {
                    throw e;
                }
                progress.accept("%s %s broke off (%s) and goes on".formatted(origin, file, reason(e)));
            } finally {
                response.connection().disconnect();
            }
        }
        return true;
    }

    private void receive(String what, Response response, Path part, long had) throws IOException {
        long length = response.connection().getContentLengthLong();
        long total = length < 0 ? -1 : had + length;
        if (total > mostBytes) {
            throw new RefusedException("%s has %d bytes; teacher.hub-max-bytes = %d".formatted(what, total, mostBytes));
        }
        long done = had;
        long told = done;
        try (InputStream in = response.connection().getInputStream();
                OutputStream out = Files.newOutputStream(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        had > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                out.write(chunk, 0, read);
                done += read;
                if (done > mostBytes) {
                    throw new RefusedException(
                            "%s has more than teacher.hub-max-bytes = %d".formatted(what, mostBytes));
                }
                if (total > 0 && (done - told) * 100 / total >= PROGRESS_PERCENT) {
                    told = done;
                    progress.accept("%s: %d of %d bytes (%d %%)".formatted(what, done, total, done * 100 / total));
                }
            }
        }
        if (total >= 0 && done != total) {
            throw new IOException("%s ended after %d of %d bytes".formatted(what, done, total));
        }
    }

    private static void check(String file, Path part, @Nullable String hash) throws IOException {
        if (hash == null) {
            return;
        }
        String found = FileHash.like(hash, part);
        if (!found.equals(hash)) {
            Files.delete(part);
            throw new RefusedException("%s has the hash %s, not %s".formatted(file, found, hash));
        }
    }

    private Response request(URI address, long from) throws IOException {
        URI at = address;
        String hash = null;
        String commit = null;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpURLConnection connection = (HttpURLConnection) at.toURL().openConnection();
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout((int) timeout.toMillis());
            connection.setReadTimeout((int) timeout.toMillis());
            connection.setRequestProperty("Accept-Encoding", "identity");
            if (from > 0) {
                connection.setRequestProperty("Range", "bytes=%d-".formatted(from));
            }
            int status = connection.getResponseCode();
            if (hop == 0) {
                // Those of the hub itself: where it sends us to is a store that knows other names.
                hash = FileHash.in(List.of(header(connection, "X-Linked-ETag"), header(connection, "ETag")));
                commit = header(connection, "X-Repo-Commit");
            }
            String location = connection.getHeaderField("Location");
            if (status / 100 != 3 || location == null) {
                return new Response(
                        connection, status, hash, commit == null || !commit.matches(REVISION) ? null : commit);
            }
            connection.disconnect();
            URI next = at.resolve(location);
            if (!"https".equals(next.getScheme()) && !"http".equals(at.getScheme())) {
                throw new RefusedException("it sends us to %s, which is not https".formatted(next.getHost()));
            }
            at = next;
        }
        throw new RefusedException("it redirects more than %d times".formatted(MOST_REDIRECTS));
    }

    private static String header(HttpURLConnection connection, String name) {
        String value = connection.getHeaderField(name);
        return value == null ? "" : value;
    }

    /** One answer: {@code hash} and {@code commit} are what the hub says of the file, if it does. */
    private record Response(
            HttpURLConnection connection,
            int status,
            @Nullable String hash,
            @Nullable String commit) {}

    /** Trying again would not help. */
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String problem) {
            super(problem);
        }
    }
}
