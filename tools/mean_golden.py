"""Golden values for students whose head reads the mean of their patches: what timm's VisionTransformer(global_pool="avg", fc_norm=False, class_token=True) computes.

usage: python tools/mean_golden.py libs/student/src/test/resources/dev/murmuration/student services/evaluator/src/test/resources/golden/maps
needs: torch, timm, transformers, safetensors, numpy, pillow (the versions used are written into mean-versions.json)

The random weights are timm's; they are written as a ViTModel and head.safetensors, and what check_student.py loads from there must agree with timm before anything is written.
"""
import functools, json, pathlib, sys
import numpy, PIL, safetensors, timm, torch, transformers
from PIL import Image
from safetensors.torch import save_file
from timm.models.vision_transformer import VisionTransformer
from transformers import ViTConfig, ViTImageProcessor, ViTModel
from check_student import load

out, maps = (pathlib.Path(a) for a in sys.argv[1:3])
torch.manual_seed(19)
torch.set_num_threads(1)
labels = dict(enumerate(["negative", "neutral", "positive"]))
IN_A_LAYER = {"norm1": "layernorm_before", "attn.proj": "attention.output.dense", "norm2": "layernorm_after", "mlp.fc1": "intermediate.dense", "mlp.fc2": "output.dense"}
OUTSIDE = {"cls_token": "vit.embeddings.cls_token", "pos_embed": "vit.embeddings.position_embeddings", "patch_embed.proj": "vit.embeddings.patch_embeddings.projection",
           "norm": "vit.layernorm", "head": "head.output", "head.0": "head.hidden", "head.2": "head.output"}


def student(side, width, depth, hidden, inner=0):
    model = VisionTransformer(img_size=side, patch_size=8, embed_dim=width, depth=depth, num_heads=2, mlp_ratio=hidden / width, num_classes=3, global_pool="avg", fc_norm=False,
                              class_token=True, norm_layer=functools.partial(torch.nn.LayerNorm, eps=1e-6))
    if inner:
        model.head = torch.nn.Sequential(torch.nn.Linear(width, inner), torch.nn.GELU(), torch.nn.Linear(inner, 3))
    with torch.no_grad():
        for p in model.parameters():
            p.add_(torch.randn_like(p) * .2)
    return model.eval()


def ours(named):
    """Tensors under timm's names as they are named in a student's folder; query, key and value apart."""
    renamed = {}
    for name, tensor in named:
        part, _, kind = name.rpartition(".")
        if name in OUTSIDE:
            renamed[OUTSIDE[name]] = tensor
        elif part in OUTSIDE:
            renamed[OUTSIDE[part] + "." + kind] = tensor
        else:
            _, layer, inside = part.split(".", 2)
            prefix = f"vit.encoder.layer.{layer}."
            if inside == "attn.qkv":
                for which, piece in zip(("query", "key", "value"), tensor.chunk(3)):
                    renamed[f"{prefix}attention.attention.{which}.{kind}"] = piece
            else:
                renamed[f"{prefix}{IN_A_LAYER[inside]}.{kind}"] = tensor
    return {name: tensor.detach().clone().contiguous() for name, tensor in renamed.items()}


def write(model, folder, side, width, depth, hidden):
    config = ViTConfig(hidden_size=width, num_hidden_layers=depth, num_attention_heads=2, intermediate_size=hidden, image_size=side, patch_size=8, layer_norm_eps=1e-6,
                       hidden_dropout_prob=0., attention_probs_dropout_prob=0., id2label=labels, label2id={l: i for i, l in labels.items()}, head_pooling="mean")
    encoder = ViTModel(config, add_pooling_layer=False)
    weights = ours(model.named_parameters())
    encoder.load_state_dict({n.removeprefix("vit."): t for n, t in weights.items() if n.startswith("vit.")})
    encoder.save_pretrained(folder)
    save_file({n.removeprefix("head."): t for n, t in weights.items() if n.startswith("head.")}, str(folder / "head.safetensors"))
    ViTImageProcessor(size={"height": side, "width": side}, image_mean=[.5] * 3, image_std=[.5] * 3).save_pretrained(folder)
    pixels = torch.randn(2, 3, side, side)
    torch.testing.assert_close(load(folder)[0](pixels).logits, model(pixels), rtol=1e-5, atol=1e-5)


