package dev.murmuration.student;

import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.caffe.CaffeModel;
import dev.murmuration.weights.file.WeightsFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tensors of a predecessor's network under our names and in the layout of Caffe and PyTorch: (out, in, height, width) and
 * (out, in). Files that name them {@code weights} and {@code biases} are of caffe-tensorflow, which has TensorFlow's layout:
 * (height, width, in, out) and (in, out).
 */
final class PublishedTensors implements Closeable {

    private static final Pattern TENSOR = Pattern.compile("(.+)[/.](weights?|bias(?:es)?)");
    private static final Pattern DENSE = Pattern.compile("(fc[67])(?:[_-](?:1|conv))?|(fc8).*");
    private static final String OF_TENSORFLOW = "/biases";

    private final Path file;
    private final Weights weights;
    private final Map<String, String> names = new LinkedHashMap<>();
    private final boolean outputsLast;

    private PublishedTensors(Path file, Weights weights) throws IOException {
        this.file = file;
        this.weights = weights;
        this.outputsLast = weights.tensors().keySet().stream().anyMatch(name -> name.endsWith(OF_TENSORFLOW));
        for (String tensor : weights.tensors().keySet()) {
            Matcher parts = TENSOR.matcher(tensor);
            if (parts.matches()) {
                Matcher dense = DENSE.matcher(parts.group(1));
                String layer =
                        !dense.matches() ? parts.group(1) : dense.group(1) != null ? dense.group(1) : dense.group(2);
                String name = layer + (parts.group(2).startsWith("weight") ? ".weight" : ".bias");
                String other = names.put(name, tensor);
                if (other != null) {
                    throw new IOException("%s: %s and %s are both %s".formatted(file, other, tensor, name));
                }
            }
        }
    }

    /**
     * Opens a file without reading its tensors.
     *
     * @throws IOException if it is truncated, or two of its tensors have the same name
     */
    static PublishedTensors open(Path file) throws IOException {
        Weights weights = WeightsFile.open(file);
        try {
            return new PublishedTensors(file, weights);
        } catch (IOException | RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /** All layers in the order in which they run, including those without weights; empty if the file does not say. */
    List<String> layers() {
        return weights instanceof CaffeModel caffe ? caffe.layers() : List.of();
    }

    boolean has(String name) {
        return names.containsKey(name);
    }

    /**
     * Its shape, outputs first.
     *
     * @throws IOException if there is no such tensor
     */
    List<Long> shape(String name) throws IOException {
        List<Long> shape = entry(name).shape();
        if (!outputsLast) {
            return shape;
        }
        return shape.size() == 4 ? List.of(shape.get(3), shape.get(2), shape.get(0), shape.get(1)) : shape.reversed();
    }

    /** Number of its outputs. */
    int rows(String name) throws IOException {
        long rows = shape(name).getFirst();
        if (rows < 1 || rows > Integer.MAX_VALUE) {
            throw new IOException("%s: %s is %s".formatted(file, name, shape(name)));
        }
        return (int) rows;
    }

    /** Number of its values per output. */
    long columns(String name) throws IOException {
        return entry(name).elements() / rows(name);
    }

    private TensorEntry entry(String name) throws IOException {
        TensorEntry entry = weights.tensors().get(names.getOrDefault(name, name));
        if (entry == null || entry.shape().isEmpty()) {
            throw new IOException("%s: %s is missing".formatted(file, name));
        }
        return entry;
    }

    /**
     * Reads all values, output by output.
     *
     * @param channels of the grid that a fully connected layer sees, whose inputs caffe-tensorflow orders by (height, width,
     *     channel) and Caffe by (channel, height, width); 0 for a layer that does not see one
     * @param into receives all of them at its position
     */
    void read(String name, int channels, FloatBuffer into) throws IOException {
        TensorEntry entry = entry(name);
        if (!outputsLast || entry.shape().size() == 1) {
            weights.floats(entry.name(), into);
            return;
        }
        int outputs = rows(name);
        int inputs = channels > 0 ? channels : Math.toIntExact(shape(name).get(1));
        int places = Math.toIntExact(columns(name) / inputs);
        float[] values = weights.floats(entry.name()); // (place, input, output)
        for (int output = 0; output < outputs; output++) {
            for (int input = 0; input < inputs; input++) {
                for (int place = 0; place < places; place++) {
                    into.put(values[(place * inputs + input) * outputs + output]);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        weights.close();
    }
}
