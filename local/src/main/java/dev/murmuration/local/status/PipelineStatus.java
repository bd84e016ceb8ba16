package dev.murmuration.local.status;

import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pipeline at one moment.
 *
 * @param at when
 * @param broker where
 * @param rows the stages in pipeline order
 * @param rejections by stage and reason, of the last ones
 * @param shards by data set and split, of the last ones
 * @param complete whether rejections and shards count all that the topics hold
 * @param checkpoint the last one
 * @param accuracies the last of each benchmark and protocol
 * @param deadLetters by service, of the last ones
 * @param undecodable events that could not be decoded
 */
public record PipelineStatus(
        Instant at,
        String broker,
        List<StageStatus> rows,
        Map<String, Map<String, Long>> rejections,
        Map<String, EventTally.Shards> shards,
        boolean complete,
        Optional<Checkpoint> checkpoint,
        List<Accuracy> accuracies,
        Map<String, Long> deadLetters,
        long undecodable) {}
