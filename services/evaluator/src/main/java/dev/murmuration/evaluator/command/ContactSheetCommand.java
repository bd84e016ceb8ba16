package dev.murmuration.evaluator.command;

import dev.murmuration.cluster.FileProblem;
import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.BenchmarkLimits;
import dev.murmuration.evaluator.evaluation.BenchmarkPredictions;
import dev.murmuration.evaluator.evaluation.Fold;
import dev.murmuration.evaluator.map.ContactSheet;
import dev.murmuration.evaluator.map.Picture;
import dev.murmuration.evaluator.measure.Prediction;
import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.evaluator.model.UnusableStudentException;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.student.pixels.Pixels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code contact-sheet}: what a student is surest of. */
@Command(
        name = "contact-sheet",
        description =
                "Draws the most confident right and wrong predictions of each pair of truth and prediction as one PNG.",
        mixinStandardHelpOptions = true)
final class ContactSheetCommand implements Callable<Integer> {

    @Mixin
    private StudentOptions students = new StudentOptions();

    @Mixin
    private BenchmarkOption measuring = new BenchmarkOption();

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "MODEL",
            description = StudentOptions.MODELS)
    private String model = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The sheet; contact-sheet.png by default.")
    private Path output = Path.of("contact-sheet.png");

    @Option(names = "--per-pair", paramLabel = "N", description = "Photos of each pair; 8 by default.")
    private int perPair = 8;

    @Option(names = "--tile", paramLabel = "PIXELS", description = "Side of a photo on the sheet; 112 by default.")
    private int tile = 112;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, UnusableStudentException, BenchmarkException {
        if (perPair < 1 || perPair > 100 || tile < 16 || tile > 1_024) {
            throw measuring.wrong("--per-pair is from 1 to 100, --tile from 16 to 1024");
        }
        CommandContext.requireWritable(spec, "--output", FileProblem.ofWriting(output));
        List<Benchmark> benchmarks = measuring.open();
        List<Protocol> protocols = measuring.protocols().stream()
                .filter(protocol -> Fold.measurable(protocol, benchmarks.getFirst()))
                .toList();
        if (benchmarks.size() != 1 || protocols.isEmpty()) {
            throw measuring.wrong("a sheet is of one benchmark that one of the protocols measures");
        }
        Protocol protocol = protocols.getLast(); // three-way where the benchmark has neutral photos
        students.use(model, student -> {
            BenchmarkPredictions answers = students.examine(student, benchmarks.getFirst());
            Files.write(output, Picture.png(ContactSheet.draw(rows(answers, protocol), tile, perPair)));
        });
        spec.commandLine().getOut().println(output);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private SequencedMap<String, List<ContactSheet.Tile>> rows(BenchmarkPredictions answers, Protocol protocol) {
        SequencedMap<String, List<ContactSheet.Tile>> rows = new LinkedHashMap<>();
        for (Sentiment truth : protocol.classes()) {
            for (Sentiment predicted : protocol.classes()) {
                List<Integer> all = pair(answers, protocol, truth, predicted);
                List<ContactSheet.Tile> tiles = new ArrayList<>();
                for (int row : all) {
                    if (tiles.size() < perPair) {
                        tile(answers, row, predicted).ifPresent(tiles::add);
                    }
                }
                rows.put("%s, taken for %s: %d photos".formatted(truth, predicted, all.size()), tiles);
            }
        }
        return rows;
    }

    /** Rows of this truth and prediction, the surest first. */
    private static List<Integer> pair(
            BenchmarkPredictions answers, Protocol protocol, Sentiment truth, Sentiment predicted) {
        List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < answers.predictions().size(); row++) {
            Optional<Prediction> prediction = answers.predictions().get(row);
            if (prediction.isPresent()
                    && answers.benchmark().photos().get(row).label() == truth
                    && protocol.verdict(prediction.get()) == predicted) {
                rows.add(row);
            }
        }
        rows.sort(Comparator.comparingDouble((Integer row) ->
                        -answers.predictions().get(row).orElseThrow().of(predicted))
                .thenComparing(row -> row));
        return rows;
    }

    private Optional<ContactSheet.Tile> tile(BenchmarkPredictions answers, int row, Sentiment predicted) {
        Benchmark.Photo photo = answers.benchmark().photos().get(row);
        Fetched<byte[]> read = answers.benchmark().files().read(photo.path(), BenchmarkLimits.DEFAULTS.photoBytes());
        if (!(read instanceof Fetched.Found<byte[]>(byte[] bytes))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ContactSheet.Tile(
                    Picture.upright(bytes, 2 * tile, Pixels.MAX_PIXELS),
                    String.format(
                            Locale.ROOT,
                            "%.3f",
                            answers.predictions().get(row).orElseThrow().of(predicted))));
        } catch (IOException e) {
            spec.commandLine().getErr().println(photo.path() + ": " + e.getMessage());
            return Optional.empty();
        }
    }
}
