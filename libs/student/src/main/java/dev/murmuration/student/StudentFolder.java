package dev.murmuration.student;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.ConvNet;
import dev.murmuration.student.network.EfficientNet;
import dev.murmuration.student.network.Network;
import dev.murmuration.student.network.Weight;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A student on disk, in the layout of Hugging Face's {@code ViTForImageClassification}: {@code config.json} describes its shape,
 * {@code model.safetensors} contains its weights, {@code preprocessor_config.json} describes how photos become pixels. One with a
 * head that this class does not have is a {@code ViTModel} with its head beside it in {@code head.safetensors}: of a dense one
 * {@code hidden} and {@code output}, of one on the mean of the patches, which {@code head_pooling} in {@code config.json} says,
 * {@code output}, weight and bias each. {@code pytorch_model.bin} is read if there is no {@code model.safetensors}; either may be
 * split into files listed by an {@code .index.json}. Instead of a folder it may be one file with the names of Google's
 * vision_transformer, {@code .npz} or the {@code .h5} of vit-keras. A convolutional network has its family as {@code model_type};
 * those of the predecessors are also read in their published form, a file or a folder with it. So is an EfficientNet-Lite0, whose
 * {@code model_type} is {@code efficientnet-lite0}; the published one has other classes, and a student can be initialised from
 * it.
 */
public final class StudentFolder {

    /** The classes in the order of their indices. */
    public static final List<String> LABELS = List.of("negative", "neutral", "positive");

    /** The file that describes its shape. */
    static final String CONFIG = "config.json";

    private static final long MAX_DESCRIPTION_BYTES = 1 << 20;
    private static final List<Integer> AS_OURS = List.of(0, 1, 2);
    private static final String POSITIONS = "vit.embeddings.position_embeddings";
    private static final String PREPROCESSOR = "preprocessor_config.json";
    private static final int B_DIM = 768;
    private static final int B_32_PATCH = 32;
    private static final Pattern ONE_FILE = Pattern.compile("(?i).+\\.(?:h5|hdf5|npz)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Network architecture;
    private final Pixels pixels;
    private final Vector weights;

    /** Reads the values of all weights, in the order of {@link Network#weights()}. */
    @FunctionalInterface
    interface Vector {
        void read(FloatBuffer room) throws IOException;
    }

    private StudentFolder(Network architecture, Pixels pixels, Vector weights) {
        this.architecture = architecture;
        this.pixels = pixels;
        this.weights = weights;
    }

    /** Whether {@link #read} takes this file in place of a folder, judging by its name. */
    public static boolean isOneFile(Path file) {
        return Files.isRegularFile(file)
                && (PublishedConvNet.hasItsName(file)
                        || ONE_FILE.matcher(String.valueOf(file.getFileName())).matches());
    }

    /** The file of a student's weights, all or all but those of a dense head; it need not exist. */
    public static Path weightsFile(Path folder) throws IOException {
        return Files.isRegularFile(folder)
                ? folder
                : PublishedConvNet.fileAt(folder).orElse(WeightFiles.model(folder));
    }

    /**
     * Reads the two descriptions; {@link #weights()} reads the weights.
     *
     * @param folder or a file. One of a ViT: then photos are squashed as TensorFlow does it, to values of 0 to 1 for a B/32 and
     *     of -1 to 1 for others, as in the training of the published students, and the classes are negative, neutral and
     *     positive. Or a network of the predecessors.
     * @throws IOException if a file is missing or describes something other than a network that sorts into negative, neutral and positive
     */
    public static StudentFolder read(Path folder) throws IOException {
        if (PublishedConvNet.isAt(folder)) {
            PublishedConvNet published = PublishedConvNet.read(folder);
            if (!published.hasOurClasses()) {
                throw new IOException(
                        "%s: sorts into %d classes, not negative and positive with or without neutral; a student can start from it"
                                .formatted(folder, published.classes()));
            }
            return of(published);
        }
        if (Files.isRegularFile(folder)) {
            return ofOneFile(folder);
        }
        JsonNode config = json(folder.resolve(CONFIG));
        Network architecture = Descriptions.network(folder, config);
        WeightFiles.requireRoom(folder, architecture.weightCount());
        List<Integer> classOrder = classOrder(folder.resolve(CONFIG), config);
        Path preprocessor = folder.resolve(PREPROCESSOR);
        return new StudentFolder(
                architecture, Preprocessor.pixels(preprocessor, json(preprocessor), architecture), all -> {
                    WeightFiles.read(folder, architecture.weights(), all);
                    reorderHead(architecture, classOrder, all);
                });
    }

    private static StudentFolder of(PublishedConvNet published) {
        return new StudentFolder(published.network(), published.pixels(), published::weights);
    }

    private static StudentFolder ofOneFile(Path file) throws IOException {
        VitFile.Described described = VitFile.describe(file);
        if (described.classes() != LABELS.size()) {
            throw new IOException(
                    "%s: a ViT that sorts into %d classes, not negative, neutral and positive; a student can start from it"
                            .formatted(file, described.classes()));
        }
        Architecture a = described.architecture();
        boolean positive = a.dim() == B_DIM && a.patch() == B_32_PATCH;
        return new StudentFolder(
                a,
                positive
                        ? Pixels.positive(a.side(), Resize.TF_BILINEAR)
                        : Pixels.symmetric(a.side(), Resize.TF_BILINEAR),
                all -> VitFile.read(file, a.weights(), all));
    }

    private static JsonNode json(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("%s: there is no such file".formatted(file));
        }
        if (Files.size(file) > MAX_DESCRIPTION_BYTES) {
            throw new IOException("%s: %d bytes; a description has at most %d"
                    .formatted(file, Files.size(file), MAX_DESCRIPTION_BYTES));
        }
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            if (!node.isObject()) {
                throw new IOException("%s: not a JSON object".formatted(file));
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new IOException("%s: %s".formatted(file, e.getOriginalMessage()), e);
        }
    }

