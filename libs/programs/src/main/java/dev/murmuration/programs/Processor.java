package dev.murmuration.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Which of libtorch's libraries multiplies fp32 matrices quicker here. MKL, which it takes for them, uses AVX-512 on Intel's
 * processors alone; oneDNN, which it takes for convolutions, wherever it is.
 */
public final class Processor {

    private static final String SAID = "dev.murmuration.onednn";
    private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");

    private Processor() {}

    /**
     * Whether oneDNN is quicker; the system property {@code dev.murmuration.onednn}, {@code true} or {@code false}, says so
     * whatever the processor is.
     */
    public static boolean prefersOneDnn() {
        String said = System.getProperty(SAID);
        return said == null ? Known.PREFERS_ONE_DNN : Boolean.parseBoolean(said);
    }

    /** The same of a processor as Linux describes it. */
    static boolean prefersOneDnn(List<String> cpuinfo) {
        return !has(cpuinfo, "vendor_id", "GenuineIntel") && has(cpuinfo, "flags", "avx512f");
    }

    private static boolean has(List<String> cpuinfo, String name, String word) {
        return cpuinfo.stream()
                .filter(line -> line.startsWith(name))
                .anyMatch(line -> List.of(line.substring(line.indexOf(':') + 1).split("\\s+"))
                        .contains(word));
    }

    private static final class Known {
        static final boolean PREFERS_ONE_DNN = read();

        private static boolean read() {
            try {
                return prefersOneDnn(Files.readAllLines(DESCRIPTION));
            } catch (IOException elsewhere) {
                return false; // not Linux: as libtorch does it
            }
        }
    }
}
