package dev.murmuration.console;

import dev.murmuration.local.TestPlatform;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;

/** Points the console under test at the real platform, and at no services. */
public class LocalPlatform implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>(platform());
        settings.put("quarkus.http.test-port", "0");
        settings.put("console.interval", "500ms");
        // Nothing listens there.
        for (String service : new String[] {"crawler", "teacher", "filter", "trainer", "evaluator"}) {
            settings.put("console.services." + service, "http://localhost:1");
        }
        return settings;
    }

    @Override
    public void stop() {}

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
