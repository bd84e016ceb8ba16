package dev.murmuration.trainer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Not alive when there is something to learn and no step is made. */
@Liveness
@ApplicationScoped
class TrainingHealth implements HealthCheck {

    private final Heartbeat heartbeat;
    private final Duration stuckAfter;

    @Inject
    TrainingHealth(Heartbeat heartbeat, TrainerSettings settings) {
        this.heartbeat = heartbeat;
        this.stuckAfter = settings.stuckAfter();
    }

    @Override
    public HealthCheckResponse call() {
        Duration silence = heartbeat.silence();
        return HealthCheckResponse.named("training")
                .status(silence.compareTo(stuckAfter) <= 0)
                .withData("seconds since the last step", silence.toSeconds())
                .build();
    }
}
