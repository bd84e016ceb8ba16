package dev.murmuration.console.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/** A number over the last minutes: how fast it changes. Not safe for use by several threads. */
public final class Progression {

    /** How far back it remembers. */
    public static final Duration MEMORY = Duration.ofMinutes(5);

    private record Sample(Instant at, long value) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** Takes a value; times must not go back. Older ones are forgotten, but for one that a rate over {@link #MEMORY} needs. */
    public void add(Instant at, long value) {
        samples.addLast(new Sample(at, value));
        Instant oldest = at.minus(MEMORY);
        while (samples.size() > 2 && secondIsOldEnough(oldest)) {
            samples.removeFirst();
        }
    }

    private boolean secondIsOldEnough(Instant oldest) {
        Sample first = samples.removeFirst();
        boolean enough = !samples.getFirst().at().isAfter(oldest);
        samples.addFirst(first);
        return enough;
    }

    /** Change per second over the last {@code window}, or over what is known of it; empty with fewer than two samples. */
    public OptionalDouble perSecond(Duration window) {
        if (samples.size() < 2) {
            return OptionalDouble.empty();
        }
        Sample last = samples.getLast();
        Instant since = last.at().minus(window);
        Sample first = samples.getFirst();
        for (Sample sample : samples) {
            if (sample.at().isAfter(since)) {
                break;
            }
            first = sample;
        }
        double seconds = Duration.between(first.at(), last.at()).toMillis() / 1000.0;
        return seconds <= 0 ? OptionalDouble.empty() : OptionalDouble.of((last.value() - first.value()) / seconds);
    }

    /** How long ago its first sample that counts was taken; nothing with fewer than two. */
    public Duration span() {
        return samples.size() < 2
                ? Duration.ZERO
                : Duration.between(samples.getFirst().at(), samples.getLast().at());
    }
}
