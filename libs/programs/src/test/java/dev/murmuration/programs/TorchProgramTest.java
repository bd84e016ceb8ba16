package dev.murmuration.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchProgramTest {

    @TempDir
    private Path folder;

    @Test
    void computesWithItsAttributes() throws IOException {
        try (TorchProgram program = line(2, 0.5, true);
                NDManager scope = program.newScope()) {
            load(program, 3f, 1f);

            float[] y = program.call(scope, "forward", scope.create(new float[] {1, 2}))
                    .get(0)
                    .toFloatArray();

            assertThat(y).containsExactly(4f, 12.25f);
        }
    }

    @Test
    void keepsEveryBitOfLargeAndSmallNumbers() throws IOException {
        try (TorchProgram program = line(1, 1e-300, false);
                NDManager scope = program.newScope()) {
            load(program, 1f, 0f);

            double[] y = program.call(scope, "forward", scope.create(new double[] {1}))
                    .get(0)
                    .toDoubleArray();

            assertThat(y).containsExactly(1e-300);
        }
    }

    @Test
    void trainsItsStateInPlace() throws IOException {
        try (TorchProgram program = line(1, 1, false)) {
            load(program, 0f, 0f);

            for (int step = 0; step < 400; step++) {
                try (NDManager scope = program.newScope()) {
                    NDArray x = scope.create(new float[] {-1, 0, 1, 2});
                    NDArray y = scope.create(new float[] {-1, 1, 3, 5});
                    program.train(scope, "step", x, y, scope.create(.1f));
                }
            }

            float[] state = state(program);
            assertThat(state[0]).isCloseTo(2f, within(1e-3f));
            assertThat(state[1]).isCloseTo(1f, within(1e-3f));
        }
    }

    @Test
    void movesEachTensorOfItsState() throws IOException {
        try (TorchProgram program = line(1, 1, false);
                NDManager scope = program.newScope()) {
            load(program, 0f, 0f);

            program.train(
                    scope, "step", scope.create(new float[] {2}), scope.create(new float[] {1}), scope.create(.1f));

            assertThat(state(program)).containsExactly(.4f, .2f, -4f, -2f);
        }
    }

    @Test
    void takesAndReturnsLists() throws IOException {
        try (TorchProgram program = line(1, 1, false);
                NDManager scope = program.newScope()) {
            NDList list = new NDList(scope.create(3f), scope.create(4f));

            NDList results = program.call(scope, "pair", scope.create(2f), list);

            assertThat(results).extracting(NDArray::getFloat).containsExactly(3f, 6f, 8f);
            assertThat(list).extracting(NDArray::getName).containsOnlyNulls();
        }
    }

    @Test
    void savesAnArchiveWithItsTensors() throws Exception {
        Path file = folder.resolve("line.pt");
        try (TorchProgram program = line(2, 0.5, true)) {
            load(program, 3f, 1f);

            program.save(file);
        }

        try (Model model = Model.newInstance("line", Device.cpu(), "PyTorch");
                NDManager scope = model.getNDManager().newSubManager()) {
            model.load(folder, "line.pt");
            NDList y = model.getBlock()
                    .forward(new ParameterStore(scope, false), new NDList(scope.create(new float[] {1, 2})), false);
            assertThat(y.get(0).toFloatArray()).containsExactly(4f, 12.25f);
        }
    }

    @Test
    void takesAListOfOneTensor() throws IOException {
        try (TorchProgram program = line(1, 1, false);
                NDManager scope = program.newScope()) {
            assertThat(program.call(scope, "pair", scope.create(2f), new NDList(scope.create(3f))))
                    .hasSize(2);
        }
    }

    @Test
    void refusesOneArrayForTwoArguments() throws IOException {
        try (TorchProgram program = line(1, 1, false);
                NDManager scope = program.newScope()) {
            NDArray x = scope.create(2f);

            assertThatThrownBy(() -> program.call(scope, "pair", x, new NDList(x)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("twice");
            assertThatThrownBy(() -> program.call(scope, "pair", x, new NDList()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("empty list");
        }
    }

    @Test
    void failsWithTheProgramsOwnReason() throws IOException {
        try (TorchProgram program = line(1, 1, false);
                NDManager scope = program.newScope()) {
            assertThatThrownBy(() -> program.call(scope, "forward", scope.create(1f)))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("index out of range");
        }
    }

    @Test
    void refusesAttributesThatTheProgramDoesNotWant() {
        assertThatThrownBy(() -> load(Attributes.none().with("power", 1).with("negate", true)))
                .hasMessageContaining("[scale: float]");
        assertThatThrownBy(() -> load(attributes(1, 1, true).with("nothing", 1)))
                .hasMessageContaining("no attribute nothing");
        assertThatThrownBy(() -> load(attributes(1, 1, true).with("scale", 1)))
                .hasMessageContaining("scale of Line is float, not int");
    }

    @Test
    void refusesAProgramThatIsNotThere() {
        assertThatThrownBy(() -> TorchProgram.load(TorchProgramTest.class, "none.py", Attributes.none(), Device.cpu()))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("none.py");
    }

    @Test
    void inheritsAttributesAndMethodsFromAnotherFile() throws IOException {
        Attributes attributes = attributes(1, 1, false).with("shift", -2.0);
        try (TorchProgram program =
                        TorchProgram.load(TorchProgramTest.class, "shifted_line.py", attributes, Device.cpu());
                NDManager scope = program.newScope()) {
            load(program, 3f, 1f);

            float[] y = program.call(scope, "shifted", scope.create(new double[] {0, 1}))
                    .get(0)
                    .toFloatArray();

            assertThat(y).containsExactly(0f, 2f);
        }
    }

    @Test
    void refusesAProgramWithoutTheClassThatItInheritsFrom() {
        assertThatThrownBy(
                        () -> TorchProgram.load(TorchProgramTest.class, "orphan.py", Attributes.none(), Device.cpu()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("program orphan.py inherits from Line, which it does not import from a file");
        assertThatThrownBy(() -> TorchProgram.load(TorchProgramTest.class, "lost.py", Attributes.none(), Device.cpu()))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("nowhere.py");
    }

    @Test
    void packsTheSameBytesTwice() throws IOException {
        ProgramSource source = ProgramSource.read(TorchProgramTest.class, "line.py");

        byte[] archive = ProgramArchive.pack(source, attributes(1, 1, true).values());

        assertThat(archive)
                .isEqualTo(ProgramArchive.pack(source, attributes(1, 1, true).values()));
        assertThat(archive)
                .isNotEqualTo(ProgramArchive.pack(source, attributes(2, 1, true).values()));
    }

    @Test
    void refusesADeviceThatIsNotThere() {
        assertThat(Torch.device("CPU")).isEqualTo(Device.cpu());
        assertThatThrownBy(() -> Torch.device("gpu99"))
                .hasMessageContaining("gpu99")
                .hasMessageContaining("sees");
        assertThatThrownBy(() -> Torch.device("tpu")).hasMessageContaining("'tpu'");
        assertThatThrownBy(() -> Torch.threads(0)).hasMessageContaining("threads = 0");
    }

    private static org.assertj.core.data.Offset<Float> within(float offset) {
        return org.assertj.core.data.Offset.offset(offset);
    }

    private static Attributes attributes(long power, double scale, boolean negate) {
        return Attributes.none().with("power", power).with("scale", scale).with("negate", negate);
    }

    private static TorchProgram line(long power, double scale, boolean negate) throws IOException {
        return load(attributes(power, scale, negate));
    }

    private static TorchProgram load(Attributes attributes) throws IOException {
        return TorchProgram.load(TorchProgramTest.class, "line.py", attributes, Device.cpu());
    }

    private static void load(TorchProgram program, float slope, float intercept) {
        try (NDManager scope = program.newScope()) {
            program.train(
                    scope, "load", new NDList(scope.create(new float[] {slope}), scope.create(new float[] {intercept
                    })));
        }
    }

    private static float[] state(TorchProgram program) {
        try (NDManager scope = program.newScope()) {
            NDList state = program.train(scope, "state");
            float[] values = new float[state.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = state.get(i).toFloatArray()[0];
            }
            return values;
        }
    }
}
