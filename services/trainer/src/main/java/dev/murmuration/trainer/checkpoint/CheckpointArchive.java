package dev.murmuration.trainer.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.signing.SignatureException;
import dev.murmuration.signing.SignedFolder;
import dev.murmuration.signing.SigningKey;
import dev.murmuration.student.StudentFiles;
import dev.murmuration.student.TrainingState;
import dev.murmuration.student.network.Network;
import dev.murmuration.trainer.run.Position;
import dev.murmuration.trainer.run.TrainingRun;
import java.io.BufferedInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A checkpoint as one file: a tar with the student, the moving average of its weights, as a Hugging Face folder with
 * its card in {@code model/}, its weights and moments in {@code state.safetensors} and the {@link Position} in {@code position.json}. It
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

    /**
     * Writes a run to a tar in this folder, all vectors without a copy.
     *
     * @param key signs the folder {@code model/}, if there is one: then the same state gives other bytes each time
     */
    public static Written write(Path folder, TrainingRun run, Optional<SigningKey> key) throws IOException {
        Path tar = folder.resolve("checkpoint.tar");
        HashedFile out = new HashedFile(tar);
        try (TarArchiveOutputStream entries = new TarArchiveOutputStream(out)) {
            entries.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            writeModel(entries, run, key);
            write(entries, POSITION, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(run.position()));
            try (OutputStream entry = entry(entries, STATE, run.training().stateBytes())) {
                run.training().write(entry);
            }
        }
        return new Written(tar, out.sha256());
    }

    private static void writeModel(TarArchiveOutputStream entries, TrainingRun run, Optional<SigningKey> key)
            throws IOException {
        Map<String, MessageDigest> hashes = new TreeMap<>();
        StudentFiles files = (name, bytes) -> {
            OutputStream entry = entry(entries, MODEL + "/" + name, bytes);
            return key.isEmpty()
                    ? entry
                    : new DigestOutputStream(entry, hashes.computeIfAbsent(name, n -> Sha256.digest()));
        };
        run.training().writeStudent(files, run.plan().pixels());
        byte[] card = ModelCard.of(run).getBytes(StandardCharsets.UTF_8);
        try (OutputStream entry = files.begin(ModelCard.FILE, card.length)) {
            entry.write(card);
        }
        if (key.isPresent()) {
            Map<String, String> sha256 = new TreeMap<>();
            hashes.forEach((name, hash) -> sha256.put(name, HexFormat.of().formatHex(hash.digest())));
            try {
                byte[] signature = SignedFolder.signature(run.plan().run(), sha256, key.get());
                write(entries, MODEL + "/" + SignedFolder.SIGNATURE, signature);
            } catch (SignatureException e) {
                throw new IOException("the student cannot be signed", e);
            }
        }
    }

    private static void write(TarArchiveOutputStream entries, String name, byte[] contents) throws IOException {
        try (OutputStream entry = entry(entries, name, contents.length)) {
            entry.write(contents);
        }
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
