package dev.murmuration.trainer.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.student.TrainingState;
import dev.murmuration.student.network.Network;
import dev.murmuration.trainer.run.Position;
import dev.murmuration.trainer.run.TrainingRun;
import java.io.BufferedInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A checkpoint as one file: a tar with the student, the moving average of its weights, as a Hugging Face folder in
 * {@code model/}, its weights and moments in {@code state.safetensors} and the {@link Position} in {@code position.json}. It
 * contains no time, so the same state gives the same bytes.
 */
public final class CheckpointArchive {

    private static final String MODEL = "model";
    private static final String STATE = "state.safetensors";
    private static final String POSITION = "position.json";
    private static final List<String> REQUIRED = List.of(POSITION, STATE);
    private static final int MODE = 0100644;
    private static final ObjectMapper JSON = new ObjectMapper();

    private CheckpointArchive() {}

    /**
     * A checkpoint on disk.
     *
     * @param sha256 of its bytes, lower-case hexadecimal
     */
    public record Written(Path tar, String sha256) {}

    /** Writes a run to a tar in this folder, all vectors without a copy. */
    public static Written write(Path folder, TrainingRun run) throws IOException {
        Path tar = folder.resolve("checkpoint.tar");
        HashedFile out = new HashedFile(tar);
        try (TarArchiveOutputStream entries = new TarArchiveOutputStream(out)) {
            entries.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            run.training()
                    .writeStudent(
                            (name, bytes) -> entry(entries, MODEL + "/" + name, bytes),
                            run.plan().pixels());
            byte[] position = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(run.position());
            try (OutputStream entry = entry(entries, POSITION, position.length)) {
                entry.write(position);
            }
            try (OutputStream entry = entry(entries, STATE, run.training().stateBytes())) {
                run.training().write(entry);
            }
        }
        return new Written(tar, out.sha256());
    }

    private static OutputStream entry(TarArchiveOutputStream entries, String name, long bytes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes);
        entry.setMode(MODE);
        entry.setModTime(0);
        entries.putArchiveEntry(entry);
        return new FilterOutputStream(entries) {
            @Override
            public void write(byte[] values, int from, int count) throws IOException {
                out.write(values, from, count);
            }

            @Override
            public void close() throws IOException {
                entries.closeArchiveEntry();
            }
        };
    }

    /**
     * A checkpoint to resume from.
     *
     * @param position of the run
     * @param state its weights and moments
     */
    public record Loaded(Position position, TrainingState state) {}

    /**
     * Reads what is needed to resume.
     *
     * @param folder to unpack into
     * @throws IOException if the tar is not a checkpoint of this architecture
     */
    public static Loaded read(Path tar, Path folder, Network architecture) throws IOException {
        Files.createDirectories(folder.resolve(MODEL));
        try (InputStream in = new BufferedInputStream(Files.newInputStream(tar));
                TarArchiveInputStream entries = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                String name = entry.getName();
                if (REQUIRED.contains(name) || name.equals(MODEL + "/" + name.substring(name.lastIndexOf('/') + 1))) {
                    Files.copy(entries, folder.resolve(name));
                }
            }
        }
        for (String name : REQUIRED) {
            if (!Files.exists(folder.resolve(name))) {
                throw new IOException("it has no %s".formatted(name));
            }
        }
        try {
            Position position = JSON.readValue(folder.resolve(POSITION).toFile(), Position.class);
            return new Loaded(position, TrainingState.read(folder.resolve(STATE), folder.resolve(MODEL), architecture));
        } catch (JsonProcessingException e) {
            throw new IOException("its %s is malformed: %s".formatted(POSITION, e.getOriginalMessage()), e);
        }
    }
}
