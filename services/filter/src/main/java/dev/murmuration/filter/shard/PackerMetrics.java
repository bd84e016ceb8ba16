package dev.murmuration.filter.shard;

import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Shard;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** What the packer counts, once it is committed. */
record PackerMetrics(MeterRegistry meters) {

    void sealed(List<Shard> shards, List<Rejection> rejections) {
        for (Shard shard : shards) {
            String[] tags = {
                "dataset", shard.getDataset(), "split", shard.getSplit().name()
            };
            meters.counter("murmuration.shards.sealed", tags).increment();
            meters.counter("murmuration.shards.samples", tags).increment(shard.getSamples());
            meters.counter("murmuration.shards.bytes", tags).increment((double) shard.getBytes());
        }
        for (Rejection rejection : rejections) {
            meters.counter("murmuration.shards.rejected", "reason", rejection.getReason())
                    .increment();
        }
    }
}
