"""Loads a student that the trainer wrote with transformers, and prints its logits for a photo.

usage: python tools/check_student.py CHECKPOINT.tar|FOLDER [PHOTO...]
needs: torch, transformers, pillow
"""
import pathlib, sys, tarfile, tempfile
import torch
from PIL import Image
from transformers import ViTForImageClassification, ViTImageProcessor

source = pathlib.Path(sys.argv[1])
with tempfile.TemporaryDirectory() as scratch:
    folder = source
    if source.is_file():
        with tarfile.open(source) as tar:
            tar.extractall(scratch, filter="data")
        folder = pathlib.Path(scratch, "model")
    model, told = ViTForImageClassification.from_pretrained(folder, output_loading_info=True)
    assert not told["missing_keys"] and not told["unexpected_keys"] and not told["mismatched_keys"], told
    model.eval()
    processor = ViTImageProcessor.from_pretrained(folder)
    side = model.config.image_size
    print("loaded", folder.name, "side", side, "weights", sum(p.numel() for p in model.parameters()), model.config.id2label)
    photos = [Image.open(p).convert("RGB") for p in sys.argv[2:]]
    if photos:
        with torch.no_grad():
            print(model(**processor(images=photos, return_tensors="pt")).logits.tolist())
