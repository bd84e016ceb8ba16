package dev.murmuration.filter.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.filter.redaction.ShardRedaction;
import dev.murmuration.filter.redaction.UnreferencedPhotos;
import dev.murmuration.shard.Redactions;
import dev.murmuration.stage.store.StoredObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code redact}: removes from the shards and the store what authors deleted. */
@Command(
        name = "redact",
        description =
                "Rewrites the shards that hold samples of deleted tweets, and deletes photos that no tweet refers to any more.",
        footer = {
            "",
            "Reads every shard and every tweet. May run beside the services; what is deleted meanwhile is for the next time."
        },
        mixinStandardHelpOptions = true)
final class RedactCommand implements Callable<Integer> {

    @Option(names = "--dry-run", description = "Only tells what it would do.")
    private boolean isDry;

    @Option(
            names = "--older-than",
            paramLabel = "DURATION",
            description =
                    "Leaves alone photos that were stored later, as their tweets may be on the way: PT1H by default.")
    private Duration olderThan = Duration.ofHours(1);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Clock clock = Clock.systemUTC();
        try (Pipeline connected = Commands.connect(spec)) {
            // Before anything is looked at: what is deleted meanwhile is for the next time.
            Optional<Instant> newest = connected.store().list(Redactions.PREFIX).stream()
                    .map(StoredObject::modified)
                    .max(Instant::compareTo);
            ShardRedaction.Done shards = new ShardRedaction(connected, clock).run(isDry);
            out.printf(
                    "%,d samples %s taken out of %,d shards of %,d%n",
                    shards.samples(), isDry ? "would be" : "were", shards.rewritten(), shards.read());
            UnreferencedPhotos photos =
                    UnreferencedPhotos.find(connected, clock.instant().minus(olderThan));
            if (!isDry) {
                photos.keys().forEach(connected.store()::delete);
                newest.ifPresent(time -> connected
                        .store()
                        .put(Redactions.FOLLOWED, time.toString().getBytes(US_ASCII), "text/plain"));
            }
            out.printf(
                    "%,d photos of %,d that no tweet refers to %s deleted, %,d bytes%n",
                    photos.keys().size(), photos.all(), isDry ? "would be" : "were", photos.bytes());
        }
        out.flush();
        return 0;
    }
}
