"""Random models in the layout of published ones, and what their own libraries compute on them.

usage: python tools/published_golden.py libs/student/src/test/resources/dev/murmuration/student
       python tools/published_golden.py b32|b16|l32|l16 MODEL.h5 [PHOTO...]     a random model of the published size, and its probabilities of photos
needs: tensorflow 2.16, tf_keras 2.16, vit-keras 0.1.2 (with validators and scipy), timm, torch, safetensors. vit-keras imports TensorFlow Addons and OpenCV, of
which no function is used here but gelu; they stopped being released and are stood in for by two empty modules.
"""
import json, os, pathlib, sys, types

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


if sys.argv[1] in ("b32", "b16", "l32", "l16"):
    side = 224 if sys.argv[1] == "b32" else 384
    model = published(getattr(vit, "vit_" + sys.argv[1])(image_size=side, pretrained=False, include_top=False, pretrained_top=False))
    model.save_weights(sys.argv[2])
    for photo in sys.argv[3:]:
        pixels = tf.image.resize(tf.image.decode_image(tf.io.read_file(photo), channels=3, expand_animations=False), (side, side))
        pixels = pixels / 255 if sys.argv[1] == "b32" else vit.preprocess_inputs(pixels)
        print(photo, model.predict(pixels[None], verbose=0)[0].tolist())
    sys.exit()

import safetensors, timm, torch
from safetensors.numpy import save_file
from transformers import ViTConfig, ViTForImageClassification

out = pathlib.Path(sys.argv[1], "published")
out.mkdir(exist_ok=True)
golden = {}

# --- vit-keras within a Sequential, by save_weights
encoder = vit.build_model(image_size=12, patch_size=4, num_layers=2, hidden_size=64, num_heads=1, name="vit-b32", mlp_dim=32, classes=3, include_top=False)
model = published(encoder, 8)
model.save_weights(out / "keras.h5")
pixels = rng.uniform(-1, 1, (4, 12, 12, 3)).astype("float32")
golden["keras/pixels"] = pixels.transpose(0, 3, 1, 2).copy()
golden["keras/probabilities"] = model.predict(pixels, verbose=0)
# The same weights with the exact GELU: what must not come out.
exact = tf.keras.Sequential([encoder, tf.keras.layers.Dense(8, activation=tf.nn.gelu), tf.keras.layers.Dense(3, activation="softmax")])
exact.build((None, 12, 12, 3))
exact.set_weights(model.get_weights())
golden["keras/exact"] = exact.predict(pixels, verbose=0)

# --- within a Functional model with the mask of the five folds, as a whole, compiled and trained a step so that it has an optimizer's weights
inputs = tf.keras.Input((12, 12, 3))
small = vit.build_model(image_size=12, patch_size=4, num_layers=1, hidden_size=64, num_heads=1, name="vit-l16", mlp_dim=8, classes=3, include_top=False)
folds = tf.keras.Model(inputs, tf.keras.layers.Multiply()([published(small, 4)(inputs), tf.constant([[1., 1e-7, 1.]])]))
folds.compile("sgd", "sparse_categorical_crossentropy")
folds.save(out / "folds.h5")
masked = folds.predict(pixels, verbose=0)
golden["folds/masked"] = masked

# --- Google's .npz, read by timm
d, h, m, p = 16, 2, 24, 8
w = lambda *shape: rng.normal(0, 1.5 / np.sqrt(np.prod(shape[:-1])), shape).astype("float32")
names = {"cls": w(1, 1, d), "embedding/kernel": w(p, p, 3, d), "embedding/bias": w(d), "Transformer/posembed_input/pos_embedding": w(1, 5, d),
         "Transformer/encoder_norm/scale": 1 + w(d), "Transformer/encoder_norm/bias": w(d), "head/kernel": w(d, 3), "head/bias": w(3)}
for i in range(2):
    block = "Transformer/encoderblock_%d/" % i
    for norm in ("LayerNorm_0", "LayerNorm_2"):
        names |= {block + norm + "/scale": 1 + w(d), block + norm + "/bias": w(d)}
    for part in ("query", "key", "value"):
        names |= {block + "MultiHeadDotProductAttention_1/" + part + "/kernel": w(d, h, d // h), block + "MultiHeadDotProductAttention_1/" + part + "/bias": w(h, d // h)}
    names |= {block + "MultiHeadDotProductAttention_1/out/kernel": w(h, d // h, d), block + "MultiHeadDotProductAttention_1/out/bias": w(d)}
    names |= {block + "MlpBlock_3/Dense_0/kernel": w(d, m), block + "MlpBlock_3/Dense_0/bias": w(m), block + "MlpBlock_3/Dense_1/kernel": w(m, d), block + "MlpBlock_3/Dense_1/bias": w(d)}
np.savez(out / "google.npz", **names)
# Pre-trained on ImageNet-21k only: a layer more before a head of other classes.
np.savez_compressed(out / "imagenet21k.npz", **(names | {"pre_logits/kernel": w(d, d), "pre_logits/bias": w(d), "head/kernel": w(d, 7), "head/bias": w(7)}))
google = timm.models.vision_transformer.VisionTransformer(img_size=16, patch_size=p, embed_dim=d, depth=2, num_heads=h, mlp_ratio=m / d, num_classes=3)
google.load_pretrained(str(out / "google.npz"))
pixels = rng.uniform(-1, 1, (4, 3, 16, 16)).astype("float32")
with torch.no_grad():
    golden |= {"google/pixels": pixels, "google/logits": google.eval()(torch.from_numpy(pixels)).numpy()}

# --- a Hugging Face folder with pytorch_model.bin
torch.manual_seed(3)
labels = {0: "negative", 1: "neutral", 2: "positive"}
bin_ = ViTForImageClassification(ViTConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=24, image_size=16, patch_size=8,
                                           initializer_range=.3, id2label=labels, label2id={v: k for k, v in labels.items()})).eval()
bin_.save_pretrained(out / "bin")
os.remove(out / "bin/model.safetensors")
torch.save(bin_.state_dict(), out / "bin/pytorch_model.bin")
(out / "bin/preprocessor_config.json").write_text(json.dumps({"size": {"height": 16, "width": 16}, "image_mean": [.5] * 3, "image_std": [.5] * 3}))
with torch.no_grad():
    golden["bin/logits"] = bin_(torch.from_numpy(pixels)).logits.numpy()

save_file({k: np.ascontiguousarray(v, dtype=np.float32) for k, v in golden.items()}, out / "golden.safetensors")
(out / "versions.json").write_text(json.dumps({m.__name__: m.__version__ for m in (np, safetensors, tf, timm, torch)} | {"vit_keras": "0.1.2", "tf_keras": "2.16.0"}) + "\n")
