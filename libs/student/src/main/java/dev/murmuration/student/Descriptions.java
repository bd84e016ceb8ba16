package dev.murmuration.student;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What {@code config.json} and {@code preprocessor_config.json} of a {@link StudentFolder} say. */
final class Descriptions {

    static final String RESIZE = "murmuration_resize";
    static final String CELLS = "cells";
    static final String WIDTHS = "widths";
    static final String DENSE = "dense";
    static final String HEAD_ACTIVATION = "head_act";
    static final String TANH = "gelu_pytorch_tanh"; // as transformers calls it
    static final int PILLOW_BILINEAR = 2;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Descriptions() {}

    static ObjectNode config(Network network) {
        ObjectNode config =
                switch (network) {
                    case Architecture vit -> config(vit);
                    case ConvNet net -> config(net);
                };
        ObjectNode labels = config.putObject("id2label");
        ObjectNode ids = config.putObject("label2id");
        for (int i = 0; i < StudentFolder.LABELS.size(); i++) {
            labels.put(String.valueOf(i), StudentFolder.LABELS.get(i));
            ids.put(StudentFolder.LABELS.get(i), i);
        }
        return config;
    }

    private static ObjectNode config(ConvNet net) {
        ObjectNode config = JSON.createObjectNode();
        config.put("model_type", net.family().label());
        config.put("image_size", net.side());
        config.put(CELLS, net.cells());
        net.widths().forEach(config.withArray(WIDTHS)::add);
        net.dense().forEach(config.withArray(DENSE)::add);
        return config;
    }

    private static ObjectNode config(Architecture a) {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add(a.inner() > 0 ? "ViTModel" : "ViTForImageClassification");
        config.put("model_type", "vit");
        config.put("image_size", a.side());
        config.put("patch_size", a.patch());
        config.put("num_channels", Architecture.CHANNELS);
        config.put("hidden_size", a.dim());
        config.put("num_hidden_layers", a.depth());
        config.put("num_attention_heads", a.heads());
        config.put("intermediate_size", a.hidden());
        config.put("hidden_act", "gelu");
        config.put("layer_norm_eps", a.eps());
        if (a.tanh()) {
            config.put(HEAD_ACTIVATION, TANH);
        }
        config.put("qkv_bias", true);
        config.put("hidden_dropout_prob", 0.0);
        config.put("attention_probs_dropout_prob", 0.0);
        return config;
    }

    static ObjectNode preprocessor(Pixels pixels) {
        ObjectNode config = JSON.createObjectNode();
        config.put("image_processor_type", "ViTImageProcessor");
        config.put("do_resize", true);
        config.put("resample", PILLOW_BILINEAR);
        config.put(RESIZE, pixels.resize().label());
        config.putObject("size").put("height", pixels.side()).put("width", pixels.side());
        config.put("do_rescale", true);
        config.put("rescale_factor", 1 / 255.);
        config.put("do_normalize", true);
        pixels.mean().forEach(config.withArray("image_mean")::add);
        pixels.deviation().forEach(config.withArray("image_std")::add);
        return config;
    }
}