    /**
     * The shape of a ViT with any classes, with or without a head.
     *
     * @param folder or a file
     * @throws IOException if {@code config.json} is missing or describes something else, or the file is not a ViT
     */
    public static Architecture shape(Path folder) throws IOException {
        if (PublishedConvNet.isAt(folder)) {
            throw new IOException("%s: is a %s, not a ViT"
                    .formatted(folder, PublishedConvNet.read(folder).network().name()));
        }
        if (Files.isRegularFile(folder)) {
            return VitFile.describe(folder).architecture();
        }
        Architecture vit = Descriptions.vit(folder, json(folder.resolve(CONFIG)));
        WeightFiles.requireRoom(folder, vit.encoder().weightCount());
        return vit;
    }

    private static boolean hasOurClasses(Path folder) throws IOException {
        if (PublishedConvNet.isAt(folder)) {
            return PublishedConvNet.read(folder).hasOurClasses();
        }
        if (Files.isRegularFile(folder)) {
            return VitFile.describe(folder).classes() == LABELS.size();
        }
        List<String> names = new ArrayList<>();
        json(folder.resolve(CONFIG))
                .path("id2label")
                .forEach(name -> names.add(name.asText().toLowerCase(Locale.ROOT)));
        return names.size() == LABELS.size() && names.containsAll(LABELS);
    }

    private static List<Integer> classOrder(Path folder) throws IOException {
        return Files.isRegularFile(folder) ? AS_OURS : classOrder(folder.resolve(CONFIG), json(folder.resolve(CONFIG)));
    }

