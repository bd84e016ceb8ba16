package dev.murmuration.local.command;

import dev.murmuration.cluster.LagExporter;
import dev.murmuration.local.settings.Settings;
import dev.murmuration.local.settings.SiteSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** `./murmuration export-lag`. */
@Command(
        name = "export-lag",
        mixinStandardHelpOptions = true,
        description = "Serves the lag of every consumer group of a cluster for Prometheus, in records and in seconds.",
        footer = {
            "",
            "GET /metrics queries the cluster; docs/metrics.md lists the metrics. Settings by environment variable or in the file: kafka.*,",
            "as the services have them (docs/settings.md)."
        })
public final class ExportLagCommand implements Callable<Integer> {

    /** Less than the timeout of a scrape. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description = "Properties file; environment variables take precedence.")
    private @Nullable Path file;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "localhost",
            description = "Address to listen on (default: ${DEFAULT-VALUE}).")
    private String host = "localhost";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9404",
            description = "Port to listen on (default: ${DEFAULT-VALUE}).")
    private int port;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, Object> kafka = SiteSettings.kafka(Settings.anywhere(file));
        PrintWriter out = spec.commandLine().getOut();
        try (LagExporter exporter = LagExporter.start(kafka, host, port, TIMEOUT, Clock.systemUTC())) {
            CountDownLatch ended = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(ended::countDown));
            out.printf(
                    "lag of the groups at %s: http://%s:%d/metrics%n",
                    kafka.get("bootstrap.servers"), host, exporter.port());
            out.flush();
            ended.await();
        }
        return 0;
    }
}
