package dev.murmuration.local.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.murmuration.local.settings.Failure;
import dev.murmuration.local.settings.Settings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanFactoryTest {

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void readsBackThePlanThatItWrote() {
        Plan plan = planning()
                .demo(
                        new RunFolder(folder),
                        3,
                        Map.of("crawler", Map.of("crawler.recorded.path", "/a folder/with=odd:signs")),
                        Map.of("recorded", folder.resolve("b")))
                .withConsole(4711);

        plan.write(folder.resolve("plan.properties"));

        Plan read = Plan.read(folder.resolve("plan.properties"));
        assertThat(read.platform()).isEqualTo(plan.platform());
        assertThat(read.ports()).isEqualTo(plan.ports());
        assertThat(read.jvmOptions()).isEqualTo(plan.jvmOptions());
        assertThat(read.benchmarks()).isEqualTo(plan.benchmarks());
        assertThat(read.overrides().get("crawler")).isEqualTo(plan.overrides().get("crawler"));
        assertThat(read.overrides().get("filter")).isEmpty();
    }

    @Test
    void leavesOutTheServiceThatSomebodyElseRuns() {
        Plan plan = planning().up(new RunFolder(folder)).without("filter");

        plan.write(folder.resolve("plan.properties"));

        Plan read = Plan.read(folder.resolve("plan.properties"));
        assertThat(read.services()).containsExactly("crawler", "teacher", "trainer", "evaluator", "console");
        assertThat(read.programs()).isEqualTo(7);
    }

    @Test
    void namesTheSettingOfABusyPort() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("PLATFORM_REGISTRY_PORT", Integer.toString(busy.getLocalPort()));
            Plan plan = planning().up(new RunFolder(folder));

            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> PlanFactory.requireFreePorts(plan))
                    .withMessageContaining("platform.registry.port = " + busy.getLocalPort())
                    .withMessageContaining("PLATFORM_REGISTRY_PORT")
                    .withMessageContaining("the port is in use");
        }
    }

    @Test
    void refusesOnePortForTwo() {
        environment.put("PLATFORM_TEACHER_PORT", "8081");
        Plan plan = planning().up(new RunFolder(folder));

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> PlanFactory.requireFreePorts(plan))
                .withMessageContaining("platform.teacher.port = 8081: is the port of platform.crawler.port as well");
    }

    @Test
    void givesADemoOtherPortsThanUp() {
        Plan demo = planning().demo(new RunFolder(folder), 1, Map.of(), Map.of());

        assertThat(demo.ports().values()).doesNotHaveDuplicates().doesNotContain(8081, 8082, 8083, 8084, 8085, 8086);
        assertThat(demo.platform().partitions()).isEqualTo(1);
        assertThat(demo.services()).doesNotContain(Plan.CONSOLE);
        assertThat(ServiceProgram.console(demo)).isEmpty();
    }

    private PlanFactory planning() {
        return new PlanFactory(new Settings(environment, new Properties()));
    }
}
