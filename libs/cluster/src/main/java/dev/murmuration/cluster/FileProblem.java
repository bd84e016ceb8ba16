package dev.murmuration.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a file or folder cannot be used, in one line for the user of a command; what it is to write is checked before its work starts. */
public final class FileProblem {

    private FileProblem() {}

    /** Why this file cannot be written; empty if it can. An existing file stays as it is, and none is left behind. */
    public static Optional<String> ofWriting(Path file) {
        boolean isNew = !Files.exists(file);
        try {
            if (Files.isDirectory(file)) {
                return Optional.of(file + ": is a folder");
            }
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            if (isNew) {
                Files.delete(file);
            }
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.of("%s: there is no folder %s"
                    .formatted(file, file.toAbsolutePath().getParent()));
        } catch (IOException e) {
            return Optional.of(line(e));
        }
    }

    /** Why no file can be written in this folder, which is made as needed; empty if one can. A new folder is not left behind. */
    public static Optional<String> ofWritingIn(Path folder) {
        Deque<Path> made = new ArrayDeque<>();
        @Nullable Path missing = folder.toAbsolutePath();
        while (missing != null && !Files.exists(missing)) {
            made.addLast(missing);
            missing = missing.getParent();
        }
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "murmuration-", ""));
            while (!made.isEmpty()) {
                Files.delete(made.removeFirst());
            }
            return Optional.empty();
        } catch (FileAlreadyExistsException e) {
            return Optional.of(e.getFile() + ": is not a folder");
        } catch (NoSuchFileException e) {
            return Optional.of("%s: no folder can be made there".formatted(folder));
        } catch (IOException e) {
            return Optional.of(line(e));
        }
    }

    /** The line of a command that ended because a file could not be read or written; empty if something else ended it. */
    public static Optional<String> of(Exception failure) {
        return switch (failure) {
            case UncheckedIOException e
            when e.getCause() instanceof FileSystemException cause -> Optional.of(line(cause));
            case UncheckedIOException e -> Optional.of(String.valueOf(e.getMessage()));
            case IOException e -> Optional.of(line(e));
            default -> Optional.empty();
        };
    }

    /** The failure of a file's operation in one line. */
    public static String line(IOException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (!(e instanceof FileSystemException at) || at.getFile() == null) {
            return message;
        }
        return "%s: %s"
                .formatted(
                        at.getFile(),
                        switch (e) {
                            case NoSuchFileException gone -> "there is no such file or folder";
                            case AccessDeniedException denied -> "permission denied";
                            case FileAlreadyExistsException there -> "is there already";
                            default -> at.getReason() == null ? message : at.getReason();
                        });
    }
}
