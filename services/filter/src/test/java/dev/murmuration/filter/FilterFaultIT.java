package dev.murmuration.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.local.audit.Report;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Some faults of each kind; {@code ./murmuration bench filter --faults} has many. Runs after the jar of the service is made. */
class FilterFaultIT {

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 600, unit = TimeUnit.SECONDS)
    void losesAndDoublesNothingWhateverBreaks() throws Exception {
        PrintStream out = System.out;
        try (Faults faults = new Faults(out, folder, 5, Duration.ofMillis(5))) {
            faults.start("filter-0");
            faults.awaitProgress("the first labels", 1);
            faults.kill("filter-0");
            faults.start("filter-0");
            faults.restartServers();
            faults.loseStore("filter-0", Duration.ofSeconds(4));

            faults.finish();

            Report report = faults.audit();
            assertThat(report.differences())
                    .as(String.join("\n", report.lines()))
                    .isEmpty();
            assertThat(report.rows().get("    in flight")).isZero();
            assertThat(report.rows().get("    samples not packed yet")).isZero();
            assertThat(report.rows().get("    labelled")).isGreaterThan(500);
            assertThat(faults.kills()).isEqualTo(2);
        }
    }
}
