package dev.murmuration.evaluator.serve;

import dev.murmuration.evaluator.BrightnessStudent;
import dev.murmuration.evaluator.LocalPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The real platform, and a student on the mean of its patches, which has all maps of a ViT, in a folder that the service under
 * test answers with. The folder is one of the system's temporary ones and stays.
 */
public final class ServedStudent extends LocalPlatform {

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory("murmuration-served-");
            BrightnessStudent.writeOnPatches(folder);
            Map<String, String> settings = super.start();
            settings.put("evaluator.serve.model", folder.toString());
            settings.put("http.request-timeout", "3s");
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
