package dev.murmuration.student.network;

import java.util.ArrayList;
import java.util.List;

/** The order of all weights in one vector, as the head of {@code vit.py} describes it. */
final class WeightOrder {

    private final List<Weight> weights = new ArrayList<>();
    private int offset;

    private WeightOrder() {}

    static List<Weight> of(Architecture a) {
        WeightOrder order = new WeightOrder();
        int dim = a.dim();
        int hidden = a.hidden();
        String patches = "vit.embeddings.patch_embeddings.projection";
        order.add(patches + ".weight", dim, Architecture.CHANNELS, a.patch(), a.patch());
        order.add(patches + ".bias", dim);
        order.add("vit.embeddings.cls_token", 1, 1, dim);
        order.add("vit.embeddings.position_embeddings", 1, a.patches() + 1, dim);
        for (int i = 0; i < a.depth(); i++) {
            String layer = "vit.encoder.layer." + i;
            // Query, key and value are contiguous: the program reads them as one matrix.
            order.add(layer + ".attention.attention.query.weight", dim, dim);
            order.add(layer + ".attention.attention.key.weight", dim, dim);
            order.add(layer + ".attention.attention.value.weight", dim, dim);
            order.add(layer + ".attention.output.dense.weight", dim, dim);
            order.add(layer + ".intermediate.dense.weight", hidden, dim);
            order.add(layer + ".output.dense.weight", dim, hidden);
            order.add(layer + ".layernorm_before.weight", dim);
            order.add(layer + ".layernorm_before.bias", dim);
            order.add(layer + ".attention.attention.query.bias", dim);
            order.add(layer + ".attention.attention.key.bias", dim);
            order.add(layer + ".attention.attention.value.bias", dim);
            order.add(layer + ".attention.output.dense.bias", dim);
            order.add(layer + ".layernorm_after.weight", dim);
            order.add(layer + ".layernorm_after.bias", dim);
            order.add(layer + ".intermediate.dense.bias", hidden);
            order.add(layer + ".output.dense.bias", dim);
        }
        order.add("vit.layernorm.weight", dim);
        order.add("vit.layernorm.bias", dim);
        if (a.inner() > 0) {
            order.add("head.hidden.weight", a.inner(), dim);
            order.add("head.output.weight", Architecture.CLASSES, a.inner());
            order.add("head.hidden.bias", a.inner());
            order.add("head.output.bias", Architecture.CLASSES);
        } else if (a.mean()) {
            order.add("head.output.weight", Architecture.CLASSES, dim);
            order.add("head.output.bias", Architecture.CLASSES);
        } else {
            order.add("classifier.weight", Architecture.CLASSES, dim);
            order.add("classifier.bias", Architecture.CLASSES);
        }
        return List.copyOf(order.weights);
    }

    private void add(String name, Integer... shape) {
        Weight weight = new Weight(name, List.of(shape), offset);
        weights.add(weight);
        offset = Math.addExact(offset, weight.length());
    }
}
