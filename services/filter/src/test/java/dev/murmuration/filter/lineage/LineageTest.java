package dev.murmuration.filter.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.LearnedShard;
import dev.murmuration.schemas.PerClass;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.ShardOffset;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Thresholds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineageTest {

    private static final @Nullable List<LearnedShard> NOT_RECORDED = null;

    private final GraphBuilder builder = new GraphBuilder();

    @Test
    void walksFromAnAccuracyToTheTweetsOfEveryShardThatItsRunHasSeen() {
        builder.shard(0, shard("s0"), Optional.empty());
        builder.shard(1, shard("s1"), Optional.empty());
        builder.shard(2, shard("s2"), Optional.empty());
        builder.checkpoint(checkpoint("c1", 10, "", List.of(new LearnedShard("s0", 2))));
        builder.checkpoint(checkpoint("c2", 20, "c1", List.of(new LearnedShard("s1", 1))));
        builder.accuracy(LineageEvents.accuracy(checkpoint("c2", 20, "c1", List.of(new LearnedShard("s1", 1)))));
        Map<String, List<SampleEntry>> samples = Map.of(
                "s0",
                List.of(entry("t1", 0), entry("t2", 0)),
                "s1",
                List.of(entry("t1", 1)),
                "s2",
                List.of(entry("t3", 0)));

        Walk walk = walk(samples, find(Kind.ACCURACY, "run@20:sim:three-way"));

        assertThat(ids(walk.origins(), Kind.CHECKPOINT)).containsExactly("c2", "c1");
        assertThat(ids(walk.origins(), Kind.DATASET)).containsExactlyInAnyOrder("flat@1", "flat@2");
        assertThat(ids(walk.origins(), Kind.SHARD)).containsExactlyInAnyOrder("s0", "s1");
        assertThat(ids(walk.origins(), Kind.TWEET)).containsExactlyInAnyOrder("t1", "t2");
        assertThat(ids(walk.origins(), Kind.TEACHER)).containsExactly("teacher@7");
        assertThat(ids(walk.origins(), Kind.BENCHMARK)).containsExactly("sim@b");
        assertThat(walk.origins().nodes(Kind.RECIPE))
                .singleElement()
                .satisfies(recipe -> assertThat(recipe.facts()).containsEntry("settings", "seed 1"));
        assertThat(walk.results().nodes()).isEmpty();
    }

    @Test
    void walksFromATweetToEveryAccuracyThatRestsOnItAndToNoOther() {
        builder.shard(0, shard("s0"), Optional.empty());
        builder.shard(1, shard("s1"), Optional.empty());
        builder.checkpoint(checkpoint("c1", 10, "", List.of(new LearnedShard("s0", 1))));
        builder.checkpoint(checkpoint("c2", 20, "c1", List.of(new LearnedShard("s1", 1))));
        builder.accuracy(LineageEvents.accuracy(checkpoint("c1", 10, "", List.of())));
        builder.accuracy(LineageEvents.accuracy(checkpoint("c2", 20, "c1", List.of())));
        Map<String, List<SampleEntry>> samples = Map.of("s0", List.of(entry("t1", 0)), "s1", List.of(entry("t2", 0)));

        Walk first = walker(samples, 20).fromPosted(Node.of(Kind.TWEET, "t1"), Set.of());
        Walk second = walker(samples, 20).fromPosted(Node.of(Kind.TWEET, "t2"), Set.of());

        assertThat(ids(first.results(), Kind.CHECKPOINT)).containsExactly("c1", "c2");
        assertThat(first.results().count(Kind.ACCURACY)).isEqualTo(2);
        assertThat(ids(second.results(), Kind.CHECKPOINT)).containsExactly("c2");
        assertThat(ids(second.results(), Kind.ACCURACY)).containsExactly("c2:sim:three-way");
        assertThat(ids(second.results(), Kind.PHOTO)).containsExactly("photo-t2-0");
    }

    @Test
    void walksFromAPhotoToAllTweetsThatPostedIt() {
        builder.shard(0, shard("s0"), Optional.empty());
        List<SampleEntry> same = List.of(
                new SampleEntry("k1", "t1", "p", "positive"),
                new SampleEntry("k2", "t2", "p", "positive"),
                entry("t3", 0));

        Walk walk = walker(Map.of("s0", same), 20).fromPosted(Node.of(Kind.PHOTO, "p"), Set.of());

        assertThat(ids(walk.origins(), Kind.TWEET)).containsExactly("t1", "t2");
        assertThat(ids(walk.results(), Kind.SAMPLE)).containsExactly("k1", "k2");
        assertThat(ids(walk.results(), Kind.SHARD)).containsExactly("s0");
    }

    @Test
    void reachesWhatIsLeftOfAShardThatWasLearnedBeforeItWasRewritten() {
        builder.shard(0, shard("old"), Optional.empty());
        builder.checkpoint(checkpoint("c1", 10, "", List.of(new LearnedShard("old", 2))));
        builder.shard(1, shard("new"), Optional.of("old"));
        Map<String, List<SampleEntry>> samples = Map.of("new", List.of(entry("stays", 0)));

        Walk back = walk(samples, find(Kind.CHECKPOINT, "run@10"));
        Walk forward = walker(samples, 20).fromPosted(Node.of(Kind.TWEET, "stays"), Set.of());

        assertThat(ids(back.origins(), Kind.SHARD)).containsExactly("old", "new");
        assertThat(ids(back.origins(), Kind.TWEET)).containsExactly("stays");
        assertThat(ids(forward.results(), Kind.CHECKPOINT)).containsExactly("c1");
    }

    @Test
    void takesTheShardsOfAnOlderEventFromItsPositionAndSaysSo() {
        builder.shard(0, shard("s0"), Optional.empty());
        builder.shard(1, Shard.newBuilder(shard("test")).setSplit(Split.test).build(), Optional.empty());
        builder.shard(2, Shard.newBuilder(shard("other")).setDataset("bal").build(), Optional.empty());
        builder.shard(3, shard("later"), Optional.empty());
        builder.checkpoint(Checkpoint.newBuilder(checkpoint("c1", 10, "", NOT_RECORDED))
                .setShardOffsets(List.of(new ShardOffset(0, 3L)))
                .build());
        builder.checkpoint(checkpoint("epochs", 20, "", NOT_RECORDED));

        assertThat(ids(walk(Map.of(), find(Kind.CHECKPOINT, "c1")).origins(), Kind.SHARD))
                .containsExactly("s0");
        assertThat(find(Kind.CHECKPOINT, "c1").facts().get("shards")).startsWith("by its position");
        assertThat(find(Kind.CHECKPOINT, "epochs").facts().get("shards")).startsWith("unknown");
    }

    @Test
    void countsEveryTweetAndListsTheFirst() {
        builder.shard(0, shard("s0"), Optional.empty());
        builder.shard(1, shard("s1"), Optional.empty());
        builder.checkpoint(checkpoint("c1", 10, "", List.of(new LearnedShard("s0", 9), new LearnedShard("s1", 9))));
        List<SampleEntry> many =
                IntStream.range(0, 9).mapToObj(i -> entry("t" + i, 0)).toList();
        Map<String, List<SampleEntry>> samples = Map.of("s0", many, "s1", many);

        Walk walk = walker(samples, 3).from(find(Kind.CHECKPOINT, "run"));

        assertThat(walk.origins().count(Kind.TWEET)).isEqualTo(9);
        assertThat(ids(walk.origins(), Kind.TWEET)).containsExactly("t0", "t1", "t2");
        assertThat(TextReport.lines(walk, 3)).contains("  9 tweets", "    t2", "    and 6 more");
        assertThat(walk.edges()).noneMatch(edge -> edge.result().id().contains("t3"));
    }

    @Test
    void findsByWholeNameBeforePartsAndOfARunTheNewest() {
        builder.checkpoint(checkpoint("aaaa1111", 10, "", List.of()));
        builder.checkpoint(checkpoint("aaaa2222", 20, "", List.of()));

        assertThat(builder.graph().find(Kind.CHECKPOINT, "aaaa")).hasSize(2);
        assertThat(find(Kind.CHECKPOINT, "1111").id()).isEqualTo("aaaa1111");
        assertThat(find(Kind.CHECKPOINT, "run@10").id()).isEqualTo("aaaa1111");
        assertThat(find(Kind.CHECKPOINT, "run").id()).isEqualTo("aaaa2222");
        assertThat(builder.graph().find(Kind.CHECKPOINT, "another")).isEmpty();
    }

    @Test
    void writesAGraphThatNoIdCanBreakOutOf() {
        builder.shard(0, shard("s0"), Optional.empty());
        Map<String, List<SampleEntry>> samples =
                Map.of("s0", List.of(new SampleEntry("k", "a\" -> b\\", "p", "neutral")));

        List<String> dot = DotReport.lines(walk(samples, find(Kind.SHARD, "s0")));

        assertThat(dot).contains("  \"photo p\" -> \"sample k\"", "  \"tweet a\\\" -> b\\\\\" -> \"photo p\"");
        assertThat(dot.getFirst()).isEqualTo("digraph lineage {");
        assertThat(dot.getLast()).isEqualTo("}");
    }

    @Test
    void keepsIdsWithSeparatorsInTheIndex() {
        List<SampleEntry> odd = List.of(
                new SampleEntry("k", "at://did:plc:x/app.bsky.feed.post/3k", "p", "neutral"),
                new SampleEntry("k", "a\tb\nc\\n\r", "p", "neutral"),
                new SampleEntry("k", "", "", ""));

        assertThat(SampleEntry.read(SampleEntry.write(odd))).isEqualTo(odd);
    }

    private Node find(Kind kind, String typed) {
        List<Node> found = builder.graph().find(kind, typed);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private Walk walk(Map<String, List<SampleEntry>> samples, Node start) {
        return walker(samples, 20).from(start);
    }

    private Walker walker(Map<String, List<SampleEntry>> samples, int limit) {
        return new Walker(
                builder.graph(),
                (shards, sink) -> new ArrayList<>(shards).forEach(shard -> {
                    List<SampleEntry> entries = samples.get(shard.id());
                    if (entries != null) {
                        sink.accept(shard, entries);
                    }
                }),
                limit);
    }

    private static List<String> ids(Walk.Side side, Kind kind) {
        return side.nodes(kind).stream().map(Node::id).toList();
    }

    private static SampleEntry entry(String tweet, int index) {
        return new SampleEntry(
                "key-%s-%d".formatted(tweet, index), tweet, "photo-%s-%d".formatted(tweet, index), "neutral");
    }

    private static Shard shard(String key) {
        return Shard.newBuilder()
                .setDataset("flat")
                .setSplit(Split.train)
                .setKey(key)
                .setSha256("of " + key)
                .setBytes(1)
                .setSamples(2)
                .setPerClass(new PerClass(1L, 1L, 0L))
                .setSourcePartition(0)
                .setFirstOffset(0)
                .setLastOffset(1)
                .setTeacher(new Teacher("teacher", "7"))
                .setThresholds(new Thresholds(.7, .7, .7))
                .setCreatedAt(Instant.EPOCH)
                .build();
    }

    private static Checkpoint checkpoint(
            String sha256, long step, String continues, @Nullable List<LearnedShard> learned) {
        return LineageEvents.checkpoint("flat", step, "checkpoints/run/" + sha256, sha256)
                .setContinues(continues)
                .setLearned(learned)
                .setSettings("seed 1")
                .build();
    }
}
