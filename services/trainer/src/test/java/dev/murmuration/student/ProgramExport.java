package dev.murmuration.student;

import ai.djl.Device;
import dev.murmuration.programs.TorchProgram;
import dev.murmuration.student.network.Architecture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The students' programs with the attributes that they have on a GPU, as archives for {@code torch.jit.load}: what tools/gpu measures. */
public final class ProgramExport {

    private static final List<String> NAMES =
            List.of("vit-b-32-224", "vit-s-16-224", "vit-l-16-384", "vit-ti-16-224", "vit-demo-16-64");

    private ProgramExport() {}

    /** Writes {@code <architecture>.<precision>.<avg or plain>.pt} of each. */
    public static void students(Path folder) throws IOException {
        for (String name : NAMES) {
            for (Precision precision : List.of(Precision.FP32, Precision.BF16)) {
                for (boolean averages : List.of(true, false)) {
                    String file = "%s.%s.%s.pt"
                            .formatted(name, precision.name().toLowerCase(Locale.ROOT), averages ? "avg" : "plain");
                    try (TorchProgram program = TorchProgram.load(
                            StudentProgram.class,
                            "vit.py",
                            StudentProgram.attributes(Architecture.named(name), Device.gpu(0), precision, averages),
                            Device.cpu())) {
                        program.save(folder.resolve(file));
                    }
                }
            }
        }
    }
}
