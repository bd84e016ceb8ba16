package dev.murmuration.weights.file;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.WeightsException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Weights in several files, as transformers saves large models: {@code model.safetensors.index.json} or
 * {@code pytorch_model.bin.index.json} maps each tensor's name to a file in the same folder.
 */
public final class ShardedWeights implements Weights {

    /** Suffix of the name of an index. */
    static final String ENDING = ".index.json";

    private static final String MAP = "weight_map";
    private static final long MAX_INDEX_BYTES = 64 << 20;
    private static final int MAX_FILES = 1_000;
    private static final Pattern NAME = Pattern.compile("[\\w][\\w.-]{0,200}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path index;
    private final List<Weights> files;
    private final Map<String, Weights> holders = new LinkedHashMap<>();
    private final SequencedMap<String, TensorEntry> tensors = new LinkedHashMap<>();

    private ShardedWeights(Path index, List<Weights> files) {
        this.index = index;
        this.files = files;
    }

    /** Whether a file is an index, judging by its name. */
    static boolean isIndex(Path file) {
        return String.valueOf(file.getFileName()).endsWith(ENDING);
    }

    /**
     * Opens all files of an index.
     *
     * @throws WeightsException if one is missing or truncated, or lacks a tensor that the index assigns to it
     * @throws IOException if one cannot be read
     */
    public static ShardedWeights open(Path index) throws IOException {
        Map<String, List<String>> byFile = new TreeMap<>();
        map(index)
                .forEach((tensor, file) ->
                        byFile.computeIfAbsent(file, none -> new ArrayList<>()).add(tensor));
        ShardedWeights all = new ShardedWeights(index, new ArrayList<>());
        try {
            for (Map.Entry<String, List<String>> shard : byFile.entrySet()) {
                all.add(index.resolveSibling(shard.getKey()), shard.getValue());
            }
            return all;
        } catch (IOException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    /**
     * Returns the files that an index names, all in its folder; they need not exist.
     *
     * @throws WeightsException if it is not an index
     */
    public static List<Path> files(Path index) throws IOException {
        return new TreeSet<>(map(index).values())
                .stream().map(index::resolveSibling).toList();
    }

    private static Map<String, String> map(Path index) throws IOException {
        if (Files.size(index) > MAX_INDEX_BYTES) {
            throw new WeightsException(
                    "%s: %d bytes; an index has at most %d".formatted(index, Files.size(index), MAX_INDEX_BYTES));
        }
        JsonNode root;
        try {
            root = JSON.readTree(Files.readAllBytes(index));
        } catch (JsonProcessingException e) {
            throw new WeightsException("%s: not JSON: %s".formatted(index, e.getOriginalMessage()), e);
        }
        Map<String, String> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.path(MAP).properties()) {
            String file = entry.getValue().textValue();
            // Otherwise an index could make us read any file on this machine.
            if (file == null || !NAME.matcher(file).matches() || file.endsWith(ENDING)) {
                throw new WeightsException("%s: tensor %s is in %s, not in a file beside it"
                        .formatted(index, entry.getKey(), entry.getValue()));
            }
            map.put(entry.getKey(), file);
        }
        if (map.isEmpty()) {
            throw new WeightsException("%s: its %s names no tensor".formatted(index, MAP));
        }
        if (new TreeSet<>(map.values()).size() > MAX_FILES) {
            throw new WeightsException("%s: more than %d files".formatted(index, MAX_FILES));
        }
        return map;
    }

    private void add(Path file, List<String> names) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new WeightsException("%s: there is no %s beside it".formatted(index, file.getFileName()));
        }
        Weights weights = WeightsFile.open(file);
        files.add(weights);
        for (String name : names) {
            TensorEntry entry = weights.tensors().get(name);
            if (entry == null) {
                throw new WeightsException("%s: tensor %s is not in %s".formatted(index, name, file.getFileName()));
            }
            tensors.put(name, entry);
            holders.put(name, weights);
        }
    }

    @Override
    public SequencedMap<String, TensorEntry> tensors() {
        return Collections.unmodifiableSequencedMap(tensors);
    }

    private Weights holder(String name) throws WeightsException {
        Weights holder = holders.get(name);
        if (holder == null) {
            throw new WeightsException("%s: no tensor %s".formatted(index, name));
        }
        return holder;
    }

    @Override
    public void floats(String name, FloatBuffer into) throws IOException {
        holder(name).floats(name, into);
    }

    @Override
    public float[] floats(String name) throws IOException {
        return holder(name).floats(name);
    }

    @Override
    public long[] longs(String name) throws IOException {
        return holder(name).longs(name);
    }

    @Override
    public byte[] bytes(String name) throws IOException {
        return holder(name).bytes(name);
    }

    @Override
    public NDArray array(String name, NDManager scope) throws IOException {
        return holder(name).array(name, scope);
    }

    /** Closes all files; arrays already read stay valid. */
    @Override
    public void close() throws IOException {
        for (Weights file : files) {
            file.close();
        }
    }
}
