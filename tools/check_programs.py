"""Runs the model programs as they are in Python, eagerly, and compares each with an implementation that is not ours: transformers, timm, torch.nn, torch.optim.

usage: python tools/check_programs.py
needs: torch 2.7.1 (the version of our libtorch), transformers, timm, protobuf. Ends with 1 if a difference, relative to the largest value or 1, exceeds 1e-5.
"""
import functools, pathlib, sys, tempfile, typing
import timm, torch, transformers
from safetensors.torch import load_file
from timm.models.vision_transformer import VisionTransformer
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.utils.fusion import fuse_conv_bn_weights

ROOT = pathlib.Path(__file__).resolve().parent.parent
for module, package in (("libs/student", "student"), ("services/teacher", "teacher/transformer"), ("services/teacher", "teacher/hashed"), ("services/evaluator", "evaluator/map")):
    sys.path.append(str(ROOT / module / "src/main/resources/dev/murmuration" / package))
from attention import Attention
from convnet import ConvNet
from efficientnet import EfficientNet
from hashed_ngrams import HashedNgrams
from encoder import Encoder
from vit import ViT
from caffe_networks import AlexNet, Vgg19, randomised

TOLERANCE = 1e-5
transformers.utils.logging.disable_progress_bar()
torch.manual_seed(42)
exceeded = False


def program(kind, **values):
    """A program with its attributes, as ProgramArchive packs it: lists start empty."""
    made = kind()
    for part in kind.__mro__[:kind.__mro__.index(nn.Module)]:
        for name, of in part.__annotations__.items():
            setattr(made, name, [] if of == typing.List[torch.Tensor] else values[name])
    return made


def compare(what, ours, theirs):
    global exceeded
    ours, theirs = (torch.as_tensor(x).detach().double() for x in (ours, theirs))
    assert ours.shape == theirs.shape, (what, ours.shape, theirs.shape)
    difference = (ours - theirs).abs().max() / max(1, theirs.abs().max())
    exceeded |= not difference <= TOLERANCE
    print(f"{what:<78} {theirs.numel():>7,} {difference:>10.1e}")


def stirred(model):
    with torch.no_grad():
        for p in model.parameters():
            p.add_(torch.randn_like(p) * .1)
    return model.eval()


# --- students: logits, loss, gradient and three steps of either optimizer
def check_student(what, student, model, vector, pixels, steps=8):
    """vector: a function from a list of tensors, one per parameter of model, to the one vector of the program"""
    parameters = list(model.parameters())
    targets = torch.randn(len(pixels), 3).softmax(-1)
    weights = vector(parameters)
    student.load([weights])
    compare(f"{what}: logits", student.logits(pixels), model(pixels))

    loss = cross_entropy(model(pixels) / 2, targets) * 4
    student.begin([weights])
    how = torch.tensor([1, 2, 0, 1, 0], dtype=torch.float64)
    compare(f"{what}: loss at temperature 2", student.accumulate(pixels, targets, torch.ones(1), how), loss.reshape(1))
    compare(f"{what}: every gradient", student.gradient(), vector(torch.autograd.grad(loss, parameters)))

    is_matrix = lambda p: p.dim() > 1 and p.shape[0] > 1    # class token and positions are not
    before = [p.detach().clone() for p in parameters]
    for name in ("AdamW", "RAdam"):
        for p, b in zip(parameters, before):
            p.data.copy_(b)
        groups = [{"params": [p], "weight_decay": .1 if name == "AdamW" and is_matrix(p) else 0.} for p in parameters]
        # epsilon is far above the noise of gradients that are 0 in exact numbers, those of the key biases
        optimizer = getattr(torch.optim, name)(groups, lr=1e-3, betas=(.9, .98), eps=1e-4)
        student.begin([weights])
        for step in range(1, steps + 1):
            student.accumulate(pixels, targets, torch.ones(1), torch.tensor([1, 1, 0, 1, 0], dtype=torch.float64))
            norm = student.update(torch.tensor([1e-3, step, .5, .9, .98, 1e-4, .1, 1, .9, name == "RAdam"], dtype=torch.float64))
            optimizer.zero_grad()
            cross_entropy(model(pixels), targets).backward()
            theirs = torch.nn.utils.clip_grad_norm_(parameters, .5)
            optimizer.step()
        compare(f"{what}: gradient's norm after {steps - 1} steps of {name}", norm, theirs.reshape(1))
        compare(f"{what}: weights after {steps} steps of {name}, clipped", student.state()[0], vector(parameters))
    for p, b in zip(parameters, before):
        p.data.copy_(b)


