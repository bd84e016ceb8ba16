package dev.murmuration.evaluator.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.murmuration.programs.Torch;
import dev.murmuration.student.StudentFolder;
import dev.murmuration.weights.safetensors.Safetensors;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AttentionTest {

    /** The golden rollout multiplies the attention weights that transformers gives away. */
    @Test
    void rollsOutAsTransformersWeightsDo() throws Exception {
        try (Attention attention = Attention.load(golden("vit"), Torch.device("cpu"));
                Safetensors golden = Safetensors.open(golden("rollout.safetensors"))) {

            Grid grid = attention.rollout(golden.floats("pixels"));

            assertThat(grid.rows()).isEqualTo(4);
            assertThat(grid.columns()).isEqualTo(4);
            assertThat(grid.values()).containsExactly(golden.floats("rollout"), within(1e-6f));
        }
    }

    @Test
    void rollsOutToTheMeanOfThePatchesWhereTheHeadReadsIt() throws Exception {
        byte[] photo = Files.readAllBytes(golden("photo.png"));
        try (Attention attention = Attention.load(golden("mean"), Torch.device("cpu"));
                Safetensors golden = Safetensors.open(golden("mean.safetensors"))) {

            Grid grid = attention.rollout(
                    StudentFolder.read(golden("mean")).pixels().of(photo));

            assertThat(grid.values()).containsExactly(golden.floats("rollout"), within(1e-6f));
        }
    }

    private static Path golden(String name) throws URISyntaxException {
        URL url = Objects.requireNonNull(AttentionTest.class.getResource("/golden/maps/" + name), name);
        return Path.of(url.toURI());
    }
}
