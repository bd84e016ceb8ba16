package dev.murmuration.filter.shard;

import dev.murmuration.filter.settings.FilterSettings;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.Consumer;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Whether the packer moves. Its committed position cannot tell: it stands still for as long as a shard is open. So this watches records: not alive when some
 * wait, or one is being packed, and none was finished for a while; or when the consumer's polling thread does not answer.
 */
@Liveness
@ApplicationScoped
class PackerProgress implements HealthCheck {

    private final Duration stuckAfter;
    private final Clock clock = Clock.systemUTC();
    private volatile Instant moved = clock.instant();
    private volatile Instant answered = clock.instant();
    private volatile boolean isBusy;
    private volatile long waiting;

    @Inject
    PackerProgress(FilterSettings settings) {
        this.stuckAfter = settings.shards().stuckAfter();
    }

    /** Work begins. */
    void begin() {
        isBusy = true;
    }

    /** A record is packed. */
    void moved() {
        moved = clock.instant();
    }

    /** Nothing is being done. */
    void end() {
        isBusy = false;
    }

    /** Asks the consumer how much waits; returns at once. */
    void look(KafkaConsumer<byte[], byte[]> consumer) {
        consumer.runOnPollingThread(PackerProgress::lag)
                .subscribe()
                .with(
                        lag -> {
                            if (waiting == 0) {
                                moved = clock.instant();
                            }
                            waiting = lag;
                            answered = clock.instant();
                        },
                        failure -> {
                            // The answer that does not come is what counts.
                        });
    }

    private static long lag(Consumer<byte[], byte[]> consumer) {
        return consumer.assignment().stream()
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum();
    }

    @Override
    public HealthCheckResponse call() {
        Instant limit = clock.instant().minus(stuckAfter);
        boolean isStuck = (isBusy || waiting > 0) && moved.isBefore(limit);
        boolean isSilent = answered.isBefore(limit);
        return HealthCheckResponse.named("packer")
                .status(!isStuck && !isSilent)
                .withData("waiting", waiting)
                .withData("moved", moved.toString())
                .withData("answered", answered.toString())
                .build();
    }
}
