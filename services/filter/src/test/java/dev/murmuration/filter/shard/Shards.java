package dev.murmuration.filter.shard;

import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.stage.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shards that are really in a store, sealed by the code that seals them in the service, and their events. */
public final class Shards {

    private Shards() {}

    /** A photo of these bytes, labelled, with a text that needs quotes everywhere. */
    public static LabelledImage labelled(String tweetId, int index, Sentiment label, String photo) {
        byte[] bytes = photo.getBytes(StandardCharsets.UTF_8);
        String sha256 = Sha256.hex(bytes);
        Image image = Labelled.photo(index, "image/jpeg", 64, 48, sha256);
        image = Image.newBuilder(image).setBytes((long) bytes.length).build();
        return LabelledImage.newBuilder(Labelled.image(tweetId, index))
                .setImage(image)
                .setLabel(label)
                .setText("\"text\", <b> & of\n" + tweetId)
                .setScores(new Scores(
                        label == Sentiment.negative ? 0.8 : 0.1,
                        label == Sentiment.neutral ? 0.8 : 0.1,
                        label == Sentiment.positive ? 0.8 : 0.1))
                .build();
    }

    /** Uploads a shard with these samples, each with its photo's text as its bytes, and returns its event. */
    public static Shard seal(
            ObjectStore store, String dataset, Split split, long firstOffset, List<LabelledImage> samples) {
        List<Sample> packed = new ArrayList<>();
        for (LabelledImage labelled : samples) {
            byte[] photo = ("photo of " + labelled.getTweetId() + "/"
                            + labelled.getImage().getIndex())
                    .getBytes(StandardCharsets.UTF_8);
            packed.add(new Sample(labelled, new Photo.Ready(photo, true), "CC0-1.0"));
        }
        Cut cut = new Cut(
                0,
                firstOffset,
                firstOffset + samples.size() - 1,
                Map.of(new Cut.Name(dataset, split), packed),
                List.of(),
                List.of(),
                Optional.empty());
        return new ShardSealer(
                        store,
                        (topic, event) -> new byte[0],
                        TopicNames.PLAIN,
                        Map.of(dataset, new Thresholds(0.7, 0.7, 0.7)))
                .seal(cut)
                .shards()
                .getFirst();
    }
}
