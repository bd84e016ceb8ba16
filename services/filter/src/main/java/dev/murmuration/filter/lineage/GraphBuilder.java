package dev.murmuration.filter.lineage;

import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.LearnedShard;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.ShardOffset;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Thresholds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes the graph from events: all shards first, then checkpoints and accuracies, each in the order of its topic. */
public final class GraphBuilder {

    private static final int RECIPE_DIGITS = 16;

    private record Placed(long offset, Shard shard, boolean replaces) {}

    private final LineageGraph graph = new LineageGraph();
    private final List<Placed> shards = new ArrayList<>();
    private final Map<String, Long> offsets = new HashMap<>();
    private final Map<String, Integer> erased = new HashMap<>();

    /**
     * Records how many of a checkpoint's samples were erased after it had learned them. Call it before the checkpoint is added.
     */
    public void erased(String sha256, int samples) {
        erased.merge(sha256, samples, Integer::sum);
    }

    /**
     * Adds a shard.
     *
     * @param offset of its event
     * @param replaces the key of the shard whose remaining samples it has
     */
    public void shard(long offset, Shard shard, Optional<String> replaces) {
        shards.add(new Placed(offset, shard, replaces.isPresent()));
        offsets.put(shard.getKey(), offset);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("sha256", shard.getSha256());
        facts.put("data set", shard.getDataset());
        facts.put("split", shard.getSplit().name());
        facts.put("samples", Integer.toString(shard.getSamples()));
        Thresholds sure = shard.getThresholds();
        facts.put("thresholds", "%s, %s, %s".formatted(sure.getNegative(), sure.getNeutral(), sure.getPositive()));
        facts.put(
                "sealed from",
                "labelled-images/%d, offsets %d to %d"
                        .formatted(shard.getSourcePartition(), shard.getFirstOffset(), shard.getLastOffset()));
        replaces.ifPresent(key -> facts.put("replaces", key));
        Node node = new Node(Kind.SHARD, shard.getKey(), shard.getKey(), facts);
        graph.add(node);
        Teacher teacher = shard.getTeacher();
        Node scorer = Node.of(Kind.TEACHER, teacher.getName() + "@" + teacher.getVersion());
        graph.add(scorer);
        graph.connect(node.key(), scorer.key());
        // Whatever the newer one has, was in the older one, which may have been learned before.
        replaces.ifPresent(older -> graph.connect(new Node.Key(Kind.SHARD, older), node.key()));
    }

    /** Adds a checkpoint, with what it learned since the one that it continues. */
    public void checkpoint(Checkpoint checkpoint) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("architecture", checkpoint.getArchitecture());
        facts.put("samples seen", Long.toString(checkpoint.getSamplesSeen()));
        facts.put("object", checkpoint.getKey());
        Node.Key key = new Node.Key(Kind.CHECKPOINT, checkpoint.getSha256());
        learned(checkpoint, key, facts);
        Integer gone = erased.get(checkpoint.getSha256());
        if (gone != null) {
            facts.put("erased", "%d of its samples, after it had learned them".formatted(gone));
        }
        graph.add(new Node(
                Kind.CHECKPOINT,
                checkpoint.getSha256(),
                "%s@%d".formatted(checkpoint.getRun(), checkpoint.getStep()),
                facts));
        if (!checkpoint.getContinues().isEmpty()) {
            graph.connect(key, new Node.Key(Kind.CHECKPOINT, checkpoint.getContinues()));
        }
        String settings = checkpoint.getSettings();
        Node recipe = new Node(
                Kind.RECIPE,
                settings.isEmpty()
                        ? checkpoint.getRecipe()
                        : Sha256.hex(settings).substring(0, RECIPE_DIGITS),
                checkpoint.getRecipe(),
                Map.of("settings", settings.isEmpty() ? "not in its event" : settings));
        graph.add(recipe);
        graph.connect(key, recipe.key());
    }

    private void learned(Checkpoint checkpoint, Node.Key key, Map<String, String> facts) {
        List<LearnedShard> named = checkpoint.getLearned();
        long version = 0;
        if (named != null) {
            for (LearnedShard shard : named) {
                graph.connect(key, new Node.Key(Kind.SHARD, shard.getKey()));
                version = Math.max(version, offsets.getOrDefault(shard.getKey(), -1L) + 1);
            }
            facts.put(
                    "shards",
                    "%d since the checkpoint before, with %,d samples"
                            .formatted(
                                    named.size(),
                                    named.stream()
                                            .mapToLong(LearnedShard::getSamples)
                                            .sum()));
        } else if (checkpoint.getShardOffsets().isEmpty()) {
            facts.put("shards", "unknown: its event was written before events named them");
        } else {
            long end = checkpoint.getShardOffsets().stream()
                    .mapToLong(ShardOffset::getOffset)
                    .max()
                    .orElseThrow();
            for (Placed placed : shards) {
                Shard shard = placed.shard();
                if (placed.offset() < end
                        && !placed.replaces()
                        && shard.getSplit() != Split.test
                        && shard.getDataset().equals(checkpoint.getDataset())) {
                    graph.connect(key, new Node.Key(Kind.SHARD, shard.getKey()));
                    version = placed.offset() + 1;
                }
            }
            facts.put("shards", "by its position: its event was written before events named them");
        }
        if (version > 0) {
            Node dataset = Node.of(Kind.DATASET, checkpoint.getDataset() + "@" + version);
            graph.add(dataset);
            graph.connect(key, dataset.key());
        }
    }

    /** Adds an accuracy, and its checkpoint where that is not there yet. */
    public void accuracy(Accuracy accuracy) {
        Checkpoint checkpoint = accuracy.getCheckpoint();
        Node.Key student = new Node.Key(Kind.CHECKPOINT, checkpoint.getSha256());
        if (!graph.contains(student)) {
            checkpoint(checkpoint);
        }
        Node benchmark = new Node(
                Kind.BENCHMARK,
                accuracy.getBenchmark() + "@" + accuracy.getBenchmarkSha256(),
                accuracy.getBenchmark(),
                Map.of());
        graph.add(benchmark);
        String protocol = accuracy.getBenchmark() + ":" + accuracy.getProtocol()
                + (accuracy.getFold() == null ? "" : ":" + accuracy.getFold());
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "accuracy",
                String.format(
                        Locale.ROOT,
                        "%.4f (%.4f to %.4f) of %d photos, macro F1 %.4f",
                        accuracy.getAccuracy(),
                        accuracy.getLow95(),
                        accuracy.getHigh95(),
                        accuracy.getSamples(),
                        accuracy.getMacroF1()));
        Node node = new Node(
                Kind.ACCURACY,
                checkpoint.getSha256() + ":" + protocol,
                "%s@%d:%s".formatted(checkpoint.getRun(), checkpoint.getStep(), protocol),
                facts);
        graph.add(node);
        graph.connect(node.key(), student);
        graph.connect(node.key(), benchmark.key());
    }

    /** The graph of what was added. */
    public LineageGraph graph() {
        return graph;
    }
}
