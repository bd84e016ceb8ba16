package dev.murmuration.student;

import dev.murmuration.student.network.EfficientNet;
import dev.murmuration.student.network.Weight;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The initial weights of an {@link EfficientNet}: the published ones of EfficientNet-Lite0 on ImageNet-1k, as
 * {@code tools/imagenet_weights.py} makes them from their package (16-bit floats, batch normalisation folded, without the
 * classifier of 1,000 classes). Licence Apache-2.0, see {@code efficientnet-lite0.md} beside them.
 */
final class ImageNetWeights {

    private static final String FILE = "efficientnet-lite0.safetensors";

    private ImageNetWeights() {}

    /**
     * Reads them into the vector of all weights. The classifier starts at zero, as new heads on pre-trained networks do in
     * Dosovitskiy et al. (ICLR 2021): from few photos a random one is not unlearned.
     */
    static void begin(EfficientNet network, FloatBuffer room) throws IOException {
        FloatBuffer all = room.slice();
        all.slice(network.headOffset(), network.weightCount() - network.headOffset())
                .put(new float[network.weightCount() - network.headOffset()]);
        Path folder = Files.createTempDirectory("imagenet");
        Path file = folder.resolve("model.safetensors");
        try {
            try (InputStream bundled = ImageNetWeights.class.getResourceAsStream(FILE)) {
                if (bundled == null) {
                    throw new FileNotFoundException(FILE + " is missing in the jar of " + ImageNetWeights.class);
                }
                Files.copy(bundled, file);
            }
            List<Weight> convolutions = network.weights().stream()
                    .filter(weight -> !weight.isOutput())
                    .toList();
            WeightFiles.read(folder, convolutions, all);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
        room.position(room.limit());
    }
}
