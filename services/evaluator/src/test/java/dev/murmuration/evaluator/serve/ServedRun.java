package dev.murmuration.evaluator.serve;

import dev.murmuration.evaluator.LocalPlatform;
import java.util.Map;

/** The real platform, and a service that answers with the newest checkpoint of a run, which it looks up again and again. */
public final class ServedRun extends LocalPlatform {

    static final String RUN = "exchanged";

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = super.start();
        settings.put("evaluator.serve.model", RUN);
        settings.put("evaluator.serve.refresh", "50ms");
        return settings;
    }
}
