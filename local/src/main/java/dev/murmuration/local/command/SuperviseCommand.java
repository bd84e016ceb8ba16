package dev.murmuration.local.command;

import dev.murmuration.local.launch.Launcher;
import dev.murmuration.local.launch.Plan;
import dev.murmuration.local.launch.RunFolder;
import dev.murmuration.local.platform.Installation;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The launcher's own process, started by `up` and `demo`. */
@Command(name = "supervise", hidden = true, description = "Runs the plan of a run folder until it is stopped.")
public final class SuperviseCommand implements Callable<Integer> {

    @Option(names = "--run", required = true)
    private Path folder = Path.of("run");

    @Override
    public Integer call() {
        RunFolder run = new RunFolder(folder.toAbsolutePath());
        return new Launcher(run, Plan.read(run.plan()), Installation.find()).run();
    }
}
