package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every file for spreadsheets and browsers is written through the one class that keeps strangers' words from being formulas or tags. */
class WordsOfStrangersTest {

    private static final List<String> MODULES = List.of("libs", "local", "services", "console", "simulator");
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|(?m)^\\s*//.*$");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");

    /** A header or a pattern of cells: two or more names or conversions with commas between them, and nothing else. */
    private static final Pattern CELLS =
            Pattern.compile("(?:\\w+|%[-.\\d$]*[sdfx])(?:,(?:\\w+|%[-.\\d$]*[sdfx])?)+(?:\\\\n|%n)?");

    /** Doubling quotes is how a cell is quoted by hand; joining by a bare comma is how a row is made by hand. */
    private static final Pattern BY_HAND = Pattern.compile(
            "replace\\(\"\\\\\"\", \"\\\\\"\\\\\"\"\\)|String\\.join\\(\",\"|joining\\(\",\"\\)|append\\(','\\)");

    private static final Pattern TAG = Pattern.compile("(?i)<!doctype|</?(?:html|body|div|p|td|tr|table|h1|title)\\b");

    /** Lists that are not spreadsheets, each with what it is. */
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("dev/murmuration/stage/text/Csv.java", "the class itself"),
            Map.entry("dev/murmuration/evaluator/command/PredictionsCsv.java", "three probabilities before Csv.row"),
            Map.entry("dev/murmuration/local/platform/Broker.java", "settings of a broker"),
            Map.entry("dev/murmuration/local/command/RelabelCommand.java", "settings of a service"),
            Map.entry("dev/murmuration/crawler/CrawlerSettings.java", "defaults of settings"),
            Map.entry("dev/murmuration/filter/settings/FilterSettings.java", "defaults of settings"),
            Map.entry("dev/murmuration/filter/topology/AcceptedPhoto.java", "a state store's own value"),
            Map.entry("dev/murmuration/crawler/feed/live/XFeed.java", "fields that are asked for"),
            Map.entry("dev/murmuration/local/demo/DemoFeed.java", "settings of a service"),
            Map.entry("dev/murmuration/local/status/StatusScreen.java", "the commas of a sentence"),
            Map.entry(
                    "dev/murmuration/local/demo/RecordedBenchmark.java",
                    "its cells are names that it makes of [A-Za-z0-9_.-] and digits"),
            Map.entry(
                    "dev/murmuration/simulator/PhotoRenderer.java",
                    "an answer of the simulated photo server, constant"));

    @Test
    void noClassWritesCsvOrPagesByHand() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources()) {
            String source = Files.readString(file);
            boolean isOther = OTHERS.keySet().stream().anyMatch(other -> file.endsWith(other));
            if (!isOther) {
                problems(source)
                        .forEach(problem -> found.add(Repository.path("").relativize(file) + ": " + problem));
            }
        }

        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "out.println(\"path,class\");",
                "out.printf(\"%s,%d%n\", name, 1);",
                "String.join(\",\", cells)",
                "index.append(path).append(',')",
                "cell.replace(\"\\\"\", \"\\\"\\\"\")",
                "lines.add(\"<div>\" + text + \"</div>\");"
            })
    void findsAWriterThatGoesRoundIt(String line) {
        assertThat(problems("class A { void a() { " + line + " } }")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lines.add(Csv.row(\"path\", \"class\"));",
                "LOG.infof(\"%s, %d photos\", name, 1);",
                "String.join(\", \", names)",
                "// \"path,class\"",
                "import dev.murmuration.stage.text.Html; lines.add(\"<div>\" + Html.escaped(text));"
            })
    void letsOthersBe(String line) {
        assertThat(problems("class A { void a() {\n" + line + "\n} }")).isEmpty();
    }

    private static List<String> problems(String source) {
        String code = COMMENT.matcher(source).replaceAll("");
        List<String> problems = new ArrayList<>();
        Matcher literals = LITERAL.matcher(code);
        while (literals.find()) {
            if (CELLS.matcher(literals.group(1)).matches()) {
                problems.add("cells by hand: " + literals.group());
            }
            if (TAG.matcher(literals.group(1)).find() && !code.contains("Html.escaped(")) {
                problems.add("a page without Html.escaped: " + literals.group());
            }
        }
        Matcher byHand = BY_HAND.matcher(code);
        while (byHand.find()) {
            problems.add("a row by hand: " + byHand.group());
        }
        return problems;
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : MODULES) {
            if (Files.isDirectory(Repository.path(module))) {
                try (Stream<Path> files = Files.walk(Repository.path(module))) {
                    files.filter(file -> file.toString().endsWith(".java")
                                    && file.toString().contains("/src/main/java/"))
                            .forEach(sources::add);
                }
            }
        }
        return sources;
    }
}
