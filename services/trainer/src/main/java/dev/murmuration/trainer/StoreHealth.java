package dev.murmuration.trainer;

import dev.murmuration.stage.store.ObjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready only while the object store answers: shards come from it and checkpoints go into it. */
@Readiness
@ApplicationScoped
class StoreHealth implements HealthCheck {

    private final ObjectStore store;

    @Inject
    StoreHealth(ObjectStore store) {
        this.store = store;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("object store").status(store.answers()).build();
    }
}
