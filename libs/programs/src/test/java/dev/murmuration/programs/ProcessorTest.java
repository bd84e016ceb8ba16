package dev.murmuration.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorTest {

    @ParameterizedTest
    @CsvSource({
        "AuthenticAMD, fpu avx2 avx512f avx512_bf16, true",
        "AuthenticAMD, fpu avx2, false",
        "AuthenticAMD, fpu avx2 avx512fantasy, false",
        "GenuineIntel, fpu avx2 avx512f amx_tile, false"
    })
    void prefersOneDnnWhereMklDoesNotUseAvx512(String vendor, String flags, boolean prefers) {
        List<String> cpuinfo =
                List.of("processor\t: 0", "vendor_id\t: " + vendor, "flags\t\t: " + flags, "", "processor\t: 1");

        assertThat(Processor.prefersOneDnn(cpuinfo)).isEqualTo(prefers);
    }

    @ParameterizedTest
    @CsvSource({"''", "'CPU implementer\t: 0x41'"})
    void takesWhatLibtorchTakesElsewhere(String line) {
        assertThat(Processor.prefersOneDnn(List.of(line))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void canBeTold(boolean prefers) {
        System.setProperty("dev.murmuration.onednn", Boolean.toString(prefers));
        try {
            assertThat(Processor.prefersOneDnn()).isEqualTo(prefers);
        } finally {
            System.clearProperty("dev.murmuration.onednn");
        }
    }
}
