package dev.murmuration.evaluator.benchmark;

import dev.murmuration.stage.store.Fetched;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A benchmark in a local folder. */
public final class BenchmarkFolder implements BenchmarkFiles {

    private final Path folder;

    /** The benchmark in this folder; nothing is read yet. */
    public BenchmarkFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public String name() {
        Path last = folder.getFileName();
        return last == null ? folder.toString() : last.toString();
    }

    @Override
    public String place() {
        return folder.toString();
    }

    @Override
    public Fetched<byte[]> read(String path, long limitBytes) {
        Path file = folder.resolve(path);
        try {
            if (!Files.isRegularFile(file)) {
                return new Fetched.Missing<>();
            }
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                return new Fetched.Damaged<>("links to a file outside of the benchmark");
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(Math.toIntExact(limitBytes));
                return in.read() < 0
                        ? new Fetched.Found<>(bytes)
                        : new Fetched.Damaged<>("is larger than " + limitBytes + " bytes");
            }
        } catch (NoSuchFileException e) {
            return new Fetched.Missing<>();
        } catch (IOException e) {
            return new Fetched.Damaged<>("cannot be read: " + e.getMessage());
        }
    }

    @Override
    public String state() {
        if (!Files.isDirectory(folder)) {
            return "absent";
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted().map(BenchmarkFolder::stateOf).collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String stateOf(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? "%s %d %d"
                            .formatted(
                                    file,
                                    attributes.size(),
                                    attributes.lastModifiedTime().toMillis())
                    : file.toString();
        } catch (IOException e) {
            return file + " unreadable";
        }
    }
}
