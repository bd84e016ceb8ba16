package dev.murmuration.local.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.local.launch.LauncherClient;
import dev.murmuration.local.launch.LauncherStatus;
import dev.murmuration.local.launch.Plan;
import dev.murmuration.local.launch.RunFolder;
import dev.murmuration.local.process.ProgramState;
import dev.murmuration.local.settings.Failure;
import dev.murmuration.local.settings.Settings;
import dev.murmuration.local.settings.SiteSettings;
import dev.murmuration.local.status.PipelineObserver;
import dev.murmuration.local.status.PipelineStatus;
import dev.murmuration.local.status.StatusJson;
import dev.murmuration.local.status.StatusScreen;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.RegistryUnavailableException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** `./murmuration status`. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Shows what runs and how far each stage is: rates, lag in records and in time, rejections, shards, loss, accuracies.",
        footer = {
            "",
            "Of what runs here ('up', 'demo --keep'); of any other cluster if kafka.bootstrap.servers is set, by the environment",
            "(KAFKA_BOOTSTRAP_SERVERS) or in the file: kafka.* with TLS and SASL as Kafka names them, and registry.*; see docs/settings.md.",
            "Positions are Kafka's offsets, in which markers of transactions count.",
            "Exit status 0 if every program is ready, 1 if not or if the cluster does not answer, 3 if nothing runs."
        })
public final class StatusCommand implements Callable<Integer> {

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description = "Properties file of another cluster; environment variables take precedence.")
    private @Nullable Path file;

    @Option(names = "--watch", description = "Refresh until Ctrl-C.")
    private boolean watch;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "Time between refreshes; rates are over this time (default: ${DEFAULT-VALUE}).")
    private double every;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to wait for the cluster's answer (default: ${DEFAULT-VALUE}).")
    private int timeout;

    @Option(names = "--json", description = "One JSON object per refresh, one per line.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (!(every >= 0.1 && every <= 3600)) {
            throw new Failure("--every %s: must be from 0.1 to 3600 seconds".formatted(every), Failure.WRONG_SETTING);
        }
        Settings settings = Settings.anywhere(file);
        if (settings.given("kafka.bootstrap.servers").isPresent()) {
            show(
                    () -> new PipelineObserver(
                            SiteSettings.kafka(settings), SiteSettings.schemas(settings), timeout(), Clock.systemUTC()),
                    Optional::empty);
            return 0;
        }
        if (file != null) {
            throw new Failure("%s sets no kafka.bootstrap.servers".formatted(file), Failure.WRONG_SETTING);
        }
        return here();
    }

    private int here() {
        PrintWriter out = spec.commandLine().getOut();
        RunFolder run;
        try {
            run = AuditCommand.running();
        } catch (Failure e) {
            if (json) {
                out.println("{\"programs\":[]}");
                out.flush();
            }
            throw e;
        }
        Optional<LauncherStatus> status = LauncherStatus.read(run.status());
        if (status.isEmpty() || status.get().phase() != LauncherStatus.Phase.SERVICES) {
            status.ifPresent(this::programs);
            out.println(status.map(at -> at.phase().name().toLowerCase(Locale.ROOT) + " " + at.detail())
                    .orElse("starting"));
            out.flush();
            return 1;
        }
        Plan plan = Plan.read(run.plan());
        show(
                () -> new PipelineObserver(
                        plan.platform().site().kafka(),
                        RegistrySettings.apicurio(plan.platform().registryUrl()),
                        timeout(),
                        Clock.systemUTC()),
                () -> LauncherStatus.read(run.status()));
        return LauncherStatus.read(run.status()).orElse(status.get()).ready(plan.programs()) ? 0 : 1;
    }

    private Duration timeout() {
        if (timeout < 1 || timeout > 3600) {
            throw new Failure("--timeout %d: must be from 1 to 3600 seconds".formatted(timeout), Failure.WRONG_SETTING);
        }
        return Duration.ofSeconds(timeout);
    }

    private interface Connecting {
        PipelineObserver connect();
    }

    private interface Programs {
        Optional<LauncherStatus> now();
    }

    private void show(Connecting cluster, Programs programs) {
        PrintWriter out = spec.commandLine().getOut();
        boolean terminal = watch && !json && "1".equals(System.getenv("MURMURATION_TERMINAL"));
        try (PipelineObserver observer = cluster.connect()) {
            // The first look has no rates.
            observer.look();
            do {
                LauncherClient.pause(Duration.ofMillis(Math.round(1000 * every)));
                PipelineStatus view = observer.look();
                if (terminal) {
                    out.print("\u001b[H\u001b[2J");
                }
                if (json) {
                    out.println(object(view, programs.now()));
                } else {
                    programs.now().ifPresent(this::programs);
                    StatusScreen.lines(view).forEach(out::println);
                }
                out.flush();
            } while (watch);
        } catch (ExecutionException | TimeoutException | KafkaException | RegistryUnavailableException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw new Failure("the cluster does not answer: " + cause.getMessage());
        }
    }

    private static ObjectNode object(PipelineStatus view, Optional<LauncherStatus> programs) {
        ObjectNode object = StatusJson.of(view);
        programs.ifPresent(status -> {
            ArrayNode all = object.putArray("programs");
            for (ProgramState state : status.programs()) {
                all.addObject()
                        .put("program", state.program())
                        .put("phase", state.phase().name().toLowerCase(Locale.ROOT))
                        .put("process", state.pid())
                        .put("restarts", state.restarts())
                        .put("detail", state.detail());
            }
        });
        return object;
    }

    private void programs(LauncherStatus status) {
        ProgramTable.lines(status.programs()).forEach(spec.commandLine().getOut()::println);
    }
}
