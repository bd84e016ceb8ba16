package dev.murmuration.evaluator.command;

import dev.murmuration.cluster.FileProblem;
import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.BenchmarkFolder;
import dev.murmuration.evaluator.benchmark.BenchmarkIndex;
import dev.murmuration.evaluator.benchmark.BenchmarkLimits;
import dev.murmuration.evaluator.benchmark.EmotionLabels;
import dev.murmuration.evaluator.benchmark.LabelScheme;
import dev.murmuration.evaluator.benchmark.SplitLists;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.stage.text.Csv;
import dev.murmuration.stage.text.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code make-benchmark}: a benchmark folder from what papers and their authors hand out. */
@Command(
        name = "make-benchmark",
        description = {
            "Makes a benchmark folder (index.csv and photos) from split lists or from folders named after emotions.",
            "",
            "Twitter Testing Dataset: make-benchmark 5agree --lists five_agrees --photos PHOTOS",
            "FI, EmotionROI:          make-benchmark FI_complete --emotions FOLDER [--list test.txt] [--splits FOLDER]",
            "",
            "The last part of the folder's name is the benchmark's name; one of a published benchmark is held to its size."
        },
        mixinStandardHelpOptions = true)
final class MakeBenchmarkCommand implements Callable<Integer> {

    private static final int NAMED = 10;

    @Parameters(paramLabel = "FOLDER", description = "The benchmark to make; has no index.csv yet.")
    private Path folder = Path.of("");

    @Option(
            names = "--lists",
            paramLabel = "FOLDER",
            description =
                    "Folders test1, test2, ... with train.txt and test.txt, lines: path class. Gives the column fold.")
    private @Nullable Path lists;

    @Option(names = "--photos", paramLabel = "FOLDER", description = "Where the photos of the lists are.")
    private @Nullable Path photos;

    @Option(
            names = "--emotions",
            paramLabel = "FOLDER",
            description =
                    "Folders amusement, anger, awe, contentment, disgust, excitement, fear, joy, sadness, surprise with photos.")
    private @Nullable Path emotions;

    @Option(
            names = "--list",
            paramLabel = "FILE",
            description =
                    "Takes only the photos in this list: one emotion/file a line, what follows a space is ignored.")
    private @Nullable Path only;

    @Option(
            names = "--splits",
            paramLabel = "FOLDER",
            description =
                    "Folders with train.txt, val.txt and test.txt, lines: path class. Gives the columns split1, split2, ...")
    private @Nullable Path splits;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private record Entry(Path photo, String label, List<String> more) {}

    /** Exit code 1 where a photo is missing: it is named, and stays in the index, so that its absence is counted at every measurement. */
    @Override
    public Integer call() throws IOException, BenchmarkException {
        if ((lists == null) == (emotions == null)) {
            throw new ParameterException(spec.commandLine(), "give either --lists with --photos, or --emotions");
        }
        if (Files.exists(folder.resolve(BenchmarkIndex.FILE))) {
            throw new BenchmarkException(folder.toString(), "has an " + BenchmarkIndex.FILE + " already");
        }
        CommandContext.requireWritable(spec, "FOLDER", FileProblem.ofWritingIn(folder));
        List<String> columns = new ArrayList<>(List.of("path", "class"));
        SequencedMap<String, Entry> entries = lists != null ? listed(lists, columns) : emotional(emotions, columns);
        return write(columns, entries);
    }

    private SequencedMap<String, Entry> listed(Path from, List<String> columns) throws IOException, BenchmarkException {
        if (photos == null) {
            throw new ParameterException(spec.commandLine(), "--lists needs --photos");
        }
        SplitLists read = SplitLists.read(from);
        Map<String, Integer> foldOf = read.foldOf();
        columns.add(BenchmarkIndex.FOLD);
        SequencedMap<String, Entry> entries = new LinkedHashMap<>();
        for (Map.Entry<String, SplitLists.Listed> photo : read.photos().entrySet()) {
            entries.put(
                    photo.getKey(),
                    new Entry(
                            inside(photos, photo.getKey()),
                            photo.getValue().label(),
                            List.of(String.valueOf(foldOf.get(photo.getKey())))));
        }
        return entries;
    }

