package dev.murmuration.systemtest.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Faults without end, in an order that follows from a seed. */
final class FaultPlan {

    /** Every program; the platform is broker and object store in one process. */
    static final List<String> PROGRAMS =
            List.of("crawler", "teacher", "filter", "trainer", "evaluator", "platform", "registry");

    /** Seconds of SIGSTOP, 0 for a kill: brief, longer than a poll, longer than the session timeout of a static member (45 s). */
    private static final int[] STOPS = {0, 0, 0, 2, 10, 50};

    private static final double TWO_AT_ONCE = 0.15;

    private final Random random;
    private final List<String> round = new ArrayList<>();

    FaultPlan(long seed) {
        random = new Random(seed);
    }

    /** Hits every program once before any is hit again. */
    Fault next() {
        List<String> hit = new ArrayList<>(List.of(program()));
        if (random.nextDouble() < TWO_AT_ONCE) {
            String other = program();
            if (!hit.contains(other)) {
                hit.add(other);
            }
        }
        return new Fault(List.copyOf(hit), STOPS[random.nextInt(STOPS.length)]);
    }

    /** How long nothing happens after a recovery. */
    int pauseMillis() {
        return 1_000 + random.nextInt(4_000);
    }

    private String program() {
        if (round.isEmpty()) {
            round.addAll(PROGRAMS);
            Collections.shuffle(round, random);
        }
        return round.removeLast();
    }
}
