"""Writes src/test/resources/dev/murmuration/weights/*.bin: small files of torch.save whose values SafetensorsTest's sister PickledWeightsTest knows by heart.

usage: golden_weights.py OUT_FOLDER      (made with torch 2.7.1)
"""
import os
import sys

import torch

out = sys.argv[1]
torch.manual_seed(0)
module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.LayerNorm(2))
with torch.no_grad():
    for name, parameter in module.named_parameters():
        parameter.copy_(torch.arange(parameter.numel()).reshape(parameter.shape) / 4)
# As Hugging Face writes it: an OrderedDict with _metadata.
torch.save(module.state_dict(), os.path.join(out, "module.bin"))

whole = torch.arange(12, dtype=torch.float32)
kinds = {
    "f64": torch.tensor([1.5, -2.5], dtype=torch.float64),
    "f16": torch.tensor([1.5, -2.5], dtype=torch.float16),
    "bf16": torch.tensor([1.5, -2.5], dtype=torch.bfloat16),
    "i64": torch.tensor([1, -(2**40)]),
    "i32": torch.tensor([1, -2], dtype=torch.int32),
    "i16": torch.tensor([1, -2], dtype=torch.int16),
    "i8": torch.tensor([1, -2], dtype=torch.int8),
    "u8": torch.tensor([1, 255], dtype=torch.uint8),
    "bool": torch.tensor([True, False]),
    "scalar": torch.tensor(7.0),
    "none": torch.zeros(0, 4),
    "view": whole[4:10].reshape(2, 3),
    "tied": whole,
    "parameter": torch.nn.Parameter(torch.tensor([3.0])),
}
# As training programs write it.
torch.save({"epoch": 3, "lr": 1e-4, "args": ["a", {"b": None}], "big": 2**40, "model": kinds}, os.path.join(out, "checkpoint.pth"))
torch.save({"transposed": torch.arange(6.0).reshape(2, 3).t()}, os.path.join(out, "transposed.bin"))
torch.save({"a": torch.ones(2)}, os.path.join(out, "legacy.bin"), _use_new_zipfile_serialization=False)