    private SequencedMap<String, Entry> emotional(@Nullable Path from, List<String> columns)
            throws IOException, BenchmarkException {
        if (from == null) {
            throw new IllegalStateException("asked for above");
        }
        SplitLists split = splits == null ? new SplitLists(List.of(), new LinkedHashMap<>()) : SplitLists.read(splits);
        for (int i = 1; i <= split.folds().size(); i++) {
            columns.add("split" + i);
        }
        SequencedMap<String, Entry> entries = new LinkedHashMap<>();
        for (String path : only == null ? found(from) : names(only)) {
            Optional<Sentiment> sentiment = EmotionLabels.sentiment(path.substring(0, Math.max(0, path.indexOf('/'))));
            if (sentiment.isEmpty()) {
                throw new BenchmarkException(
                        folder.toString(), path + " is in no folder that is named after an emotion");
            }
            SplitLists.Listed parts = split.photos().get(path);
            entries.put(
                    path,
                    new Entry(
                            inside(from, path),
                            LabelScheme.number(sentiment.get()),
                            split.folds().stream()
                                    .map(fold ->
                                            parts == null ? "" : parts.parts().getOrDefault(fold, ""))
                                    .toList()));
        }
        return entries;
    }

    private List<String> found(Path from) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> inside = Files.list(from)) {
            for (Path emotion : inside.filter(Files::isDirectory).sorted().toList()) {
                if (EmotionLabels.sentiment(String.valueOf(emotion.getFileName()))
                        .isPresent()) {
                    for (Path file : ImageArguments.in(emotion)) {
                        found.add(emotion.getFileName() + "/" + file.getFileName());
                    }
                }
            }
        }
        return found;
    }

    private static List<String> names(Path list) throws IOException {
        return Files.readAllLines(list).stream()
                .map(line -> line.strip().split("[\\s,]", 2)[0])
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private Path inside(Path from, String path) throws BenchmarkException {
        Path photo = from.resolve(path).normalize();
        if (!photo.startsWith(from.normalize())) {
            throw new BenchmarkException(folder.toString(), path + " leaves " + from);
        }
        if (!Printable.of(path).equals(path)) { // the index would name another one
            throw new BenchmarkException(folder.toString(), Printable.of(path) + " has control characters in its name");
        }
        return photo;
    }

    private int write(List<String> columns, SequencedMap<String, Entry> entries)
            throws IOException, BenchmarkException {
        PrintWriter err = spec.commandLine().getErr();
        int missing = 0;
        List<String> lines = new ArrayList<>();
        lines.add(Csv.row(columns.toArray()));
        for (Map.Entry<String, Entry> each : entries.entrySet()) {
            Entry entry = each.getValue();
            List<String> cells = new ArrayList<>(List.of(each.getKey(), entry.label()));
            cells.addAll(entry.more());
            lines.add(Csv.row(cells.toArray()));
            Path to = folder.resolve(each.getKey());
            Path parent = to.getParent();
            Files.createDirectories(parent == null ? folder : parent);
            if (Files.isRegularFile(entry.photo())) {
                if (!Files.exists(to)) {
                    Files.copy(entry.photo(), to);
                }
            } else if (missing++ < NAMED) {
                err.println("missing: " + Printable.of(entry.photo().toString()));
            }
        }
        // Last: a benchmark is there when its index is.
        Files.write(folder.resolve(BenchmarkIndex.FILE), lines, StandardCharsets.UTF_8);
        Benchmark made = Benchmark.open(new BenchmarkFolder(folder), LabelScheme.AUTO, BenchmarkLimits.DEFAULTS);
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%s: %d photos, %d missing, %d negative, %d positive, sha256 %s%n",
                made.name(),
                made.photos().size(),
                missing,
                made.labels().stream().filter(Sentiment.negative::equals).count(),
                made.labels().stream().filter(Sentiment.positive::equals).count(),
                made.sha256());
        made.warnings().forEach(warning -> err.println("warning: " + warning));
        out.flush();
        err.flush();
        return missing == 0 ? 0 : 1;
    }
}
