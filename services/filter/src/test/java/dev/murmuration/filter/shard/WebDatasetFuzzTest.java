package dev.murmuration.filter.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.fuzz.Fuzzer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebDatasetFuzzTest {

    @Test
    void copiesAnyTarOrSaysWhyNot() {
        byte[] whole = WebDataset.tar(List.of(
                new Sample(Labelled.image("1", 0, "flat"), new Photo.Ready(new byte[700], true), ""),
                new Sample(Labelled.image("2", 1, "flat"), new Photo.Ready(new byte[3], true), "")));

        Fuzzer.Outcome outcome = Fuzzer.of("shard-copy", List.of(whole))
                .tokens("ustar\00000", ".jpg", "77777777777\0", "L", "x", "\u0080\0\0\0")
                .run(
                        IOException.class,
                        input -> WebDataset.copy(
                                new ByteArrayInputStream(input), OutputStream.nullOutputStream(), key -> true));

        assertThat(outcome.inputs()).isPositive();
    }
}
