package dev.murmuration.filter.settings;

import dev.murmuration.filter.dataset.Balance;
import dev.murmuration.filter.dataset.DataSet;
import dev.murmuration.filter.dataset.DataSets;
import dev.murmuration.filter.dataset.DecisionRules;
import dev.murmuration.filter.dataset.Origin;
import dev.murmuration.filter.dataset.Splits;
import dev.murmuration.filter.settings.FilterSettings.BalanceName;
import dev.murmuration.filter.settings.FilterSettings.DataSetSettings;
import dev.murmuration.filter.settings.FilterSettings.NearDuplicateRule;
import dev.murmuration.filter.settings.FilterSettings.SplitSettings;
import dev.murmuration.filter.settings.FilterSettings.ThresholdSettings;
import dev.murmuration.schemas.Thresholds;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the rules of the filter from its settings, whose values were checked when they were read. */
public final class FilterFactory {

    private FilterFactory() {}

    /** The rules of the decision. */
    public static DecisionRules rules(FilterSettings settings) {
        SplitSettings split = settings.split();
        return new DecisionRules(
                dataSets(settings),
                new Splits(split.by(), split.train(), split.val(), split.test()),
                settings.nearDuplicateDistance(),
                settings.nearDuplicateQuality(),
                settings.nearDuplicateAge(),
                settings.text());
    }

    /** The data sets that are cut, in their order. */
    static DataSets dataSets(FilterSettings settings) {
        return new DataSets(settings.active().stream()
                .map(name -> dataSet(name, settings.datasets().get(name)))
                .toList());
    }

    private static DataSet dataSet(String name, @Nullable DataSetSettings own) {
        return own == null ? Objects.requireNonNull(Presets.ALL.get(name)) : described(name, own);
    }

    private static DataSet described(String name, DataSetSettings own) {
        Optional<DataSet> preset = preset(name, own);
        Optional<Thresholds> from = preset.map(DataSet::thresholds);
        ThresholdSettings threshold = own.threshold();
        return new DataSet(
                name,
                new Thresholds(
                        orElse(threshold.negative(), from.map(Thresholds::getNegative)),
                        orElse(threshold.neutral(), from.map(Thresholds::getNeutral)),
                        orElse(threshold.positive(), from.map(Thresholds::getPositive))),
                balance(own, preset.map(DataSet::balance).orElseGet(Balance.None::new)),
                new Origin(
                        Set.copyOf(own.sources().orElse(List.of())),
                        own.since().orElse(Instant.MIN),
                        own.until().orElse(Instant.MAX)),
                own.nearDuplicates().orElse(NearDuplicateRule.REMOVE) == NearDuplicateRule.KEEP);
    }

    /** The preset that a data set takes what it leaves out from; empty if it has none. */
    static Optional<DataSet> preset(String name, DataSetSettings own) {
        return Optional.ofNullable(Presets.ALL.get(own.preset().orElse(name)));
    }

    private static double orElse(OptionalDouble own, Optional<Double> preset) {
        return own.isPresent() ? own.getAsDouble() : preset.orElseThrow();
    }

    private static Balance balance(DataSetSettings own, Balance preset) {
        long presetSlack = preset instanceof Balance.Undersample(long slack) ? slack : Presets.SLACK;
        BalanceName presetName = preset instanceof Balance.Undersample ? BalanceName.UNDERSAMPLE : BalanceName.NONE;
        return switch (own.balance().orElse(presetName)) {
            case NONE -> new Balance.None();
            case UNDERSAMPLE -> new Balance.Undersample(own.slack().orElse(presetSlack));
        };
    }
}
