package dev.murmuration.filter.command;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code track}: {@code lineage} of whatever an id is of. */
@Command(
        name = "track",
        description =
                "Where a tweet, photo or shard came from and what became of it: 'lineage', which sees what ID is of.",
        footer = {
            "",
            "For example: ./murmuration track 1900000000000000062",
            "             ./murmuration track https://x.com/someone/status/1900000000000000062"
        },
        mixinStandardHelpOptions = true)
final class TrackCommand implements Callable<Integer> {

    private static final Pattern LINK = Pattern.compile("https?://.*/(\\d+)(?:[/?#].*)?");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    @Parameters(
            paramLabel = "TWEET|PHOTO|SHARD",
            description = "A tweet's id or link, a photo's SHA-256, a shard's key.")
    private String id = "";

    @Option(names = "--json", description = "For machines.")
    private boolean isJson;

    @Option(names = "--limit", paramLabel = "N", description = "As of lineage.")
    private @Nullable Integer limit;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        String named = subject(id);
        String[] command = {"lineage", kind(named), named};
        String[] options = isJson ? new String[] {"--json"} : new String[0];
        String[] limits = limit == null ? new String[0] : new String[] {"--limit", limit.toString()};
        return root.execute(
                Stream.of(command, options, limits).flatMap(Arrays::stream).toArray(String[]::new));
    }

    /** What is meant by what was typed or pasted. */
    static String subject(String typed) {
        Matcher link = LINK.matcher(typed);
        return link.matches() ? link.group(1) : typed;
    }

    static String kind(String id) {
        if (SHA256.matcher(id).matches()) {
            return "photo";
        }
        return id.endsWith(".tar") || id.startsWith("shards/") ? "shard" : "tweet";
    }
}
