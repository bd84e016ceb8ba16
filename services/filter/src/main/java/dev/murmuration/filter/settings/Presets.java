package dev.murmuration.filter.settings;

import dev.murmuration.filter.dataset.Balance;
import dev.murmuration.filter.dataset.DataSet;
import dev.murmuration.schemas.Thresholds;
import java.util.Map;
import java.util.Set;

/** The data sets of Serra et al., "The Emotions of the Crowd", ECAI 2023, by the names of their models. */
public final class Presets {

    /** The slack of the balanced presets, in photos. */
    static final long SLACK = 1;

    private static final Thresholds FLAT = new Thresholds(0.70, 0.70, 0.70);
    private static final Thresholds STEEP = new Thresholds(0.70, 0.90, 0.90);

    /** Each preset by its name. */
    public static final Map<String, DataSet> ALL = Map.of(
            "flat", new DataSet("flat", FLAT, new Balance.None(), Set.of()),
            "unb", new DataSet("unb", STEEP, new Balance.None(), Set.of()),
            "bal", new DataSet("bal", STEEP, new Balance.Undersample(SLACK), Set.of()),
            "bal-flat", new DataSet("bal-flat", FLAT, new Balance.Undersample(SLACK), Set.of()));

    private Presets() {}
}
