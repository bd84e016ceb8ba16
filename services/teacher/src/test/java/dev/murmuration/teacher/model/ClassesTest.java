package dev.murmuration.teacher.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassesTest {

    private static final float[] ROW = {1, 2, 3};

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "negative|neutral|positive|1|2|3",
                "NEG|NEU|POS|1|2|3",
                "POS|NEG|NEU|2|3|1",
                "Positive|Neutral|Negative|3|2|1",
            })
    void readsTheNamesThatModelsHave(
            String first, String second, String third, float negative, float neutral, float positive) throws Exception {
        Classes classes = Classes.of(config(first, second, third));

        assertThat(classes.inOrder(ROW, 0)).containsExactly(negative, neutral, positive);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"id2label\":{\"0\":\"LABEL_0\",\"1\":\"LABEL_1\",\"2\":\"LABEL_2\"}}",
                "{\"id2label\":{\"0\":\"negative\",\"1\":\"positive\"}}",
                "{\"id2label\":{\"0\":\"joy\",\"1\":\"neutral\",\"2\":\"positive\"}}",
                "{\"id2label\":7}"
            })
    void refusesOtherNamesAndNamesTheSetting(String config) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Classes.of(new ObjectMapper().readTree(config)))
                .withMessageContaining("teacher.labels");
    }

    @Test
    void takesTheOrderThatAPersonSays() throws Exception {
        JsonNode named = Classes.named(config("LABEL_0", "LABEL_1", "LABEL_2"), List.of("POS", "neutral", "Negative"));

        assertThat(Classes.of(named).inOrder(ROW, 0)).containsExactly(3, 2, 1);
    }

    @Test
    void refusesAnOrderThatTheModelContradicts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Classes.named(
                        config("negative", "neutral", "positive"), List.of("positive", "neutral", "negative")))
                .withMessageContaining("contradicts");
    }

    @Test
    void refusesOtherNumbersOfClasses() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Classes.named(config("LABEL_0", "LABEL_1", "LABEL_2"), List.of("negative", "positive")))
                .withMessageContaining("once each");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Classes.named(
                        new ObjectMapper().readTree("{\"id2label\":{\"0\":\"LABEL_0\",\"1\":\"LABEL_1\"}}"),
                        List.of("negative", "neutral", "positive")))
                .withMessageContaining("not three outputs");
    }

    private static JsonNode config(String... names) {
        JsonNode config = new ObjectMapper().createObjectNode();
        for (int i = 0; i < names.length; i++) {
            config.withObject("/id2label").put(Integer.toString(i), names[i]);
        }
        return config;
    }
}
