package dev.murmuration.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The process of a program, stored on disk so that another process can end it. Contains the start time as well, since the
 * operating system reuses process ids.
 *
 * @param file the file, named after the program
 */
public record PidFile(Path file) {

    private static final String SUFFIX = ".pid";

    /** The file of a program in a folder of such files. */
    public static PidFile of(Path folder, String program) {
        return new PidFile(folder.resolve(program + SUFFIX));
    }

    /** Every pid file of a folder, none if there is no such folder. */
    public static List<PidFile> in(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .map(PidFile::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Name of the program. */
    public String program() {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }

    /** Stores a process. */
    public void write(ProcessHandle process) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, process.pid() + " " + started(process) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process if it still runs. */
    public Optional<ProcessHandle> process() {
        try {
            String[] words = Files.readString(file).strip().split(" ", -1);
            return words.length == 2
                    ? ProcessHandle.of(Long.parseLong(words[0]))
                            .filter(ProcessHandle::isAlive)
                            .filter(process -> Long.toString(started(process)).equals(words[1]))
                    : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Deletes the file. */
    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
