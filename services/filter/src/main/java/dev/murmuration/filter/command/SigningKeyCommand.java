package dev.murmuration.filter.command;

import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.signing.SignatureException;
import dev.murmuration.signing.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code signing-key}: makes a key to sign with. */
@Command(
        name = "signing-key",
        description =
                "Makes a key (P-256) for 'datasets export --sign': FILE, to be kept secret, and FILE.pub, to be given to whoever verifies.",
        mixinStandardHelpOptions = true)
final class SigningKeyCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FILE", description = "A file that does not exist yet.")
    private Path file = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, SignatureException {
        if (Files.exists(file) || Files.exists(SigningKey.publicFile(file))) {
            throw new CommandException(file + " is there already");
        }
        SigningKey.make(file);
        spec.commandLine().getOut().printf("%s and %s%n", file, SigningKey.publicFile(file));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