    private static List<Integer> classOrder(Path file, JsonNode config) throws IOException {
        List<Integer> order = new ArrayList<>();
        for (String label : LABELS) {
            for (Map.Entry<String, JsonNode> named : config.path("id2label").properties()) {
                if (named.getValue().asText().toLowerCase(Locale.ROOT).equals(label)
                        && named.getKey().matches("[012]")) {
                    order.add(Integer.valueOf(named.getKey()));
                }
            }
        }
        if (order.stream().distinct().sorted().toList().equals(AS_OURS)
                && config.path("id2label").size() == 3) {
            return order;
        }
        throw new IOException("%s: id2label is %s, not negative, neutral and positive"
                .formatted(file, Descriptions.shown(config.path("id2label"))));
    }

    /** The shape of the student. */
    public Network architecture() {
        return architecture;
    }

    /** How photos become pixels. */
    public Pixels pixels() {
        return pixels;
    }

    /**
     * All weights as 32-bit floats in the order of {@link Network#weights()}; the head's classes in the order of {@link #LABELS},
     * whatever their order in the file.
     *
     * @throws dev.murmuration.weights.WeightsException if the file is truncated, or a tensor is missing or has another shape
     */
    public float[] weights() throws IOException {
        float[] all = new float[architecture.weightCount()];
        weights(FloatBuffer.wrap(all));
        return all;
    }

    /** As above, into this buffer, which may be outside the heap: the largest students need more than a usual heap. */
    void weights(FloatBuffer all) throws IOException {
        weights.read(all);
    }

    private static void read(Path folder, List<Weight> weights, FloatBuffer all) throws IOException {
        if (Files.isRegularFile(folder)) {
            VitFile.read(folder, weights, all);
        } else {
            WeightFiles.read(folder, weights, all);
        }
    }

    /**
     * Initial weights for a student from those of another one, which may have another resolution (its position embeddings are
     * interpolated) and another head (then the new one is random, that of an {@link EfficientNet} zero; a head on the mean of the
     * patches differs from one on the class token).
     *
     * @param folder or file as {@link #read} takes it, or one with other classes or none; the preprocessor is ignored
     * @param wanted the student to initialise
     * @param newHead whether the head is new even if the other one fits
     * @param seed of a random head
     * @throws IOException if a file is missing or truncated, or the encoder has another shape
     */
    public static float[] adapted(Path folder, Network wanted, boolean newHead, long seed) throws IOException {
        return switch (wanted) {
            case Architecture vit -> adapted(folder, vit, newHead, seed);
            case ConvNet net -> adapted(folder, net, newHead, seed);
            case EfficientNet net -> adapted(folder, net, newHead);
        };
    }

    private static float[] adapted(Path folder, ConvNet wanted, boolean newHead, long seed) throws IOException {
        float[] all = toBeginFrom(folder, wanted).weights();
        if (newHead || !hasOurClasses(folder)) {
            float[] random = RandomWeights.of(wanted, seed);
            for (Weight weight : wanted.weights()) {
                if (weight.isOutput()) {
                    System.arraycopy(random, weight.offset(), all, weight.offset(), weight.length());
                }
            }
        }
        return all;
    }

    private static float[] adapted(Path folder, EfficientNet wanted, boolean newHead) throws IOException {
        float[] all = new float[wanted.weightCount()];
        FloatBuffer room = FloatBuffer.wrap(all);
        if (PublishedEfficientNet.isAt(folder)) {
            PublishedEfficientNet.read(folder, wanted, room);
            return all;
        }
        StudentFolder found = read(folder);
        if (!(found.architecture() instanceof EfficientNet)) {
            throw new IOException("%s: is a %s, not an %s"
                    .formatted(folder, found.architecture().name(), wanted.name()));
        }
        found.weights(room);
        if (newHead) {
            Arrays.fill(all, wanted.headOffset(), all.length, 0);
        }
        return all;
    }