EMBEDDINGS = ["vit.embeddings.patch_embeddings.projection.weight", "vit.embeddings.patch_embeddings.projection.bias", "vit.embeddings.cls_token", "vit.embeddings.position_embeddings"]
MATRICES = ["attention.attention.query", "attention.attention.key", "attention.attention.value", "attention.output.dense", "intermediate.dense", "output.dense"]
OTHERS = ["layernorm_before.weight", "layernorm_before.bias", "attention.attention.query.bias", "attention.attention.key.bias", "attention.attention.value.bias",
          "attention.output.dense.bias", "layernorm_after.weight", "layernorm_after.bias", "intermediate.dense.bias", "output.dense.bias"]
shape = dict(side=16, patch=8, dim=16, depth=2, heads=2, hidden=40, eps=1e-6, classes=3, bf16=False, averages=True)


def saved(model, values):
    """Tensors in the place of a model's parameters, under the names of the files that transformers writes."""
    kept = [p.data for p in model.parameters()]
    for p, v in zip(model.parameters(), values):
        p.data = v.detach()
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        tensors = load_file(folder + "/model.safetensors")
    for p, k in zip(model.parameters(), kept):
        p.data = k
    return tensors


def check_transformers_vit():
    config = transformers.ViTConfig(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=40, image_size=16, patch_size=8, initializer_range=.15, num_labels=3,
                                    hidden_dropout_prob=0., attention_probs_dropout_prob=0., layer_norm_eps=1e-6, attn_implementation="eager")
    model = stirred(transformers.ViTForImageClassification(config))
    names = list(EMBEDDINGS)
    for layer in range(2):
        names += [f"vit.encoder.layer.{layer}.{n}" for n in [m + ".weight" for m in MATRICES] + OTHERS]
    names += ["vit.layernorm.weight", "vit.layernorm.bias", "classifier.weight", "classifier.bias"]

    def vector(values):
        tensors = saved(model, values)
        assert set(tensors) == set(names), set(tensors) ^ set(names)
        return torch.cat([tensors[n].flatten() for n in names])

    class Logits(nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, pixels):
            return self.model(pixels).logits

    pixels = torch.randn(4, 3, 16, 16)
    for convolves in (False, True):
        student = program(ViT, **shape, inner=0, tanh=False, mean=False, convolves=convolves)
        check_student("vit.py" + (", convolutions" if convolves else ""), student, Logits(), vector, pixels)

    rollout = program(Attention, **{k: shape[k] for k in ("side", "patch", "dim", "depth", "heads", "eps")}, mean=False)
    tensors = saved(model, list(model.parameters()))
    weights = [tensors[n] for n in EMBEDDINGS]
    for layer in range(2):
        parts = ["layernorm_before", *MATRICES[:4], "layernorm_after", *MATRICES[4:]]
        weights += [tensors[f"vit.encoder.layer.{layer}.{part}.{kind}"] for part in parts for kind in ("weight", "bias")]
    rollout.load(weights)
    joint = torch.eye(5)
    for attention in model(pixels, output_attentions=True).attentions:
        joint = (attention.mean(1) + torch.eye(5)) / 2 @ joint
    compare("attention.py: rollout", rollout.rollout(pixels), joint[:, 0, 1:])


