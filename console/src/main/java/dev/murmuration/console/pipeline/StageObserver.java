package dev.murmuration.console.pipeline;

import dev.murmuration.cluster.Groups;
import dev.murmuration.cluster.Watch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Looks at the stages, again and again. Not safe for use by several threads. */
public final class StageObserver {

    private static final Duration SHORT = Duration.ofSeconds(10);

    private static final class Memory {
        private final Watch watch;
        private final Progression positions = new Progression();
        private final Progression lags = new Progression();

        Memory(Clock clock) {
            this.watch = new Watch(clock);
        }
    }

    private final Groups groups;
    private final HealthProbe probe;
    private final LagHistory history;
    private final Clock clock;
    private final Map<String, Memory> memories = new HashMap<>();

    /** Looks through these; what it sees of lags goes to the history too. */
    public StageObserver(Groups groups, HealthProbe probe, LagHistory history, Clock clock) {
        this.groups = groups;
        this.probe = probe;
        this.history = history;
        this.clock = clock;
    }

    /**
     * The stages as of now.
     *
     * @throws ExecutionException if the cluster refuses
     * @throws TimeoutException if the cluster does not answer
     */
    public PipelineState look() throws ExecutionException, TimeoutException {
        Map<String, Health> health = new HashMap<>();
        List<StageState> states = new ArrayList<>();
        for (Stage stage : Stage.ALL) {
            Memory memory = memories.computeIfAbsent(stage.name(), name -> new Memory(clock));
            Health of = health.computeIfAbsent(stage.service(), probe::of);
            states.add(stage.group().isEmpty() ? writer(stage, of, memory) : reader(stage, of, memory));
        }
        return new PipelineState(clock.instant(), states);
    }

    private StageState writer(Stage stage, Health health, Memory memory) throws ExecutionException, TimeoutException {
        long written = groups.ends(List.of(stage.writes())).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        memory.positions.add(clock.instant(), written);
        return state(stage, health, memory, written, 0, Duration.ZERO, Duration.ZERO);
    }

    private StageState reader(Stage stage, Health health, Memory memory) throws ExecutionException, TimeoutException {
        Instant now = clock.instant();
        memory.watch.look(groups.readings(stage.group(), List.of(stage.reads())));
        long position = 0;
        long waiting = 0;
        Duration age = Duration.ZERO;
        Duration standing = Duration.ZERO;
        for (var reading : memory.watch.readings().entrySet()) {
            TopicPartition partition = reading.getKey();
            position += reading.getValue().committed();
            waiting += memory.watch.records(partition);
            age = longer(age, memory.watch.age(partition));
            standing = longer(standing, memory.watch.standing(partition));
            history.add(stage.group(), partition, now, memory.watch.records(partition), memory.watch.age(partition));
        }
        memory.positions.add(now, position);
        memory.lags.add(now, waiting);
        return state(stage, health, memory, position, waiting, age, standing);
    }

    private static StageState state(
            Stage stage, Health health, Memory memory, long position, long waiting, Duration age, Duration standing) {
        return new StageState(
                stage,
                health,
                position,
                boxed(memory.positions.perSecond(SHORT)),
                boxed(memory.positions.perSecond(Progression.MEMORY)),
                waiting,
                age.toMillis() / 1000.0,
                standing.toMillis() / 1000.0,
                LagTrend.of(waiting, memory.lags));
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? Math.max(0, value.getAsDouble()) : null;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
