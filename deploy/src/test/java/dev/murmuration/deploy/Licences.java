package dev.murmuration.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** docs/licences.md: the libraries that we ship and their licences, of the bill of materials that {@code mvn -Psbom} writes. */
final class Licences {

    static final String PATH = "docs/licences.md";
    static final Path BILL = Repository.path("target/bom.json");

    /** Licences under which one may ship a program as we do: unchanged libraries, beside our own. */
    private static final Set<String> WELCOME = Set.of(
            "Apache-2.0",
            "MIT",
            "MIT-0",
            // Shorter than MIT, of what the console's pages load.
            "ISC",
            "0BSD",
            "BSD-2-Clause",
            "BSD-3-Clause",
            // TwelveMonkeys says "The BSD License" and has three clauses; the tool takes it for the one with four.
            "BSD-4-Clause",
            // Three clauses of BSD.
            "Go License",
            // MIT's words.
            "Bouncy Castle Licence",
            "EPL-1.0",
            "EPL-2.0",
            "LGPL-2.1-only",
            "LGPL-2.1-or-later",
            "CC0-1.0",
            "CDDL-1.0",
            "CDDL-1.1",
            "MPL-1.1",
            "MPL-2.0",
            "Public Domain",
            "Unicode-3.0",
            "GPL-2.0-with-classpath-exception");

    private static final Pattern ROW =
            Pattern.compile("^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]*) \\|$", Pattern.MULTILINE);

    private Licences() {}

    static void write() throws IOException {
        Files.writeString(Repository.path(PATH), markdown(Repository.json(BILL)));
    }

    static String markdown(JsonNode bill) {
        StringBuilder text = new StringBuilder("""
                # Licences

                Murmuration is under the Apache License 2.0. These are the libraries that its programs run with, made of the bill of materials
                (`mvn -Psbom -Dquick -DskipTests package`, then `mvn -Dquick -pl deploy test -Dtest=LicencesTest -Dlicences.write=true`). Where a
                library leaves the choice, one is enough.

                | library | version | licence |
                |---|---|---|
                """);
        TreeMap<String, String> rows = new TreeMap<>();
        for (JsonNode component : bill.get("components")) {
            String group = component.path("group").asText();
            if (!group.equals("dev.murmuration")) {
                String name = group + ":" + component.get("name").asText();
                String version = component.get("version").asText();
                rows.put(
                        name + " " + version,
                        "| `%s` | %s | %s |\n".formatted(name, version, String.join(", ", licences(component))));
            }
        }
        rows.values().forEach(text::append);
        return text.toString();
    }

    private static List<String> licences(JsonNode component) {
        List<String> licences = new ArrayList<>();
        for (JsonNode each : component.path("licenses")) {
            JsonNode licence = each.path("license");
            String said = each.has("expression")
                    ? each.get("expression").asText()
                    : licence.path("id").asText(licence.path("name").asText());
            licences.add(said.replace("|", "/").strip());
        }
        return licences;
    }

    /** Libraries without any licence that we know to be welcome, each with what it says. */
    static List<String> unwelcome(String markdown) {
        List<String> unwelcome = new ArrayList<>();
        Matcher row = ROW.matcher(markdown);
        while (row.find()) {
            boolean welcome = WELCOME.stream().anyMatch(row.group(3)::contains);
            if (!welcome) {
                unwelcome.add("%s: %s".formatted(row.group(1), row.group(3)));
            }
        }
        return unwelcome;
    }

    static long count(String markdown) {
        return ROW.matcher(markdown).results().count();
    }
}
