package dev.murmuration.console.web;

import dev.murmuration.console.pipeline.LagTrend;
import dev.murmuration.stage.text.Printable;
import io.quarkus.qute.TemplateExtension;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How pages write numbers, times and strangers' texts. */
@TemplateExtension
final class Formats {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Formats() {}

    /** With commas: 12,345. */
    static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A number per second. */
    static String rate(double perSecond) {
        return perSecond >= 100
                ? String.format(Locale.ROOT, "%,.0f", perSecond)
                : String.format(Locale.ROOT, "%.1f", perSecond);
    }

    /** 0.705 as 70.5. */
    static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.1f", 100 * fraction);
    }

    /** Four decimals, as scores have. */
    static String score(double probability) {
        return String.format(Locale.ROOT, "%.4f", probability);
    }

    /** Seconds for a person: 3.2 s, 4 min 10 s, 2 h 5 min, 3 d 4 h. */
    static String age(double seconds) {
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        Duration age = Duration.ofSeconds(Math.round(seconds));
        if (age.toMinutes() == 0) {
            return age.toSeconds() + " s";
        }
        if (age.toHours() == 0) {
            return "%d min %d s".formatted(age.toMinutes(), age.toSecondsPart());
        }
        return age.toDays() == 0
                ? "%d h %d min".formatted(age.toHours(), age.toMinutesPart())
                : "%d d %d h".formatted(age.toDays(), age.toHoursPart());
    }

    /** A moment in UTC. */
    static String clock(Instant at) {
        return CLOCK.format(at);
    }

    /** Bytes for a person. */
    static String size(long bytes) {
        String[] units = {"B", "KB", "MB", "GB", "TB"};
        double size = bytes;
        int unit = 0;
        while (size >= 1000 && unit < units.length - 1) {
            size /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
    }

    /** The trend of a lag in words. */
    static String words(LagTrend trend) {
        @Nullable Double gone = trend.secondsUntilGone();
        return switch (trend.direction()) {
            case NONE -> "nothing waits";
            case STEADY -> "steady";
            case GROWING -> "grows by %s/s".formatted(rate(trend.perSecond()));
            case SHRINKING -> "gone in " + age(gone == null ? 0 : gone);
        };
    }

    /** Control characters made visible, none that reverses the direction of writing; Qute escapes the rest. */
    static String shown(String text) {
        return Printable.of(text);
    }

    /** As a part of a URL. */
    static String url(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Four digits behind the point, for losses. */
    static String loss(double loss) {
        return String.format(Locale.ROOT, "%.4f", loss);
    }

    /** Where the n-th bar of a histogram starts. */
    static int bar(int index) {
        return 2 * index;
    }

    /** A fraction of 1 as a place between 0 and 100. */
    static double place(double fraction) {
        return 100 * Math.clamp(fraction, 0, 1);
    }

    /** Where the n-th cell of a matrix starts. */
    static int cell(int index) {
        return 70 + 62 * index;
    }

    /** The middle of the n-th cell. */
    static int middle(int index) {
        return cell(index) + 30;
    }

    /** The share of a row that a number of it is, as an opacity. */
    static String share(Long count, List<Long> row) {
        long sum = row.stream().mapToLong(Long::longValue).sum();
        return String.format(Locale.ROOT, "%.3f", sum == 0 ? 0.0 : (double) count / sum);
    }

    /** Where the n-th box of the graph starts. */
    static int left(int index) {
        return 6 + index * 198;
    }
}
