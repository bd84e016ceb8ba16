package dev.murmuration.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A library that is shipped.
 *
 * @param group empty where its jar's name does not say it
 * @param places from where: services, local, registry; several where that is not known
 * @param file what to name in a message
 */
record Library(String group, String artifact, String version, Set<String> places, String file) {

    private static final Pattern ROW = Pattern.compile("^\\| `([^:`]+):([^`]+)` \\| ([^|]+) \\|", Pattern.MULTILINE);
    // Quarkus puts the group before the artifact: io.netty.netty-common-4.1.140.Final.jar.
    private static final Pattern JAR = Pattern.compile("(?:(.+)\\.)?([A-Za-z][^.]*(?:_2\\.13)?)-(\\d.*)\\.jar");

    /** The rows of docs/licences.md, which is the bill of materials of services and local. */
    static List<Library> listed(String licences) {
        List<Library> listed = new ArrayList<>();
        Matcher row = ROW.matcher(licences);
        while (row.find()) {
            listed.add(new Library(
                    row.group(1),
                    row.group(2),
                    row.group(3),
                    Set.of("services", "local"),
                    "%s:%s:%s".formatted(row.group(1), row.group(2), row.group(3))));
        }
        return listed;
    }

    /** The jars below a folder; none where there is no such folder. */
    static List<Library> jars(String place, Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .map(file -> JAR.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(jar -> new Library(
                            jar.group(1) == null ? "" : jar.group(1),
                            jar.group(2),
                            jar.group(3),
                            Set.of(place),
                            place + "/" + jar.group()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
