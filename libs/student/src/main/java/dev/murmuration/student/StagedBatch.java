package dev.murmuration.student;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.murmuration.programs.TorchProgram;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.Network;
import java.util.List;

/**
 * A batch where the student computes, or on its way there: made ahead by {@link Training#stage}, on any thread, while the step before
 * is computed. On a GPU it may be closed as soon as its gradient is queued.
 */
public final class StagedBatch implements AutoCloseable {

    private final NDManager scope;
    private final int size;
    private final StagedPixels pixels;
    private final NDArray targets;
    private final NDArray paths;
    private final double dropout;

    private StagedBatch(
            NDManager scope, int size, StagedPixels pixels, NDArray targets, NDArray paths, double dropout) {
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
                    StagedPixels.of(program, scope, network, pixels),
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
}
