package dev.murmuration.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.cluster.Version;
import dev.murmuration.local.platform.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine line =
            Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));

    @ParameterizedTest
    @CsvSource({
        "statsu, status",
        "predct, predict",
        "data-sets, datasets",
        "benhc, bench",
        "replay, replay-dead-letters"
    })
    void suggestsFromAllCommands(String mistyped, String meant) {
        int exitStatus = line.execute(mistyped);

        assertThat(exitStatus).isEqualTo(2);
        assertThat(err.toString()).contains("Did you mean").contains("murmuration " + meant);
    }

    @Test
    void knowsEveryCommandThatTheScriptTakes() throws IOException {
        String script = Files.readString(Installation.find().root().resolve("murmuration"));
        Set<String> taken = new TreeSet<>();
        Matcher branches = Pattern.compile("(?m)^    ([a-z][a-z-]+(?: \\| [a-z-]+)*)\\)$")
                .matcher(script.substring(script.indexOf("case \"${1:-}\" in")));
        while (branches.find()) {
            taken.addAll(List.of(branches.group(1).split(" \\| ")));
        }

        assertThat(taken)
                .contains("predict", "datasets", "status")
                .isSubsetOf(line.getSubcommands().keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "demo ", "status ", "export-lag "})
    void everyCommandSaysItsVersion(String command) {
        int exitStatus = line.execute((command + "--version").split(" "));

        assertThat(exitStatus).isZero();
        assertThat(out.toString().lines()).containsExactlyElementsOf(Version.lines());
    }
}
