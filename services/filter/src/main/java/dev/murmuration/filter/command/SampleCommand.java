package dev.murmuration.filter.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.filter.pipeline.Targets;
import dev.murmuration.filter.precision.AuditSheet;
import dev.murmuration.filter.precision.Draw;
import dev.murmuration.filter.version.Manifest;
import dev.murmuration.filter.version.Version;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Shard;
import dev.murmuration.shard.Redactions;
import dev.murmuration.shard.ShardReader;
import dev.murmuration.shard.ShardSample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code datasets sample}: writes a sheet on which a person can judge the labels. */
@Command(
        name = "sample",
        description =
                "Draws samples of each class for a person to judge blind: photos/, sheet.html to look at, sheet.csv to fill in; labels.csv has labels and scores. 'datasets precision' computes from both.")
final class SampleCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

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
            names = {"-n", "--per-class"},
            paramLabel = "N",
            description = "Samples of each class; 50 by default.")
    private int eachClass = 50;

    @Option(
            names = "--version",
            paramLabel = "N",
            description = "As 'datasets NAME' lists them; the newest by default.")
    private long number = Long.MAX_VALUE;

    @Option(names = "--seed", paramLabel = "N", description = "Another seed, other samples; 1 by default.")
    private long seed = 1;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (eachClass < 1 || eachClass > 10_000) {
            throw new CommandException("--per-class %d must be at least 1 and at most 10000".formatted(eachClass));
        }
        Targets.mustBeNew(folder);
        AuditSheet sheet;
        long version;
        Map<Sentiment, Long> perClass = new EnumMap<>(Sentiment.class);
        try (Pipeline connected = Commands.connect(spec)) {
            Version of = Manifest.of(connected).version(name, number);
            version = of.number();
            sheet = draw(connected, of);
            for (Sentiment label : Sentiment.values()) {
                perClass.put(
                        label,
                        of.shards()
                                .mapToLong(shard -> Version.of(shard.getPerClass(), label))
                                .sum());
            }
        }
        Files.write(folder.resolve(PrecisionCommand.LABELS), sheet.labels(perClass));
        Files.write(folder.resolve("sheet.csv"), sheet.csv());
        Files.write(folder.resolve("sheet.html"), sheet.html("%s, version %d".formatted(name, version)));
        spec.commandLine()
                .getOut()
                .printf(
                        "%d samples of %s version %d: look at %s, fill in the column verdict of %s; their labels are in labels.csv, for later%n",
                        sheet.size(), name, version, folder.resolve("sheet.html"), folder.resolve("sheet.csv"));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private AuditSheet draw(Pipeline connected, Version version) throws IOException {
        Draw draw = Draw.of(version, eachClass, seed);
        Redactions redacted = connected.redactions();
        Path photos = Files.createDirectories(folder.resolve("photos"));
        List<AuditSheet.Row> rows = new ArrayList<>();
        List<Shard> shards = version.shards().toList();
        Path temporary = Files.createTempDirectory("murmuration-sample-");
        try {
            for (Map.Entry<Integer, Map<Sentiment, TreeSet<Long>>> wanted :
                    draw.places().entrySet()) {
                Shard shard = shards.get(wanted.getKey());
                Path tar = temporary.resolve("shard.tar");
                connected.download(shard, tar);
                Map<Sentiment, Long> seen = new EnumMap<>(Sentiment.class);
                try (ShardReader reader = ShardReader.open(tar, Pipeline.SHARD_LIMITS)) {
                    for (Optional<ShardSample> sample = reader.next(); sample.isPresent(); sample = reader.next()) {
                        Sentiment label = label(text(sample.get().label()));
                        long place = seen.merge(label, 1L, Long::sum) - 1;
                        boolean isWanted = wanted.getValue()
                                .getOrDefault(label, new TreeSet<>())
                                .contains(place);
                        String key = sample.get().key();
                        if (isWanted && !redacted.contains(key)) {
                            Files.write(
                                    photos.resolve(key + ".jpg"),
                                    sample.get().photo().orElse(new byte[0]));
                            rows.add(row(
                                    key,
                                    shard,
                                    label,
                                    JSON.readTree(text(sample.get().description()))));
                        }
                    }
                }
                Files.delete(tar);
            }
        } finally {
            Files.deleteIfExists(temporary.resolve("shard.tar"));
            Files.delete(temporary);
        }
        return new AuditSheet(rows);
    }

    private static Sentiment label(String number) throws IOException {
        return switch (number) {
            case "0" -> Sentiment.negative;
            case "1" -> Sentiment.neutral;
            case "2" -> Sentiment.positive;
            default -> throw new IOException("no class has the number " + number);
        };
    }

    private static String text(Optional<byte[]> file) throws IOException {
        return new String(
                file.orElseThrow(() -> new IOException("a sample lacks its description or its class")),
                StandardCharsets.UTF_8);
    }

    private static AuditSheet.Row row(String key, Shard shard, Sentiment label, JsonNode json) {
        return new AuditSheet.Row(
                key,
                shard.getSplit().name(),
                label,
                json.at("/scores/negative").asDouble(),
                json.at("/scores/neutral").asDouble(),
                json.at("/scores/positive").asDouble(),
                json.path("text").asText(""));
    }
}
