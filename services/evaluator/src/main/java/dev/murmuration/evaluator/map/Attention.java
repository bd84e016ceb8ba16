package dev.murmuration.evaluator.map;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.murmuration.programs.Attributes;
import dev.murmuration.programs.TorchProgram;
import dev.murmuration.student.StudentFolder;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.Weight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Attention rollout (Abnar and Zuidema, ACL 2020): how much of each patch reaches what the head reads, the class token or the
 * mean of the patches, through all layers. It runs the student's weights through a program of its own, because fused attention
 * does not return its weights.
 */
public final class Attention implements AutoCloseable {

    private static final List<String> EMBEDDINGS = List.of(
            "patch_embeddings.projection.weight",
            "patch_embeddings.projection.bias",
            "cls_token",
            "position_embeddings");
    private static final List<String> OF_A_LAYER = List.of(
            "layernorm_before.weight",
            "layernorm_before.bias",
            "attention.attention.query.weight",
            "attention.attention.query.bias",
            "attention.attention.key.weight",
            "attention.attention.key.bias",
            "attention.attention.value.weight",
            "attention.attention.value.bias",
            "attention.output.dense.weight",
            "attention.output.dense.bias",
            "layernorm_after.weight",
            "layernorm_after.bias",
            "intermediate.dense.weight",
            "intermediate.dense.bias",
            "output.dense.weight",
            "output.dense.bias");

    private final Architecture architecture;
    private final TorchProgram program;

    private Attention(Architecture architecture, TorchProgram program) {
        this.architecture = architecture;
        this.program = program;
    }

    /**
     * Loads a student's folder.
     *
     * @throws IOException if it holds no student
     */
    public static Attention load(Path folder, Device device) throws IOException {
        StudentFolder student = StudentFolder.read(folder);
        if (!(student.architecture() instanceof Architecture a)) {
            throw new IOException("%s: a %s has no attention"
                    .formatted(folder, student.architecture().name()));
        }
        float[] weights = student.weights();
        Map<String, Weight> byName = new HashMap<>();
        a.weights().forEach(weight -> byName.put(weight.name(), weight));
        TorchProgram program = TorchProgram.load(
                Attention.class,
                "attention.py",
                Attributes.none()
                        .with("side", a.side())
                        .with("patch", a.patch())
                        .with("dim", a.dim())
                        .with("depth", a.depth())
                        .with("heads", a.heads())
                        .with("mean", a.mean())
                        .with("eps", a.eps()),
                device);
        try (NDManager scope = program.newScope()) {
            NDList tensors = new NDList();
            for (String name : names(a)) {
                Weight weight = byName.get(name);
                if (weight == null) {
                    program.close();
                    throw new IOException("%s: the student has no %s".formatted(folder, name));
                }
                FloatBuffer values = direct(weight.length());
                values.put(weights, weight.offset(), weight.length());
                long[] shape =
                        weight.shape().stream().mapToLong(Integer::longValue).toArray();
                tensors.add(scope.create(values.flip(), new Shape(shape)));
            }
            program.call(scope, "load", tensors);
        }
        return new Attention(a, program);
    }

    private static List<String> names(Architecture a) {
        List<String> names = new ArrayList<>();
        EMBEDDINGS.forEach(name -> names.add("vit.embeddings." + name));
        for (int layer = 0; layer < a.depth(); layer++) {
            String prefix = "vit.encoder.layer." + layer + ".";
            OF_A_LAYER.forEach(name -> names.add(prefix + name));
        }
        return names;
    }

    /**
     * The rollout of one picture.
     *
     * @param pixels {@code (3, side, side)}
     * @return one channel over the patches; sums to at most 1, the rest stays with the class token
     */
    public Grid rollout(float[] pixels) {
        int side = architecture.side() / architecture.patch();
        try (NDManager scope = program.newScope()) {
            FloatBuffer direct = direct(pixels.length);
            direct.put(pixels);
            NDArray batch = scope.create(direct.flip(), new Shape(1, 3, architecture.side(), architecture.side()));
            float[] shares = program.call(scope, "rollout", batch).get(0).toFloatArray();
            Grid grid = new Grid(side, side, 1);
            for (int i = 0; i < shares.length; i++) {
                grid.set(i / side, i % side, 0, shares[i]);
            }
            return grid;
        }
    }

    private static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** Frees the weights. */
    @Override
    public void close() {
        program.close();
    }
}
