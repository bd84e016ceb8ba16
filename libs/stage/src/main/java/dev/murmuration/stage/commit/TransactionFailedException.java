package dev.murmuration.stage.commit;

/** A transaction did not commit. The process is ending already; whoever catches this only lets go of what it holds. */
public final class TransactionFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param id the producer's {@code transactional.id}
     */
    public TransactionFailedException(String id, Throwable cause) {
        super("a transaction of " + id + " failed", cause);
    }
}
