package dev.murmuration.local.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The classes of one program as read, verified and linked by an earlier start, which the next start maps into memory: a
 * class-data archive (JEP 350) that the JVM writes on its first exit and renews by itself, or, where a run has recorded one on
 * JDK 25 or later, an ahead-of-time cache (JEP 483, 514, 515). The JVM silently ignores a file that does not fit its jars or its
 * version.
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

    /**
     * A JVM that writes an archive names every class that it leaves out, and one that reads it every option that keeps it from using all.
     */
    private static final String QUIET = "-Xlog:cds*=off";

    private static final Duration TO_WRITE_CACHE = Duration.ofMinutes(10);
    private static final Duration TO_WRITE_ARCHIVE = Duration.ofMinutes(1);

    /** How caches are used. */
    public enum Mode {
        /** Existing caches are used. */
        USE,
        /** Every program writes its cache on exit, which takes seconds. */
        RECORD,
        /** Caches are neither read nor written. */
        OFF
    }

    /** Creates the cache settings for this JVM, in the mode that the environment names. */
    public static StartCache in(Path folder) {
        return new StartCache(
                folder,
                System.getProperty("java.runtime.version"),
                Runtime.version().feature(),
                mode(Optional.ofNullable(System.getenv(VARIABLE))));
    }

    /** Returns the exit timeout of a program, given the usual one: longer, as it may write its cache first. */
    public static Duration grace(Duration usual) {
        return switch (mode(Optional.ofNullable(System.getenv(VARIABLE)))) {
            case USE -> usual.plus(TO_WRITE_ARCHIVE);
            case RECORD -> usual.plus(TO_WRITE_CACHE);
            case OFF -> usual;
        };
    }

    static Mode mode(Optional<String> named) {
        return named.filter(name -> !name.isBlank())
                .map(name -> Mode.valueOf(name.strip().toUpperCase(Locale.ROOT)))
                .orElse(Mode.USE);
    }

    /** Returns the JVM options for this program. */
    public List<String> options(String program) {
        Path cache = folder.resolve("%s-%s.aot".formatted(program, jvm));
        Path archive = folder.resolve("%s-%s.jsa".formatted(program, jvm));
        return switch (mode) {
            case OFF -> List.of();
            case RECORD -> feature >= AHEAD_OF_TIME ? List.of("-XX:AOTCacheOutput=" + cache) : archive(archive);
            case USE -> Files.isRegularFile(cache) ? List.of("-XX:AOTCache=" + cache) : archive(archive);
        };
    }

    /** Whether a JVM option is one of {@link #options}. */
    static boolean isOption(String option) {
        return option.startsWith("-XX:AOTCache")
                || option.startsWith("-XX:SharedArchiveFile")
                || option.equals("-XX:+AutoCreateSharedArchive")
                || option.equals(QUIET);
    }

    private List<String> archive(Path file) {
        return Files.isDirectory(folder)
                ? List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + file, QUIET)
                : List.of();
    }
}
