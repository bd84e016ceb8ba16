package dev.murmuration.local.platform;

import dev.murmuration.local.process.ChildProcess;
import dev.murmuration.local.process.Program;
import java.util.List;

/**
 * The platform as child processes of this one, ready for services; closing it ends them. Tests use it directly, the launcher
 * supervises the same programs.
 */
public final class Platform implements AutoCloseable {

    private final PlatformSettings settings;
    private final List<ChildProcess> children;

    private Platform(PlatformSettings settings, List<ChildProcess> children) {
        this.settings = settings;
        this.children = children;
    }

    /** The programs of the platform, in the order to start them. */
    public static List<Program> programs(PlatformSettings settings, Installation installed) {
        return List.of(Servers.program(settings, installed), Registry.program(settings, installed));
    }

    /**
     * Starts broker, object store and registry, then creates topics, schemas and bucket.
     *
     * @throws PlatformException with one line that names the program that did not start and its log
     */
    public static Platform start(PlatformSettings settings, Installation installed) {
        List<ChildProcess> children = programs(settings, installed).stream()
                .map(program -> ChildProcess.start(
                        program, settings.directory().resolve("logs").resolve(program.name() + ".log")))
                .toList();
        Platform platform = new Platform(settings, children);
        try {
            new ClusterSetup(settings)
                    .run(() -> children.stream()
                            .filter(child -> !child.alive())
                            .findFirst()
                            .map(child -> "%s ended while it started: see %s".formatted(child.name(), child.log())));
            return platform;
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
    }

    /** Its settings: ports, keys, directory. */
    public PlatformSettings settings() {
        return settings;
    }

    @Override
    public void close() {
        children.reversed().forEach(ChildProcess::close);
    }
}
