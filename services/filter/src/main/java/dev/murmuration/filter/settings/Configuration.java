package dev.murmuration.filter.settings;

import dev.murmuration.filter.dataset.Balance;
import dev.murmuration.filter.dataset.DataSet;
import dev.murmuration.filter.dataset.DataSets;
import dev.murmuration.filter.dataset.DecisionRules;
import dev.murmuration.filter.dataset.Origin;
import dev.murmuration.filter.dataset.Splits;
import dev.murmuration.filter.duplicate.PdqIndex;
import dev.murmuration.filter.settings.FilterSettings.DataSetSettings;
import dev.murmuration.filter.settings.FilterSettings.SplitSettings;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.stage.SettingException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns settings into rules, or says which of them is wrong. */
public final class Configuration {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final String PREFIX = "filter.datasets.";
    private static final int LEAST_EVENT_BYTES = 1024;
    private static final int MOST_EVENT_BYTES = 16 << 20;

    private Configuration() {}

    /**
     * Reads the rules of the decision.
     *
     * @throws SettingException naming the setting and its value
     */
    public static DecisionRules rules(FilterSettings settings) {
        mostBytes(settings);
        within("filter.near-duplicate-distance", settings.nearDuplicateDistance(), 0, PdqIndex.LARGEST_DISTANCE);
        within("filter.near-duplicate-quality", settings.nearDuplicateQuality(), 0, 100);
        return new DecisionRules(
                dataSets(settings.active(), settings.datasets()),
                splits(settings.split()),
                settings.nearDuplicateDistance(),
                settings.nearDuplicateQuality(),
                age(settings.nearDuplicateAge()),
                settings.text());
    }

    /**
     * Reads the maximum size of an event.
     *
     * @throws SettingException if no event could be so small, or no request so large
     */
    public static int mostBytes(FilterSettings settings) {
        within("filter.max-event-bytes", settings.maxEventBytes(), LEAST_EVENT_BYTES, MOST_EVENT_BYTES);
        return settings.maxEventBytes();
    }

    private static Optional<Duration> age(Optional<Duration> age) {
        age.ifPresent(given -> {
            if (given.toMillis() < 1) {
                throw new SettingException("filter.near-duplicate-age", given, "must be at least 1 ms");
            }
        });
        return age;
    }

    static DataSets dataSets(List<String> active, Map<String, DataSetSettings> described) {
        described.forEach(Configuration::dataSet);
        List<DataSet> sets = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String name : active) {
            DataSetSettings own = described.get(name);
            DataSet preset = Presets.ALL.get(name);
            if (own == null && preset == null) {
                throw new SettingException(
                        "filter.active",
                        name,
                        "is neither a preset (bal, bal-flat, flat, unb) nor described under " + PREFIX + name);
            }
            if (!names.add(name)) {
                throw new SettingException("filter.active", name, "is listed twice");
            }
            sets.add(own == null ? preset : dataSet(name, own));
        }
        if (sets.isEmpty() || sets.size() > DataSets.MAX) {
            throw new SettingException("filter.active", active, "must name 1 to %d data sets".formatted(DataSets.MAX));
        }
        return new DataSets(sets);
    }

    private static DataSet dataSet(String name, DataSetSettings own) {
        String at = PREFIX + name + ".";
        if (!NAME.matcher(name).matches()) {
            throw new SettingException(
                    PREFIX + name, name, "must be lower-case letters and digits with single hyphens");
        }
        DataSet preset = preset(name, own);
        Thresholds from = preset == null ? null : preset.thresholds();
        return new DataSet(
                name,
                new Thresholds(
                        threshold(
                                at + "threshold.negative",
                                own.threshold().negative(),
                                from == null ? null : from.getNegative()),
                        threshold(
                                at + "threshold.neutral",
                                own.threshold().neutral(),
                                from == null ? null : from.getNeutral()),
                        threshold(
                                at + "threshold.positive",
                                own.threshold().positive(),
                                from == null ? null : from.getPositive())),
                balance(at, own, preset),
                origin(at, own),
                keepsRepeats(at, own));
    }

    private static boolean keepsRepeats(String at, DataSetSettings own) {
        String given = own.nearDuplicates().orElse("remove");
        return switch (given) {
            case "remove" -> false;
            case "keep" -> true;
            default -> throw new SettingException(at + "near-duplicates", given, "must be remove or keep");
        };
    }

    private static Origin origin(String at, DataSetSettings own) {
        Instant since = own.since().orElse(Instant.MIN);
        Instant until = own.until().orElse(Instant.MAX);
        if (!since.isBefore(until)) {
            throw new SettingException(at + "until", until, "must be after " + at + "since, " + since);
        }
        return new Origin(Set.copyOf(own.sources().orElse(List.of())), since, until);
    }

    private static @Nullable DataSet preset(String name, DataSetSettings own) {
        String preset = own.preset().orElse(name);
        if (own.preset().isPresent() && !Presets.ALL.containsKey(preset)) {
            throw new SettingException(PREFIX + name + ".preset", preset, "must be bal, bal-flat, flat or unb");
        }
        return Presets.ALL.get(preset);
    }

    private static double threshold(String setting, OptionalDouble given, @Nullable Double preset) {
        if (given.isEmpty()) {
            if (preset == null) {
                throw new SettingException(setting, "", "must be set, since the data set has no preset");
            }
            return preset;
        }
        double value = given.getAsDouble();
        if (!(value >= 0 && value < 1)) {
            throw new SettingException(setting, value, "must be at least 0 and less than 1");
        }
        return value;
    }

    private static Balance balance(String at, DataSetSettings own, @Nullable DataSet preset) {
        long presetSlack =
                preset != null && preset.balance() instanceof Balance.Undersample(long slack) ? slack : Presets.SLACK;
        long slack = own.slack().orElse(presetSlack);
        if (slack < 1) {
            throw new SettingException(at + "slack", slack, "must be at least 1");
        }
        String kind = own.balance()
                .orElse(preset != null && preset.balance() instanceof Balance.Undersample ? "undersample" : "none");
        return switch (kind) {
            case "none" -> new Balance.None();
            case "undersample" -> new Balance.Undersample(slack);
            default -> throw new SettingException(at + "balance", kind, "must be none or undersample");
        };
    }

    private static Splits splits(SplitSettings split) {
        within("filter.split.train", split.train(), 0, 1_000_000);
        within("filter.split.val", split.val(), 0, 1_000_000);
        within("filter.split.test", split.test(), 0, 1_000_000);
        if (split.train() + split.val() + split.test() == 0) {
            throw new SettingException("filter.split.train", 0, "must not be 0 where val and test are 0 too");
        }
        return new Splits(split.by(), split.train(), split.val(), split.test());
    }

    static void within(String setting, long value, long least, long most) {
        if (value < least || value > most) {
            throw new SettingException(setting, value, "must be at least %d and at most %d".formatted(least, most));
        }
    }
}
