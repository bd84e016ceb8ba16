package dev.murmuration.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/** The versions in use: this build's version and commit, the JDK, and the bundled libtorch. */
public final class Version {

    private Version() {}

    /** Returns one line for each, as `--version` prints them. */
    public static List<String> lines() {
        Properties build = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("version.properties")) {
            build.load(Objects.requireNonNull(file));
        } catch (IOException e) {
            throw new UncheckedIOException("version.properties is in the same jar", e);
        }
        String commit = build.getProperty("commit", "");
        return List.of(
                "murmuration %s%s"
                        .formatted(build.getProperty("version"), commit.isEmpty() ? "" : ", commit " + commit),
                "JDK %s, %s".formatted(Runtime.version(), System.getProperty("java.vendor")),
                "libtorch %s by DJL %s".formatted(build.getProperty("libtorch"), build.getProperty("djl")));
    }
}
