"""Golden values for libs/student: a random ViT in Hugging Face layout, what transformers and PyTorch compute with it, and images resized by Pillow and PyTorch.

usage: python tools/student_golden.py libs/student/src/test/resources/dev/murmuration/student
needs: torch, transformers, safetensors, numpy, pillow (the versions used are written into versions.json)
"""
import json, math, pathlib, sys
import numpy, PIL, safetensors, torch, transformers
from PIL import Image
from safetensors.torch import save_file
from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessor

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
torch.manual_seed(42)
torch.set_num_threads(1)

# --- a student: 16 px, patches of 8, width 16, 2 layers of 2 heads, hidden 40, large random weights so that nothing vanishes
labels = ["negative", "neutral", "positive"]
config = ViTConfig(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=40, image_size=16, patch_size=8, initializer_range=.15,
                   hidden_dropout_prob=0., attention_probs_dropout_prob=0., layer_norm_eps=1e-6, id2label=dict(enumerate(labels)), label2id={l: i for i, l in enumerate(labels)})
model = ViTForImageClassification(config).eval()
with torch.no_grad():
    for name, p in model.named_parameters():
        p.add_(torch.randn_like(p) * .1)
model.save_pretrained(out / "vit")
ViTImageProcessor(size={"height": 16, "width": 16}, image_mean=[.5, .4, .3], image_std=[.2, .25, .3]).save_pretrained(out / "vit")

saved = list(safetensors.safe_open(str(out / "vit/model.safetensors"), "pt").keys())


def as_saved(name):
    """transformers 5 renames modules in memory; the file keeps the names of transformers 4, and so do we."""
    for new, old in (("vit.layers.", "vit.encoder.layer."), ("attention.q_proj", "attention.attention.query"), ("attention.k_proj", "attention.attention.key"),
                     ("attention.v_proj", "attention.attention.value"), ("attention.o_proj", "attention.output.dense"), ("mlp.fc1", "intermediate.dense"), ("mlp.fc2", "output.dense")):
        name = name.replace(new, old)
    return name


parameters = {as_saved(n): p for n, p in model.named_parameters()}
assert set(saved) == set(parameters), set(saved) ^ set(parameters)
decays = lambda name: parameters[name].dim() > 1 and "cls_token" not in name and "position_embeddings" not in name

pixels = torch.randn(4, 3, 16, 16)
targets = torch.softmax(torch.randn(4, 3), -1)
golden = {"pixels": pixels, "targets": targets}
golden["logits"] = model(pixels).logits.detach()


def cross_entropy(temperature=1.):
    return -(targets * torch.log_softmax(model(pixels).logits / temperature, -1)).sum(-1).mean() * temperature ** 2


loss = cross_entropy()
golden["loss"] = loss.detach().reshape(1)
golden["loss_at_2"] = cross_entropy(2.).detach().reshape(1)
for name, g in zip(parameters, torch.autograd.grad(loss, list(parameters.values()))):
    golden["gradient/" + name] = g


def train(name, optimizer, learning_rates, clip, average_decay=None):
    start = {n: p.detach().clone() for n, p in parameters.items()}
    average = {n: p.detach().clone() for n, p in parameters.items()}
    losses, norms = [], []
    for lr in learning_rates:
        for group in optimizer.param_groups:
            group["lr"] = lr * group.get("scale", 1.)
        optimizer.zero_grad()
        loss = cross_entropy()
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(list(parameters.values()), clip))
        optimizer.step()
        losses.append(loss.detach())
        if average_decay is not None:
            for n, p in parameters.items():
                average[n].lerp_(p.detach(), 1 - average_decay)
    golden[name + "/losses"] = torch.stack(losses)
    golden[name + "/norms"] = torch.stack(norms).detach()
    for n, p in parameters.items():
        golden[name + "/weights/" + n] = p.detach().clone()
        if average_decay is not None:
            golden[name + "/average/" + n] = average[n]
        p.data.copy_(start[n])


def layer(name):
    if "embeddings" in name:
        return 0
    found = [int(part) for part in name.split(".") if part.isdigit()]
    return found[0] + 1 if found else config.num_hidden_layers + 1


groups = [{"params": [p], "weight_decay": .1 if decays(n) else 0., "scale": .75 ** (config.num_hidden_layers + 1 - layer(n))} for n, p in parameters.items()]
# epsilon is far above the noise of gradients that are zero in exact numbers (those of the key biases)
train("adamw", torch.optim.AdamW(groups, betas=(.9, .98), eps=1e-6), [1e-3, 2e-3, 1.5e-3], .5, .9)
train("radam", torch.optim.RAdam(list(parameters.values()), eps=1e-7), [1e-2] * 8, 1e9)
save_file({k: v.contiguous() for k, v in golden.items()}, str(out / "golden.safetensors"))

# --- pixels: one drawn photo, larger and smaller than the target, through both resizers
rng = numpy.random.default_rng(42)
y, x = numpy.mgrid[0:37, 0:53]
photo = numpy.stack([127 + 120 * numpy.sin(x / 5.), 127 + 120 * numpy.cos(y / 3. + x / 9.), (x * 7 + y * 5) % 256], -1) + rng.normal(0, 12, (37, 53, 3))
photo = photo.clip(0, 255).astype(numpy.uint8)
Image.fromarray(photo).save(out / "photo.png")
resized = {}
for side in (16, 40):
    resized[f"pillow/{side}"] = torch.from_numpy(numpy.asarray(Image.fromarray(photo).resize((side, side), Image.BILINEAR)).astype(numpy.float32))
    plain = torch.from_numpy(photo.astype(numpy.float32)).permute(2, 0, 1)[None]
    # tf.image.resize(bilinear) without antialias: half-pixel centres, as torch's interpolate
    resized[f"tf/{side}"] = torch.nn.functional.interpolate(plain, (side, side), mode="bilinear", align_corners=False, antialias=False)[0].permute(1, 2, 0).contiguous()
processor = ViTImageProcessor.from_pretrained(out / "vit")
resized["processed"] = processor(images=Image.fromarray(photo), return_tensors="pt")["pixel_values"][0].contiguous()
save_file(resized, str(out / "resized.safetensors"))

versions = {m.__name__: m.__version__ for m in (torch, transformers, safetensors, numpy, PIL)}
(out / "versions.json").write_text(json.dumps(versions, indent=1) + "\n")
print(versions, sum(f.stat().st_size for f in out.rglob("*") if f.is_file()), "bytes")
