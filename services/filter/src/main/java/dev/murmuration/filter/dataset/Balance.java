package dev.murmuration.filter.dataset;

import dev.murmuration.schemas.Sentiment;

/** Whether a data set has room for one more photo of a class, given what it took so far. */
public sealed interface Balance {

    /** Whether it takes one more of this class. */
    boolean accepts(ClassCounts taken, Sentiment label);

    /** Takes every class as it comes. */
    record None() implements Balance {

        @Override
        public boolean accepts(ClassCounts taken, Sentiment label) {
            return true;
        }
    }

    /**
     * Takes a class only while its count is less than the smallest class's count + slack, so that at any moment no two classes
     * differ by more than slack: but for what authors delete, after which the classes that are ahead wait until the others have
     * caught up.
     *
     * @param slack in photos, at least 1: with 0 no first photo could ever be taken
     */
    record Undersample(long slack) implements Balance {

        /** @throws IllegalArgumentException if the slack is less than 1 */
        public Undersample {
            if (slack < 1) {
                throw new IllegalArgumentException("slack " + slack);
            }
        }

        @Override
        public boolean accepts(ClassCounts taken, Sentiment label) {
            return taken.of(label) < taken.smallest() + slack;
        }
    }
}
