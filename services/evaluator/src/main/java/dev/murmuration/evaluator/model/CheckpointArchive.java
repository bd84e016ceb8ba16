package dev.murmuration.evaluator.model;

import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.text.Printable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Reads and writes the tar of a checkpoint. A student needs only its folder {@code model/} in Hugging Face layout; the optimizer
 * is larger than the weights.
 */
public final class CheckpointArchive {

    private static final String MODEL = "model/";

    private final int limitFiles;
    private final long limitBytes;

    /**
     * Limits what is written.
     *
     * @param limitFiles the most files in {@code model/}
     * @param limitBytes the most bytes of them together
     */
    public CheckpointArchive(int limitFiles, long limitBytes) {
        this.limitFiles = limitFiles;
        this.limitBytes = limitBytes;
    }

    /**
     * Writes the files of {@code model/} into a folder.
     *
     * @param folder exists and is empty
     * @return the folder; missing: the tar has no {@code model/}; damaged: it is no tar, too large, or has entries that point out
     *     of the folder
     */
    public Fetched<Path> unpackModel(Path tar, Path folder) throws IOException {
        int files = 0;
        long left = limitBytes;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(tar));
                TarArchiveInputStream entries = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = next(entries); entry != null; entry = next(entries)) {
                if (!entry.getName().startsWith(MODEL) || entry.isDirectory()) {
                    continue;
                }
                Path file = folder.resolve(entry.getName().substring(MODEL.length()))
                        .normalize();
                if (!isFile(entry) || !file.startsWith(folder) || file.equals(folder)) {
                    return new Fetched.Damaged<>(
                            "its entry %s is not a file inside %s".formatted(Printable.of(entry.getName()), MODEL));
                }
                if (++files > limitFiles || entry.getSize() > left) {
                    return new Fetched.Damaged<>(
                            "%s has more than %d files or %d bytes".formatted(MODEL, limitFiles, limitBytes));
                }
                left -= entry.getSize();
                Files.createDirectories(file.getParent() == null ? folder : file.getParent());
                try (OutputStream out = Files.newOutputStream(file)) {
                    copy(entries, out);
                }
            }
        } catch (BrokenTar e) {
            return new Fetched.Damaged<>("it is not a complete tar: " + e.getMessage());
        }
        return files == 0 ? new Fetched.Missing<>() : new Fetched.Found<>(folder);
    }

    /** Writes the files of a folder into a tar under {@code model/}, so that the same files give the same bytes. */
    public static void pack(Path folder, Path tar) throws IOException {
        try (Stream<Path> inside = Files.list(folder);
                TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
            out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (Path file : inside.filter(Files::isRegularFile).sorted().toList()) {
                TarArchiveEntry entry = new TarArchiveEntry(MODEL + file.getFileName());
                entry.setSize(Files.size(file));
                entry.setModTime(0);
                out.putArchiveEntry(entry);
                Files.copy(file, out);
                out.closeArchiveEntry();
            }
        }
    }

    /** Strict: {@code TarArchiveEntry.isFile} is also true for links and devices. */
    private static boolean isFile(TarArchiveEntry entry) {
        return entry.getLinkFlag() == TarConstants.LF_NORMAL || entry.getLinkFlag() == TarConstants.LF_OLDNORM;
    }

    /** Distinguishes a damaged tar from an error of the local disk. */
    private static final class BrokenTar extends IOException {
        private static final long serialVersionUID = 1L;

        BrokenTar(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }

    private static TarArchiveEntry next(TarArchiveInputStream entries) throws BrokenTar {
        try {
            return entries.getNextEntry();
        } catch (IOException | RuntimeException e) {
            throw new BrokenTar(e);
        }
    }

    private static void copy(TarArchiveInputStream entries, OutputStream out) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int n = read(entries, buffer); n >= 0; n = read(entries, buffer)) {
            out.write(buffer, 0, n);
        }
    }

    private static int read(TarArchiveInputStream entries, byte[] buffer) throws BrokenTar {
        try {
            return entries.read(buffer);
        } catch (IOException | RuntimeException e) {
            throw new BrokenTar(e);
        }
    }
}
