package dev.murmuration.filter.command;

import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.signing.SignatureException;
import dev.murmuration.signing.SignedFolder;
import dev.murmuration.signing.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code verify}: whether a folder is what its maker signed. */
@Command(
        name = "verify",
        description =
                "Compares a signed folder with its signature, and names each file that was changed, is missing or was added. Exit code 1 if any was.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DIR", description = "A folder with a file model.sig.")
    private Path folder = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "The maker's public key, PEM: from the maker, not from the folder. By default that of filter.signing-key, for what was signed here.")
    private @Nullable Path key;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, SignatureException {
        Path maker = Optional.ofNullable(key)
                .or(() -> Commands.settings(spec).signingKey().map(SigningKey::publicFile))
                .orElseThrow(
                        () -> new CommandException("--key FILE is needed: the public key of whoever made the folder"));
        if (!Files.isRegularFile(maker)) {
            throw new CommandException(maker + ": there is no such file");
        }
        List<String> differences = SignedFolder.differences(folder, maker);
        differences.forEach(spec.commandLine().getOut()::println);
        spec.commandLine()
                .getOut()
                .println(
                        differences.isEmpty()
                                ? folder + ": every file is as it was signed"
                                : "%s: %d files are not as they were signed".formatted(folder, differences.size()));
        spec.commandLine().getOut().flush();
        return differences.isEmpty() ? 0 : 1;
    }
}
