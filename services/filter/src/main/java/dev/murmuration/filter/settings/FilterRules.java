package dev.murmuration.filter.settings;

import dev.murmuration.filter.settings.FilterSettings.DataSetSettings;
import dev.murmuration.filter.settings.FilterSettings.ShardSettings;
import dev.murmuration.filter.settings.FilterSettings.SplitSettings;
import dev.murmuration.filter.settings.FilterSettings.ThresholdSettings;
import dev.murmuration.stage.settings.SettingProblems;
import dev.murmuration.stage.settings.SettingsRules;
import java.time.Instant;
import java.util.HashSet;
import java.util.OptionalDouble;
import java.util.Set;

/** What the filter's settings must be together: each data set complete, and all of them told apart by their names. */
final class FilterRules implements SettingsRules<FilterSettings> {

    private static final String DATA_SETS = "filter.datasets.";

    @Override
    public void check(FilterSettings settings, SettingProblems problems) {
        settings.datasets().forEach((name, own) -> dataSet(name, own, problems));
        active(settings, problems);
        SplitSettings split = settings.split();
        if (split.train() == 0 && split.val() == 0 && split.test() == 0) {
            problems.add("filter.split.train", 0, "must not be 0 where val and test are 0 too");
        }
        ShardSettings shards = settings.shards();
        if (shards.minSide() > shards.side()) {
            problems.add(
                    "filter.shards.min-side", shards.minSide(), "must be at most filter.shards.side, " + shards.side());
        }
    }

    private static void active(FilterSettings settings, SettingProblems problems) {
        Set<String> names = new HashSet<>();
        for (String name : settings.active()) {
            if (!settings.datasets().containsKey(name) && !Presets.ALL.containsKey(name)) {
                problems.add(
                        "filter.active",
                        name,
                        "is neither a preset (bal, bal-flat, flat, unb) nor described under " + DATA_SETS + name);
            }
            if (!names.add(name)) {
                problems.add("filter.active", name, "is listed twice");
            }
        }
    }

    private static void dataSet(String name, DataSetSettings own, SettingProblems problems) {
        String at = DATA_SETS + name;
        if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            problems.add(at, name, "must be lower-case letters and digits with single hyphens");
        }
        if (FilterFactory.preset(name, own).isEmpty()) {
            ThresholdSettings threshold = own.threshold();
            isSet(at + ".threshold.negative", threshold.negative(), problems);
            isSet(at + ".threshold.neutral", threshold.neutral(), problems);
            isSet(at + ".threshold.positive", threshold.positive(), problems);
        }
        Instant since = own.since().orElse(Instant.MIN);
        Instant until = own.until().orElse(Instant.MAX);
        if (!since.isBefore(until)) {
            problems.add(at + ".until", until, "must be after %s.since, %s".formatted(at, since));
        }
    }

    private static void isSet(String setting, OptionalDouble threshold, SettingProblems problems) {
        if (threshold.isEmpty()) {
            problems.add(setting, "", "must be set, since the data set has no preset");
        }
    }
}
