package dev.murmuration.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.cluster.Version;
import dev.murmuration.local.platform.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    void listsEveryCommandThatItBringsInTheRegistry() {
        assertThat(line.getSubcommands().entrySet().stream()
                        .filter(command -> !command.getValue()
                                .getCommandSpec()
                                .usageMessage()
                                .hidden())
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrderElementsOf(CommandRegistry.entries().stream()
                        .map(CommandRegistry.Entry::name)
                        .toList());
        assertThat(CommandRegistry.commandsOf("local"))
                .contains("demo", "export-lag")
                .doesNotContain("predict");
    }

    @ParameterizedTest
    @CsvSource({
        "predct, predict",
        "dataset, datasets",
        "leader, leaderboard",
        "benhc, bench",
        "replay, replay-dead-letters"
    })
    void theScriptSuggestsFromAllCommands(String mistyped, String meant, @TempDir Path empty) throws Exception {
        Process process = script(mistyped, empty);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(said)
                .isEqualTo("murmuration: there is no command '%s'. Did you mean ./murmuration %s?%n"
                        .formatted(mistyped, meant));
    }

    @Test
    void theScriptListsEveryCommandWhereOneIsUnknown() throws Exception {
        Process script = new ProcessBuilder(
                        Installation.find().root().resolve("murmuration").toString(), "foo")
                .redirectErrorStream(true)
                .start();
        String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(script.waitFor()).isEqualTo(2);
        assertThat(said).contains("there is no command 'foo'");
        assertThat(CommandRegistry.entries())
                .allSatisfy(entry -> assertThat(said).contains("  " + entry.name() + " ", entry.summary()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "status --json", "audit", "relabel soft --datasets soft=flat"})
    void aCommandEndsWithThreeWhereNothingRuns(String command, @TempDir Path empty) throws Exception {
        Process process = script(command, empty);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isEqualTo(3);
        assertThat(said).contains("nothing is running: start it with './murmuration up'");
    }

    @ParameterizedTest
    @CsvSource({
        "demo --stream /nonexistent, --stream /nonexistent: cannot read tweets.jsonl there",
        "demo --json /nonexistent/x.json, --json /nonexistent/x.json: there is no folder /nonexistent"
    })
    void aWrongDemoLeavesTheLastOneAsItIs(String command, String line, @TempDir Path run) throws Exception {
        Path last = Files.createDirectories(run.resolve("demo")).resolve("marker");
        Files.createFile(last);

        Process process = script(command, run);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isEqualTo(78);
        assertThat(said).isEqualTo("murmuration: " + line + "\n");
        assertThat(last).exists();
    }

    private static Process script(String command, Path run) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Installation.find().root().resolve("murmuration").toString());
        words.addAll(List.of(command.split(" ", -1)));
        ProcessBuilder script = new ProcessBuilder(words).redirectErrorStream(true);
        script.environment().put("MURMURATION_RUN", run.toString());
        script.environment().put("MURMURATION_BUILD", "never");
        script.environment().keySet().removeAll(List.of("KAFKA_BOOTSTRAP_SERVERS", "S3_ENDPOINT", "REGISTRY_URL"));
        return script.start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "demo ", "status ", "export-lag "})
    void everyCommandSaysItsVersion(String command) {
        int exitStatus = line.execute((command + "--version").split(" "));

        assertThat(exitStatus).isZero();
        assertThat(out.toString().lines()).containsExactlyElementsOf(Version.lines());
    }
}
