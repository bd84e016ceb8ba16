package dev.murmuration.filter.dataset;

import dev.murmuration.schemas.Tweet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Predicate;

/** The data sets of a run, in the order of the configuration. A set of them is a bit mask: bit i is data set i. */
public record DataSets(List<DataSet> all) {

    /** Maximum number of data sets: the bits of a mask. */
    public static final int MAX = Long.SIZE;

    /** @throws IllegalArgumentException unless there are 1 to {@link #MAX} data sets with different names */
    public DataSets {
        Set<String> names = new HashSet<>();
        if (all.isEmpty()
                || all.size() > MAX
                || !all.stream().map(DataSet::name).allMatch(names::add)) {
            throw new IllegalArgumentException("data sets " + names);
        }
        all = List.copyOf(all);
    }

    /** Those that take from this tweet's part of the stream. */
    public long takingFrom(Tweet tweet) {
        return mask(set -> set.takesFrom(tweet));
    }

    /** Those whose thresholds are met. */
    public long sureOf(Confidence confidence) {
        return mask(set -> set.isSureOf(confidence));
    }

    private long mask(Predicate<DataSet> predicate) {
        long mask = 0;
        for (int i = 0; i < all.size(); i++) {
            if (predicate.test(all.get(i))) {
                mask |= 1L << i;
            }
        }
        return mask;
    }

    /** The names of a mask, in order. */
    public List<String> names(long mask) {
        return of(mask).stream().map(DataSet::name).toList();
    }

    /** Those of a mask, in order. */
    public List<DataSet> of(long mask) {
        List<DataSet> these = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if ((mask & (1L << i)) != 0) {
                these.add(all.get(i));
            }
        }
        return these;
    }

    /** Those of these names in which a photo cannot be repeated; names of data sets that are no longer configured count for nothing. */
    public long withoutRepeats(List<String> names) {
        long mask = 0;
        for (String name : names) {
            mask |= bitWithoutRepeats(name);
        }
        return mask;
    }

    /** For a person: each data set with its thresholds. */
    public String describe() {
        StringJoiner text = new StringJoiner("; ");
        for (DataSet set : all) {
            text.add("%s (negative > %s, neutral > %s, positive > %s, %s%s)"
                    .formatted(
                            set.name(),
                            set.thresholds().getNegative(),
                            set.thresholds().getNeutral(),
                            set.thresholds().getPositive(),
                            switch (set.balance()) {
                                case Balance.None none -> "not balanced";
                                case Balance.Undersample undersample -> "classes within " + undersample.slack();
                            },
                            set.keepsRepeats() ? ", near duplicates kept" : ""));
        }
        return text.toString();
    }

    private long bitWithoutRepeats(String name) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).name().equals(name) && !all.get(i).keepsRepeats()) {
                return 1L << i;
            }
        }
        return 0;
    }
}
