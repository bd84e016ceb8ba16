package dev.murmuration.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Properties;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

class LogLinesTest {

    @Test
    void aLineSaysWhenHowGraveAndWhichClass() throws IOException {
        Properties settings = new Properties();
        try (InputStream in =
                Files.newInputStream(Path.of("src/main/resources/META-INF/microprofile-config.properties"))) {
            settings.load(in);
        }
        ExtLogRecord line = new ExtLogRecord(
                Level.WARN, "lost feed x", ExtLogRecord.FormatStyle.NO_FORMAT, LogLinesTest.class.getName());
        line.setLoggerName("dev.murmuration.crawler.feed.live.XFeed");
        line.setInstant(Instant.parse("2026-12-01T10:20:30.456Z"));

        assertThat(new PatternFormatter(settings.getProperty("quarkus.log.console.format")).format(line))
                .matches(
                        "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:30\\.456 WARN  \\[d\\.m\\.c\\.f\\.l\\.XFeed] lost feed x\\R");
    }
}
