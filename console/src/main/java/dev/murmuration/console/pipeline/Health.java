package dev.murmuration.console.pipeline;

/** What a service says of itself by HTTP. */
public enum Health {
    /** Alive and ready. */
    READY("ready"),
    /** Alive; it starts, or waits for what it needs. */
    NOT_READY("not ready"),
    /** It says that it is stuck or broken. */
    NOT_ALIVE("not alive"),
    /** Nothing answers. */
    AWAY("away"),
    /** Nobody said where it is: {@code console.services}. */
    UNKNOWN("unknown");

    private final String text;

    Health(String text) {
        this.text = text;
    }

    /** For a person. */
    public String text() {
        return text;
    }

    /** By what two questions were answered with; 0 for no answer. */
    static Health of(int live, int ready) {
        if (live == 0) {
            return AWAY;
        }
        if (live != 200) {
            return NOT_ALIVE;
        }
        return ready == 200 ? READY : NOT_READY;
    }
}