def check_timm_vit():
    for inner in (0, 8):
        model = VisionTransformer(img_size=16, patch_size=8, embed_dim=16, depth=2, num_heads=2, mlp_ratio=2.5, num_classes=3, global_pool="avg", fc_norm=False, class_token=True,
                                  norm_layer=functools.partial(nn.LayerNorm, eps=1e-6))
        if inner:
            model.head = nn.Sequential(nn.Linear(16, 8), nn.GELU("tanh"), nn.Linear(8, 3))
        stirred(model)
        names = [n for n, _ in model.named_parameters()]
        order = ["patch_embed.proj.weight", "patch_embed.proj.bias", "cls_token", "pos_embed"]
        for block in range(2):
            parts = ["attn.qkv.weight", "attn.proj.weight", "mlp.fc1.weight", "mlp.fc2.weight", "norm1.weight", "norm1.bias", "attn.qkv.bias", "attn.proj.bias", "norm2.weight", "norm2.bias",
                     "mlp.fc1.bias", "mlp.fc2.bias"]
            order += [f"blocks.{block}.{part}" for part in parts]
        order += ["norm.weight", "norm.bias"] + (["head.0.weight", "head.2.weight", "head.0.bias", "head.2.bias"] if inner else ["head.weight", "head.bias"])
        assert set(order) == set(names), set(order) ^ set(names)
        vector = lambda values: torch.cat([dict(zip(names, values))[n].detach().flatten() for n in order])
        student = program(ViT, **shape, inner=inner, tanh=True, mean=True, convolves=False)
        check_student("vit.py, mean of the patches" + (", GELU by tanh" if inner else ""), student, model, vector, torch.randn(4, 3, 16, 16))


# --- the predecessors' networks
def check_convnets():
    widths = dict(zip(("width1", "width2", "width3", "width4", "width5"), (8, 12, 12, 12, 8)))
    for what, model, side in (("vgg19", Vgg19(tuple(widths.values()), 10, 3, 1), 32), ("hybrid", AlexNet(tuple(widths.values()), 10, 3, 1, True), 67),
                              ("caffenet", AlexNet(tuple(widths.values()), 10, 3, 1, False), 67)):
        randomised(model)
        student = program(ConvNet, vgg=what == "vgg19", norm_first=what == "hybrid", seen=side, cells=1, dense6=10, dense7=10, classes=3, bf16=False, averages=True, **widths)
        vector = lambda values: torch.cat([v.detach().flatten() for v in values])
        check_student(f"convnet.py, {what}", student, model, vector, torch.randn(4, 3, side, side) * 50)
        wide = torch.randn(2, 3, side + 32, side + 32) * 50
        compare(f"convnet.py, {what}: regions", student.regions(wide), model.regions(wide).softmax(1))
        crops = [wide[:, :, y:y + side, x:x + side] for y, x in ((0, 0), (0, 32), (32, 0), (32, 32), (16, 16))]
        compare(f"convnet.py, {what}: ten crops", student.forward_ten(wide), torch.stack([model(c).softmax(-1) for crop in crops for c in (crop, crop.flip(3))]).mean(0))


# --- EfficientNet-Lite0, its normalisation folded
def check_efficientnet():
    model = timm.create_model("tf_efficientnet_lite0", num_classes=3)
    for norm in (m for m in model.modules() if isinstance(m, nn.BatchNorm2d)):
        nn.init.uniform_(norm.running_mean, -.1, .1)
        nn.init.uniform_(norm.running_var, .5, 1.5)
        nn.init.uniform_(norm.weight, .5, 1.5)
        nn.init.uniform_(norm.bias, -.1, .1)
    model.eval()
    for part in model.modules():
        children = list(part.named_children())
        for (name, convolution), (after, norm) in zip(children, children[1:]):
            if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                folded = fuse_conv_bn_weights(convolution.weight, None, norm.running_mean, norm.running_var, norm.eps, norm.weight, norm.bias)
                convolution.weight, convolution.bias = (nn.Parameter(p.detach()) for p in folded)
                setattr(part, after, norm.act)
    student = program(EfficientNet, classes=3, bf16=False, averages=True)
    vector = lambda values: torch.cat([v.detach().flatten() for v in values])
    for side in (64, 75):    # even and odd grids, whose zeros differ
        check_student(f"efficientnet.py, {side} pixels a side", student, model, vector, torch.randn(4, 3, side, side), steps=1)    # so deep a network soon amplifies the last bit


# --- teachers
# names of the tensors: those of the embeddings, what a layer's begin with, its parts, the head's
BERT_PARTS = ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense", "attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm"]
DISTIL_PARTS = ["attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin", "sa_layer_norm", "ffn.lin1", "ffn.lin2", "output_layer_norm"]
PLACED = ["word_embeddings.weight", "position_embeddings.weight"]
NORM = ["LayerNorm.weight", "LayerNorm.bias"]


