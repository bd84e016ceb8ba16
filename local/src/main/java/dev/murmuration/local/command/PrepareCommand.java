package dev.murmuration.local.command;

import dev.murmuration.local.platform.ClusterSetup;
import dev.murmuration.local.platform.PlatformException;
import dev.murmuration.local.settings.Failure;
import dev.murmuration.local.settings.Settings;
import dev.murmuration.local.settings.SiteSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** `./murmuration prepare`, the deployment job of Compose and Kubernetes. */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        description = "Makes a cluster ready for the services: topics, bucket, schemas. May run again at any time.",
        footer = {
            "",
            "Settings by environment variable or in the file, as the services have them (docs/settings.md): kafka.*, registry.*, s3.*,",
            "platform.topics (create, await), platform.partitions, platform.replication, platform.retention, platform.timeout.",
            "What exists is left as it is. Exit status 1 if something is missing or conflicts, 78 for a wrong setting."
        })
public final class PrepareCommand implements Callable<Integer> {

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description = "Properties file; environment variables take precedence.")
    private @Nullable Path file;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Settings settings = Settings.anywhere(file);
        PrintWriter out = spec.commandLine().getOut();
        try {
            new ClusterSetup(SiteSettings.site(settings), SiteSettings.timeout(settings), line -> {
                        out.println(line);
                        out.flush();
                    })
                    .run(Optional::empty);
        } catch (PlatformException e) {
            throw new Failure(e.getMessage() == null ? e.toString() : e.getMessage());
        }
        out.println("ready");
        out.flush();
        return 0;
    }
}
