package dev.murmuration.local.command;

import dev.murmuration.local.launch.LauncherClient;
import dev.murmuration.local.launch.RunFolder;
import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.settings.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** `./murmuration logs SERVICE`. */
@Command(name = "logs", mixinStandardHelpOptions = true, description = "Prints the log of one program.")
public final class LogsCommand implements Callable<Integer> {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    @Option(
            names = {"-f", "--follow"},
            description = "Continue as the log grows, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            defaultValue = "100",
            description = "Number of lines, counted from the end (default: ${DEFAULT-VALUE}).")
    private int lines;

    @Parameters(
            paramLabel = "SERVICE",
            description = "crawler, teacher, filter, trainer, evaluator, platform, registry or launcher.")
    private String service = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Path log = newest();
        PrintWriter out = spec.commandLine().getOut();
        try (BufferedReader reader = Files.newBufferedReader(log)) {
            Deque<String> last = new ArrayDeque<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                last.addLast(line);
                if (last.size() > Math.max(0, lines)) {
                    last.removeFirst();
                }
            }
            last.forEach(out::println);
            out.flush();
            while (follow) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    out.println(line);
                }
                out.flush();
                LauncherClient.pause(BETWEEN_LOOKS);
            }
        }
        return 0;
    }

    private Path newest() {
        Path root = Installation.find().root();
        return Stream.of(RunFolder.up(root), RunFolder.demo(root))
                .map(run -> run.logs().resolve(service + ".log"))
                .filter(Files::isRegularFile)
                .max(Comparator.comparing(LogsCommand::written))
                .orElseThrow(() -> new Failure("no log of '%s': there are %s".formatted(service, known(root)), 2));
    }

    private static List<String> known(Path root) {
        return Stream.of(RunFolder.up(root), RunFolder.demo(root))
                .map(RunFolder::logs)
                .filter(Files::isDirectory)
                .flatMap(LogsCommand::names)
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<String> names(Path logs) {
        try (Stream<Path> files = Files.list(logs)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log"))
                    .map(name -> name.substring(0, name.length() - ".log".length()))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long written(Path file) {
        return file.toFile().lastModified();
    }
}
