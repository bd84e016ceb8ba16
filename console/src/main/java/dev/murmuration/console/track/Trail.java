package dev.murmuration.console.track;

import dev.murmuration.console.dataset.DataSets;
import dev.murmuration.console.photo.PhotoLink;
import dev.murmuration.console.topic.Position;
import dev.murmuration.console.training.Runs;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Tweet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Puts the events of one tweet together, in the order of the pipeline, and adds the shards and checkpoints that follow from them. */
final class Trail {

    private final String id;
    private final DataSets datasets;
    private final Runs runs;
    private final List<TweetWay.Step> crawled = new ArrayList<>();
    private final List<TweetWay.Step> scored = new ArrayList<>();
    private final List<TweetWay.Step> filtered = new ArrayList<>();
    private final List<TweetWay.Step> packed = new ArrayList<>();
    private final List<TweetWay.Step> learned = new ArrayList<>();
    private final Set<String> photos = new LinkedHashSet<>();
    private String text = "";
    private boolean deleted;

    Trail(String id, DataSets datasets, Runs runs) {
        this.id = id;
        this.datasets = datasets;
        this.runs = runs;
    }

    void tweet(Tweet tweet, Position position) {
        text = tweet.getText();
        tweet.getImages().forEach(this::photo);
        crawled.add(step(
                "crawler",
                "admitted with %d photos".formatted(tweet.getImages().size()),
                "from %s, %s, posted %s".formatted(tweet.getSource(), tweet.getLang(), tweet.getCreatedAt()),
                position));
    }

    private void photo(Image image) {
        String link = PhotoLink.of(image.getKey());
        if (!link.isEmpty()) {
            photos.add(link);
        }
    }

    void scored(ScoredTweet tweet, Position position) {
        text = tweet.getTweet().getText();
        tweet.getTweet().getImages().forEach(this::photo);
        Scores scores = tweet.getScores();
        scored.add(step(
                "teacher",
                String.format(
                        Locale.ROOT,
                        "negative %.4f, neutral %.4f, positive %.4f",
                        scores.getNegative(),
                        scores.getNeutral(),
                        scores.getPositive()),
                "by %s %s"
                        .formatted(
                                tweet.getTeacher().getName(), tweet.getTeacher().getVersion()),
                position));
    }

    void labelled(LabelledImage image, Position position) {
        photo(image.getImage());
        filtered.add(step(
                "filter",
                "photo %d labelled %s".formatted(image.getImage().getIndex(), image.getLabel()),
                "for %s, split %s".formatted(String.join(", ", image.getDatasets()), image.getSplit()),
                position));
        datasets.holding(
                        position.partition(),
                        position.offset(),
                        image.getDatasets(),
                        image.getSplit().name())
                .forEach(placed -> {
                    packed.add(step(
                            "packer",
                            "in a shard of " + placed.shard().getDataset(),
                            placed.shard().getKey(),
                            placed.position()));
                    runs.firstBehind(
                                    placed.shard().getDataset(),
                                    placed.position().partition(),
                                    placed.position().offset())
                            .forEach((run, step) -> learned.add(new TweetWay.Step(
                                    "trainer",
                                    "run %s had read it at step %d".formatted(run, step.step()),
                                    step.key(),
                                    step.createdAt(),
                                    "checkpoints")));
                });
    }

    void rejected(Rejection rejection, Position position) {
        Integer index = rejection.getImageIndex();
        String what =
                "%s: %s".formatted(index == null ? "refused" : "photo " + index + " refused", rejection.getReason());
        List<TweetWay.Step> of =
                switch (rejection.getStage()) {
                    case "crawler" -> crawled;
                    case "teacher" -> scored;
                    case "filter" -> filtered;
                    default -> packed;
                };
        of.add(step(rejection.getStage(), what, rejection.getDetail(), position));
    }

    void deleted(Position position) {
        deleted = true;
        crawled.add(step("crawler", "deleted by its author", "", position));
    }

    private static TweetWay.Step step(String stage, String what, String detail, Position position) {
        return new TweetWay.Step(
                stage,
                what,
                detail,
                position.at(),
                "%s/%d/%d".formatted(position.topic(), position.partition(), position.offset()));
    }

    boolean isEmpty() {
        return crawled.isEmpty() && scored.isEmpty() && filtered.isEmpty() && packed.isEmpty();
    }

    /** All of it; of a deleted tweet only where it was. */
    TweetWay way() {
        if (deleted) {
            scored.replaceAll(step -> new TweetWay.Step(step.stage(), "scored", "", step.at(), step.where()));
            filtered.replaceAll(step -> new TweetWay.Step(step.stage(), "filtered", "", step.at(), step.where()));
        }
        List<TweetWay.Step> steps = new ArrayList<>();
        List.of(crawled, scored, filtered, packed, learned).forEach(steps::addAll);
        return new TweetWay(id, deleted, deleted ? "" : text, deleted ? List.of() : List.copyOf(photos), steps);
    }
}
