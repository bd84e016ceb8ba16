package dev.murmuration.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.maven.artifact.versioning.DefaultArtifactVersion;
import org.apache.maven.artifact.versioning.InvalidVersionSpecificationException;
import org.apache.maven.artifact.versioning.VersionRange;

/**
 * docs/advisories.md: published weaknesses of libraries, and the lines that say why one is shipped nevertheless.
 *
 * @param asOf the day of the list, an ISO date
 */
record Advisories(String asOf, List<Advisory> known, List<Exemption> exemptions) {

    static final String PATH = "docs/advisories.md";
    static final String VEX = "docs/murmuration.openvex.json";

    /** What OpenVEX 0.2 lets one say for a component that is not affected. */
    private static final Set<String> JUSTIFICATIONS = Set.of(
            "component_not_present",
            "vulnerable_code_not_present",
            "vulnerable_code_not_in_execute_path",
            "vulnerable_code_cannot_be_controlled_by_adversary",
            "inline_mitigations_already_exist");

    /**
     * Advisories with one range.
     *
     * @param group of the library
     * @param artifact of the library, with {@code *} for any part of a name
     */
    record Advisory(String group, String artifact, Set<String> ids, VersionRange affected) {

        private boolean concerns(Library library) {
            return (library.group().isEmpty() || library.group().equals(group))
                    && Pattern.matches(artifact.replace("*", "[a-z0-9-]*"), library.artifact())
                    && affected.containsVersion(new DefaultArtifactVersion(library.version()));
        }
    }

    /** Why a library is shipped nevertheless, in one place: services, local or registry. */
    record Exemption(String name, String version, Set<String> ids, String place, String justification, String reason) {

        private boolean covers(Library library) {
            return (library.group().isEmpty()
                            ? name.endsWith(":" + library.artifact())
                            : name.equals(library.group() + ":" + library.artifact()))
                    && version.equals(library.version())
                    && library.places().contains(place);
        }
    }

    static Advisories parse(String markdown) {
        Matcher asOf = Pattern.compile("as of (\\d{4}-\\d{2}-\\d{2})").matcher(markdown);
        if (!asOf.find()) {
            throw new IllegalArgumentException(PATH + " does not say of which day it is");
        }
        String[] parts = markdown.split("\n## ", -1);
        return new Advisories(
                asOf.group(1),
                rows(parts[1], 6).map(Advisories::advisory).toList(),
                rows(parts[2], 6).map(Advisories::exemption).toList());
    }

    private static Stream<String[]> rows(String section, int cells) {
        return section.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(2, line.length() - 2).split(" \\| "))
                .peek(row -> {
                    if (row.length != cells) {
                        throw new IllegalArgumentException(
                                "%s: %d cells, not %d: %s".formatted(PATH, row.length, cells, row[0]));
                    }
                });
    }

    private static Advisory advisory(String[] row) {
        String[] name = row[0].replace("`", "").split(":", -1);
        try {
            return new Advisory(name[0], name[1], ids(row[1]), VersionRange.createFromVersionSpec(row[2]));
        } catch (InvalidVersionSpecificationException e) {
            throw new IllegalArgumentException(PATH + ": " + row[0], e);
        }
    }

    private static Exemption exemption(String[] row) {
        if (!JUSTIFICATIONS.contains(row[4])) {
            throw new IllegalArgumentException(PATH + ": OpenVEX has no justification " + row[4]);
        }
        return new Exemption(row[0].replace("`", ""), row[1], ids(row[2]), row[3], row[4], row[5]);
    }

    private static Set<String> ids(String cell) {
        return new TreeSet<>(Arrays.asList(cell.split(", ")));
    }

    /** One line for each library in an affected range without a line that says why. */
    List<String> problems(List<Library> shipped) {
        List<String> problems = new ArrayList<>();
        for (Library library : shipped) {
            Set<String> open = new TreeSet<>();
            known.stream()
                    .filter(advisory -> advisory.concerns(library))
                    .forEach(advisory -> open.addAll(advisory.ids()));
            exemptions.stream()
                    .filter(exemption -> exemption.covers(library))
                    .forEach(exemption -> open.removeAll(exemption.ids()));
            if (!open.isEmpty()) {
                problems.add("%s: %s".formatted(library.file(), String.join(", ", open)));
            }
        }
        return problems;
    }

    /** Lines that say why of something that is not shipped, in places from which something is. */
    List<String> stale(List<Library> shipped) {
        return exemptions.stream()
                .filter(exemption ->
                        shipped.stream().anyMatch(library -> library.places().equals(Set.of(exemption.place()))))
                .filter(exemption -> shipped.stream().noneMatch(exemption::covers))
                .map(exemption -> "%s %s in %s".formatted(exemption.name(), exemption.version(), exemption.place()))
                .toList();
    }

    /** The exemptions as an OpenVEX 0.2 document. */
    String vex() {
        ObjectNode document = Repository.JSON.createObjectNode();
        document.put("@context", "https://openvex.dev/ns/v0.2.0");
        document.put("@id", "urn:murmuration:vex:" + asOf);
        document.put("author", "the authors of Murmuration");
        document.put("timestamp", asOf + "T00:00:00Z");
        document.put("version", 1);
        ArrayNode statements = document.putArray("statements");
        for (Exemption exemption : exemptions) {
            for (String id : exemption.ids()) {
                ObjectNode statement = statements.addObject();
                statement.putObject("vulnerability").put("name", id);
                statement
                        .putArray("products")
                        .addObject()
                        .put(
                                "@id",
                                "pkg:maven/%s@%s".formatted(exemption.name().replace(':', '/'), exemption.version()));
                statement.put("status", "not_affected");
                statement.put("justification", exemption.justification());
                statement.put("impact_statement", "In %s: %s".formatted(exemption.place(), exemption.reason()));
            }
        }
        return document.toPrettyString() + "\n";
    }
}
