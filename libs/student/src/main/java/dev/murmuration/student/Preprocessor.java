package dev.murmuration.student;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.student.network.Network;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code preprocessor_config.json} of a {@link StudentFolder}: the options of transformers' {@code ViTImageProcessor} that {@link Pixels}
 * supports; everything else is refused. A step that is silently skipped would give the student other pixels than it was trained on.
 */
final class Preprocessor {

    private static final String RESIZE = "murmuration_resize";
    private static final int PILLOW_BILINEAR = 2;
    private static final double OF_A_BYTE = 1 / 255.;
    private static final Set<String> TYPES =
            Set.of("ViTImageProcessor", "ViTImageProcessorFast", "ViTImageProcessorPil", "ViTFeatureExtractor");
    /** Steps of transformers' image processors that are done here, each unless it is turned off. */
    private static final Set<String> DONE = Set.of("do_resize", "do_convert_rgb");
    /** Steps that the file can turn on or off. */
    private static final Set<String> OPTIONAL = Set.of("do_normalize", "do_rescale", "do_center_crop");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final JsonNode config;

    private Preprocessor(Path file, JsonNode config) {
        this.file = file;
        this.config = config;
    }

    static ObjectNode of(Pixels pixels) {
        ObjectNode config = JSON.createObjectNode();
        config.put("image_processor_type", "ViTImageProcessor");
        config.put("do_resize", true);
        config.put("resample", PILLOW_BILINEAR);
        config.put(RESIZE, pixels.resize().label());
        config.putObject("size").put("height", pixels.side()).put("width", pixels.side());
        config.put("do_rescale", true);
        config.put("rescale_factor", OF_A_BYTE);
        config.put("do_normalize", true);
        pixels.mean().forEach(config.withArray("image_mean")::add);
        pixels.deviation().forEach(config.withArray("image_std")::add);
        return config;
    }

    /**
     * Reads it.
     *
     * @throws IOException naming the field that requests an unsupported step
     */
    static Pixels pixels(Path file, JsonNode config, Network network) throws IOException {
        return new Preprocessor(file, config).pixels(network.side());
    }

    private Pixels pixels(int side) throws IOException {
        for (String type : List.of("image_processor_type", "feature_extractor_type")) {
            JsonNode named = config.path(type);
            if (!isAbsent(named) && !TYPES.contains(named.asText())) {
                throw refused(type, "only ViTImageProcessor is supported");
            }
        }
        for (Map.Entry<String, JsonNode> field : config.properties()) {
            String name = field.getKey();
            if (DONE.contains(name) && !flag(name, true)) {
                throw refused(name, "only true is supported");
            } else if (name.startsWith("do_")
                    && !DONE.contains(name)
                    && !OPTIONAL.contains(name)
                    && flag(name, false)) {
                throw refused(name, "this step is not supported");
            }
        }
        requireBilinear();
        requireSide("size", side);
        if (flag("do_center_crop", false)) {
            requireSide(config.has("crop_size") ? "crop_size" : "size", side); // so that nothing is cropped
            if (config.path("size").has("shortest_edge")) {
                throw refused("do_center_crop", "photos are squashed to a square, not cropped");
            }
        }
        return scaled(side);
    }

    /** Photos are scaled to 0..1 before the mean is subtracted; mean and deviation compensate for any other factor. */
    private Pixels scaled(int side) throws IOException {
        boolean normalise = flag("do_normalize", true);
        double factor = flag("do_rescale", true) ? number("rescale_factor", OF_A_BYTE) : 1;
        if (!(factor > 0 && Double.isFinite(factor))) {
            throw refused("rescale_factor", "it must be more than 0");
        }
        List<Double> mean = normalise ? colours("image_mean") : List.of(0., 0., 0.);
        List<Double> deviation = normalise ? colours("image_std") : List.of(1., 1., 1.);
        double unit = factor == OF_A_BYTE ? 1 : factor / OF_A_BYTE;
        try {
            return new Pixels(
                    side,
                    Resize.named(config.path(RESIZE).asText(Resize.PILLOW_BILINEAR.label())),
                    mean.stream().map(value -> value / unit).toList(),
                    deviation.stream().map(value -> value / unit).toList());
        } catch (IllegalArgumentException e) {
            throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private void requireBilinear() throws IOException {
        JsonNode resample = config.path("resample");
        if (!isAbsent(resample) && !(resample.isInt() && resample.intValue() == PILLOW_BILINEAR)) {
            throw refused("resample", "only 2, bilinear, is supported");
        }
    }

    /** Width and height, or both as one number, as early versions of transformers wrote it. */
    private void requireSide(String field, int side) throws IOException {
        JsonNode size = config.path(field);
        if (isAbsent(size)) {
            return;
        }
        boolean isSquare = size.isInt()
                ? size.intValue() == side
                : size.size() == 2
                        && size.path("height").isInt()
                        && size.path("height").intValue() == side
                        && size.path("width").isInt()
                        && size.path("width").intValue() == side;
        if (!isSquare) {
            throw refused(field, "the student's is height %d and width %d".formatted(side, side));
        }
    }

    private boolean flag(String name, boolean absent) throws IOException {
        JsonNode flag = config.path(name);
        if (!isAbsent(flag) && !flag.isBoolean()) {
            throw refused(name, "it must be true or false");
        }
        return isAbsent(flag) ? absent : flag.booleanValue();
    }

    private double number(String name, double absent) throws IOException {
        JsonNode number = config.path(name);
        if (!isAbsent(number) && !number.isNumber()) {
            throw refused(name, "it must be a number");
        }
        return isAbsent(number) ? absent : number.doubleValue();
    }

    private List<Double> colours(String name) throws IOException {
        JsonNode node = config.path(name);
        List<Double> values = new ArrayList<>();
        node.forEach(value -> values.add(value.isNumber() ? value.doubleValue() : Double.NaN));
        if (!node.isArray() || values.size() != 3 || !values.stream().allMatch(Double::isFinite)) {
            throw refused(name, "it must be three numbers: red, green and blue");
        }
        return values;
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private IOException refused(String field, String known) {
        return new IOException(
                "%s: %s is %s; %s".formatted(file, field, Descriptions.shown(config.path(field)), known));
    }
}
