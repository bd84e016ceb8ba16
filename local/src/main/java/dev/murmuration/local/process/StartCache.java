package dev.murmuration.local.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The classes of one program as an earlier start read, verified and linked them, mapped into memory by the next one. From JDK 25 on that is an ahead-of-time cache
 * (JEP 483, 514, 515), made by the build in a run of the whole system; before, a class-data archive that the JVM makes itself when a program ends. A cache that does
 * not fit its jars or its JVM is ignored by the JVM, silently.
 *
 * @param folder of the files, one for each program and version of the JVM
 * @param jvm the version of the JVM, `java.runtime.version`
 * @param feature its feature number
 * @param mode whether caches are used
 */
public record StartCache(Path folder, String jvm, int feature, Mode mode) {

    /** Environment variable: one of the {@link Mode}s in lower case. */
    public static final String VARIABLE = "MURMURATION_STARTS";

    /** The first JDK that makes a cache in one step. */
    private static final int AHEAD_OF_TIME = 25;

    private static final Duration TO_WRITE = Duration.ofMinutes(10);

    /** What is done with caches. */
    public enum Mode {
        /** Whatever is there is used. */
        USE,
        /** Every program writes its cache when it ends, which takes it seconds. */
        RECORD,
        /** As if there were none. */
        OFF
    }

    /** For this JVM, in the mode that the environment names. */
    public static StartCache in(Path folder) {
        return new StartCache(
                folder,
                System.getProperty("java.runtime.version"),
                Runtime.version().feature(),
                mode(Optional.ofNullable(System.getenv(VARIABLE))));
    }

    /** How long a program is given to end that is usually given so long: more where it writes its cache first. */
    public static Duration grace(Duration usual) {
        return mode(Optional.ofNullable(System.getenv(VARIABLE))) == Mode.RECORD ? TO_WRITE : usual;
    }

    static Mode mode(Optional<String> named) {
        return named.filter(name -> !name.isBlank())
                .map(name -> Mode.valueOf(name.strip().toUpperCase(Locale.ROOT)))
                .orElse(Mode.USE);
    }

    /** What a JVM that runs this program is started with. */
    public List<String> options(String program) {
        boolean aheadOfTime = feature >= AHEAD_OF_TIME;
        Path cache = folder.resolve("%s-%s.%s".formatted(program, jvm, aheadOfTime ? "aot" : "jsa"));
        return switch (mode) {
            case OFF -> List.of();
            case RECORD -> aheadOfTime ? List.of("-XX:AOTCacheOutput=" + cache) : archive(cache);
            case USE -> {
                if (!aheadOfTime) {
                    yield archive(cache);
                }
                yield Files.isRegularFile(cache) ? List.of("-XX:AOTCache=" + cache) : List.of();
            }
        };
    }

    /** Whether a JVM option is one of {@link #options}. */
    static boolean isOption(String option) {
        return option.startsWith("-XX:AOTCache")
                || option.startsWith("-XX:SharedArchiveFile")
                || option.equals("-XX:+AutoCreateSharedArchive");
    }

    private List<String> archive(Path file) {
        return Files.isDirectory(folder)
                ? List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + file)
                : List.of();
    }
}
