package dev.murmuration.evaluator.serve;

import dev.murmuration.evaluator.LocalPlatform;
import dev.murmuration.evaluator.model.KerasStudentTest;
import java.net.URISyntaxException;
import java.util.Map;

/** The real platform, and a file of Keras that the service under test answers with. */
public final class ServedKeras extends LocalPlatform {

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = super.start();
        try {
            settings.put("evaluator.serve.model", KerasStudentTest.file().toString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return settings;
    }
}
