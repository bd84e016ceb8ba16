"""ViT-B/32 with random weights on 300 photos by transformers' pipeline.

usage: python predict.py prepare WORK | fp32|bf16 WORK
"""
import pathlib, sys
import torch

mode, work = sys.argv[1], pathlib.Path(sys.argv[2])
if mode == "prepare":
    from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessor

    torch.manual_seed(1)
    labels = ["negative", "neutral", "positive"]
    names = {"id2label": dict(enumerate(labels)), "label2id": {name: i for i, name in enumerate(labels)}}
    ViTForImageClassification(ViTConfig(patch_size=32, **names)).save_pretrained(work / "vit")
    ViTImageProcessor().save_pretrained(work / "vit")
else:
    from transformers import pipeline

    dtype = torch.bfloat16 if mode == "bf16" else torch.float32
    classify = pipeline("image-classification", model=str(work / "vit"), batch_size=16, device="cpu", top_k=None, torch_dtype=dtype)
    with torch.inference_mode():
        for result in classify([str(file) for file in sorted((work / "300").glob("*.jpg"))]):
            print(result)
