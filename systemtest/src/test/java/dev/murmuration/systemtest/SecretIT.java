package dev.murmuration.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Secrets come in by variables and go to nobody who reads a screen, a log or a list of processes. */
class SecretIT {

    private static final String MARK = "hush-hush";

    /** As an operator would set them; nothing answers at these addresses. */
    private static final Map<String, String> SECRETS = Map.of(
            "S3_ENDPOINT", "http://localhost:1",
            "S3_ACCESS_KEY", "operator",
            "S3_SECRET_KEY", MARK + "-of-the-store",
            "S3_TIMEOUT", "1s",
            "KAFKA_BOOTSTRAP_SERVERS", "localhost:1",
            "KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT",
            "KAFKA_SASL_MECHANISM", "PLAIN",
            "KAFKA_SASL_JAAS_CONFIG",
                    "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"operator\" password=\"%s-of-the-broker\";"
                            .formatted(MARK),
            "REGISTRY_URL", "http://localhost:1",
            "PLATFORM_TIMEOUT", "3s");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "status --help, 0",
        "prepare --help, 0",
        "datasets --help, 0",
        "redact --help, 0",
        "evaluate --help, 0",
        "leaderboard --help, 0",
        // Nothing is there: it says so, and what it was to talk to, but not by what right.
        "prepare, 1",
    })
    void isInNoOutput(String line, int exitStatus) throws Exception {
        try (Command command = Command.start(folder, SECRETS, line.split(" ", -1))) {
            Command.Result result = command.await();

            assertThat(result.exitStatus()).as(result.output()).isEqualTo(exitStatus);
            assertThat(result.output()).isNotBlank().doesNotContain(MARK);
        }
    }
}
