"""Random models in the layout of published ones, and what their own libraries compute on them.

usage: python tools/published_golden.py libs/student/src/test/resources/dev/murmuration/student
needs: what published_vit.py needs, timm, torch, transformers, safetensors
"""
import json, os, pathlib, sys

import numpy as np
from published_vit import drawn, google_names, published, rng, tf, vit

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
names = google_names(d, h, m, p, grid=2, depth=2)
np.savez(out / "google.npz", **names)
# Pre-trained on ImageNet-21k only: a layer more before a head of other classes.
np.savez_compressed(out / "imagenet21k.npz", **(names | {"pre_logits/kernel": drawn(d, d), "pre_logits/bias": drawn(d), "head/kernel": drawn(d, 7), "head/bias": drawn(7)}))
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
