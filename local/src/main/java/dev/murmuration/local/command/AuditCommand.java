package dev.murmuration.local.command;

import dev.murmuration.local.audit.Auditor;
import dev.murmuration.local.audit.Report;
import dev.murmuration.local.launch.Launcher;
import dev.murmuration.local.launch.Plan;
import dev.murmuration.local.launch.RunFolder;
import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.settings.Failure;
import dev.murmuration.schemas.TopicNames;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** `./murmuration audit`. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Recounts from the topics and the object store that no photo was lost or doubled.",
        footer = {"", "Needs a running system ('up', or 'demo --keep'). Exit status 1 on any difference."})
public final class AuditCommand implements Callable<Integer> {

    @Option(
            names = "--relabelling",
            paramLabel = "NAME",
            description = "Audits this relabelling instead: its tweets, from teacher to shards.")
    private @Nullable String relabelling;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        RunFolder run = running();
        TopicNames names = relabelling == null ? TopicNames.PLAIN : TopicNames.ofRelabelling(relabelling);
        Report report = new Auditor(Plan.read(run.plan()).platform(), names).audit();
        report.lines().forEach(out::println);
        out.flush();
        return report.ok() ? 0 : 1;
    }

    /** The run folder of a running launcher: that of `up` before that of a demo. */
    static RunFolder running() {
        Installation installed = Installation.find();
        return Stream.of(RunFolder.up(installed.root()), RunFolder.demo(installed.root()))
                .filter(Launcher::holds)
                .findFirst()
                .orElseThrow(() -> new Failure(
                        "nothing is running: start it with './murmuration up' or './murmuration demo --keep'"));
    }
}
