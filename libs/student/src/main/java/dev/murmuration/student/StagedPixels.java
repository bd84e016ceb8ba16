package dev.murmuration.student;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.murmuration.programs.TorchProgram;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.Network;
import dev.murmuration.student.pixels.Pixels;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;

/**
 * Photos where a student computes, or on their way there.
 *
 * @param array bytes (B, side, side, 3) or values (B, 3, side, side)
 * @param form how bytes are normalised; empty for values
 */
record StagedPixels(NDArray array, Optional<Pixels> form) {

    /**
     * Sends photos to the program's device.
     *
     * @param scope owns them
     * @throws IllegalArgumentException if a photo has not the size that the network sees
     */
    static StagedPixels of(TorchProgram program, NDManager scope, Network network, BatchPixels pixels) {
        int side = network.side();
        int channels = Architecture.CHANNELS;
        return switch (pixels) {
            case BatchPixels.Bytes(List<byte[]> photos, Pixels how) -> {
                photos.forEach(photo -> check(photo.length, network));
                Shape shape = new Shape(photos.size(), side, side, channels);
                yield new StagedPixels(
                        program.upload(
                                scope,
                                shape,
                                DataType.UINT8,
                                room -> eachIn(
                                        room, photos.size(), network.pixels(), (part, i) -> part.put(photos.get(i)))),
                        Optional.of(how));
            }
            case BatchPixels.Values(List<float[]> images) -> {
                images.forEach(image -> check(image.length, network));
                Shape shape = new Shape(images.size(), channels, side, side);
                int bytes = Math.multiplyExact(network.pixels(), Float.BYTES);
                yield new StagedPixels(
                        program.upload(
                                scope,
                                shape,
                                DataType.FLOAT32,
                                room -> eachIn(
                                        room,
                                        images.size(),
                                        bytes,
                                        (part, i) -> part.asFloatBuffer().put(images.get(i)))),
                        Optional.empty());
            }
        };
    }

    private static void check(int values, Network network) {
        if (values != network.pixels()) {
            throw new IllegalArgumentException("an image of %d values for %s".formatted(values, network.name()));
        }
    }

    // In parallel: one thread copies a few GB a second, a GPU takes in ten times as much.
    private static void eachIn(ByteBuffer room, int images, int bytes, ObjIntConsumer<ByteBuffer> copy) {
        IntStream.range(0, images)
                .parallel()
                .forEach(i -> copy.accept(
                        room.slice(Math.multiplyExact(i, bytes), bytes).order(room.order()), i));
    }

    /** What the network sees, (B, 3, side, side). */
    NDArray values(TorchProgram program, NDManager scope) {
        return form.map(how -> program.train(scope, "values", array, TorchProgram.onHost(scope, how.colours()))
                        .get(0))
                .orElse(array);
    }
}
