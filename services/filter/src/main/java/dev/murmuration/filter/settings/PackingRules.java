package dev.murmuration.filter.settings;

import dev.murmuration.filter.dataset.DataSet;
import dev.murmuration.filter.settings.FilterSettings.DataSetSettings;
import dev.murmuration.filter.settings.FilterSettings.ShardSettings;
import dev.murmuration.schemas.Thresholds;
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

    /** The rules of these settings. */
    public static PackingRules of(FilterSettings settings) {
        ShardSettings shards = settings.shards();
        return new PackingRules(
                FilterFactory.dataSets(settings).all().stream()
                        .collect(Collectors.toMap(DataSet::name, DataSet::thresholds)),
                own(settings, set -> set.maxSamples().orElse(0)),
                own(settings, set -> set.maxBytes().orElse(0)),
                shards.maxSamples(),
                shards.maxBytes(),
                settings.maxEventBytes());
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
