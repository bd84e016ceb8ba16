"""Random ViTs as vit-keras and Google write theirs: for published_golden.py and published_models.py.

needs: tensorflow 2.16, tf_keras 2.16, vit-keras 0.1.2 (with validators and scipy). vit-keras imports TensorFlow Addons and OpenCV, of which no function is used here but gelu; they
stopped being released and are stood in for by two empty modules.
"""
import os, sys, types

os.environ |= {"TF_USE_LEGACY_KERAS": "1", "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
sys.modules |= {name: types.ModuleType(name) for name in ("tensorflow_addons", "cv2")}
import numpy as np
import tensorflow as tf
from vit_keras import vit

for name in ("tensorflow_addons", "cv2"):
    del sys.modules[name]
rng = np.random.default_rng(11)


def published(encoder, inner=32):
    """The head as published: tfa.activations.gelu approximates by tanh unless it is told otherwise."""
    model = tf.keras.Sequential([encoder, tf.keras.layers.Dense(inner, activation=lambda x: tf.nn.gelu(x, approximate=True)),
                                 tf.keras.layers.Dense(3, activation="softmax")], name="vision_transformer")
    model.build((None,) + encoder.input_shape[1:])
    # The variables' own names are those of the file.
    for v in model.weights:
        scale = .5 if v.shape.rank < 2 else .3 if "dense" in v.name else 2 / np.sqrt(np.prod(v.shape[:-1]))
        v.assign(rng.normal(1. if "gamma" in v.name else 0., scale, v.shape).astype("float32"))
    return model


def drawn(*shape):
    return rng.normal(0, 1.5 / np.sqrt(np.prod(shape[:-1])), shape).astype("float32")


def google_names(d, h, m, p, grid, depth):
    """width, heads, width inside, side of a patch, patches along a side, layers: the arrays of google-research/vision_transformer, with a head into three classes"""
    w = drawn
    names = {"cls": w(1, 1, d), "embedding/kernel": w(p, p, 3, d), "embedding/bias": w(d), "Transformer/posembed_input/pos_embedding": w(1, grid * grid + 1, d),
             "Transformer/encoder_norm/scale": 1 + w(d), "Transformer/encoder_norm/bias": w(d), "head/kernel": w(d, 3), "head/bias": w(3)}
    for i in range(depth):
        block = "Transformer/encoderblock_%d/" % i
        for norm in ("LayerNorm_0", "LayerNorm_2"):
            names |= {block + norm + "/scale": 1 + w(d), block + norm + "/bias": w(d)}
        for part in ("query", "key", "value"):
            names |= {block + "MultiHeadDotProductAttention_1/" + part + "/kernel": w(d, h, d // h), block + "MultiHeadDotProductAttention_1/" + part + "/bias": w(h, d // h)}
        names |= {block + "MultiHeadDotProductAttention_1/out/kernel": w(h, d // h, d), block + "MultiHeadDotProductAttention_1/out/bias": w(d)}
        names |= {block + "MlpBlock_3/Dense_0/kernel": w(d, m), block + "MlpBlock_3/Dense_0/bias": w(m), block + "MlpBlock_3/Dense_1/kernel": w(m, d), block + "MlpBlock_3/Dense_1/bias": w(d)}
    return names
