package dev.murmuration.weights.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.TensorType;
import dev.murmuration.weights.WeightsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The header of a safetensors file. It is untrusted: every length is checked.
 *
 * @param tensors the tensors in the order of the header
 * @param metadata the strings under {@code __metadata__}
 */
record SafetensorsHeader(SequencedMap<String, TensorEntry> tensors, Map<String, String> metadata) {

    static final String METADATA = "__metadata__";

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * Parses and checks a header.
     *
     * @param file the file's name in messages
     * @param json the header's bytes
     * @param dataBegin offset of the tensors' bytes in the file
     * @param fileBytes length of the file
     */
    static SafetensorsHeader parse(String file, byte[] json, long dataBegin, long fileBytes) throws WeightsException {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new WeightsException("%s: the header is not JSON: %s".formatted(file, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new WeightsException("%s: the header is not JSON: %s".formatted(file, e.getMessage()), e);
        }
        if (root == null || !root.isObject()) {
            throw new WeightsException("%s: the header is not a JSON object".formatted(file));
        }
        SequencedMap<String, TensorEntry> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals(METADATA)) {
                readMetadata(file, field.getValue(), metadata);
            } else {
                TensorEntry entry = entry(file, field.getKey(), field.getValue(), dataBegin, fileBytes);
                tensors.put(entry.name(), entry);
            }
        }
        refuseGaps(file, tensors, dataBegin, fileBytes);
        return new SafetensorsHeader(tensors, metadata);
    }

    private static void readMetadata(String file, JsonNode node, Map<String, String> metadata) throws WeightsException {
        if (!node.isObject()) {
            throw new WeightsException("%s: %s is not an object".formatted(file, METADATA));
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw new WeightsException("%s: %s.%s is not a string".formatted(file, METADATA, field.getKey()));
            }
            metadata.put(field.getKey(), field.getValue().textValue());
        }
    }

    private static TensorEntry entry(String file, String name, JsonNode node, long dataBegin, long fileBytes)
            throws WeightsException {
        TensorType type = Arrays.stream(TensorType.values())
                .filter(known -> known.name().equals(node.path("dtype").asText()))
                .findFirst()
                .orElseThrow(() -> new WeightsException(
                        "%s: tensor %s has the unknown type %s".formatted(file, name, node.path("dtype"))));
        List<Long> shape = longs(file, name, node.path("shape"), "shape");
        List<Long> offsets = longs(file, name, node.path("data_offsets"), "data_offsets");
        if (offsets.size() != 2) {
            throw new WeightsException(
                    "%s: tensor %s has %d data_offsets, not 2".formatted(file, name, offsets.size()));
        }
        long begin = offsets.get(0);
        long end = offsets.get(1);
        if (begin > end || end > fileBytes - dataBegin) {
            throw new WeightsException("%s: tensor %s is at bytes %d to %d of %d"
                    .formatted(file, name, begin, end, fileBytes - dataBegin));
        }
        if (bytesOf(file, name, shape, type) != end - begin) {
            throw new WeightsException(
                    "%s: tensor %s of %s %s has %d bytes".formatted(file, name, type, shape, end - begin));
        }
        return new TensorEntry(name, type, shape, dataBegin + begin, dataBegin + end);
    }

    private static List<Long> longs(String file, String name, JsonNode node, String field) throws WeightsException {
        List<Long> values = new ArrayList<>();
        for (JsonNode value : node) {
            if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
                throw new WeightsException("%s: tensor %s has the %s %s".formatted(file, name, field, node));
            }
            values.add(value.longValue());
        }
        if (!node.isArray()) {
            throw new WeightsException("%s: tensor %s has no %s".formatted(file, name, field));
        }
        return values;
    }

    private static long bytesOf(String file, String name, List<Long> shape, TensorType type) throws WeightsException {
        try {
            long bytes = type.bytes();
            for (long dimension : shape) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw new WeightsException("%s: tensor %s is too large: %s".formatted(file, name, shape), e);
        }
    }

    // The format requires every byte to belong to exactly one tensor, so that nothing can hide in a file.
    private static void refuseGaps(
            String file, SequencedMap<String, TensorEntry> tensors, long dataBegin, long fileBytes)
            throws WeightsException {
        List<TensorEntry> byPlace = new ArrayList<>(tensors.values());
        byPlace.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
        long next = dataBegin;
        for (TensorEntry entry : byPlace) {
            if (entry.begin() != next) {
                throw new WeightsException("%s: tensor %s %s the bytes before it"
                        .formatted(file, entry.name(), entry.begin() < next ? "overlaps" : "leaves a gap to"));
            }
            next = entry.end();
        }
        if (next != fileBytes) {
            throw new WeightsException("%s: %d bytes after the last tensor".formatted(file, fileBytes - next));
        }
    }
}
