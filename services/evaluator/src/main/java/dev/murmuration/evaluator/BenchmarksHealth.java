package dev.murmuration.evaluator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Reports the state of each benchmark. A missing benchmark does not affect readiness: checkpoints are measured on the others. */
@Readiness
@ApplicationScoped
class BenchmarksHealth implements HealthCheck {

    private final EvaluatorFactory workbench;

    @Inject
    BenchmarksHealth(EvaluatorFactory workbench) {
        this.workbench = workbench;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("benchmarks").up();
        workbench.benchmarks().findings().forEach(response::withData);
        return response.build();
    }
}
