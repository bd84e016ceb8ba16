package dev.murmuration.student;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
        FloatBuffer direct = direct(values.remaining());
        direct.put(values.duplicate());
        return scope.create(direct.flip(), new Shape(values.remaining()));
    }

    /** A batch (B, 3, side, side) of images of {@link Architecture#pixels()} values each. */
    static NDArray batch(NDManager scope, Architecture a, List<float[]> images) {
        FloatBuffer direct = direct(Math.multiplyExact(images.size(), a.pixels()));
        for (float[] image : images) {
            if (image.length != a.pixels()) {
                throw new IllegalArgumentException("an image of %d values for %s".formatted(image.length, a.name()));
            }
            direct.put(image);
        }
        return scope.create(direct.flip(), new Shape(images.size(), Architecture.CHANNELS, a.side(), a.side()));
    }

    private static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
