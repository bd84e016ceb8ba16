package dev.murmuration.local.audit;

import java.util.List;

/**
 * A violation of a guarantee.
 *
 * @param what the violated guarantee
 * @param count number of cases
 * @param examples some of them
 */
public record Difference(String what, long count, List<String> examples) {}
