package dev.murmuration.local.audit;

import java.util.List;

/**
 * Something that is not as it must be.
 *
 * @param what the broken promise
 * @param count how often
 * @param examples some of them
 */
public record Difference(String what, long count, List<String> examples) {}
