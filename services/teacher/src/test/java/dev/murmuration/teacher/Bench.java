package dev.murmuration.teacher;

import dev.murmuration.programs.Torch;
import dev.murmuration.teacher.model.TweetText;
import dev.murmuration.teacher.tool.LabelledTexts;
import dev.murmuration.teacher.transformer.TransformerBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code ./murmuration bench teacher}: what the teachers score in a second, beside DJL's own translator on the same weights in
 * the same run.
 */
public final class Bench {

    private static final List<String> ALL = List.of("model", "topic", "kill", "bundled", "soak");
    private static final String USAGE = """
            Usage: ./murmuration bench teacher [PART...]

              model    on a GPU where one is: a randomly initialised RoBERTa-base (125M), the model alone: fp32, bf16 and auto, against DJL's text-classification translator on the same
                       weights, batch 1 and batch 32 padded to the longest
              topic    the same from topic to topic: the service as a process on a real broker
              kill     kill -9 in the middle of a stream: how soon its successor's first score is committed, and whether each tweet is scored once
              bundled  the bundled teachers: n-grams, and the transformer in fp32 and bf16
              soak     resident memory over 200,000 tweets of varying length, bundled-fast and a small RoBERTa

            ./murmuration bench teacher export FOLDER: the program as a GPU runs it, for tools/gpu.

            All of them without a PART: some 6 minutes on two cores. Texts are TweetEval's test tweets where ../shared/data has them, else made-up ones.
            TEACHER_THREADS sets libtorch's threads, all cores by default.
            """;

    private Bench() {}

    /** Measures the parts that are named, or all. */
    public static void main(String... args) throws Exception {
        Set<String> wanted = new TreeSet<>(List.of(args));
        boolean exports = args.length == 2 && args[0].equals("export");
        if (!exports && !ALL.containsAll(wanted)) {
            System.out.print(USAGE);
            System.exit(wanted.contains("--help") || wanted.contains("-h") ? 0 : 64);
        }
        Locale.setDefault(Locale.ROOT);
        if (exports) {
            TransformerBench.export(Files.createDirectories(Path.of(args[1])));
            return;
        }
        String threads = System.getenv("TEACHER_THREADS");
        Torch.threads(threads == null ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(threads));
        List<String> texts = texts();
        line("libtorch on %d threads; %d distinct texts", Torch.threads(), texts.size());
        for (String part : ALL) {
            if (wanted.isEmpty() || wanted.contains(part)) {
                switch (part) {
                    case "model" -> TransformerBench.model(texts);
                    case "topic" -> TopicBench.rate(texts);
                    case "kill" -> TopicBench.kill(texts);
                    case "bundled" -> SoakBench.bundled(texts);
                    default -> SoakBench.soak(texts);
                }
            }
        }
        System.exit(0); // The broker's threads would stay.
    }

    /** TweetEval's test tweets in their order, or as many made-up ones. */
    private static List<String> texts() throws IOException {
        Path tweets = root().resolve("../shared/data/tweet-sentiment/test.tsv");
        if (Files.exists(tweets)) {
            return LabelledTexts.read(tweets).texts().stream()
                    .map(TweetText::masked)
                    .distinct()
                    .toList();
        }
        String[] words =
                "what a lovely terrible day in rome http @user #sunset never again so good bad happy sad rain sun \ud83d\ude00"
                        .split(" ", -1);
        Random random = new Random(1);
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 12_000; i++) {
            made.add(i + " "
                    + String.join(
                            " ",
                            random.ints(5 + random.nextInt(30), 0, words.length)
                                    .mapToObj(w -> words[w])
                                    .toList()));
        }
        return made;
    }

    public static Path root() {
        return Path.of(System.getProperty("murmuration.root", "."));
    }

    @SuppressWarnings("AnnotateFormatMethod") // Error Prone's annotations are not on the class path.
    public static void line(String format, Object... values) {
        System.out.println(format.formatted(values));
    }
}
