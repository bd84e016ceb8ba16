package dev.murmuration.local.command;

import dev.murmuration.local.audit.Auditor;
import dev.murmuration.local.audit.Report;
import dev.murmuration.local.launch.Launcher;
import dev.murmuration.local.launch.Plan;
import dev.murmuration.local.launch.RunFolder;
import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.platform.Site;
import dev.murmuration.local.settings.Failure;
import dev.murmuration.local.settings.Settings;
import dev.murmuration.local.settings.SiteSettings;
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
        description = "Recounts from the topics and the object store that no photo was lost or counted twice.",
        footer = {
            "",
            "Of what runs here ('up', 'demo --keep'); of another system, whose broker and registry want no credentials, if",
            "KAFKA_BOOTSTRAP_SERVERS is set, with REGISTRY_URL and S3_*.",
            "Exit status 0 if every photo is accounted for, 1 if one is lost or doubled, 3 if nothing is running."
        })
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
        TopicNames names = relabelling == null ? TopicNames.PLAIN : TopicNames.ofRelabelling(relabelling);
        Report report = new Auditor(site(), names).audit();
        report.lines().forEach(out::println);
        out.flush();
        return report.ok() ? 0 : 1;
    }

    private static Site site() {
        Settings settings = Settings.anywhere(null);
        return settings.given("kafka.bootstrap.servers").isPresent()
                ? SiteSettings.site(settings)
                : Plan.read(running().plan()).platform().site();
    }

    /** The run folder of a running launcher: that of `up` before that of a demo. */
    static RunFolder running() {
        Installation installed = Installation.find();
        return Stream.of(RunFolder.up(installed.root()), RunFolder.demo(installed.root()))
                .filter(Launcher::holds)
                .findFirst()
                .orElseThrow(() -> new Failure(
                        "nothing is running: start it with './murmuration up' or './murmuration demo --keep'",
                        Failure.NOTHING_RUNS));
    }
}
