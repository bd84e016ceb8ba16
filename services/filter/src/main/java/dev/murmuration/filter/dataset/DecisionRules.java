package dev.murmuration.filter.dataset;

import java.time.Duration;
import java.util.Optional;

/**
 * What the decider decides by.
 *
 * @param distance largest PDQ distance of near duplicates, in bits
 * @param quality least PDQ quality of near duplicates
 * @param age how long a kept photo can be repeated, by the times of the tweets; empty: for ever
 * @param keepsText whether a labelled image carries its tweet's text
 */
public record DecisionRules(
        DataSets dataSets, Splits splits, int distance, int quality, Optional<Duration> age, boolean keepsText) {}
