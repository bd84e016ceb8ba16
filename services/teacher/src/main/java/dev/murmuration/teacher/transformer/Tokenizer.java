package dev.murmuration.teacher.transformer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.teacher.model.ModelFolder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Hugging Face's tokenizer of a model folder: from {@code tokenizer.json} where there is one, else put together from
 * {@code vocab.json} and {@code merges.txt} as RoBERTa's is (byte-level BPE, {@code <s> … </s>}). DJL's own way to load those two
 * files gives ids without these marks and other bytes.
 */
final class Tokenizer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BEGIN = "<s>";
    private static final String END = "</s>";
    private static final String MASK = "<mask>";
    private static final List<String> SPECIAL = List.of(BEGIN, "<pad>", END, "<unk>", MASK);
    private static final long MAX_BYTES = 256 << 20;
    private static final int MAX_SHOWN = 300;
    private static final char REPLACEMENT = '\ufffd';

    private final HuggingFaceTokenizer tokenizer;

    private Tokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Loads the tokenizer of a folder.
     *
     * @param maxTokens how many tokens a text may have, marks included; the end of a longer one is cut off
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if the files are no tokenizer
     * @throws ai.djl.engine.EngineException if the native library of the tokenizers cannot be loaded, for which no folder is to blame
     */
    static Tokenizer load(ModelFolder folder, int maxTokens) throws IOException {
        requireSize(folder);
        byte[] json = Files.isRegularFile(folder.path().resolve("tokenizer.json"))
                ? Files.readAllBytes(folder.file("tokenizer.json"))
                : JSON.writeValueAsBytes(byteLevel(folder.file("vocab.json"), folder.file("merges.txt")));
        Map<String, String> options = Map.of(
                "addSpecialTokens", "true",
                "truncation", "true",
                "padding", "false",
                "maxLength", Integer.toString(maxTokens));
        LibUtils.checkStatus();
        try (InputStream in = new ByteArrayInputStream(json)) {
            return new Tokenizer(HuggingFaceTokenizer.newInstance(in, options));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("its tokenizer cannot be loaded: " + oneLine(e), e);
        }
    }

    private static void requireSize(ModelFolder folder) throws IOException {
        for (String name : List.of("tokenizer.json", "vocab.json", "merges.txt")) {
            Path file = folder.path().resolve(name);
            if (Files.isRegularFile(file) && Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "%s has %d bytes; a tokenizer has at most %d".formatted(name, Files.size(file), MAX_BYTES));
            }
        }
    }

    private static String oneLine(Exception e) {
        String text = String.valueOf(e.getMessage());
        return text.substring(0, Math.min(MAX_SHOWN, text.length())).replaceAll("\\p{Cntrl}", " ");
    }

    /** A tokenizer.json of both files. */
    static ObjectNode byteLevel(Path vocabulary, Path merges) throws IOException {
        JsonNode ids;
        try {
            ids = JSON.readTree(Files.readAllBytes(vocabulary));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("vocab.json is not JSON: " + e.getOriginalMessage(), e);
        }
        for (String mark : List.of(BEGIN, END)) {
            if (!ids.path(mark).isInt()) {
                throw new IllegalArgumentException("vocab.json has no %s".formatted(mark));
            }
        }
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        for (String token : SPECIAL) {
            if (ids.has(token)) {
                added.addObject()
                        .put("id", ids.get(token).asInt())
                        .put("content", token)
                        .put("single_word", false)
                        .put("lstrip", token.equals(MASK))
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", true);
            }
        }
        root.putObject("pre_tokenizer")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true);
        ObjectNode marks = root.putObject("post_processor");
        marks.put("type", "RobertaProcessing").put("add_prefix_space", false).put("trim_offsets", true);
        marks.putArray("sep").add(END).add(ids.get(END).asInt());
        marks.putArray("cls").add(BEGIN).add(ids.get(BEGIN).asInt());
        ObjectNode model = root.putObject("model");
        model.put("type", "BPE");
        model.set("vocab", ids);
        ArrayNode pairs = model.putArray("merges");
        // What is not UTF-8 becomes replacement characters, which no vocabulary has.
        for (String line : new String(Files.readAllBytes(merges), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            if (!line.isBlank() && !line.startsWith("#version")) {
                pairs.add(line);
            }
        }
        return root;
    }

    /**
     * The ids of each text with its marks; at least two. Half of a surrogate pair becomes the replacement character, since no
     * byte stands for it.
     */
    List<long[]> ids(List<String> texts) {
        Encoding[] encoded =
                tokenizer.batchEncode(texts.stream().map(Tokenizer::whole).toList());
        return Arrays.stream(encoded).map(Encoding::getIds).toList();
    }

    private static String whole(String text) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (!Character.isSurrogate(unit)) {
                continue;
            }
            boolean pair = Character.isHighSurrogate(unit)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else {
                out = out == null ? new StringBuilder(text) : out;
                out.setCharAt(i, REPLACEMENT);
            }
        }
        return out == null ? text : out.toString();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
