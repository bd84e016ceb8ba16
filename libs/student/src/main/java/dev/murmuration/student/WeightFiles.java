package dev.murmuration.student;

import dev.murmuration.student.network.Network;
import dev.murmuration.student.network.Weight;
import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.file.WeightsFile;
import dev.murmuration.weights.file.WeightsFolder;
import dev.murmuration.weights.safetensors.Safetensors;
import dev.murmuration.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** The tensors of a {@link StudentFolder}: one file, or two if the head is not one of {@code ViTForImageClassification}. */
final class WeightFiles {

    private static final String MODEL = "model.safetensors";
    private static final String HEAD = "head.safetensors";
    private static final String MODEL_PREFIX = "vit.";
    private static final Map<String, String> METADATA = Map.of("format", "pt");
    private static final int MAX_INNER = 65_536;

    private WeightFiles() {}

    /**
     * The inner width of a dense head, which only its tensors tell; 0 without one.
     *
     * @param mean whether the head reads the mean of the patches: then it is in a file of its own even if it is linear
     */
    static int inner(Path folder, boolean mean) throws IOException {
        Path head = folder.resolve(HEAD);
        if (!Files.isRegularFile(head)) {
            return 0;
        }
        try (Safetensors tensors = Safetensors.open(head)) {
            TensorEntry bias = tensors.tensors().get("hidden.bias");
            if (mean && bias == null) {
                return 0;
            }
            if (bias == null || bias.elements() < 1 || bias.elements() > MAX_INNER) {
                throw new IOException("%s: hidden.bias is %s, not 1 to %d values"
                        .formatted(head, bias == null ? "missing" : bias.shape(), MAX_INNER));
            }
            return (int) bias.elements();
        }
    }

    /** The file with all weights but those of a head in its own file, or the index of several. */
    static Path model(Path folder) {
        return WeightsFolder.weights(folder);
    }

    /**
     * Refuses a description with more weights than the files can contain.
     *
     * @param weights number of weights described
     */
    static void requireRoom(Path folder, long weights) throws IOException {
        WeightsFolder.requireRoom(model(folder), weights);
    }

    /** Reads these weights into the vector of all weights. */
    static void read(Path folder, List<Weight> weights, FloatBuffer all) throws IOException {
        List<Weight> apart = weights.stream().filter(WeightFiles::isApart).toList();
        List<Weight> model = weights.stream().filter(weight -> !isApart(weight)).toList();
        read(model(folder), MODEL_PREFIX, model, all);
        if (!apart.isEmpty()) {
            read(folder.resolve(HEAD), Weight.HEAD, apart, all);
        }
    }

    private static boolean isApart(Weight weight) {
        return weight.name().startsWith(Weight.HEAD);
    }

    // A ViTModel has the names of a ViTForImageClassification without the prefix.
    private static void read(Path file, String prefix, List<Weight> weights, FloatBuffer all) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("%s: there is no such file".formatted(file));
        }
        try (Weights tensors = WeightsFile.open(file)) {
            for (Weight weight : weights) {
                String bare =
                        weight.name().startsWith(prefix) ? weight.name().substring(prefix.length()) : weight.name();
                String name = tensors.tensors().containsKey(weight.name()) ? weight.name() : bare;
                TensorEntry entry = tensors.tensors().get(name);
                List<Long> shape =
                        weight.shape().stream().map(Integer::longValue).toList();
                if (entry == null || !entry.shape().equals(shape)) {
                    throw new IOException("%s: %s must be %s, and is %s"
                            .formatted(
                                    file,
                                    weight.name(),
                                    shape,
                                    entry == null ? "missing" : entry.shape().toString()));
                }
                tensors.floats(name, all.slice(weight.offset(), weight.length()));
            }
        }
    }

    /** The values of a student's weights, in the order of {@link Network#weights()}. */
    interface Values {
        void write(int from, int to, SafetensorsWriter writer) throws IOException;
    }

    /** Removes the head of an earlier student in the same place. */
    static void forgetHead(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(HEAD));
    }

    /** Writes all weights of a student. */
    static void write(StudentFiles files, Network architecture, Values values) throws IOException {
        List<Weight> all = architecture.weights();
        List<Weight> apart = all.stream().filter(WeightFiles::isApart).toList();
        // The head is last in the vector.
        List<Weight> model = all.subList(0, all.size() - apart.size());
        write(files, MODEL, model, apart.isEmpty() ? "" : MODEL_PREFIX, values);
        if (!apart.isEmpty()) {
            write(files, HEAD, apart, Weight.HEAD, values);
        }
    }

    private static void write(StudentFiles files, String name, List<Weight> weights, String prefix, Values values)
            throws IOException {
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        for (Weight weight : weights) {
            shapes.put(
                    weight.name().substring(prefix.length()),
                    weight.shape().stream().mapToLong(Integer::longValue).toArray());
        }
        int from = weights.getFirst().offset();
        int to = weights.getLast().offset() + weights.getLast().length();
        try (OutputStream out = files.begin(name, SafetensorsWriter.size(shapes, METADATA));
                SafetensorsWriter writer = SafetensorsWriter.to(out, shapes, METADATA)) {
            values.write(from, to, writer);
        }
    }
}
