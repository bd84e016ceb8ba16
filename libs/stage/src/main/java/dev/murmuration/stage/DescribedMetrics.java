package dev.murmuration.stage;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Gives each metric the help text that {@code docs/metrics.md} has of it, which is a resource of this package too. */
@Singleton
class DescribedMetrics {

    /** Of a row: the name in Prometheus's form, type, labels, and what it is. */
    private static final Pattern ROW = Pattern.compile("\\| `(murmuration_\\w+)` \\|[^|]*\\|[^|]*\\| (.*) \\|");

    /** What Prometheus's convention may add to a name. */
    private static final List<String> ENDINGS =
            List.of("", "_total", "_seconds", "_bytes", "_seconds_total", "_bytes_total");

    /** A filter that adds what is missing. */
    @Produces
    @Singleton
    MeterFilter descriptions() {
        Map<String, String> texts = texts();
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getDescription() != null
                        ? id
                        : text(texts, id.getName())
                                .map(text -> new Meter.Id(
                                        id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), text, id.getType()))
                                .orElse(id);
            }
        };
    }

    private static Optional<String> text(Map<String, String> texts, String name) {
        String plain = name.replace('.', '_').replace('-', '_');
        return ENDINGS.stream()
                .flatMap(ending -> Stream.ofNullable(texts.get(plain + ending)))
                .findFirst();
    }

    private static Map<String, String> texts() {
        try (InputStream table = DescribedMetrics.class.getResourceAsStream("metrics.md")) {
            if (table == null) {
                throw new IllegalStateException("metrics.md is not among the resources");
            }
            Map<String, String> texts = new HashMap<>();
            new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(ROW::matcher)
                    .filter(Matcher::matches)
                    .forEach(row -> texts.put(row.group(1), row.group(2).replace("`", "")));
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
