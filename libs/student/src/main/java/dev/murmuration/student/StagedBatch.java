package dev.murmuration.student;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.murmuration.programs.TorchProgram;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.Network;
import dev.murmuration.student.pixels.BatchPixels;
import dev.murmuration.student.pixels.Pixels;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;

/**
 * A batch where the student computes, or on its way there: made ahead by {@link Training#stage}, on any thread, while the step before
 * is computed. On a GPU it may be closed as soon as its gradient is queued.
 */
public final class StagedBatch implements AutoCloseable {

    private final NDManager scope;
    private final int size;
    private final Photos pixels;
    private final NDArray targets;
    private final NDArray paths;
    private final double dropout;

    private StagedBatch(NDManager scope, int size, Photos pixels, NDArray targets, NDArray paths, double dropout) {
        this.scope = scope;
        this.size = size;
        this.pixels = pixels;
        this.targets = targets;
        this.paths = paths;
        this.dropout = dropout;
    }

    static StagedBatch of(
            TorchProgram program, Network network, BatchPixels pixels, List<float[]> targets, Noise noise) {
        NDManager scope = program.newScope();
        try {
            return new StagedBatch(
                    scope,
                    pixels.size(),
                    Photos.of(program, scope, network, pixels),
                    rows(program, scope, targets, Architecture.CLASSES),
                    paths(program, scope, network, noise.paths(), pixels.size()),
                    noise.dropout());
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    private static NDArray paths(
            TorchProgram program, NDManager scope, Network network, List<float[]> paths, int images) {
        if (paths.isEmpty()) {
            return rows(program, scope, List.of(new float[] {1}), 1).reshape(1);
        }
        int branches = network.branches();
        if (paths.size() != branches || paths.stream().anyMatch(row -> row.length != images)) {
            throw new IllegalArgumentException(
                    "stochastic depth of %d branches, %s has %d, each with a place for %d images"
                            .formatted(paths.size(), network.name(), branches, images));
        }
        return rows(program, scope, paths, images);
    }

    private static NDArray rows(TorchProgram program, NDManager scope, List<float[]> rows, int width) {
        return program.upload(
                scope,
                new Shape(rows.size(), width),
                DataType.FLOAT32,
                room -> rows.forEach(room.asFloatBuffer()::put));
    }

    /** Number of its photos. */
    public int size() {
        return size;
    }

    NDArray pixels(TorchProgram program, NDManager scope) {
        return pixels.values(program, scope);
    }

    NDArray targets() {
        return targets;
    }

    NDArray paths() {
        return paths;
    }

    double dropout() {
        return dropout;
    }

    /** Frees its tensors. */
    @Override
    public void close() {
        scope.close();
    }

    /**
     * Photos where a student computes, or on their way there.
     *
     * @param array bytes (B, side, side, 3) or values (B, 3, side, side)
     * @param form how bytes are normalised; empty for values
     */
    record Photos(NDArray array, Optional<Pixels> form) {

        /**
         * Sends photos to the program's device.
         *
         * @param scope owns them
         * @throws IllegalArgumentException if a photo has not the size that the network sees
         */
        static Photos of(TorchProgram program, NDManager scope, Network network, BatchPixels pixels) {
            int side = network.side();
            int channels = Architecture.CHANNELS;
            return switch (pixels) {
                case BatchPixels.Bytes(List<byte[]> photos, Pixels how) -> {
                    photos.forEach(photo -> check(photo.length, network));
                    Shape shape = new Shape(photos.size(), side, side, channels);
                    yield new Photos(
                            program.upload(
                                    scope,
                                    shape,
                                    DataType.UINT8,
                                    room -> eachIn(
                                            room,
                                            photos.size(),
                                            network.pixels(),
                                            (part, i) -> part.put(photos.get(i)))),
                            Optional.of(how));
                }
                case BatchPixels.Values(List<float[]> images) -> {
                    images.forEach(image -> check(image.length, network));
                    Shape shape = new Shape(images.size(), channels, side, side);
                    int bytes = Math.multiplyExact(network.pixels(), Float.BYTES);
                    yield new Photos(
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
}
