package dev.murmuration.teacher.hashed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.teacher.model.Classes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a trained classifier as the folder that {@link HashedTextModel} loads: {@code config.json}, and
 * {@code model.safetensors} with {@code weight} (buckets, 3) in 8-bit integers, {@code scale} (3) and {@code bias} (3).
 */
public final class HashedModelFile {

    private static final int CLASSES = LinearClassifier.CLASSES;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private HashedModelFile() {}

    /** Writes both files into a folder, which is made if need be. */
    public static void write(LinearClassifier classifier, int hashBits, Path folder) throws IOException {
        Files.createDirectories(folder);
        ObjectNode config = JSON.createObjectNode();
        config.put("model_type", HashedTextModel.TYPE);
        config.put("hash_bits", hashBits);
        ObjectNode labels = config.putObject("id2label");
        for (String name : Classes.NAMES) {
            labels.put(Integer.toString(Classes.NAMES.indexOf(name)), name);
        }
        Files.write(folder.resolve("config.json"), JSON.writeValueAsBytes(config));
        try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
            writeTensors(classifier, out);
        }
    }

    private static void writeTensors(LinearClassifier classifier, OutputStream out) throws IOException {
        float[] scale = scale(classifier.weight());
        int weightBytes = classifier.weight().length;
        int scaleEnd = weightBytes + CLASSES * Float.BYTES;
        String header = ("{\"weight\":{\"dtype\":\"I8\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]},"
                        + "\"scale\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]},"
                        + "\"bias\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}}")
                .formatted(
                        weightBytes / CLASSES,
                        CLASSES,
                        weightBytes,
                        CLASSES,
                        weightBytes,
                        scaleEnd,
                        CLASSES,
                        scaleEnd,
                        scaleEnd + CLASSES * Float.BYTES);
        // The format wants the data to begin at a multiple of 8; spaces fill the header up.
        String padded = header + " ".repeat((Long.BYTES - header.length() % Long.BYTES) % Long.BYTES);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + padded.length() + scaleEnd + CLASSES * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(padded.length()).put(padded.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < weightBytes; i++) {
            bytes.put((byte) Math.round(classifier.weight()[i] / scale[i % CLASSES]));
        }
        for (float value : scale) {
            bytes.putFloat(value);
        }
        for (float value : classifier.bias()) {
            bytes.putFloat(value);
        }
        out.write(bytes.array());
    }

    /** What one step of the 8-bit integers stands for in each class: the largest weight becomes 127. */
    private static float[] scale(float[] weight) {
        float[] scale = {Float.MIN_NORMAL, Float.MIN_NORMAL, Float.MIN_NORMAL};
        for (int i = 0; i < weight.length; i++) {
            scale[i % CLASSES] = Math.max(scale[i % CLASSES], Math.abs(weight[i]) / Byte.MAX_VALUE);
        }
        return scale;
    }
}
