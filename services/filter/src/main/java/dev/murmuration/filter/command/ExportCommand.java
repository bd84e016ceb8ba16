package dev.murmuration.filter.command;

import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.filter.pipeline.Targets;
import dev.murmuration.filter.settings.DataSetDescription;
import dev.murmuration.filter.version.Croissant;
import dev.murmuration.filter.version.DataCard;
import dev.murmuration.filter.version.Manifest;
import dev.murmuration.filter.version.SampleTable;
import dev.murmuration.filter.version.Version;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Shard;
import dev.murmuration.shard.Redactions;
import dev.murmuration.shard.ShardName;
import dev.murmuration.signing.SignatureException;
import dev.murmuration.signing.SignedFolder;
import dev.murmuration.signing.SigningKey;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.StoredObject;
import dev.murmuration.stage.text.Csv;
import dev.murmuration.stage.text.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code datasets export}: a frozen version as an index with checksums and a data card, with or without its shards. */
@Command(
        name = "export",
        description =
                "Writes a version of a data set: index.csv, SHA256SUMS, redactions.txt, a data card and Croissant metadata; with --shards the shards and a table of all samples too.")
final class ExportCommand implements Callable<Integer> {

    private static final String REDACTIONS = "redactions.txt";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean unusedHelp;

    @Parameters(index = "0", paramLabel = "NAME", description = "The data set.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "DIR", description = "A folder that is new or empty.")
    private Path folder = Path.of("");

    @Option(
            names = "--version",
            paramLabel = "N",
            description = "As 'datasets NAME' lists them; the newest by default.")
    private long number = Long.MAX_VALUE;

    @Option(
            names = "--shards",
            description =
                    "Copies the shards too, each checked against its checksum, and writes samples.parquet, a row for each sample.")
    private boolean withShards;

    @Option(
            names = "--sign",
            paramLabel = "KEY",
            description =
                    "Signs the folder with this private key: model.sig, which 'verify' and OpenSSF's model_signing read. By default filter.signing-key, which is the key of 'up'.")
    private @Nullable Path signingKey;

    @Option(names = "--unsigned", description = "Does not sign the folder.")
    private boolean isUnsigned;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, SignatureException {
        Targets.mustBeNew(folder);
        Optional<SigningKey> key = key(); // Before anything is written.
        try (Pipeline connected = Commands.connect(spec)) {
            Version version = Manifest.of(connected).version(name, number);
            Map<String, Long> stored = connected.store().list(ShardName.prefix(name)).stream()
                    .collect(Collectors.toMap(StoredObject::key, StoredObject::bytes));
            version.shards().forEach(shard -> check(shard, Optional.ofNullable(stored.get(shard.getKey()))));
            Files.createDirectories(folder);
            Path index = Files.write(folder.resolve("index.csv"), index(version));
            Redactions redactions = connected.redactions();
            Optional<Path> table = withShards ? Optional.of(shards(connected, version, redactions)) : Optional.empty();
            Files.writeString(
                    folder.resolve("croissant.json"),
                    Croissant.of(
                            version,
                            ExportCommand::path,
                            Sha256.hex(index),
                            table.isPresent() ? Optional.of(Sha256.hex(table.get())) : Optional.empty(),
                            connected.filter().licenses().values()));
            Files.write(
                    folder.resolve("SHA256SUMS"),
                    version.shards()
                            .map(shard -> shard.getSha256() + "  " + path(shard))
                            .toList());
            Files.write(folder.resolve(REDACTIONS), redactions.tweetHashes());
            Optional<DataSetDescription> described = DataSetDescription.of(connected.filter()).stream()
                    .filter(set -> set.name().equals(name))
                    .findFirst();
            Files.write(
                    folder.resolve("README.md"),
                    DataCard.lines(version, described).stream()
                            .map(Printable::of)
                            .toList());
            if (key.isPresent()) {
                sign(version, key.get());
            }
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s version %d: %,d samples in %,d shards, %,d bytes, %s%n",
                            name,
                            version.number(),
                            version.samples(),
                            version.entries().size(),
                            version.bytes(),
                            (withShards ? "copied and checked" : "indexed") + (key.isPresent() ? ", signed" : ""));
        }
        spec.commandLine().getOut().flush();
        return 0;
    }

    private Optional<SigningKey> key() throws IOException, SignatureException {
        Optional<Path> chosen = isUnsigned
                ? Optional.empty()
                : Optional.ofNullable(signingKey)
                        .or(() -> Commands.settings(spec).signingKey());
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        for (Path file : List.of(chosen.get(), SigningKey.publicFile(chosen.get()))) {
            if (!Files.isRegularFile(file)) {
                throw new CommandException(file + ": there is no such file; 'signing-key FILE' makes a key");
            }
        }
        return Optional.of(SigningKey.read(chosen.get()));
    }

    private Path shards(Pipeline connected, Version version, Redactions redactions) throws IOException {
        try (SampleTable table = new SampleTable(folder, redactions)) {
            for (Shard shard : version.shards().toList()) {
                table.add(shard, path(shard), copy(connected, shard));
            }
        }
        return folder.resolve(SampleTable.FILE);
    }

    /** All but the redactions, which are to be fetched again before each use. */
    private void sign(Version version, SigningKey key) throws IOException, SignatureException {
        SignedFolder.sign(
                folder, "%s version %d".formatted(version.dataset(), version.number()), Set.of(REDACTIONS), key);
    }

    private static void check(Shard shard, Optional<Long> bytes) {
        if (!bytes.equals(Optional.of(shard.getBytes()))) {
            throw new CommandException("%s is %s in the object store, and should have %d bytes"
                    .formatted(
                            shard.getKey(), bytes.map(there -> there + " bytes").orElse("missing"), shard.getBytes()));
        }
    }

    /** A shard's path in the export and in the index. */
    private static String path(Shard shard) {
        return shard.getSplit() + "/" + shard.getKey().substring(shard.getKey().lastIndexOf('/') + 1);
    }

    private static List<String> index(Version version) {
        return Stream.concat(
                        Stream.of(Csv.row(
                                "path",
                                "sha256",
                                "bytes",
                                "samples",
                                "negative",
                                "neutral",
                                "positive",
                                "offset",
                                "key")),
                        version.entries().stream()
                                .map(entry -> Csv.row(
                                        path(entry.shard()),
                                        entry.shard().getSha256(),
                                        Long.toString(entry.shard().getBytes()),
                                        Integer.toString(entry.shard().getSamples()),
                                        Long.toString(
                                                entry.shard().getPerClass().getNegative()),
                                        Long.toString(
                                                entry.shard().getPerClass().getNeutral()),
                                        Long.toString(
                                                entry.shard().getPerClass().getPositive()),
                                        Long.toString(entry.offset()),
                                        entry.shard().getKey())))
                .toList();
    }

    private Path copy(Pipeline connected, Shard shard) throws IOException {
        Path file = folder.resolve(path(shard));
        Files.createDirectories(file.getParent());
        switch (connected.store().download(shard.getKey(), shard.getSha256(), file)) {
            case Fetched.Found<Path> found -> {
                return file;
            }
            case Fetched.Missing<Path> missing -> throw new CommandException(shard.getKey() + " went away");
            case Fetched.Damaged<Path>(String detail) -> throw new CommandException(detail);
        }
    }
}
