package dev.murmuration.local;

import dev.murmuration.local.process.PidFile;
import java.nio.file.Path;

/**
 * Everything that a running system keeps: data, logs, process ids. `run/` for `up`, `run/demo/` for a demo; the environment variable MURMURATION_RUN names
 * another folder than `run/`.
 *
 * @param folder the folder, absolute
 */
record RunFolder(Path folder) {

    static RunFolder up(Path root) {
        return new RunFolder(base(root));
    }

    static RunFolder demo(Path root) {
        return new RunFolder(base(root).resolve("demo"));
    }

    private static Path base(Path root) {
        String elsewhere = System.getenv("MURMURATION_RUN");
        return elsewhere == null || elsewhere.isBlank()
                ? root.resolve("run")
                : Path.of(elsewhere).toAbsolutePath();
    }

    Path data() {
        return folder.resolve("platform");
    }

    Path logs() {
        return folder.resolve("logs");
    }

    Path pids() {
        return folder.resolve("pids");
    }

    Path work(String service) {
        return folder.resolve("work").resolve(service);
    }

    Path plan() {
        return folder.resolve("plan.properties");
    }

    Path status() {
        return folder.resolve("status.tsv");
    }

    Path lock() {
        return folder.resolve("launcher.lock");
    }

    PidFile launcher() {
        return PidFile.of(pids(), "launcher");
    }
}
