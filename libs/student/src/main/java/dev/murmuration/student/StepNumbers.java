package dev.murmuration.student;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.murmuration.programs.TorchProgram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The losses and the norm of one update, which a GPU may still be computing. They are copied to the host without being waited for;
 * whoever reads them only after the next step was queued therefore rarely waits, and the GPU never does. Not thread-safe.
 */
public final class StepNumbers {

    private final TorchProgram program;
    private final NDManager scope;
    private final NDArray numbers;
    private float @Nullable [] values;

    /**
     * @param scope closed when they have been read
     * @param numbers in the host's memory: losses, norm, and a last one that is 0 until all are there
     */
    StepNumbers(TorchProgram program, NDManager scope, NDArray numbers) {
        this.program = program;
        this.scope = scope;
        this.numbers = numbers;
    }

    /** The loss of each batch of the update, before its share is applied. */
    public float[] losses() {
        float[] read = values();
        return Arrays.copyOf(read, read.length - 2);
    }

    /** Global norm of the gradient before clipping; NaN or infinite if it was. */
    public float norm() {
        float[] read = values();
        return read[read.length - 2];
    }

    private float[] values() {
        float[] read = values;
        if (read == null) {
            read = numbers.toFloatArray();
            if (read[read.length - 1] == 0) {
                program.train(scope, "finish").get(0).toFloatArray();
                read = numbers.toFloatArray();
            }
            values = read;
            scope.close();
        }
        return read;
    }
}
