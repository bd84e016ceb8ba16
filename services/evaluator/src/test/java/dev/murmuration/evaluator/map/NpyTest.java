package dev.murmuration.evaluator.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class NpyTest {

    @Test
    void savesThreeChannelsByteForByteAsNumPyDoes() throws IOException {
        Grid grid = new Grid(2, 3, 3);
        for (int i = 0; i < 18; i++) {
            grid.set(i / 9, i / 3 % 3, i % 3, i / 4f);
        }

        assertThat(Npy.of(grid)).isEqualTo(golden("classes.npy"));
    }

    @Test
    void savesOneChannelByteForByteAsNumPyDoes() throws IOException {
        Grid grid = new Grid(3, 2, 1);
        for (int i = 0; i < 6; i++) {
            grid.set(i / 2, i % 2, 0, i - 2f);
        }

        assertThat(Npy.of(grid)).isEqualTo(golden("single.npy"));
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(NpyTest.class.getResourceAsStream("/golden/maps/" + name), name)) {
            return in.readAllBytes();
        }
    }
}
