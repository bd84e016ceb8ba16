package dev.murmuration.stage;

/** The Kafka cluster did not answer within the timeout of the settings, or lacks topics of the pipeline. */
public final class BrokerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokerUnavailableException(String problem, Throwable cause) {
        super(problem, cause);
    }

    BrokerUnavailableException(String problem) {
        super(problem);
    }
}
