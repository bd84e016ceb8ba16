package dev.murmuration.filter.version;

import dev.murmuration.filter.settings.DataSetDescription;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Thresholds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The data card of an exported version: Markdown with the header that the Hugging Face hub and its library read, so that the
 * folder loads without changes.
 */
public final class DataCard {

    private DataCard() {}

    /**
     * The lines of the card.
     *
     * @param described the data set's current configuration; empty if it has none any more
     */
    public static List<String> lines(Version version, Optional<DataSetDescription> described) {
        List<String> card = new ArrayList<>();
        card.add("---");
        card.add("pretty_name: Murmuration %s, version %d".formatted(version.dataset(), version.number()));
        card.add("task_categories: [image-classification]");
        card.add("tags: [image-sentiment, webdataset, pseudo-labels]");
        card.add("configs:");
        card.add("- config_name: default");
        card.add("  data_files:");
        for (Split split : Split.values()) {
            if (version.shards().anyMatch(shard -> shard.getSplit() == split)) {
                card.add("  - {split: %s, path: \"%s/*.tar\"}"
                        .formatted(split == Split.val ? "validation" : split.name(), split));
            }
        }
        card.add("---");
        card.add("");
        card.add("# %s, version %d".formatted(version.dataset(), version.number()));
        card.add("");
        card.add(
                "Photos of public posts, labelled by the sentiment that a textual teacher sees in the text they were posted with. No person labelled them:"
                        + " the labels are guesses about the photo from its text, and are wrong where the text says nothing of the photo.");
        card.add("");
        rows(card, version);
        card.add("");
        card.add("- %,d samples in %,d WebDataset tars, %,d bytes; SHA256SUMS has their checksums."
                .formatted(version.samples(), version.entries().size(), version.bytes()));
        card.add("- Newest tweet: %s.".formatted(newest(version)));
        version.shards()
                .map(Shard::getTeacher)
                .distinct()
                .forEach(teacher -> card.add("- Teacher: %s.".formatted(named(teacher))));
        version.shards()
                .map(Shard::getThresholds)
                .filter(thresholds -> !Double.isNaN(thresholds.getPositive()))
                .distinct()
                .forEach(thresholds ->
                        card.add("- A photo is taken when its label's probability exceeds " + named(thresholds)));
        described.ifPresent(set -> {
            card.add(
                    set.slack().isPresent()
                            ? "- Balanced while it grows: classes within %d of each other."
                                    .formatted(set.slack().getAsLong())
                            : "- Not balanced.");
            card.add("- Feeds: %s%s%s."
                    .formatted(
                            set.sources().isEmpty()
                                    ? "every one that was read"
                                    : String.join(
                                            ", ",
                                            set.sources().stream().sorted().toList()),
                            set.since().map(since -> ", since " + since).orElse(""),
                            set.until().map(until -> ", until " + until).orElse("")));
        });
        card.add(
                "- Near duplicates (same bytes, or PDQ distance 31 or less) were %s; photos of registered benchmarks were kept out."
                        .formatted(
                                described.isPresent() && described.get().keepsRepeats()
                                        ? "kept, so that a photo may be in two splits"
                                        : "kept once"));
        card.add("- Splits by tweet: photos of one tweet are in one split.");
        card.add("");
        card.add("## A sample");
        card.add("");
        card.add(
                "`<key>.jpg`, `<key>.cls` (0 negative, 1 neutral, 2 positive) and `<key>.json`: tweetId, imageIndex, source, license (the terms of its feed),"
                        + " createdAt, text (where it is kept), label, scores, teacher, url, sha256, mediaType, width, height, original (whether the bytes are those that were"
                        + " posted), pdq, pdqQuality.");
        card.add("");
        card.add(
                "Where shards are exported, `samples.parquet` has a row for each: the shard that it is in and all of this but text and url.");
        card.add("");
        card.add("## Deletions");
        card.add("");
        card.add(
                "Skip every sample whose key starts with a line of `redactions.txt`: its author deleted it. Fetch the list again before each use.");
        card.add("");
        card.add("```python");
        card.add("from datasets import load_dataset");
        card.add("data = load_dataset(\"webdataset\", data_files={\"train\": \"train/*.tar\"}, split=\"train\")");
        card.add("table = load_dataset(\"parquet\", data_files=\"samples.parquet\", split=\"train\")");
        card.add("```");
        return card;
    }

    private static void rows(List<String> card, Version version) {
        card.add("| split | negative | neutral | positive |");
        card.add("|---|---|---|---|");
        for (Split split : Split.values()) {
            card.add(String.format(
                    Locale.ROOT,
                    "| %s | %,d | %,d | %,d |",
                    split,
                    version.samples(Sentiment.negative, Optional.of(split)),
                    version.samples(Sentiment.neutral, Optional.of(split)),
                    version.samples(Sentiment.positive, Optional.of(split))));
        }
    }

    static Instant newest(Version version) {
        return version.shards().map(Shard::getCreatedAt).max(Instant::compareTo).orElseThrow();
    }

    static String named(Teacher teacher) {
        return "%s, version %s".formatted(teacher.getName(), teacher.getVersion());
    }

    private static String named(Thresholds thresholds) {
        return "%s (negative), %s (neutral), %s (positive)."
                .formatted(thresholds.getNegative(), thresholds.getNeutral(), thresholds.getPositive());
    }
}
