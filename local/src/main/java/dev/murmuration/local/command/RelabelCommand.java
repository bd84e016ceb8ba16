package dev.murmuration.local.command;

import dev.murmuration.local.audit.Auditor;
import dev.murmuration.local.audit.Report;
import dev.murmuration.local.launch.Plan;
import dev.murmuration.local.launch.RelabelProgress;
import dev.murmuration.local.launch.RunFolder;
import dev.murmuration.local.launch.ServiceProgram;
import dev.murmuration.local.platform.ClusterSetup;
import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.local.process.Supervisor;
import dev.murmuration.local.settings.Failure;
import dev.murmuration.schemas.TopicNames;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** `./murmuration relabel`. */
@Command(
        name = "relabel",
        mixinStandardHelpOptions = true,
        description = {
            "Replays the stored tweets through another teacher or other thresholds into new data sets, beside the"
                    + " running system.",
            "No photo is fetched or examined again: the tweets carry where each is stored, its hash and its PDQ hash."
        },
        footer = {
            "",
            "Ends when everything that was on the topic tweets at its start is in shards, and recounts that nothing"
                    + " was lost or counted twice.",
            "Started again under the same name it continues where it stopped: after a kill, or to take in what has come"
                    + " since.",
            "Needs a running system ('up', or 'demo --keep'). For example, with a lower threshold and with another"
                    + " teacher:",
            "    ./murmuration relabel soft --datasets soft --set filter.datasets.soft.preset=flat \\",
            "        --set filter.datasets.soft.threshold.neutral=0.5",
            "    ./murmuration relabel roberta --datasets roberta-flat=flat,roberta-bal=bal \\",
            "        --teacher hf://cardiffnlp/twitter-roberta-base-sentiment-latest"
        })
public final class RelabelCommand implements Callable<Integer> {

    private static final Duration CUT_AFTER = Duration.ofSeconds(5);

    @Parameters(
            paramLabel = "NAME",
            description =
                    "What the relabelling is called: lower-case letters, digits and hyphens. Its topics start with"
                            + " relabel-NAME-.")
    private String name = "";

    @Option(
            names = "--datasets",
            required = true,
            split = ",",
            paramLabel = "DATASET[=PRESET]",
            description = "The data sets to make, none of which exists yet: described in config/filter.properties or by"
                    + " --set, or by a preset (flat, unb, bal, bal-flat).")
    private List<String> datasets = List.of();

    @Option(
            names = "--teacher",
            paramLabel = "MODEL",
            description = "The teacher: bundled, a folder, s3://models/NAME or hf://OWNER/NAME (default: that of the"
                    + " system).")
    private @Nullable String teacher;

    @Option(
            names = "--set",
            paramLabel = "SETTING=VALUE",
            description = "A setting of teacher or filter, before their files and the environment.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "Give up when nothing has advanced for this long (default: ${DEFAULT-VALUE}).")
    private int timeout;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Installation installed = Installation.find();
        RunFolder beside = AuditCommand.running();
        Plan system = Plan.read(beside.plan());
        TopicNames names = names();
        Map<String, String> presets = presets();
        RunFolder run = new RunFolder(beside.folder().resolve("relabel").resolve(name));
        Plan plan = plan(system, names, presets, run);
        Files.createDirectories(run.folder());
        try (FileChannel file = FileChannel.open(run.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            if (lock == null) {
                throw new Failure("the relabelling %s is running already".formatted(name));
            }
            RelabelProgress relabelling =
                    new RelabelProgress(system.platform(), names, Duration.ofSeconds(timeout), line -> {
                        out.println(line);
                        out.flush();
                    });
            relabelling.requireNew(presets.keySet());
            new ClusterSetup(system.platform()).makeTopicsOf(names);
            out.printf("relabelling %s: %s (logs in %s)%n", name, String.join(", ", presets.keySet()), run.logs());
            out.flush();
            try (Supervisor supervisor = new Supervisor(
                    run.logs(),
                    run.pids(),
                    plan.mostRestarts(),
                    plan.restartWindow(),
                    Clock.systemUTC(),
                    states -> {})) {
                Runtime.getRuntime().addShutdownHook(new Thread(supervisor::close));
                for (String service : plan.services()) {
                    supervisor.keep(
                            ServiceProgram.of(service, plan, run, installed),
                            Optional.of(ServiceProgram.health(service, plan)));
                }
                relabelling.follow(supervisor);
            }
            return tell(relabelling, new Auditor(system.platform(), names).audit(), out);
        }
    }

    private static int tell(RelabelProgress relabelling, Report report, PrintWriter out) {
        out.println();
        relabelling.datasets().forEach(out::println);
        report.rows().forEach((what, count) -> out.printf("%-44s %,12d%n", what, count));
        report.lines().stream()
                .skip(report.covered().size() + 2L + report.rows().size())
                .forEach(out::println);
        out.flush();
        return report.ok() ? 0 : 1;
    }

    private TopicNames names() {
        if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*") || name.length() > 40) {
            throw new Failure(
                    "NAME %s: must be at most 40 lower-case letters and digits with single hyphens".formatted(name),
                    Failure.WRONG_SETTING);
        }
        return TopicNames.ofRelabelling(name);
    }

    /** The data sets with their presets; empty for none. */
    private Map<String, String> presets() {
        Map<String, String> presets = new LinkedHashMap<>();
        for (String dataset : datasets) {
            String[] parts = dataset.split("=", 2);
            presets.put(parts[0], parts.length == 2 ? parts[1] : "");
        }
        return presets;
    }

    private Plan plan(Plan system, TopicNames names, Map<String, String> presets, RunFolder run) {
        Map<String, Map<String, String>> overrides = new LinkedHashMap<>();
        for (String service : List.of("teacher", "filter")) {
            Map<String, String> own = new LinkedHashMap<>();
            own.put("topics.prefix", names.prefix());
            own.put("instance.name", names.group(service + "-0"));
            overrides.put(service, own);
        }
        Map<String, String> filter = overrides.getOrDefault("filter", Map.of());
        filter.put("filter.active", String.join(",", presets.keySet()));
        presets.forEach((dataset, preset) -> {
            if (!preset.isEmpty()) {
                filter.put("filter.datasets." + dataset + ".preset", preset);
            }
        });
        filter.put("filter.state-dir", run.folder().resolve("state").toString());
        // Open shards of a live feed are cut, so that there is an end.
        filter.put("filter.shards.idle", CUT_AFTER.toString());
        if (teacher != null) {
            overrides.getOrDefault("teacher", Map.of()).put("teacher.model", teacher);
        }
        settings.forEach((setting, value) -> {
            Map<String, String> service = overrides.get(setting.replaceFirst("\\..*", ""));
            if (service == null) {
                throw new Failure(
                        "--set %s: must start with teacher. or filter.".formatted(setting), Failure.WRONG_SETTING);
            }
            service.put(setting, value);
        });
        Map<String, Integer> ports = new LinkedHashMap<>();
        overrides.keySet().forEach(service -> ports.put(service, PlatformSettings.freePort()));
        return new Plan(
                system.platform(),
                ports,
                system.jvmOptions(),
                overrides,
                Map.of(),
                system.mostRestarts(),
                system.restartWindow());
    }
}
