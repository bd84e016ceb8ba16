"""Loads a student that the trainer wrote with transformers, and prints its logits for photos.

usage: python tools/check_student.py CHECKPOINT.tar|FOLDER [PHOTO...]
needs: torch, transformers, safetensors, pillow

In your own code: student, processor = load(folder); student(**processor(images=photos, return_tensors="pt")).logits
"""
import pathlib, sys, tarfile, tempfile
import torch
from PIL import Image
from safetensors.torch import load_file
from transformers import ViTForImageClassification, ViTImageProcessor, ViTModel
from transformers.modeling_outputs import ImageClassifierOutput


class HeadStudent(torch.nn.Module):
    """A ViTModel with a head of ours: a linear one, or the published one (a dense layer, GELU, and another), on the class token or on the mean of the patches."""

    def __init__(self, folder):
        super().__init__()
        self.vit, told = ViTModel.from_pretrained(folder, add_pooling_layer=False, output_loading_info=True)
        complete(told)
        self.config = self.vit.config
        self.pooling = getattr(self.config, "head_pooling", "token")
        assert self.pooling in ("token", "mean"), self.pooling
        weights = load_file(pathlib.Path(folder, "head.safetensors"))
        layers = [name for name in ("hidden", "output") if name + ".weight" in weights]
        self.head = torch.nn.ModuleDict({name: torch.nn.Linear(*reversed(weights[name + ".weight"].shape)) for name in layers})
        self.head.load_state_dict(weights)
        # The published students' heads have the approximation by tanh.
        self.gelu = torch.nn.GELU("tanh" if getattr(self.config, "head_act", "gelu") == "gelu_pytorch_tanh" else "none")

    def forward(self, pixel_values):
        tokens = self.vit(pixel_values).last_hidden_state
        x = tokens[:, 1:].mean(1) if self.pooling == "mean" else tokens[:, 0]
        if "hidden" in self.head:
            x = self.gelu(self.head["hidden"](x))
        return ImageClassifierOutput(logits=self.head["output"](x))


def complete(told):
    assert not told["missing_keys"] and not told["unexpected_keys"] and not told["mismatched_keys"], told


def load(folder):
    """The student of a folder, whichever head it has, and its image processor."""
    if pathlib.Path(folder, "head.safetensors").exists():
        model = HeadStudent(folder)
    else:
        model, told = ViTForImageClassification.from_pretrained(folder, output_loading_info=True)
        complete(told)
    return model.eval(), ViTImageProcessor.from_pretrained(folder)


if __name__ == "__main__":
    source = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        folder = source
        if source.is_file():
            with tarfile.open(source) as tar:
                tar.extractall(scratch, filter="data")
            folder = pathlib.Path(scratch, "model")
        model, processor = load(folder)
        print("loaded", folder.name, "side", model.config.image_size, "weights", sum(p.numel() for p in model.parameters()), model.config.id2label)
        photos = [Image.open(p).convert("RGB") for p in sys.argv[2:]]
        if photos:
            with torch.no_grad():
                print(model(**processor(images=photos, return_tensors="pt")).logits.tolist())
