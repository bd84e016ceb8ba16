"""Golden values for what libs/student can do beside a plain ViT: the published head, dropout, stochastic depth, distillation, mixup, other resolutions.

usage: python tools/student_options_golden.py libs/student/src/test/resources/dev/murmuration/student
needs: torch 2.7.1 (dropout's draws are compared one by one, so the random numbers must be those of the libtorch in use), transformers, timm, safetensors, pillow
"""
import json, pathlib, sys
import numpy, PIL, safetensors, timm, torch, transformers
from PIL import Image
from safetensors.torch import save_file
from timm.data.mixup import Mixup
from transformers import ViTConfig, ViTForImageClassification, ViTModel

out = pathlib.Path(sys.argv[1])
torch.manual_seed(7)
torch.set_num_threads(1)
labels = ["negative", "neutral", "positive"]
shape = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, image_size=16, patch_size=8, initializer_range=.15,
             attention_probs_dropout_prob=0., layer_norm_eps=1e-6, id2label=dict(enumerate(labels)), label2id={l: i for i, l in enumerate(labels)})


def stirred(model):
    with torch.no_grad():
        for p in model.parameters():
            p.add_(torch.randn_like(p) * .1)
    return model


def as_saved(name):
    for new, old in (("layers.", "encoder.layer."), ("attention.q_proj", "attention.attention.query"), ("attention.k_proj", "attention.attention.key"),
                     ("attention.v_proj", "attention.attention.value"), ("attention.o_proj", "attention.output.dense"), ("mlp.fc1", "intermediate.dense"), ("mlp.fc2", "output.dense")):
        if "encoder.layer" not in name or new != "layers.":
            name = name.replace(new, old)
    return name


golden = {}
# --- the published head on a ViTModel, with dropout and stochastic depth: logits, loss, every gradient, weights after 3 steps
P = .1
encoder = stirred(ViTModel(ViTConfig(hidden_dropout_prob=P, **shape), add_pooling_layer=False))
head = stirred(torch.nn.ModuleDict({"hidden": torch.nn.Linear(16, 5), "output": torch.nn.Linear(5, 3)}))
encoder.save_pretrained(out / "dense")
(out / "dense/preprocessor_config.json").write_bytes((out / "vit/preprocessor_config.json").read_bytes())
save_file({n: p.detach() for n, p in head.named_parameters()}, str(out / "dense/head.safetensors"))
pixels = torch.randn(4, 3, 16, 16)
teacher = torch.softmax(torch.randn(4, 3) * 2, -1)
paths = torch.tensor([[1., 1, 1, 1], [1, 1, 1, 1], [0, 1.25, 1.25, 0], [1.25, 0, 1.25, 1.25]])
golden |= {"pixels": pixels, "teacher": teacher, "paths": paths}
parameters = {"vit." + as_saved(n): p for n, p in encoder.named_parameters()} | {"head." + n: p for n, p in head.named_parameters()}


def logits():
    return head["output"](torch.nn.functional.gelu(head["hidden"](encoder(pixels).last_hidden_state[:, 0])))


layers = encoder.encoder.layer if hasattr(encoder, "encoder") else encoder.layers


class DropoutOfTheClassToken(torch.nn.Dropout):
    """Draws for the class token alone, as ours does in the last layer, where nothing else is read: the same values are dropped only if as many are drawn."""

    def forward(self, x):
        return torch.cat([super().forward(x[:, :1]), x[:, 1:]], 1)


layers[-1].attention.output.dropout = DropoutOfTheClassToken(P)
layers[-1].output.dropout = DropoutOfTheClassToken(P)


def kept_paths(on):
    """Multiplies what a branch adds by its row of paths, behind the branch's own dropout."""
    handles = []
    for i, layer in enumerate(layers):
        for j, dropout in enumerate((layer.attention.output.dropout, layer.output.dropout)):
            handles.append(dropout.register_forward_hook(lambda m, x, y, row=2 * i + j: y * paths[row].reshape(-1, 1, 1)))
    return handles


def kl(temperature):
    """torch.nn.KLDivLoss against the teacher softened by the temperature, times its square (Hinton et al. 2015)."""
    soft = torch.softmax(torch.log(teacher) / temperature, -1)
    return torch.nn.functional.kl_div(torch.log_softmax(logits() / temperature, -1), soft, reduction="batchmean") * temperature ** 2


def gradients(prefix, loss):
    golden[prefix + "loss"] = loss.detach().reshape(1)
    for n, g in zip(parameters, torch.autograd.grad(loss, list(parameters.values()))):
        golden[prefix + "gradient/" + n] = g.clone()


encoder.eval()
golden["dense/logits"] = logits().detach()
gradients("dense/", kl(2.))
handles = kept_paths(True)
gradients("paths/", kl(1.))
encoder.train()
torch.manual_seed(123)
gradients("noise/", kl(1.))
for h in handles:
    h.remove()
