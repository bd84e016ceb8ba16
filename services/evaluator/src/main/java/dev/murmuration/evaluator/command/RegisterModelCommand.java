package dev.murmuration.evaluator.command;

import dev.murmuration.evaluator.model.Folders;
import dev.murmuration.evaluator.model.ModelNames;
import dev.murmuration.evaluator.model.UnusableStudentException;
import dev.murmuration.student.StudentFolder;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code register-model}: a name for weights. */
@Command(
        name = "register-model",
        description =
                "Puts a ViT student into the object store under a name, for example ViT_B32, which every command takes from then on.",
        mixinStandardHelpOptions = true)
final class RegisterModelCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "NAME", description = "Letters, digits, dot, dash, underscore.")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "FOLDER",
            description =
                    "With config.json, model.safetensors and preprocessor_config.json; or a .h5 of vit-keras, which is stored as such a folder.")
    private Path folder = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, UnusableStudentException {
        StudentFolder student;
        float[] weights;
        try {
            student = StudentFolder.read(folder);
            weights = student.weights();
        } catch (IOException e) {
            throw new UnusableStudentException(folder + " holds no student: " + e.getMessage());
        }
        Path temporary = Files.createTempDirectory("murmuration-model-");
        try {
            Path given = folder;
            if (Files.isRegularFile(folder)) {
                given = temporary.resolve("folder");
                StudentFolder.write(given, student.architecture(), student.pixels(), FloatBuffer.wrap(weights));
            }
            String key = ModelNames.register(CommandContext.store(), name, given, temporary);
            spec.commandLine().getOut().println(name + " is s3://" + key);
            spec.commandLine().getOut().flush();
            return 0;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        } finally {
            Folders.delete(temporary);
        }
    }
}
