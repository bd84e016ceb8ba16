package dev.murmuration.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.ApplicationConfig;
import io.quarkus.runtime.StartupContext;
import io.quarkus.runtime.StartupTask;
import io.quarkus.runtime.ThreadPoolConfig;
import io.quarkus.runtime.shutdown.ShutdownConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanonicalJarTest {

    private static final GeneratedJar FIRST = new GeneratedJar(
            12,
            HashSet.class,
            List.of("b", "c", "a"),
            List.of(ThreadPoolConfig.class, ApplicationConfig.class, ShutdownConfig.class));
    private static final GeneratedJar SECOND = new GeneratedJar(
            7,
            HashSet.class,
            List.of("c", "a", "b"),
            List.of(ShutdownConfig.class, ThreadPoolConfig.class, ApplicationConfig.class));

    @TempDir
    Path folder;

    @Test
    void twoBuildsWhoseStepsCameInAnotherOrderAreTheSameBytes() throws IOException {
        Path first = FIRST.write(folder.resolve("first.jar"));
        Path second = SECOND.write(folder.resolve("second.jar"));
        assertThat(Files.mismatch(first, second)).isNotNegative();

        CanonicalJar.main(new String[] {first.toString(), second.toString()});

        assertThat(first).hasSameBinaryContentAs(second);
    }

    @Test
    void aSecondTimeItChangesNothing() throws IOException {
        Path jar = canonical(FIRST);
        byte[] once = Files.readAllBytes(jar);

        CanonicalJar.rewrite(jar);

        assertThat(jar).hasBinaryContent(once);
    }

    @Test
    void oneStepStillFindsWhatAnotherMade() throws Exception {
        StartupContext context = new StartupContext();
        try (URLClassLoader classes = load(canonical(FIRST))) {
            for (String step : List.of("Making", "Finding")) {
                make(classes, "io.quarkus.runner.recorded." + step, StartupTask.class)
                        .deploy(context);
            }
        }

        assertThat(context.getValue("found"))
                .isEqualTo(new HashSet<>(
                        List.of(Map.entry("a", List.of()), Map.entry("b", List.of()), Map.entry("c", List.of()))));
    }

    @Test
    void eachConfigurationKeepsItsPrefix() throws Exception {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder();
        try (URLClassLoader classes = load(canonical(SECOND))) {
            make(classes, "io.quarkus.runtime.generated.RunTimeConfigCustomizer", SmallRyeConfigBuilderCustomizer.class)
                    .configBuilder(builder);
        }

        Stream<String> mappings = builder.getMappingsBuilder().getMappings().stream()
                .map(mapping -> mapping.getType().getSimpleName() + ' ' + mapping.getPrefix());
        assertThat(mappings)
                .containsExactlyInAnyOrder(
                        "ApplicationConfig applicationconfig",
                        "ShutdownConfig shutdownconfig",
                        "ThreadPoolConfig threadpoolconfig");
    }

    @Test
    void aListKeepsItsOrder() throws Exception {
        StartupContext context = new StartupContext();
        GeneratedJar list = new GeneratedJar(1, ArrayList.class, List.of("b", "c", "a"), List.of());
        try (URLClassLoader classes = load(canonical(list))) {
            for (String step : List.of("Making", "Finding")) {
                make(classes, "io.quarkus.runner.recorded." + step, StartupTask.class)
                        .deploy(context);
            }
        }

        assertThat(context.getValue("found"))
                .isEqualTo(List.of(Map.entry("b", List.of()), Map.entry("c", List.of()), Map.entry("a", List.of())));
    }

    @Test
    void buildsOfOtherSourcesStayDifferent() throws IOException {
        GeneratedJar more = new GeneratedJar(12, HashSet.class, List.of("b", "c", "a", "d"), FIRST.mappings());

        assertThat(Files.mismatch(canonical(FIRST), canonical(more))).isNotNegative();
    }

    private Path canonical(GeneratedJar jar) throws IOException {
        Path file = jar.write(folder.resolve(jar.hashCode() + ".jar"));
        CanonicalJar.rewrite(file);
        return file;
    }

    private static URLClassLoader load(Path jar) throws IOException {
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, CanonicalJarTest.class.getClassLoader());
    }

    private static <T> T make(ClassLoader classes, String name, Class<T> type) throws ReflectiveOperationException {
        return type.cast(classes.loadClass(name).getConstructor().newInstance());
    }
}
