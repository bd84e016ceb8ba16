package dev.murmuration.filter.settings;

import dev.murmuration.filter.dataset.DataSet;
import dev.murmuration.filter.settings.FilterSettings.DataSetSettings;
import dev.murmuration.filter.settings.FilterSettings.ShardSettings;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.stage.SettingException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the packer must know of the data sets.
 *
 * @param thresholds by name, for the shard events
 * @param samples most samples in a shard, for the data sets that set their own
 * @param bytes most bytes in a shard, for the data sets that set their own
 * @param otherSamples most samples in a shard of any other data set
 * @param otherBytes most bytes in a shard of any other data set
 * @param mostEventBytes of a record that is written
 */
public record PackingRules(
        Map<String, Thresholds> thresholds,
        Map<String, Integer> samples,
        Map<String, Long> bytes,
        int otherSamples,
        long otherBytes,
        int mostEventBytes) {

    private static final int MOST_SAMPLES = 1_000_000;
    private static final long MOST_BYTES = 1L << 30;

    /** Reads and checks the settings. @throws SettingException naming the setting and its value */
    public static PackingRules of(FilterSettings settings) {
        ShardSettings shards = settings.shards();
        Configuration.within("filter.shards.max-samples", shards.maxSamples(), 1, MOST_SAMPLES);
        Configuration.within("filter.shards.max-bytes", shards.maxBytes(), 1, MOST_BYTES);
        Configuration.within("filter.shards.side", shards.side(), 32, 8192);
        Configuration.within("filter.shards.min-side", shards.minSide(), 1, shards.side());
        Configuration.within("filter.shards.prefetch", shards.prefetch(), 1, 1000);
        Configuration.within("filter.shards.decoders", shards.decoders(), 1, 1000);
        Configuration.within("filter.shards.max-pixels", shards.maxPixels(), 1, Integer.MAX_VALUE / 4);
        if (!(shards.jpegQuality() > 0 && shards.jpegQuality() <= 1)) {
            throw new SettingException(
                    "filter.shards.jpeg-quality", shards.jpegQuality(), "must be greater than 0 and at most 1");
        }
        settings.datasets().forEach((name, own) -> {
            own.maxSamples()
                    .ifPresent(most ->
                            Configuration.within("filter.datasets." + name + ".max-samples", most, 1, MOST_SAMPLES));
            own.maxBytes()
                    .ifPresent(most ->
                            Configuration.within("filter.datasets." + name + ".max-bytes", most, 1, MOST_BYTES));
        });
        return new PackingRules(
                Configuration.dataSets(settings.active(), settings.datasets()).all().stream()
                        .collect(Collectors.toMap(DataSet::name, DataSet::thresholds)),
                own(settings, set -> set.maxSamples().orElse(0)),
                own(settings, set -> set.maxBytes().orElse(0)),
                shards.maxSamples(),
                shards.maxBytes(),
                Configuration.mostBytes(settings));
    }

    private static <N extends Number> Map<String, N> own(FilterSettings settings, Function<DataSetSettings, N> limit) {
        return settings.datasets().entrySet().stream()
                .filter(set -> limit.apply(set.getValue()).longValue() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, set -> limit.apply(set.getValue())));
    }

    /** Most samples in a shard of this data set. */
    public int maxSamples(String dataset) {
        return samples.getOrDefault(dataset, otherSamples);
    }

    /** Most bytes of samples in a shard of this data set. */
    public long maxBytes(String dataset) {
        return bytes.getOrDefault(dataset, otherBytes);
    }
}
