package dev.murmuration.weights.caffe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.TensorType;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * Weights as Caffe writes them: {@code .caffemodel}, whose tensors are {@code LAYER/weight} and {@code LAYER/bias} (a third is
 * {@code LAYER/blob2}), and {@code .binaryproto}, the mean of a data set, whose one tensor is {@code mean}. Protocol buffers have
 * no magic bytes, so they are recognised by these extensions; a file that was truncated exactly between two layers is valid and
 * lacks tensors.
 */
public final class CaffeModel implements Weights {

    private static final String MODEL = ".caffemodel";
    private static final String MEAN = ".binaryproto";

    private final Path file;
    private final FileChannel channel;
    private final SequencedMap<String, CaffeBlob> blobs;
    private final SequencedMap<String, TensorEntry> tensors = new LinkedHashMap<>();
    private final List<String> layers;

    private CaffeModel(Path file, FileChannel channel, CaffeParser.Parsed parsed) {
        this.file = file;
        this.channel = channel;
        this.blobs = parsed.blobs();
        this.layers = parsed.layers();
        blobs.forEach((name, blob) -> tensors.put(name, blob.entry()));
    }

    /**
     * Opens a file and finds its tensors; they stay on disk.
     *
     * @throws WeightsException if it is truncated, or a tensor has more or fewer values than its shape says
     * @throws IOException if the file cannot be read
     */
    public static CaffeModel open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new CaffeModel(
                    file,
                    channel,
                    hasEnding(file, MEAN)
                            ? CaffeParser.mean(file.toString(), channel)
                            : CaffeParser.network(file.toString(), channel));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether a file is Caffe's, judging by its name. */
    public static boolean isCaffe(Path file) {
        return hasEnding(file, MODEL) || hasEnding(file, MEAN);
    }

    private static boolean hasEnding(Path file, String ending) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
    }

    /** The names of all layers in the order in which they run, including those without tensors. */
    public List<String> layers() {
        return layers;
    }

    @Override
    public SequencedMap<String, TensorEntry> tensors() {
        return Collections.unmodifiableSequencedMap(tensors);
    }

    @Override
    public void floats(String name, FloatBuffer into) throws IOException {
        CaffeBlob blob = blob(name);
        TensorEntry entry = blob.entry();
        if (entry.elements() > into.remaining()) {
            throw new WeightsException("%s: tensor %s has %d elements, %d were expected"
                    .formatted(file, name, entry.elements(), into.remaining()));
        }
        for (CaffeBlob.Run run : blob.runs()) {
            ByteBuffer bytes = map(run, entry.type());
            if (entry.type() == TensorType.F32 && run.stride() == Float.BYTES) {
                into.put(bytes.asFloatBuffer());
            } else {
                for (int at = 0; at < bytes.limit(); at += run.stride()) {
                    into.put(entry.type() == TensorType.F32 ? bytes.getFloat(at) : (float) bytes.getDouble(at));
                }
            }
        }
    }

    @Override
    public float[] floats(String name) throws IOException {
        FloatBuffer values = FloatBuffer.allocate((int) blob(name).entry().elements());
        floats(name, values);
        return values.array();
    }

    @Override
    public long[] longs(String name) throws IOException {
        throw new WeightsException("%s: tensor %s is %s, not integers"
                .formatted(file, name, blob(name).entry().type()));
    }

    @Override
    public byte[] bytes(String name) throws IOException {
        throw new WeightsException("%s: tensor %s is %s, not 8-bit integers"
                .formatted(file, name, blob(name).entry().type()));
    }

    @Override
    public NDArray array(String name, NDManager scope) throws IOException {
        TensorEntry entry = blob(name).entry();
        ByteBuffer bytes =
                ByteBuffer.allocateDirect((int) entry.elements() * Float.BYTES).order(ByteOrder.nativeOrder());
        floats(name, bytes.asFloatBuffer());
        return scope.create(
                bytes.asFloatBuffer(),
                new Shape(entry.shape().stream().mapToLong(Long::longValue).toArray()));
    }

    private CaffeBlob blob(String name) throws WeightsException {
        CaffeBlob blob = blobs.get(name);
        if (blob == null) {
            throw new WeightsException("%s: no tensor %s".formatted(file, name));
        }
        return blob;
    }

    // Within the file, which has less than 2 GiB.
    private ByteBuffer map(CaffeBlob.Run run, TensorType type) throws IOException {
        if (run.begin() + run.bytes(type) > channel.size()) {
            throw new WeightsException("%s: was truncated while it was read".formatted(file));
        }
        return channel.map(FileChannel.MapMode.READ_ONLY, run.begin(), run.bytes(type))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Closes the file; arrays already read stay valid. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
