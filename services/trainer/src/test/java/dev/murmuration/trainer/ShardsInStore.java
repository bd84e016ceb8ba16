package dev.murmuration.trainer;

import dev.murmuration.schemas.TopicNames;
import java.util.Map;

/** The shards of {@link KilledPredecessor} as a relabelling adds them, to be passed over twice by another run. */
public final class ShardsInStore extends KilledPredecessor {

    static final String RUN = "run-2";
    static final String GROUP = "learned-by-run-2";

    @Override
    TopicNames names() {
        return TopicNames.ofRelabelling("soft");
    }

    @Override
    void change(Map<String, String> settings) {
        settings.put("trainer.run", RUN);
        settings.put("trainer.mode", "epochs");
        settings.put("trainer.epochs.count", "2");
        settings.put("trainer.epochs.group", GROUP);
        settings.put("trainer.epochs.window-bytes", String.valueOf(40 * 64 * 64 * 3));
        settings.put("trainer.checkpoint.samples", "40");
        settings.put("trainer.checkpoint.keep", "1");
    }
}
