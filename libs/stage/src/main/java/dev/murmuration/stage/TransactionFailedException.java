package dev.murmuration.stage;

/** A transaction did not commit. The process is ending already; whoever catches this only lets go. */
public final class TransactionFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TransactionFailedException(String channel, Throwable cause) {
        super("the transaction of channel " + channel + " failed", cause);
    }
}
