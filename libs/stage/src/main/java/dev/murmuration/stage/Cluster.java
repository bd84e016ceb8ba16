package dev.murmuration.stage;

import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;

/** The Kafka cluster at the start of a stage: whether it answers and has every topic. */
final class Cluster implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final long SECONDS_PER_REQUEST = 5;

    private final Admin admin;
    private final String address;

    Cluster(Map<String, Object> config) {
        Map<String, Object> quiet = new HashMap<>(config);
        quiet.put("client.id", "progress");
        quiet.put("default.api.timeout.ms", 5000);
        quiet.put("request.timeout.ms", 5000);
        quiet.put("reconnect.backoff.max.ms", 5000);
        this.address = String.valueOf(config.get("bootstrap.servers"));
        this.admin = Admin.create(quiet);
    }

    /** Waits until the cluster has every topic of the pipeline. */
    void awaitTopics(TopicNames names, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        Set<String> wanted = Topics.ALL.stream().map(names::of).collect(Collectors.toSet());
        while (true) {
            BrokerUnavailableException problem;
            try {
                Set<String> missing = new TreeSet<>(wanted);
                missing.removeAll(get(admin.listTopics().names()));
                if (missing.isEmpty()) {
                    return;
                }
                problem = new BrokerUnavailableException(
                        "Kafka at %s has no topics %s; the platform creates them".formatted(address, missing));
            } catch (ExecutionException | TimeoutException e) {
                problem = new BrokerUnavailableException(
                        "Kafka at %s does not answer within %s; check kafka.bootstrap.servers and that the broker runs"
                                .formatted(address, timeout),
                        e);
            }
            if (System.nanoTime() > deadline) {
                throw problem;
            }
            sleep();
        }
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.get(SECONDS_PER_REQUEST, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("interrupted");
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerUnavailableException("stopped while waiting for Kafka", e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
