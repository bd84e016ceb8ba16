package dev.murmuration.evaluator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Liveness: fails if a checkpoint is being measured and nothing progresses. */
@Liveness
@ApplicationScoped
class EvaluationHealth implements HealthCheck {

    private final Heartbeat heartbeat;
    private final Duration stuckAfter;

    @Inject
    EvaluationHealth(Heartbeat heartbeat, EvaluatorSettings settings) {
        this.heartbeat = heartbeat;
        this.stuckAfter = settings.stuckAfter();
    }

    @Override
    public HealthCheckResponse call() {
        Duration silence = heartbeat.silence();
        return HealthCheckResponse.named("evaluation")
                .status(silence.compareTo(stuckAfter) <= 0)
                .withData("seconds since the last photo", silence.toSeconds())
                .build();
    }
}
