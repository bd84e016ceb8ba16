package dev.murmuration.filter.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.cluster.FileProblem;
import dev.murmuration.filter.lineage.LineageReader;
import dev.murmuration.filter.lineage.SampleIndex;
import dev.murmuration.filter.lineage.Walker;
import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.filter.pipeline.Targets;
import dev.murmuration.filter.redaction.Erasure;
import dev.murmuration.filter.redaction.Holdings;
import dev.murmuration.filter.redaction.HoldingsSearch;
import dev.murmuration.schemas.AuthorHash;
import dev.murmuration.schemas.Tweet;
import dev.murmuration.signing.SignatureException;
import dev.murmuration.signing.SignedFolder;
import dev.murmuration.signing.SigningKey;
import dev.murmuration.stage.text.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code subject}: what is held of a person, and its erasure. */
@Command(
        name = "subject",
        description =
                "Lists every tweet, photo, record, shard, checkpoint and accuracy that holds something of a person or learned from it; erases it where asked to.",
        footer = {
            "",
            "An author's hash is made with the salt of the crawler: crawler.author-salt (CRAWLER_AUTHOR_SALT) has to be the same here.",
            "Exports that were given away are with those who have them: their redactions.txt, fetched again, names what to leave out."
        },
        mixinStandardHelpOptions = true)
final class SubjectCommand implements Callable<Integer> {

    private static final String SALT = "crawler.author-salt";

    @ArgGroup(multiplicity = "1")
    private Who who = new Who();

    private static final class Who {

        @Option(names = "--author", paramLabel = "ID", description = "The author's id in its network.")
        private @Nullable String author;

        @Option(names = "--tweet", paramLabel = "ID", description = "One tweet's id.")
        private @Nullable String tweet;
    }

    @Option(names = "--erase", description = "Takes all of it out of topics, store and shards.")
    private boolean isErasing;

    @Option(names = "--dry-run", description = "With --erase: only tells what it would do.")
    private boolean isDry;

    @Option(
            names = "--receipt",
            paramLabel = "DIR",
            description = "With --erase: writes receipt.json to this folder, which must not exist yet.")
    private @Nullable Path receipt;

    @Option(
            names = "--sign",
            paramLabel = "KEY",
            description = "Signs the receipt with this key, see signing-key. By default filter.signing-key.")
    private @Nullable Path key;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, SignatureException {
        if (receipt != null && Files.exists(receipt)) {
            throw new CommandException(receipt + " is there already");
        }
        if (receipt != null) {
            Targets.mustBeWritable(FileProblem.ofWritingIn(receipt));
        }
        Optional<Path> signing =
                Optional.ofNullable(key).or(() -> Commands.settings(spec).signingKey());
        SigningKey signer = signing.isPresent() ? SigningKey.read(signing.get()) : null;
        PrintWriter out = spec.commandLine().getOut();
        try (Pipeline connected = Commands.connect(spec)) {
            LineageReader lineage = LineageReader.read(connected);
            Walker walker =
                    new Walker(lineage.graph(), new SampleIndex(connected, lineage.shards(), false), Integer.MAX_VALUE);
            Holdings held = new HoldingsSearch(connected)
                    .of(isMeant(connected), who.tweet == null ? Set.of() : Set.of(who.tweet), walker);
            held.lines().stream().map(Printable::of).forEach(out::println);
            if (isErasing && isDry) {
                out.println("this would be erased, but for photos that are also of other tweets");
            } else if (isErasing && !held.tweets().isEmpty()) {
                ObjectNode done = new Erasure(connected, Clock.systemUTC()).run(held);
                out.printf(
                        "erased: %d tombstones, %d samples taken out of shards, %d photos deleted%n",
                        done.path("tombstones").asInt(),
                        done.path("samplesTakenOut").asInt(),
                        done.path("photosDeleted").size());
                done.path("goneFromTopicsBy")
                        .properties()
                        .forEach(topic -> out.printf(
                                "the broker deletes the bytes on %s by %s%n",
                                topic.getKey(), topic.getValue().asText()));
                if (receipt != null) {
                    write(receipt, done, signer);
                }
            }
        }
        out.flush();
        return 0;
    }

    private Predicate<Tweet> isMeant(Pipeline connected) {
        if (who.author == null) {
            return tweet -> tweet.getId().equals(who.tweet);
        }
        String author = who.author;
        AuthorHash hash = new AuthorHash(connected
                .setting(SALT)
                .orElseThrow(() -> new CommandException(
                        SALT + " is not set: without the crawler's salt nobody can tell whose tweets are meant")));
        return tweet ->
                !tweet.getAuthorHash().isEmpty() && tweet.getAuthorHash().equals(hash.of(tweet.getSource(), author));
    }

    private static void write(Path folder, ObjectNode done, @Nullable SigningKey signer)
            throws IOException, SignatureException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("receipt.json"), done.toPrettyString() + "\n");
        if (signer != null) {
            SignedFolder.sign(folder, "erasure", Set.of(), signer);
        }
    }
}
