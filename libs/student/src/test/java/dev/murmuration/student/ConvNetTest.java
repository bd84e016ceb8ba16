package dev.murmuration.student;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.murmuration.student.network.ConvNet;
import dev.murmuration.student.network.Network;
import dev.murmuration.student.network.Weight;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConvNetTest {

    /**
     * torchvision's vgg19 has 143,667,240 and alexnet in Caffe's groups has 60,965,224, both with 1,000 classes; here there are
     * 997 rows of 4,097 fewer.
     */
    @ParameterizedTest
    @CsvSource({
        "vgg19,    139582531, 224, 224, 448",
        "hybrid,    56880515, 224, 224, 448",
        "caffenet,  56880515, 256, 227, 451"
    })
    void hasTheSizeThatWasPublished(String name, int weights, int side, int seen, int wide) {
        ConvNet network = ConvNet.named(name);

        assertThat(network.weightCount()).isEqualTo(weights);
        assertThat(network.side()).isEqualTo(side);
        assertThat(network.seen()).isEqualTo(seen);
        assertThat(network.wideSide()).isEqualTo(wide);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vgg19", "hybrid", "caffenet", "hybrid-16-1", "caffenet-8-2", "vgg19-32-1"})
    void knowsItsOwnName(String name) {
        assertThat(Network.named(name).name()).isEqualTo(name);
    }

    @Test
    void tellsTheNumbersOfAShapeWithoutAName() {
        ConvNet odd = new ConvNet(ConvNet.Family.VGG19, 1, List.of(2, 3, 4, 5, 6), List.of(6, 7));

        assertThat(odd.name()).isEqualTo("vgg19-2x3x4x5x6-6x7-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hybrid-5-1", "hybrid-32-1", "hybrid-16-0", "hybrid-0-1", "hybrid-16-65", "hybrid-16", "vgg19x"})
    void refusesWhatCannotBe(String name) {
        assertThatThrownBy(() -> ConvNet.named(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesEachTensorAfterItsLayer() {
        assertThat(ConvNet.named("caffenet").weights())
                .filteredOn(Weight::isMatrix)
                .extracting(Weight::name, Weight::shape)
                .containsExactly(
                        tuple("conv1.weight", List.of(96, 3, 11, 11)),
                        tuple("conv2.weight", List.of(256, 48, 5, 5)),
                        tuple("conv3.weight", List.of(384, 256, 3, 3)),
                        tuple("conv4.weight", List.of(384, 192, 3, 3)),
                        tuple("conv5.weight", List.of(256, 192, 3, 3)),
                        tuple("fc6.weight", List.of(4096, 9216)),
                        tuple("fc7.weight", List.of(4096, 4096)),
                        tuple("fc8.weight", List.of(3, 4096)));
    }
}
