package dev.murmuration.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.local.platform.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person sets wrong is told in one line, by the service alone, without a platform. */
class WrongSettingIT {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "filter, filter.datasets.flat.threshold.negative=1.5, 78, filter.datasets.flat.threshold.negative, 1.5",
        "crawler, crawler.feed=telegraph, 78, crawler.feed, telegraph",
        "crawler, crawler.feed=recorded crawler.recorded.path=/no/such/folder, 78, crawler.recorded.path, /no/such/folder",
        "teacher, kafka.bootstrap.servers=localhost:1 progress.start-timeout=3s, 1, localhost:1, broker"
    })
    void isToldInOneLine(String service, String settings, int exitStatus, String first, String second)
            throws Exception {
        Path output = folder.resolve("output.txt");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m"));
        for (String setting : settings.split(" ", -1)) {
            command.add("-D" + setting);
        }
        command.addAll(List.of("-Dquarkus.http.port=0", "-Dquarkus.log.level=ERROR", "-jar"));
        command.add(Installation.find().service(service).toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        boolean ended = process.waitFor(90, TimeUnit.SECONDS);
        process.destroyForcibly();

        assertThat(ended).isTrue();
        assertThat(process.exitValue()).isEqualTo(exitStatus);
        assertThat(Files.readString(output).lines().filter(line -> line.startsWith(service + ": ")))
                .singleElement()
                .asString()
                .contains(first)
                .contains(second);
    }
}
