package dev.murmuration.student.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {

    // Parameters of timm's models with a head of three classes: its published counts less the 1,000-class head plus
    // (dim + 1) * 3.
    @ParameterizedTest
    @CsvSource({
        "vit-ti-16-224, 5524995",
        "vit-s-32-224, 22495107",
        "vit-s-16-224, 21666819",
        "vit-b-32-224, 87457539",
        "vit-b-16-384, 86092803",
        "vit-l-16-384, 303693827",
        "vit-l-32-384, 305610755",
        // The published head: 32 (768 + 1) + 3 (32 + 1) instead of 3 (768 + 1).
        "vit-b-32-224-dense32, 87479939",
        // What the head reads changes no weight.
        "vit-s-16-224-mean, 21666819",
        "vit-b-32-224-mean-dense32, 87479939",
    })
    void hasAsManyWeightsAsPublished(String name, int weights) {
        assertThat(Architecture.named(name).weightCount()).isEqualTo(weights);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vit-demo-8-64",
                "vit-ti-32-224",
                "vit-l-16-384",
                "vit-b-32-384-dense32",
                "vit-s-16-224-mean",
                "vit-b-32-224-mean-dense32"
            })
    void isNamedAsItWasAskedFor(String name) {
        assertThat(Architecture.named(name).name()).isEqualTo(name);
    }

    @Test
    void namesOtherShapesByTheirNumbers() {
        assertThat(new Architecture(16, 8, 8, 2, 2, 12, 1e-6).name()).isEqualTo("vit-8x2x2x12-8-16");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vit-b-32",
                "vit-x-32-224",
                "resnet",
                "vit-b-15-224",
                "vit-b-0-224",
                "vit-b-32-99999",
                "vit-b-32-224-dense",
                "vit-b-32-224-dense32-mean",
                "vit-b-32-224-max"
            })
    void refusesOtherNames(String name) {
        assertThatThrownBy(() -> Architecture.named(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void laysItsWeightsOneBehindTheOther() {
        int next = 0;
        for (Weight weight : Architecture.named("vit-demo-8-64").weights()) {
            assertThat(weight.offset()).as(weight.name()).isEqualTo(next);
            next += weight.length();
        }
    }
}
