"""Writes the golden values of the evaluator's maps: attention rollout by transformers' own attention weights, and grids as NumPy saves them.

Run: pip install torch==2.7.1 transformers==4.57.1 safetensors numpy==2.4.6 && python3 golden_maps.py ../src/test/resources/golden/maps
"""

import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessor

OUT = Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)

torch.manual_seed(11)
labels = {0: "negative", 1: "neutral", 2: "positive"}
config = ViTConfig(
    image_size=32, patch_size=8, hidden_size=16, num_hidden_layers=3, num_attention_heads=2, intermediate_size=32,
    layer_norm_eps=1e-6, initializer_range=0.4, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    id2label=labels, label2id={name: i for i, name in labels.items()}, attn_implementation="eager",
)
model = ViTForImageClassification(config).eval()
model.save_pretrained(OUT / "vit")
ViTImageProcessor(size={"height": 32, "width": 32}, image_mean=[0.5] * 3, image_std=[0.5] * 3).save_pretrained(OUT / "vit")

pixels = torch.rand(1, 3, 32, 32) * 2 - 1
with torch.no_grad():
    attentions = model(pixels, output_attentions=True).attentions
joint = torch.eye(17)
for layer in attentions:  # Abnar and Zuidema 2020: the residual is half, heads are averaged
    joint = (layer[0].mean(dim=0) + torch.eye(17)) / 2 @ joint
save_file({"pixels": pixels.contiguous(), "rollout": joint[0, 1:].reshape(4, 4).contiguous()}, OUT / "rollout.safetensors")

np.save(OUT / "classes.npy", np.arange(18, dtype="<f4").reshape(2, 3, 3) / 4)
np.save(OUT / "single.npy", np.arange(6, dtype="<f4").reshape(3, 2) - 2)
