package dev.murmuration.filter;

/**
 * What the decider decides by.
 *
 * @param distance largest PDQ distance of near duplicates, in bits
 * @param quality least PDQ quality of near duplicates
 * @param keepsText whether a labelled image carries its tweet's text
 */
record DecisionRules(DataSets dataSets, Splits splits, int distance, int quality, boolean keepsText) {}
