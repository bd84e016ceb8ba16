package dev.murmuration.console.pipeline;

import java.time.Instant;
import java.util.List;

/**
 * The pipeline at one moment.
 *
 * @param at when
 * @param stages in the order of the pipeline
 */
public record PipelineState(Instant at, List<StageState> stages) {

    /** Before the first look. */
    public static final PipelineState UNSEEN = new PipelineState(Instant.EPOCH, List.of());

    /** Whether anybody has looked yet. */
    public boolean isSeen() {
        return !stages.isEmpty();
    }
}
