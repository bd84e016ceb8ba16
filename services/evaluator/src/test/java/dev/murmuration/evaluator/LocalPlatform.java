package dev.murmuration.evaluator;

import dev.murmuration.local.TestPlatform;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Points the service under test at the real platform. */
public class LocalPlatform implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>(platform());
        settings.put("quarkus.http.test-port", "0");
        settings.put("evaluator.work-folder", workFolder().toString());
        settings.put("evaluator.protocols", "zero-shot,three-way,k-fold");
        return settings;
    }

    @Override
    public void stop() {}

    /** Its own: another evaluator of this name on this machine would empty the usual one. */
    private static Path workFolder() {
        try {
            return Files.createTempDirectory("evaluator-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kafka looks up its plug-ins by the thread's class loader, which here is of another application than the test's own Kafka. */
    private static Map<String, String> platform() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(TestPlatform.class.getClassLoader());
        try {
            return TestPlatform.settings().forServices();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
