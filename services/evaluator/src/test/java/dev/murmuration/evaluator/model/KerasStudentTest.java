package dev.murmuration.evaluator.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.murmuration.evaluator.BrightnessStudent;
import dev.murmuration.evaluator.Terminal;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Student;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands with a student of ECAI 2023 in the file that Keras writes; a small random one by {@code tools/published_golden.py}. */
public class KerasStudentTest {

    @TempDir
    private Path temporary;

    private final Terminal terminal = new Terminal();
    private Path benchmark = Path.of("");

    @BeforeEach
    void writesABenchmark() throws IOException {
        benchmark = BrightnessStudent.benchmark(temporary.resolve("bright"));
    }

    @Test
    void countsWhatTheFileSaysOfEachPhoto() throws Exception {
        int right = 0;
        try (Student student = Student.load(file(), Device.cpu(), Precision.FP32)) {
            for (int i = 0; i < 15; i++) {
                float[] says = student.predict(List.of(student.pixels().of(BrightnessStudent.photo(i % 3, i))))[0];
                right += says[i % 3] == Math.max(says[0], Math.max(says[1], says[2])) ? 1 : 0;
            }
        }

        assertThat(terminal.run("evaluate", "-m", file(), "-b", benchmark + "/", "-p", "three-way"))
                .as(terminal::err)
                .isZero();
        assertThat(terminal.out()).contains("three-way", String.format(Locale.ROOT, " %.1f %%", 100 * right / 15.));
    }

    @Test
    void trainsItFurtherOnFolds() throws Exception {
        assertThat(terminal.run("cross-validate", "-m", file(), "-b", benchmark + "/", "--epochs", 2))
                .as(terminal::err)
                .isZero();
        assertThat(terminal.out()).contains("population standard deviation of 5");
    }

    public static Path file() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(KerasStudentTest.class.getResource("/golden/keras/keras.h5"))
                .toURI());
    }
}