    /**
     * A convolutional network with any classes from which to initialise a student, whose photos become pixels in the same way.
     *
     * @param folder or file as {@link #read} takes it, or one of the predecessors' networks with other classes
     * @param wanted the student to initialise
     * @throws IOException if a file is missing or truncated, or it is another network
     */
    public static StudentFolder toBeginFrom(Path folder, ConvNet wanted) throws IOException {
        if (!Files.exists(folder)) {
            throw new IOException("%s: there is no such file or folder".formatted(folder));
        }
        StudentFolder found = PublishedConvNet.isAt(folder) ? of(PublishedConvNet.read(folder)) : read(folder);
        if (!found.architecture().equals(wanted)) {
            throw new IOException("%s: is a %s, not a %s"
                    .formatted(folder, found.architecture().name(), wanted.name()));
        }
        return found;
    }

    private static float[] adapted(Path folder, Architecture wanted, boolean newHead, long seed) throws IOException {
        Architecture found = shape(folder);
        if (!found.encoder().equals(wanted.encoder())) {
            throw new IOException("%s: is a %s with layer norm epsilon %s, not a %s with %s"
                    .formatted(folder, found.name(), found.eps(), wanted.name(), wanted.eps()));
        }
        float[] all = RandomWeights.of(wanted, seed);
        boolean sameHead =
                !newHead && found.inner() == wanted.inner() && found.mean() == wanted.mean() && hasOurClasses(folder);
        Map<String, Weight> offered = new LinkedHashMap<>();
        found.weights().forEach(weight -> offered.put(weight.name(), weight));
        List<Weight> fitting = new ArrayList<>();
        for (Weight weight : wanted.weights()) {
            Weight there = offered.get(weight.name());
            if (there != null
                    && !there.shape().equals(weight.shape())
                    && weight.name().equals(POSITIONS)) {
                readPositions(folder, found, there, wanted, weight, all);
            } else if (there != null && (sameHead || !weight.isHead())) {
                fitting.add(weight);
            }
        }
        read(folder, fitting, FloatBuffer.wrap(all));
        if (sameHead) {
            reorderHead(wanted, classOrder(folder), FloatBuffer.wrap(all));
        }
        return all;
    }

    private static void readPositions(
            Path folder, Architecture found, Weight there, Architecture wanted, Weight weight, float[] all)
            throws IOException {
        float[] read = new float[there.length()];
        read(folder, List.of(new Weight(there.name(), there.shape(), 0)), FloatBuffer.wrap(read));
        float[] values = Positions.fit(read, found.dim(), found.side() / found.patch(), wanted.side() / wanted.patch());
        System.arraycopy(values, 0, all, weight.offset(), values.length);
    }

    private static void reorderHead(Network architecture, List<Integer> classOrder, FloatBuffer all) {
        for (Weight weight : architecture.weights()) {
            if (weight.isOutput()) {
                int row = weight.length() / LABELS.size();
                float[] read = new float[weight.length()];
                all.get(weight.offset(), read);
                for (int i = 0; i < LABELS.size(); i++) {
                    all.put(weight.offset() + i * row, read, classOrder.get(i) * row, row);
                }
            }
        }
    }

    /**
     * Writes a student so that {@link #read} and, where it is a ViT, {@code transformers} load it.
     *
     * @param folder created if it does not exist
     * @param weights in the order of {@link Network#weights()}
     */
    public static void write(Path folder, Network architecture, Pixels pixels, FloatBuffer weights) throws IOException {
        Files.createDirectories(folder);
        WeightFiles.forgetHead(folder);
        write(
                StudentFiles.in(folder),
                architecture,
                pixels,
                (from, to, writer) -> writer.write(weights.slice(weights.position() + from, to - from)));
    }

    static void write(StudentFiles files, Network architecture, Pixels pixels, WeightFiles.Values weights)
            throws IOException {
        write(files, CONFIG, Descriptions.config(architecture));
        write(files, PREPROCESSOR, Preprocessor.of(pixels));
        WeightFiles.write(files, architecture, weights);
    }

    private static void write(StudentFiles files, String name, JsonNode description) throws IOException {
        byte[] text = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(description);
        try (OutputStream out = files.begin(name, text.length)) {
            out.write(text);
        }
    }
}
