package dev.murmuration.student;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.murmuration.programs.Attributes;
import dev.murmuration.programs.Processor;
import dev.murmuration.programs.TorchProgram;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.ConvNet;
import dev.murmuration.student.network.EfficientNet;
import dev.murmuration.student.network.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;

/**
 * The program {@code vit.py}, {@code convnet.py} or {@code efficientnet.py}, each of them a {@code student.py}, with the numbers
 * of a network, and the ways in for its tensors.
 */
final class StudentProgram {

    private StudentProgram() {}

    static TorchProgram load(Network network, Device device, Precision precision, boolean averages) {
        try {
            return TorchProgram.load(
                    StudentProgram.class, file(network), attributes(network, device, precision, averages), device);
        } catch (IOException e) {
            throw new UncheckedIOException("the student's program cannot be prepared for libtorch", e);
        }
    }

    private static String file(Network network) {
        return switch (network) {
            case Architecture vit -> "vit.py";
            case ConvNet net -> "convnet.py";
            case EfficientNet net -> "efficientnet.py";
        };
    }

    static Attributes attributes(Network network, Device device, Precision precision, boolean averages) {
        boolean bf16 = precision.on(device) == Precision.BF16;
        boolean convolves = !device.isGpu() && !bf16 && Processor.prefersOneDnn();
        Attributes shape =
                switch (network) {
                    case Architecture vit -> vit(vit).with("convolves", convolves);
                    case ConvNet net -> convNet(net);
                    case EfficientNet net -> Attributes.none();
                };
        return shape.with("classes", Architecture.CLASSES).with("bf16", bf16).with("averages", averages);
    }

    private static Attributes vit(Architecture a) {
        return Attributes.none()
                .with("side", a.side())
                .with("patch", a.patch())
                .with("dim", a.dim())
                .with("depth", a.depth())
                .with("heads", a.heads())
                .with("hidden", a.hidden())
                .with("inner", a.inner())
                .with("tanh", a.tanh())
                .with("mean", a.mean())
                .with("eps", a.eps());
    }

    private static Attributes convNet(ConvNet net) {
        Attributes attributes = Attributes.none()
                .with("vgg", net.family() == ConvNet.Family.VGG19)
                .with("norm_first", net.family() == ConvNet.Family.HYBRID)
                .with("seen", net.seen())
                .with("cells", net.cells())
                .with("dense6", net.dense().getFirst())
                .with("dense7", net.dense().getLast());
        for (int block = 0; block < net.widths().size(); block++) {
            attributes.with("width" + (block + 1), net.widths().get(block));
        }
        return attributes;
    }

    /** A vector (n) for the network's weights, read in place: they need neither heap nor the JVM's direct memory. */
    static NDArray vector(NDManager scope, Network network, StudentFolder.Vector values) throws IOException {
        NDArray vector = scope.zeros(new Shape(network.weightCount()), DataType.FLOAT32, Device.cpu());
        values.read(vector.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer());
        return vector.toDevice(scope.getDevice(), false);
    }

    /** One image (1, 3, side, side). */
    static NDArray image(NDManager scope, int side, float[] values) {
        return scope.create(values, new Shape(1, Architecture.CHANNELS, side, side));
    }
}
