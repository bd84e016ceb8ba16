package dev.murmuration.trainer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.stage.ObjectStore;
import dev.murmuration.student.Network;
import dev.murmuration.student.TrainingState;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A checkpoint as one file: a tar with the student as a Hugging Face folder in {@code model/}, all vectors in {@code state.safetensors} and the {@link Position} in
 * {@code position.json}. Nothing of the wall clock is inside: the same state gives the same bytes.
 */
final class CheckpointTar {

    private static final String MODEL = "model";
    private static final String STATE = "state.safetensors";
    private static final String POSITION = "position.json";
    private static final List<String> FOR_GOING_ON = List.of(POSITION, STATE);
    private static final int MODE = 0100644;
    private static final int BUFFER = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private CheckpointTar() {}

    /**
     * A checkpoint on disk.
     *
     * @param sha256 of its bytes, lower-case hexadecimal
     */
    record Written(Path tar, String sha256) {}

    /** Writes where a course stands, all vectors straight into the tar; {@code folder} is where it lies, and the student for a moment, and must be empty. */
    static Written write(Path folder, Course course) throws IOException {
        Path model = folder.resolve(MODEL);
        course.training().writeStudent(model, course.plan().pixels());
        Path tar = folder.resolve("checkpoint.tar");
        MessageDigest digest = ObjectStore.digest();
        try (OutputStream out =
                        new BufferedOutputStream(new DigestOutputStream(Files.newOutputStream(tar), digest), BUFFER);
                TarArchiveOutputStream entries = new TarArchiveOutputStream(out);
                Stream<Path> files = Files.list(model)) {
            entries.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (Path file : files.sorted().toList()) {
                begin(entries, MODEL + "/" + file.getFileName(), Files.size(file));
                Files.copy(file, entries);
                entries.closeArchiveEntry();
            }
            byte[] position = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(course.position());
            begin(entries, POSITION, position.length);
            entries.write(position);
            entries.closeArchiveEntry();
            begin(entries, STATE, course.training().stateBytes());
            course.training().write(entries);
            entries.closeArchiveEntry();
        }
        WorkFolder.delete(model);
        return new Written(tar, HexFormat.of().formatHex(digest.digest()));
    }

    private static void begin(TarArchiveOutputStream entries, String name, long bytes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes);
        entry.setMode(MODE);
        entry.setModTime(0);
        entries.putArchiveEntry(entry);
    }

    /**
     * A checkpoint to go on from.
     *
     * @param position where the run stood
     * @param state its weights and moments
     */
    record Loaded(Position position, TrainingState state) {}

    /**
     * Reads what is needed to go on.
     *
     * @param folder where its parts lie for a moment
     * @throws IOException if the tar is not a checkpoint of this architecture
     */
    static Loaded read(Path tar, Path folder, Network architecture) throws IOException {
        Files.createDirectories(folder);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(tar));
                TarArchiveInputStream entries = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (FOR_GOING_ON.contains(entry.getName())) {
                    Files.copy(entries, folder.resolve(entry.getName()));
                }
            }
        }
        for (String name : FOR_GOING_ON) {
            if (!Files.exists(folder.resolve(name))) {
                throw new IOException("it has no %s".formatted(name));
            }
        }
        try {
            Position position = JSON.readValue(folder.resolve(POSITION).toFile(), Position.class);
            return new Loaded(position, TrainingState.read(folder.resolve(STATE), architecture));
        } catch (JsonProcessingException malformed) {
            throw new IOException(
                    "its %s is not understood: %s".formatted(POSITION, malformed.getOriginalMessage()), malformed);
        }
    }
}
