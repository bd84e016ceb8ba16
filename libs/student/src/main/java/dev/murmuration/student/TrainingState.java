package dev.murmuration.student;

import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.ConvNet;
import dev.murmuration.student.network.EfficientNet;
import dev.murmuration.student.network.Network;
import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.safetensors.Safetensors;
import dev.murmuration.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Everything of a {@link Training} that changes: weights, moving average, first and second moment, each a vector in the order of
 * {@link Network#weights()}. On disk the average is a {@link StudentFolder} and the others are one file beside it, so that
 * nothing large is stored twice.
 */
public final class TrainingState {

    private static final String AVERAGE = "average";
    private static final List<String> NAMES = List.of("weights", "first_moment", "second_moment");
    private static final String ARCHITECTURE = "architecture";

    private final Network architecture;
    private final List<StudentFolder.Vector> vectors;

    private TrainingState(Network architecture, List<StudentFolder.Vector> vectors) {
        this.architecture = architecture;
        this.vectors = List.copyOf(vectors);
    }

    static TrainingState begin(Network architecture, float[] weights) {
        return of(architecture, List.of(FloatBuffer.wrap(weights)));
    }

    /** Starts with {@link Network#beginning}, drawn or read on demand; the same seed gives the same ones. */
    public static TrainingState begin(Network architecture, long seed) {
        StudentFolder.Vector weights =
                switch (architecture) {
                    case EfficientNet net -> room -> ImageNetWeights.begin(net, room);
                    case Architecture vit -> room -> RandomWeights.draw(vit, seed, room);
                    case ConvNet net -> room -> RandomWeights.draw(net, seed, room);
                };
        return new TrainingState(architecture, List.of(weights));
    }

    /** Starts with the weights of a student, for example one that was trained elsewhere. */
    public static TrainingState begin(StudentFolder student) throws IOException {
        return begin(student.architecture(), student.weights());
    }

    /**
     * Starts with the weights of another student or of any ViT, as {@link StudentFolder#adapted} converts them.
     *
     * @throws IOException as there
     */
    public static TrainingState begin(Path folder, Network architecture, boolean newHead, long seed)
            throws IOException {
        return begin(architecture, StudentFolder.adapted(folder, architecture, newHead, seed));
    }

    static TrainingState of(Network architecture, List<FloatBuffer> vectors) {
        for (FloatBuffer vector : vectors) {
            if (vector.remaining() != architecture.weightCount()) {
                throw new IllegalArgumentException("%d values for the %d weights of %s"
                        .formatted(vector.remaining(), architecture.weightCount(), architecture.name()));
            }
        }
        return new TrainingState(
                architecture,
                vectors.stream()
                        .map(vector -> (StudentFolder.Vector) room -> room.put(vector.duplicate()))
                        .toList());
    }

    /**
     * Opens what {@link Training#write} and {@link Training#writeStudent} wrote at one moment. The vectors, four times the
     * student, are read on demand.
     *
     * @param file must not change while the state is used. A file of an early version, which contains the average, is read too
     * @param student the folder, which must not change either
     * @throws IOException if the file is truncated or belongs to another architecture
     */
    public static TrainingState read(Path file, Path student, Network architecture) throws IOException {
        try (Safetensors tensors = Safetensors.open(file)) {
            String written = tensors.metadata().get(ARCHITECTURE);
            if (!architecture.name().equals(written)) {
                throw new IOException("%s: is of %s, not of %s".formatted(file, written, architecture.name()));
            }
            List<StudentFolder.Vector> vectors = new ArrayList<>();
            for (String name : NAMES) {
                vectors.add(vector(file, tensors, name, architecture));
            }
            vectors.add(
                    1,
                    tensors.tensors().containsKey(AVERAGE)
                            ? vector(file, tensors, AVERAGE, architecture)
                            : average(student, architecture));
            return new TrainingState(architecture, vectors);
        }
    }

    private static StudentFolder.Vector vector(Path file, Safetensors tensors, String name, Network architecture)
            throws IOException {
        TensorEntry entry = tensors.tensors().get(name);
        if (entry == null || entry.elements() != architecture.weightCount()) {
            throw new IOException("%s: %s has %d values, %s has %d weights"
                    .formatted(
                            file,
                            name,
                            entry == null ? 0 : entry.elements(),
                            architecture.name(),
                            architecture.weightCount()));
        }
        return room -> {
            try (Safetensors again = Safetensors.open(file)) {
                again.floats(name, room);
            }
        };
    }

    private static StudentFolder.Vector average(Path student, Network architecture) throws IOException {
        StudentFolder written = StudentFolder.read(student);
        if (!written.architecture().name().equals(architecture.name())) {
            throw new IOException("%s: is a %s, not a %s"
                    .formatted(student, written.architecture().name(), architecture.name()));
        }
        return written::weights;
    }

    /** What {@link #read} takes, to be filled with the vectors in the order of {@link Training#write}. */
    static SafetensorsWriter writer(OutputStream out, Network architecture) throws IOException {
        return SafetensorsWriter.to(out, shapes(architecture), Map.of(ARCHITECTURE, architecture.name()));
    }

    /** Its size in bytes. */
    static long size(Network architecture) throws IOException {
        return SafetensorsWriter.size(shapes(architecture), Map.of(ARCHITECTURE, architecture.name()));
    }

    private static SequencedMap<String, long[]> shapes(Network architecture) {
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        NAMES.forEach(name -> shapes.put(name, new long[] {architecture.weightCount()}));
        return shapes;
    }

    /** The shape of the student. */
    public Network architecture() {
        return architecture;
    }

    /** The weights in training. */
    FloatBuffer weights() throws IOException {
        return values(vectors.getFirst());
    }

    /** Their moving average: the student of a checkpoint. */
    public FloatBuffer average() throws IOException {
        return values(vectors.get(vectors.size() == 1 ? 0 : 1));
    }

    private FloatBuffer values(StudentFolder.Vector vector) throws IOException {
        FloatBuffer values = FloatBuffer.allocate(architecture.weightCount());
        vector.read(values);
        return values.flip();
    }

    // Weights, average, first and second moment; only weights at the start, when the average is equal and the
    // moments are zero.
    List<StudentFolder.Vector> vectors() {
        return vectors;
    }
}
