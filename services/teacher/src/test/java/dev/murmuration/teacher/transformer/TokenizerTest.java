package dev.murmuration.teacher.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.murmuration.teacher.model.ModelFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {

    /** The first from vocab.json and merges.txt, the second from tokenizer.json. */
    @ParameterizedTest
    @ValueSource(strings = {"roberta-tiny", "roberta-deep"})
    void givesTheIdsOfTransformers(String name) throws Exception {
        JsonNode golden = TransformerTextModelTest.golden(name);
        List<String> texts =
                golden.get("texts").valueStream().map(JsonNode::asText).toList();

        List<long[]> ids;
        try (Tokenizer tokenizer = Tokenizer.load(
                ModelFolder.open(TransformerTextModelTest.golden(name, "").toAbsolutePath(), name), 512)) {
            ids = tokenizer.ids(texts);
        }

        for (int i = 0; i < texts.size(); i++) {
            assertThat(ids.get(i))
                    .as("text %d", i)
                    .containsExactly(golden.get("ids")
                            .get(i)
                            .valueStream()
                            .mapToLong(JsonNode::asLong)
                            .toArray());
        }
    }

    @Test
    void takesHalfASurrogatePairForTheReplacementCharacter() throws Exception {
        try (Tokenizer tokenizer = Tokenizer.load(
                ModelFolder.open(
                        TransformerTextModelTest.golden("roberta-tiny", "").toAbsolutePath(), "m"),
                512)) {
            List<long[]> ids = tokenizer.ids(List.of("a\ud83d", "a\udc00", "a\ufffd", "\udc00\ud83d", "\ufffd\ufffd"));

            assertThat(ids.get(0)).isEqualTo(ids.get(2));
            assertThat(ids.get(1)).isEqualTo(ids.get(2));
            assertThat(ids.get(3)).isEqualTo(ids.get(4));
        }
    }

    @Test
    void cutsAtTheLimitAndKeepsTheEndMark() throws Exception {
        try (Tokenizer tokenizer = Tokenizer.load(
                ModelFolder.open(
                        TransformerTextModelTest.golden("roberta-tiny", "").toAbsolutePath(), "m"),
                16)) {
            long[] ids = tokenizer.ids(List.of("lovely ".repeat(50))).getFirst();

            assertThat(ids).hasSize(16).startsWith(0).endsWith(2);
        }
    }

    /** In a JVM of its own, which has nowhere to unpack the library to: as in an image that was built without it. */
    @Test
    void doesNotBlameTheFolderForALibraryThatCannotBeLoaded(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("no-folder"), "");
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Loading.class.getName(),
                        TransformerTextModelTest.golden("roberta-tiny", "")
                                .toAbsolutePath()
                                .toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("DJL_CACHE_DIR", file.toString());

        int exitStatus = builder.start().waitFor();

        assertThat(exitStatus).as(Files.readString(output)).isEqualTo(1);
        assertThat(Files.readString(output))
                .contains("EngineException: Failed to load Huggingface native library")
                .doesNotContain("its tokenizer cannot be loaded");
    }

    static final class Loading {

        private Loading() {}

        public static void main(String[] args) throws Exception {
            Tokenizer.load(ModelFolder.open(Path.of(args[0]), "m"), 512).close();
        }
    }

    @Test
    void knowsRobertasOwnVocabulary() throws Exception {
        Path files = Path.of(System.getProperty("murmuration.root", "."), "../shared/data/roberta-tokenizer");
        assumeThat(files)
                .as("RoBERTa's vocabulary, which is not part of the project")
                .matches(Files::exists);
        ModelFolder folder = new ModelFolder("", "roberta", files, JsonNodeFactory.instance.objectNode(), "");

        try (Tokenizer tokenizer = Tokenizer.load(folder, 512)) {
            assertThat(tokenizer.ids(List.of("Hello world!", "")))
                    .containsExactly(new long[] {0, 31414, 232, 328, 2}, new long[] {0, 2});
        }
    }
}
