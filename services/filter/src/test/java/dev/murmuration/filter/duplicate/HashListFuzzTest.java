package dev.murmuration.filter.duplicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.fuzz.Fuzzer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HashListFuzzTest {

    @Test
    void readsAnyListOfBlockedHashesOrNamesTheLineThatIsWrong() {
        String header = "sha256,pdq,pdqQuality,benchmark\n";
        String line = "0123456789abcdef".repeat(4) + "," + "f0".repeat(32) + ",100,name\n";
        String withoutPdq = "fedcba9876543210".repeat(4) + ",,,\n";

        Fuzzer.Outcome outcome = Fuzzer.of(
                        "hash-list", List.of((header + line + withoutPdq + line).getBytes(StandardCharsets.UTF_8)))
                .tokens("sha256", "pdq", ",", "\n", "\r", "100", "101", "-1", "\u00ff")
                .run(
                        IllegalArgumentException.class,
                        input -> HashList.parse(new String(input, StandardCharsets.UTF_8)));

        assertThat(outcome.refused()).isPositive();
    }
}
