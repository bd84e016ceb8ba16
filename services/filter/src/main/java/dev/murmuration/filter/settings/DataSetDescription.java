package dev.murmuration.filter.settings;

import dev.murmuration.filter.dataset.Balance;
import dev.murmuration.filter.dataset.DataSet;
import dev.murmuration.schemas.Thresholds;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a data set is by its configuration, for those who look at it from outside.
 *
 * @param slack how much its classes may differ, in photos; empty: it is not balanced
 * @param sources the feeds and crawls it takes from; empty: all
 * @param since when its oldest tweet may have been created
 * @param until before when its newest must have been
 * @param keepsRepeats whether it takes near duplicates of what it has
 */
public record DataSetDescription(
        String name,
        Thresholds thresholds,
        OptionalLong slack,
        Set<String> sources,
        Optional<Instant> since,
        Optional<Instant> until,
        boolean keepsRepeats) {

    /** The configured data sets, in their order. */
    public static List<DataSetDescription> of(FilterSettings settings) {
        return FilterFactory.dataSets(settings).all().stream()
                .map(DataSetDescription::of)
                .toList();
    }

    private static DataSetDescription of(DataSet set) {
        OptionalLong slack =
                switch (set.balance()) {
                    case Balance.None none -> OptionalLong.empty();
                    case Balance.Undersample(long most) -> OptionalLong.of(most);
                };
        return new DataSetDescription(
                set.name(),
                set.thresholds(),
                slack,
                set.origin().sources(),
                Optional.of(set.origin().since()).filter(since -> !since.equals(Instant.MIN)),
                Optional.of(set.origin().until()).filter(until -> !until.equals(Instant.MAX)),
                set.keepsRepeats());
    }
}