def check_encoder(family, model, first, names, layers, parts, head):
    """One of transformers' encoders; a text's first position is `first`."""
    tensors = saved(model, list(model.parameters()))
    encoder = program(Encoder, layers=3, heads=2, eps=model.config.layer_norm_eps if hasattr(model.config, "layer_norm_eps") else 1e-12, bf16=False, relu=family == "distilbert")
    encoder.embeddings([tensors[f"{family}.embeddings.{name}"] for name in names])
    for layer in range(3):
        encoder.layer([tensors[f"{family}.{layers}.{layer}.{part}.{kind}"] for part in parts for kind in ("weight", "bias")])
    encoder.head([tensors[f"{part}.{kind}"] for part in head for kind in ("weight", "bias")])
    lengths = [5, 5, 9, 17, 30]
    texts = [torch.cat([torch.tensor([0]), torch.randint(4, 60, (n - 2,)), torch.tensor([2])]) for n in lengths]
    padded = nn.utils.rnn.pad_sequence(texts, True, 1)
    theirs = model(padded, attention_mask=(padded != 1).long()).logits
    groups = torch.tensor([[2, 5], [1, 9], [1, 17], [1, 30]])
    firsts = torch.tensor(lengths).cumsum(0) - torch.tensor(lengths)
    ours = encoder.forward(torch.cat(texts), torch.cat([torch.arange(first, first + n) for n in lengths]), groups, firsts)
    compare(f"encoder.py, {family}: logits of texts of four lengths", ours, theirs)


def check_encoders():
    common = dict(vocab_size=60, max_position_embeddings=40, num_labels=3, initializer_range=.15, pad_token_id=1)
    sizes = dict(hidden_size=16, num_hidden_layers=3, num_attention_heads=2, intermediate_size=40)
    roberta = transformers.RobertaForSequenceClassification(transformers.RobertaConfig(**common, **sizes, type_vocab_size=1, layer_norm_eps=1e-5))
    check_encoder("roberta", stirred(roberta), 2, PLACED + ["token_type_embeddings.weight"] + NORM, "encoder.layer", BERT_PARTS, ["classifier.dense", "classifier.out_proj"])
    bert = transformers.BertForSequenceClassification(transformers.BertConfig(**common, **sizes, type_vocab_size=2))
    check_encoder("bert", stirred(bert), 0, PLACED + ["token_type_embeddings.weight"] + NORM, "encoder.layer", BERT_PARTS, ["bert.pooler.dense", "classifier"])
    distilbert = transformers.DistilBertForSequenceClassification(transformers.DistilBertConfig(**common, dim=16, n_layers=3, n_heads=2, hidden_dim=40))
    check_encoder("distilbert", stirred(distilbert), 0, PLACED + NORM, "transformer.layer", DISTIL_PARTS, ["pre_classifier", "classifier"])


def check_ngrams():
    weight, bias = torch.randn(100, 3), torch.randn(3)
    texts = [torch.randint(100, (n,)) for n in (7, 1, 30)]
    ngrams = program(HashedNgrams)
    ngrams.load(weight, bias)
    lengths = torch.tensor([len(t) for t in texts])
    ours = ngrams.forward(torch.cat(texts), lengths.cumsum(0) - lengths, lengths[:, None] ** -.5)
    bags = nn.functional.one_hot(nn.utils.rnn.pad_sequence(texts, True, 100), 101)[:, :, :100].sum(1).float()
    compare("hashed_ngrams.py: probabilities", ours, nn.functional.linear(bags / lengths[:, None] ** .5, weight.T, bias).softmax(-1))


print(*(f"{m.__name__} {m.__version__}" for m in (torch, transformers, timm)))
print(f"{'the program, eagerly, against transformers, timm and torch.nn':<78} {'values':>7} {'difference':>10}")
check_transformers_vit()
check_timm_vit()
check_convnets()
check_efficientnet()
check_encoders()
check_ngrams()
sys.exit(exceeded)
