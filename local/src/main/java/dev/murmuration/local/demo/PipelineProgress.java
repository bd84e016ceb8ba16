package dev.murmuration.local.demo;

import dev.murmuration.local.audit.AuditTally;
import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The pipeline as counts, stage by stage, from its topics and the trainer's metrics.
 *
 * @param stages in the order of the pipeline
 * @param standing the first stage with inputs that wait
 * @param advanced grows with every progress: if it does not, nothing moves
 * @param done whether the end of the feed has come through all stages
 */
public record PipelineProgress(List<StageProgress> stages, Optional<String> standing, long advanced, boolean done) {

    /** Gauges of the trainer, by their Prometheus names. */
    private static final String STEP = "murmuration_trainer_step";

    private static final String LOSS = "murmuration_trainer_loss";

    /**
     * As of now.
     *
     * @param ledger the content of the topics
     * @param trainer metrics of the trainer, by name; empty if it does not answer
     */
    public static PipelineProgress of(AuditTally ledger, Map<String, Double> trainer) {
        List<StageProgress> stages = new ArrayList<>();
        long records =
                ledger.cursors().values().stream().mapToLong(Cursor::getRecords).sum();
        boolean feedEnded = ledger.ended(Topics.TWEETS.name());
        stages.add(new StageProgress(
                "crawler",
                records,
                ledger.tweetCount(),
                ledger.rejectedBy("crawler"),
                0,
                "%,d photos%s".formatted(ledger.photoCount(), feedEnded ? ", feed ended" : "")));
        long teacherLag = ledger.tweetCount() - ledger.scoredCount() - ledger.deadLettersOf("teacher");
        stages.add(new StageProgress(
                "teacher",
                ledger.tweetCount(),
                ledger.scoredCount(),
                ledger.rejectedBy("teacher"),
                Math.max(0, teacherLag),
                ""));
        long decided = ledger.labelledCount() + ledger.rejectedBy("filter");
        stages.add(new StageProgress(
                "filter",
                decided,
                ledger.labelledCount(),
                ledger.rejectedBy("filter"),
                Math.max(0, ledger.photoCount() - decided - ledger.rejectedBy("teacher")),
                "of photos"));
        long samples = ledger.shards().stream().mapToLong(Shard::getSamples).sum();
        stages.add(new StageProgress(
                "shards",
                ledger.labelledCount(),
                ledger.shards().size(),
                ledger.rejectedBy("shards"),
                Math.max(0, ledger.unpackedCount()),
                "%,d samples".formatted(samples)));
        stages.add(new StageProgress(
                "trainer", ledger.shards().size(), ledger.checkpoints().size(), 0, 0, training(ledger, trainer)));
        stages.add(new StageProgress(
                "evaluator", ledger.checkpoints().size(), ledger.accuracies().size(), 0, 0, measured(ledger)));
        long advanced = stages.stream()
                        .mapToLong(stage -> stage.in() + stage.out() + stage.rejected())
                        .sum()
                + ledger.deadLetterCount()
                + trainer.getOrDefault(STEP, 0.0).longValue();
        return new PipelineProgress(
                stages, standing(ledger, feedEnded), advanced, ledger.ended(Topics.ACCURACIES.name()));
    }

    private static Optional<String> standing(AuditTally ledger, boolean feedEnded) {
        if (!feedEnded) {
            return Optional.of("crawler");
        }
        if (!ledger.ended(Topics.SCORED_TWEETS.name())) {
            return Optional.of("teacher");
        }
        if (!ledger.ended(Topics.LABELLED_IMAGES.name()) || !ledger.ended(Topics.SHARDS.name())) {
            return Optional.of("filter");
        }
        if (!ledger.ended(Topics.CHECKPOINTS.name())) {
            return Optional.of("trainer");
        }
        return ledger.ended(Topics.ACCURACIES.name()) ? Optional.empty() : Optional.of("evaluator");
    }

    private static String training(AuditTally ledger, Map<String, Double> trainer) {
        if (trainer.containsKey(STEP)) {
            return String.format(
                    Locale.ROOT,
                    "step %,d, loss %.3f",
                    trainer.get(STEP).longValue(),
                    trainer.getOrDefault(LOSS, Double.NaN));
        }
        if (ledger.checkpoints().isEmpty()) {
            return "";
        }
        Checkpoint last = ledger.checkpoints().getLast();
        return String.format(Locale.ROOT, "step %,d, loss %.3f", last.getStep(), last.getTrainLoss());
    }

    private static String measured(AuditTally ledger) {
        if (ledger.accuracies().isEmpty()) {
            return "";
        }
        Accuracy last = ledger.accuracies().getLast();
        return String.format(
                Locale.ROOT, "%s %s %.1f %%", last.getBenchmark(), last.getProtocol(), 100 * last.getAccuracy());
    }
}
