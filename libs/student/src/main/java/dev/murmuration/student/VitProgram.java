package dev.murmuration.student;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.murmuration.torch.Attributes;
import dev.murmuration.torch.TorchProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/** The program {@code vit.py} with the numbers of an architecture, and the two ways in for its tensors. */
final class VitProgram {

    private VitProgram() {}

    static TorchProgram load(Architecture a, Device device, Precision precision, boolean averages) {
        Attributes attributes = Attributes.none()
                .with("side", a.side())
                .with("patch", a.patch())
                .with("dim", a.dim())
                .with("depth", a.depth())
                .with("heads", a.heads())
                .with("hidden", a.hidden())
                .with("inner", a.inner())
                .with("tanh", a.tanh())
                .with("classes", Architecture.CLASSES)
                .with("eps", a.eps())
                .with("bf16", precision == Precision.BF16)
                .with("averages", averages);
        try {
            return TorchProgram.load(VitProgram.class, "vit.py", attributes, device);
        } catch (IOException unwritable) {
            throw new UncheckedIOException("the student's program cannot be prepared for libtorch", unwritable);
        }
    }

    /** A vector (n) with the buffer's values. */
    static NDArray vector(NDManager scope, FloatBuffer values) {
        ByteBuffer direct = direct(Math.multiplyExact(values.remaining(), Float.BYTES));
        direct.asFloatBuffer().put(values.duplicate());
        return scope.create(direct, new Shape(values.remaining()), DataType.FLOAT32);
    }

    /** A batch (B, 3, side, side) of images of {@link Architecture#pixels()} values each. */
    static NDArray batch(NDManager scope, Architecture a, List<float[]> images) {
        return batch(scope, a, images, direct(batchBytes(a, images.size())));
    }

    /** How much room a batch takes. */
    static int batchBytes(Architecture a, int images) {
        return Math.multiplyExact(images, Math.multiplyExact(a.pixels(), Float.BYTES));
    }

    /** The same in a buffer of {@link #direct} from its position 0, which must stay as it is until the scope is closed: the array has no memory of its own. */
    static NDArray batch(NDManager scope, Architecture a, List<float[]> images, ByteBuffer into) {
        into.limit(batchBytes(a, images.size()));
        FloatBuffer values = into.asFloatBuffer();
        for (float[] image : images) {
            if (image.length != a.pixels()) {
                throw new IllegalArgumentException("an image of %d values for %s".formatted(image.length, a.name()));
            }
            values.put(image);
        }
        return scope.create(
                into, new Shape(images.size(), Architecture.CHANNELS, a.side(), a.side()), DataType.FLOAT32);
    }

    static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
