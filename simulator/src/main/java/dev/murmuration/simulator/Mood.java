package dev.murmuration.simulator;

/** What a scene or a text is like. */
enum Mood {
    NEGATIVE(0),
    NEUTRAL(1),
    POSITIVE(2);

    /** The class that the pipeline gives it. */
    final int label;

    Mood(int label) {
        this.label = label;
    }

    static Mood of(int label) {
        return switch (label) {
            case 0 -> NEGATIVE;
            case 1 -> NEUTRAL;
            case 2 -> POSITIVE;
            default -> throw new IllegalArgumentException("no class " + label);
        };
    }
}