def of_patches(model, pixels):
    """The head on each patch's token after the last norm, (B, G*G, 3)."""
    return model.head(model.forward_features(pixels)[:, 1:]).detach()


# --- logits, those of patches, loss, every gradient, weights after three steps of AdamW; with a linear head and with a dense one
golden = {"pixels": torch.randn(4, 3, 16, 16), "targets": torch.softmax(torch.randn(4, 3) * 2, -1)}
for name, inner in (("linear", 0), ("dense", 5)):
    shape = dict(side=16, width=16, depth=2, hidden=24)
    model = student(**shape, inner=inner)
    write(model, out / f"mean-{name}", **shape)

    def cross_entropy():
        return torch.nn.functional.cross_entropy(model(golden["pixels"]), golden["targets"])

    golden[name + "/logits"] = model(golden["pixels"]).detach()
    golden[name + "/patches"] = of_patches(model, golden["pixels"])
    golden[name + "/loss"] = cross_entropy().detach().reshape(1)
    parameters = dict(model.named_parameters())
    gradients = torch.autograd.grad(cross_entropy(), list(parameters.values()))
    golden |= {f"{name}/gradient/{n}": g for n, g in ours(zip(parameters, gradients)).items()}
    decays = lambda n: parameters[n].dim() > 1 and n not in ("cls_token", "pos_embed")
    optimizer = torch.optim.AdamW([{"params": [p], "weight_decay": .1 if decays(n) else 0.} for n, p in parameters.items()], lr=2e-3, eps=1e-6)
    for _ in range(3):
        optimizer.zero_grad()
        cross_entropy().backward()
        optimizer.step()
    golden |= {f"{name}/adamw/{n}": p for n, p in ours(parameters.items()).items()}
save_file({k: v.contiguous() for k, v in golden.items()}, str(out / "mean.safetensors"))

# --- maps of a photo of the student's own size: each patch's probabilities, and attention rolled out to the mean of the patches by transformers' own attention weights
shape = dict(side=32, width=16, depth=3, hidden=32)
model = student(**shape)
write(model, maps / "mean", **shape)
photo = numpy.random.default_rng(19).integers(0, 256, (32, 32, 3), dtype=numpy.uint8)
Image.fromarray(photo).save(maps / "photo.png")
pixels = torch.from_numpy(photo).permute(2, 0, 1)[None] / 255 * 2 - 1
encoder = ViTModel.from_pretrained(maps / "mean", add_pooling_layer=False, attn_implementation="eager").eval()
with torch.no_grad():
    attentions = encoder(pixels, output_attentions=True).attentions
joint = torch.eye(17)
for layer in attentions:  # as in golden_maps.py
    joint = (layer[0].mean(dim=0) + torch.eye(17)) / 2 @ joint
patches = torch.softmax(of_patches(model, pixels), -1)[0]
said = torch.softmax(model(pixels).detach(), -1)[0]
verdict = 2 if said[2] > said[0] else 0
empty = numpy.broadcast_to(numpy.rint(photo.reshape(-1, 3).mean(0)), photo.shape)


def area(start, end):
    """Deletion or insertion (Petsiuk et al. 2018): the verdict's probability while cells are exchanged, those that speak most for it first."""
    picture, curve = start.astype(numpy.float32), []
    for cell in [None, *torch.argsort(patches[:, verdict], descending=True).tolist()]:
        if cell is not None:
            y, x = cell // 4 * 8, cell % 4 * 8
            picture[y:y + 8, x:x + 8] = end[y:y + 8, x:x + 8]
        with torch.no_grad():
            curve.append(torch.softmax(model(torch.from_numpy(picture.copy()).permute(2, 0, 1)[None] / 255 * 2 - 1), -1)[0, verdict].item())
    return torch.trapezoid(torch.tensor(curve, dtype=torch.float64), dx=1 / 16).item()


save_file({"patches": patches.reshape(4, 4, 3).contiguous(), "rollout": joint[1:, 1:].mean(0).reshape(4, 4).contiguous(),
           "faithfulness": torch.tensor([area(photo, empty), area(empty, photo)], dtype=torch.float32)}, str(maps / "mean.safetensors"))
print("deletion, insertion", area(photo, empty), area(empty, photo))

versions = {m.__name__: m.__version__ for m in (torch, timm, transformers, safetensors, numpy, PIL)}
(out / "mean-versions.json").write_text(json.dumps(versions, indent=1) + "\n")
print(versions)
