package dev.murmuration.stage;

import dev.murmuration.stage.settings.SettingException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder for files that are not needed after the process ends. A killed process leaves them behind, so the next process with the same
 * folder empties it at startup, unless the earlier one is still alive: a live process holds a lock that is released however the process
 * ends.
 */
public final class WorkFolder {

    /**
     * The system property that names the folder for all temporary files of a process, including those of libraries. The launcher must give
     * each process its own folder and set {@code java.io.tmpdir} to the same path.
     */
    public static final String PROPERTY = "dev.murmuration.work-folder";

    private static final String LOCK = ".lock";
    private static final Map<Path, FileLock> HELD = new ConcurrentHashMap<>();

    private final Path folder;

    /**
     * Creates the folder if it does not exist and empties it, once per process.
     *
     * @throws IOException if it cannot be written
     */
    public WorkFolder(Path folder) throws IOException {
        this.folder = folder.toAbsolutePath().normalize();
        synchronized (HELD) {
            if (!HELD.containsKey(this.folder)) {
                Files.createDirectories(this.folder);
                FileLock lock = lock(this.folder.resolve(LOCK));
                if (lock != null) {
                    HELD.put(this.folder, lock);
                    empty(this.folder);
                }
            }
        }
    }

    /**
     * Empties the folder that {@link #PROPERTY} names, if it is set. Must be called before anything else in the process creates temporary
     * files.
     */
    static void emptyOwn() {
        String own = System.getProperty(PROPERTY);
        if (own == null) {
            return;
        }
        try {
            WorkFolder unused = new WorkFolder(Path.of(own));
        } catch (IOException e) {
            throw new SettingException(PROPERTY, own, "cannot be written: " + e);
        }
    }

    /** Creates a new empty folder inside it. */
    public Path make(String purpose) throws IOException {
        return Files.createTempDirectory(folder, purpose + "-");
    }

    private static @Nullable FileLock lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
        }
        return lock;
    }

    private static void empty(Path folder) throws IOException {
        List<Path> left;
        try (Stream<Path> files = Files.list(folder)) {
            left = files.filter(file -> !file.endsWith(LOCK)).toList();
        }
        for (Path each : left) {
            delete(each);
        }
    }

    /** Removes a file, or a folder with everything in it; does nothing if it does not exist. Links are removed and not followed. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
