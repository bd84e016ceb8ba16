package dev.murmuration.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.murmuration.weights.safetensors.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizedWeightsTest {

    @TempDir
    Path folder;

    @Test
    void multipliesEachRowByItsScale() throws Exception {
        try (Weights weights = new QuantizedWeights(open("m.scale", 2))) {
            assertThat(weights.tensors()).containsOnlyKeys("m", "b");
            assertThat(type(weights)).isEqualTo(TensorType.F32);
            assertThat(weights.floats("m")).containsExactly(.5f, -1f, 63.5f, -4f, 0f, 6f);
            assertThat(weights.floats("b")).containsExactly(7f);
        }
    }

    @Test
    void leavesIntegersWithoutAScaleOfTheirRowsAsTheyAre() throws Exception {
        try (Weights weights = new QuantizedWeights(open("other", 2))) {
            assertThat(type(weights)).isEqualTo(TensorType.I8);
            assertThat(weights.bytes("m")).containsExactly(1, -2, 127, -2, 0, 3);
            assertThatExceptionOfType(WeightsException.class).isThrownBy(() -> weights.floats("m"));
        }
        try (Weights weights = new QuantizedWeights(open("m.scale", 1))) {
            assertThat(type(weights)).isEqualTo(TensorType.I8);
        }
    }

    private static TensorType type(Weights weights) {
        return Objects.requireNonNull(weights.tensors().get("m")).type();
    }

    /** A matrix m (2, 3) of 8-bit integers, scales .5 and 2 under a name, and a float b. */
    private Safetensors open(String scale, int scales) throws IOException {
        int data = 6 + 4 * scales + 4;
        String header =
                "{\"m\":{\"dtype\":\"I8\",\"shape\":[2,3],\"data_offsets\":[0,6]},\"%s\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[6,%d]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}}"
                        .formatted(scale, scales, data - 4, data - 4, data);
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES + header.length() + data).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
        bytes.put(new byte[] {1, -2, 127, -2, 0, 3});
        for (float value : scales == 2 ? new float[] {.5f, 2, 7} : new float[] {.5f, 7}) {
            bytes.putFloat(value);
        }
        Path file = folder.resolve("%s-%d.safetensors".formatted(scale, scales));
        Files.write(file, bytes.array());
        return Safetensors.open(file);
    }
}
