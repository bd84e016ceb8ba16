package dev.murmuration.evaluator;

import ai.djl.Device;
import dev.murmuration.stage.commit.Fatal;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.concurrent.CountDownLatch;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Not ready until libtorch is loaded, which happens in parallel with the rest of startup. If it cannot be loaded, the process ends now and
 * not at the first checkpoint.
 */
@Readiness
@ApplicationScoped
class EngineHealth implements HealthCheck {

    private final CountDownLatch loading = new CountDownLatch(1);

    private final EvaluatorFactory factory;

    @Inject
    EngineHealth(EvaluatorFactory factory) {
        this.factory = factory;
    }

    void load(@Observes StartupEvent event) {
        Thread.ofPlatform().name("engine").daemon().start(this::load);
    }

    private void load() {
        try {
            Device unused = factory.device();
            loading.countDown();
        } catch (RuntimeException | Error e) { // libtorch that cannot be loaded is an Error
            Fatal.exit("libtorch cannot be loaded", e);
        }
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("engine")
                .status(loading.getCount() == 0)
                .build();
    }
}