encoder.eval()
start = {n: p.detach().clone() for n, p in parameters.items()}


def train(name, optimizer, moving, steps, batches=1, loss=lambda: kl(1.)):
    """Steps of an optimizer; the gradient of an update is the mean over as many equal batches."""
    for _ in range(steps):
        optimizer.zero_grad()
        for _ in range(batches):
            (loss() / batches).backward()
        optimizer.step()
    for n, p in parameters.items():
        if n in moving:
            golden[name + n] = p.detach().clone()
        p.data.copy_(start[n])


everything = set(parameters)
decays = lambda n: parameters[n].dim() > 1 and "cls_token" not in n and "position_embeddings" not in n
groups = [{"params": [p], "weight_decay": .1 if decays(n) else 0.} for n, p in parameters.items()]
train("dense/adamw/", torch.optim.AdamW(groups, lr=2e-3, eps=1e-6), everything, 3, 2)
train("dense/head/", torch.optim.RAdam(head.parameters(), lr=1e-2, eps=1e-6), {n for n in parameters if n.startswith("head.")}, 8)

# --- `paper`: label smoothing and class weights as torch.nn.functional.cross_entropy has them, reduction by the batch as Keras has it
counts = torch.tensor([50., 100., 150.])
weights = counts.sum() / (3 * counts)
classes = torch.tensor([0, 1, 2, 2])
each = torch.nn.functional.cross_entropy(logits(), classes, label_smoothing=.2, reduction="none")
golden["paper/loss"] = (each * weights[classes]).mean().detach().reshape(1)
golden["paper/classes"] = classes

# --- mixup as timm does it: one share for the batch, partners in reverse order
mixup = Mixup(mixup_alpha=.8, num_classes=3, label_smoothing=0.)
mixup._params_per_batch = lambda: (.7, False)
mixed, _ = mixup(pixels.clone(), classes)
golden["mixup/pixels"] = mixed
golden["mixup/targets"] = teacher * .7 + teacher.flip(0) * .3

# --- position embeddings between resolutions: torch's bicubic, as transformers' interpolate_pos_encoding
for old, new in ((3, 5), (5, 3), (7, 12)):
    table = torch.randn(1, old * old + 1, 6)
    grid = table[:, 1:].reshape(1, old, old, 6).permute(0, 3, 1, 2)
    fitted = torch.nn.functional.interpolate(grid, (new, new), mode="bicubic", align_corners=False)
    golden[f"positions/{old}"] = table
    golden[f"positions/{old}to{new}"] = torch.cat([table[:, :1], fitted.permute(0, 2, 3, 1).reshape(1, -1, 6)], 1)
big = ViTForImageClassification(ViTConfig(hidden_dropout_prob=0., **(shape | {"image_size": 24}))).eval()
stirred(big)
small_pixels = torch.randn(2, 3, 40, 40)
golden["positions/pixels"] = small_pixels
golden["positions/logits"] = big(small_pixels, interpolate_pos_encoding=True).logits.detach()
big.save_pretrained(out / "big")
(out / "big/preprocessor_config.json").write_text((out / "vit/preprocessor_config.json").read_text().replace("16", "24"))

# --- a crop of the drawn photo by Pillow, mirrored
photo = Image.open(out / "photo.png").convert("RGB")
for n, (x, y, w, h) in enumerate(((3, 5, 30, 20), (10, 0, 43, 37), (50, 30, 3, 7))):
    crop = photo.crop((x, y, x + w, y + h)).resize((16, 16), Image.BILINEAR)
    golden[f"crop/{n}"] = torch.from_numpy(numpy.asarray(crop).astype(numpy.float32))
    golden[f"crop/{n}/mirrored"] = torch.from_numpy(numpy.asarray(crop.transpose(Image.FLIP_LEFT_RIGHT)).astype(numpy.float32))

# --- a JPEG through Pillow's decoder and both resizers
photo.resize((530, 370), Image.BICUBIC).save(out / "photo.jpg", quality=88)
decoded = Image.open(out / "photo.jpg").convert("RGB")
golden["jpeg/pillow"] = torch.from_numpy(numpy.asarray(decoded.resize((32, 32), Image.BILINEAR)).astype(numpy.float32))
plain = torch.from_numpy(numpy.asarray(decoded).astype(numpy.float32)).permute(2, 0, 1)[None]
golden["jpeg/tf"] = torch.nn.functional.interpolate(plain, (32, 32), mode="bilinear", align_corners=False, antialias=False)[0].permute(1, 2, 0)

save_file({k: v.contiguous() for k, v in golden.items()}, str(out / "options.safetensors"))
versions = {m.__name__: m.__version__ for m in (torch, transformers, timm, safetensors, numpy, PIL)}
(out / "options-versions.json").write_text(json.dumps(versions, indent=1) + "\n")
print(versions, {f.name: f.stat().st_size for f in (out / "options.safetensors", out / "dense/model.safetensors", out / "big/model.safetensors")})
