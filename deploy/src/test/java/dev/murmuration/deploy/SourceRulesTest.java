package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no source of the product may do, by docs/security-requirements.md. */
class SourceRulesTest {

    private static final Map<String, Pattern> RULES = new TreeMap<>(Map.of(
            "1.2.5: a shell reads a command line",
                    Pattern.compile("getRuntime\\(\\)\\.exec|\"(?:(?:/\\w+)*/)?(?:ba|z)?sh\""),
            "1.3.7: a template is made of a text",
                    Pattern.compile("\\bQute\\.fmt|io\\.quarkus\\.qute\\.(?:Engine|Qute)\\b"),
            "5.4.1: a response names a file", Pattern.compile("(?i)header\\(\\s*\"content-disposition")));

    @Test
    void noSourceBreaksThem() {
        List<String> broken = new ArrayList<>();
        List<Path> sources = Stream.of("schemas", "libs", "services", "console", "local", "simulator")
                .flatMap(folder -> Repository.files(folder, ".java").stream())
                .filter(file -> file.toString().contains("/src/main/"))
                .toList();
        assertThat(sources).hasSizeGreaterThan(400);
        sources.forEach(file -> problems(Repository.text(file)).forEach(rule -> broken.add(file + ": " + rule)));
        assertThat(broken).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "new ProcessBuilder(\"sh\", \"-c\", line)|1.2.5",
                "new ProcessBuilder(List.of(\"/bin/bash\", script))|1.2.5",
                "Runtime.getRuntime().exec(line)|1.2.5",
                "import io.quarkus.qute.Engine;|1.3.7",
                "Qute.fmt(text)|1.3.7",
                ".header(\"Content-Disposition\", name)|5.4.1"
            })
    void findsASourceThatDoes(String source, String requirement) {
        assertThat(problems(source)).singleElement().asString().startsWith(requirement);
    }

    private static List<String> problems(String source) {
        return RULES.entrySet().stream()
                .filter(rule -> rule.getValue().matcher(source).find())
                .map(Map.Entry::getKey)
                .toList();
    }
}
