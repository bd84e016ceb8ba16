package dev.murmuration.weights.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.murmuration.programs.Torch;
import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.WeightsException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

    @TempDir
    private Path folder;

    @Test
    void readsWhatItWrote() throws IOException {
        Path file = folder.resolve("model.safetensors");
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("b", new long[] {2, 3});
        shapes.put("a", new long[] {});
        shapes.put("none", new long[] {0, 4});

        try (SafetensorsWriter writer = SafetensorsWriter.create(file, shapes, Map.of("format", "pt"))) {
            writer.write(FloatBuffer.wrap(new float[] {1, 2, 3, 4, 5, 6, 7}));
        }

        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
            assertThat(read.tensors().keySet()).containsExactly("b", "a", "none");
            assertThat(read.tensors().firstEntry().getValue().shape()).containsExactly(2L, 3L);
            assertThat(read.floats("b")).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(read.floats("a")).containsExactly(7);
            assertThat(read.floats("none")).isEmpty();
        }
    }

    @Test
    void refusesToLeaveAFileUnfinished() throws IOException {
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>(Map.of("a", new long[] {2}));
        SafetensorsWriter writer = SafetensorsWriter.create(folder.resolve("short"), shapes, Map.of());
        writer.write(FloatBuffer.wrap(new float[] {1}));

        assertThatThrownBy(() -> writer.write(FloatBuffer.wrap(new float[] {1, 2})))
                .hasMessageContaining("4 are left");
        assertThatThrownBy(writer::close).hasMessageContaining("4 bytes of values were never written");
    }

    @Test
    void convertsEveryFloatTypeToFp32() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(0.1).putFloat(-2.5f);
        data.putShort((short) 0x3c00).putShort((short) 0x0001); // F16: 1, and the smallest subnormal 2^-24
        data.putShort((short) 0xbf80).putShort((short) 0x7f80); // BF16: -1, infinity
        data.putInt(0);
        Path file = file("""
                {"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"f":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},
                "h":{"dtype":"F16","shape":[2],"data_offsets":[12,16]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[16,20]},
                "i":{"dtype":"I32","shape":[],"data_offsets":[20,24]}}""", data.array());

        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.floats("d")).containsExactly(0.1f);
            assertThat(read.floats("f")).containsExactly(-2.5f);
            assertThat(read.floats("h")).containsExactly(1f, 0x1p-24f);
            assertThat(read.floats("b")).containsExactly(-1f, Float.POSITIVE_INFINITY);
            assertThat(read.longs("i")).containsExactly(0);
            assertThatThrownBy(() -> read.floats("i")).hasMessageContaining("tensor i is I32, not floats");
            assertThatThrownBy(() -> read.longs("f")).hasMessageContaining("tensor f is F32, not integers");
            assertThatThrownBy(() -> read.floats("x")).hasMessageContaining("no tensor x");
            assertThatThrownBy(() -> read.floats("h", FloatBuffer.allocate(1)))
                    .hasMessageContaining("tensor h has 2 elements, 1 were expected");
        }
    }

    @Test
    void readsIntegersOfEveryWidth() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(14).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(Long.MIN_VALUE)
                .putShort((short) -2)
                .put((byte) -3)
                .put((byte) 200)
                .put((byte) 1)
                .put((byte) 0);
        Path file = file("""
                {"l":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"s":{"dtype":"I16","shape":[1],"data_offsets":[8,10]},
                "b":{"dtype":"I8","shape":[1],"data_offsets":[10,11]},"u":{"dtype":"U8","shape":[1],"data_offsets":[11,12]},
                "t":{"dtype":"BOOL","shape":[2],"data_offsets":[12,14]}}""", data.array());

        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.longs("l")).containsExactly(Long.MIN_VALUE);
            assertThat(read.longs("s")).containsExactly(-2);
            assertThat(read.longs("b")).containsExactly(-3);
            assertThat(read.longs("u")).containsExactly(200);
            assertThat(read.longs("t")).containsExactly(1, 0);
        }
    }

    @Test
    void givesArraysOfTheirShape() throws IOException {
        Path file = file("{\"m\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}", new byte[8]);

        try (Safetensors read = Safetensors.open(file);
                NDManager scope = NDManager.newBaseManager(Torch.device("cpu"))) {
            NDArray array = read.array("m", scope);

            assertThat(array.getShape().getShape()).containsExactly(1, 2);
            assertThat(array.toFloatArray()).containsExactly(0, 0);
        }
    }

    @Test
    void readsBeyondTwoGibibytes() throws IOException {
        long begin = 3L << 30;
        byte[] header =
                "{\"far\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]},\"near\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}}"
                        .formatted(begin, begin, begin, begin + 4)
                        .getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("sparse");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.writeLong(Long.reverseBytes(header.length));
            sparse.write(header);
            sparse.seek(Long.BYTES + header.length + begin);
            sparse.writeInt(Integer.reverseBytes(Float.floatToIntBits(42f)));
        }

        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.floats("near")).containsExactly(42f);
            assertThatThrownBy(() -> read.longs("far"))
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("tensor far");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}|tensor a of F32 [2] has 4 bytes",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,9]}}|tensor a is at bytes 0 to 9 of 8",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}|tensor a is at bytes 8 to 0 of 8",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}|tensor a has the data_offsets",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,9223372036854775808]}}|tensor a has the data_offsets",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}|tensor a has 1 data_offsets",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8.0]}}|tensor a has the data_offsets",
                "{'a':{'dtype':'F32','shape':[9223372036854775807,9],'data_offsets':[0,8]}}|tensor a is too large",
                "{'a':{'dtype':'F32','shape':[-1,-2],'data_offsets':[0,8]}}|tensor a has the shape",
                "{'a':{'dtype':'F32','data_offsets':[0,8]}}|tensor a has no shape",
                "{'a':{'dtype':'F8_E4M3','shape':[8],'data_offsets':[0,8]}}|tensor a has the unknown type",
                "{'a':{'shape':[8],'data_offsets':[0,8]}}|tensor a has the unknown type",
                "{'a':7}|tensor a has the unknown type",
                "{'a':{'dtype':'U8','shape':[7],'data_offsets':[0,7]},'b':{'dtype':'U8','shape':[2],'data_offsets':[6,8]}}|tensor b overlaps",
                "{'a':{'dtype':'U8','shape':[3],'data_offsets':[0,3]},'b':{'dtype':'U8','shape':[4],'data_offsets':[4,8]}}|tensor b leaves a gap",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|4 bytes after the last tensor",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|not JSON",
                "{'__metadata__':{'step':7}}|__metadata__.step is not a string",
                "{'__metadata__':[]}|__metadata__ is not an object",
                "[]|not a JSON object",
                "{'a':|not JSON",
                "{}x|not JSON",
            })
    void refusesAHeaderThatLies(String header, String complaint) throws IOException {
        Path file = file(header.replace('\'', '"'), new byte[8]);

        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining(complaint)
                .hasMessageContaining(file.toString());
    }

    @ParameterizedTest
    @CsvSource({"0, 2 to", "1, 2 to", "100000001, 2 to", "-1, 18446744073709551615", "9, does not fit"})
    void refusesAHeaderLengthThatLies(long length, String complaint) throws IOException {
        Path file = folder.resolve("lying");
        Files.write(
                file,
                ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(length)
                        .array());

        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        Path whole = file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", new byte[8]);
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = folder.resolve("cut");

        for (int length = 0; length < bytes.length; length++) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> Safetensors.open(cut)).isInstanceOf(WeightsException.class);
        }
    }

    @Test
    void eitherReadsOrRefusesAnyDamagedHeader() throws IOException {
        byte[] whole = Files.readAllBytes(file(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"BF16\",\"shape\":[2,1],\"data_offsets\":[8,12]}}",
                new byte[12]));
        Random random = new Random(42);
        Path damaged = folder.resolve("damaged");
        int refused = 0;
        for (int round = 0; round < 3_000; round++) {
            byte[] bytes = whole.clone();
            for (int hit = 0; hit <= round % 3; hit++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Files.write(damaged, bytes);
            try (Safetensors read = Safetensors.open(damaged)) {
                for (TensorEntry entry : List.copyOf(read.tensors().values())) {
                    if (entry.type().isFloat()) {
                        assertThat(read.floats(entry.name())).hasSize((int) entry.elements());
                    }
                }
            } catch (WeightsException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    private Path file(String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Path file = Files.createTempFile(folder, "tensors", ".safetensors");
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, bytes.putLong(json.length).put(json).put(data).array());
        return file;
    }
}
