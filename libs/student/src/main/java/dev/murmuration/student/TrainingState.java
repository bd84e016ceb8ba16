package dev.murmuration.student;

import dev.murmuration.torch.Safetensors;
import dev.murmuration.torch.SafetensorsWriter;
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
 * {@link Network#weights()}.
 */
public final class TrainingState {

    private static final List<String> NAMES = List.of("weights", "average", "first_moment", "second_moment");
    private static final String ARCHITECTURE = "architecture";

    private final Network architecture;
    private final List<FloatBuffer> vectors;

    private TrainingState(Network architecture, List<FloatBuffer> vectors) {
        this.architecture = architecture;
        this.vectors = vectors;
    }

    static TrainingState begin(Network architecture, float[] weights) {
        return of(architecture, List.of(FloatBuffer.wrap(weights)));
    }

    /** Begins from random weights: the same seed gives the same ones. */
    public static TrainingState begin(Network architecture, long seed) {
        return begin(architecture, RandomWeights.of(architecture, seed));
    }

    /** Begins from the weights of a student, for example one that was trained elsewhere. */
    public static TrainingState begin(StudentFolder student) throws IOException {
        return begin(student.architecture(), student.weights());
    }

    /**
     * Begins from the weights of another student or of any ViT, as {@link StudentFolder#adapted} fits them.
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
        return new TrainingState(architecture, List.copyOf(vectors));
    }

    /**
     * Opens what {@link Training#write} wrote. Its vectors, four times the student, stay on disk, memory mapped.
     *
     * @param file must stay as it is while the state is used; on Linux it may be deleted
     * @throws IOException if the file is not whole or belongs to another architecture
     */
    public static TrainingState read(Path file, Network architecture) throws IOException {
        try (Safetensors tensors = Safetensors.open(file)) {
            String written = tensors.metadata().get(ARCHITECTURE);
            if (!architecture.name().equals(written)) {
                throw new IOException("%s: is of %s, not of %s".formatted(file, written, architecture.name()));
            }
            List<FloatBuffer> vectors = new ArrayList<>();
            for (String name : NAMES) {
                FloatBuffer vector = tensors.mapped(name);
                if (vector.remaining() != architecture.weightCount()) {
                    throw new IOException("%s: %s has %d values, %s has %d weights"
                            .formatted(
                                    file, name, vector.remaining(), architecture.name(), architecture.weightCount()));
                }
                vectors.add(vector);
            }
            return of(architecture, vectors);
        }
    }

    /** What {@link #read} takes, to be filled with the four vectors in the order of {@link Training#write}. */
    static SafetensorsWriter writer(OutputStream out, Network architecture) throws IOException {
        return SafetensorsWriter.to(out, shapes(architecture), Map.of(ARCHITECTURE, architecture.name()));
    }

    /** How many bytes that is. */
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

    /** The weights as they are trained. */
    FloatBuffer weights() {
        return vectors.get(0).duplicate();
    }

    /** Their moving average: the student that a checkpoint holds. */
    public FloatBuffer average() {
        return vectors.get(vectors.size() == 1 ? 0 : 1).duplicate();
    }

    // Weights, average, first and second moment; weights alone at the beginning, when the average is equal and the
    // moments are zero.
    List<FloatBuffer> vectors() {
        return vectors.stream().map(FloatBuffer::duplicate).toList();
    }
}
