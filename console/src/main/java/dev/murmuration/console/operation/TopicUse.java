package dev.murmuration.console.operation;

import dev.murmuration.cluster.Groups;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * A topic.
 *
 * @param name its name
 * @param subject of its schema in the registry; empty for dead letters
 * @param policy how long records stay
 * @param partitions how many; 0 if the topic is not there
 * @param written offsets that were ever written, markers of transactions included
 */
public record TopicUse(String name, String subject, String policy, int partitions, long written) {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /**
     * Every topic of the pipeline.
     *
     * @throws ExecutionException if the cluster refuses
     * @throws TimeoutException if the cluster does not answer
     */
    public static List<TopicUse> all(Map<String, Object> kafka) throws ExecutionException, TimeoutException {
        List<TopicUse> all = new ArrayList<>();
        try (Groups cluster = new Groups(kafka, TIMEOUT)) {
            Set<String> there = cluster.topics();
            for (Topic topic : Topics.ALL) {
                Map<?, Long> ends =
                        there.contains(topic.name()) ? cluster.ends(List.of(topic.name())) : Map.<Object, Long>of();
                all.add(new TopicUse(
                        topic.name(),
                        topic.schema().isPresent() ? topic.subject() : "",
                        topic.policy().name().toLowerCase(Locale.ROOT),
                        ends.size(),
                        ends.values().stream().mapToLong(Long::longValue).sum()));
            }
        }
        return all;
    }
}
