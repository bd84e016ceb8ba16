package dev.murmuration.local.command;

import dev.murmuration.local.launch.Launcher;
import dev.murmuration.local.launch.LauncherClient;
import dev.murmuration.local.launch.Plan;
import dev.murmuration.local.launch.PlanFactory;
import dev.murmuration.local.launch.RunFolder;
import dev.murmuration.local.launch.ServiceProgram;
import dev.murmuration.local.launch.Shutdown;
import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.process.ChildProcess;
import dev.murmuration.local.settings.Failure;
import dev.murmuration.local.settings.Settings;
import dev.murmuration.signing.SignatureException;
import dev.murmuration.signing.SigningKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** `./murmuration up`. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts the platform, the five services and the console, and leaves them running.",
        footer = {
            "",
            "Configured by config/platform.properties (ports, partitions, heaps), config/<service>.properties and the environment",
            "(crawler.feed is CRAWLER_FEED there). Data, logs and process ids are below run/."
        })
public final class UpCommand implements Callable<Integer> {

    @Option(
            names = "--without",
            paramLabel = "SERVICE",
            description = "Leave one service out, to run it by hand: mvn -pl services/SERVICE quarkus:dev.")
    private @Nullable String without;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Installation installed = Installation.find();
        RunFolder run = RunFolder.up(installed.root());
        if (Launcher.holds(run)) {
            throw new Failure("already running%s: './murmuration down' ends it"
                    .formatted(run.launcher()
                            .process()
                            .map(p -> " (process " + p.pid() + ")")
                            .orElse("")));
        }
        Plan plan = plan(new PlanFactory(Settings.of(installed.root())).up(run));
        new Shutdown(run).leftovers();
        PlanFactory.requireFreePorts(plan);
        makeSigningKey(run, out);
        LauncherClient launching = new LauncherClient(run, installed, line -> {
            out.println(line);
            out.flush();
        });
        out.println("starting the platform (logs in " + run.logs() + ")");
        out.flush();
        ChildProcess launcher = launching.start(plan, true);
        launching.awaitReady(launcher, plan);
        launching.leave();
        out.printf(
                "%nup: broker %s, object store %s, registry %s%n",
                plan.platform().bootstrapServers(),
                plan.platform().storeEndpoint(),
                plan.platform().registryUrl());
        plan.ports().forEach((service, port) -> out.printf("    %-10s http://localhost:%d/q/health%n", service, port));
        ServiceProgram.console(plan).ifPresent(address -> out.printf("console: %s%n", address));
        out.println("'./murmuration status' shows it, './murmuration down' ends it.");
        out.flush();
        return 0;
    }

    private static void makeSigningKey(RunFolder run, PrintWriter out) {
        Path key = run.signingKey();
        if (Files.exists(key)) {
            return;
        }
        try {
            Files.createDirectories(key.getParent());
            SigningKey.make(key);
            out.println("made a key that exports are signed with: " + key);
        } catch (IOException | SignatureException e) {
            throw new Failure("cannot make the signing key %s: %s".formatted(key, e.getMessage()));
        }
    }

    private Plan plan(Plan whole) {
        if (without == null) {
            return whole;
        }
        if (!whole.services().contains(without)) {
            throw new Failure(
                    "--without %s: must be one of %s".formatted(without, String.join(", ", whole.services())),
                    Failure.WRONG_SETTING);
        }
        return whole.without(without);
    }
}
