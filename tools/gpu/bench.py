"""Measures the product's programs on a GPU beside timm and transformers, in one run. tools/gpu/README.md says how.

usage: python bench.py PROGRAMS [SECTION...] [--rehearse] [--budget SECONDS] [--out FILE]
needs: torch with the programs' operators (2.7.1, newer ones ran them too), timm, transformers

SECTION: facts, numerics, b32, s16, l16, teacher, compile; all by default. --rehearse: tiny sizes on a processor, for whoever has no GPU yet.
"""
import argparse, json, pathlib, random, time, traceback
import torch
import torch.nn.functional as F

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("programs", type=pathlib.Path)
arguments.add_argument("sections", nargs="*")
arguments.add_argument("--rehearse", action="store_true")
arguments.add_argument("--budget", type=float, default=600, help="no section starts after it")
arguments.add_argument("--out", type=pathlib.Path, default=pathlib.Path("gpu.json"))
options = arguments.parse_args()

REHEARSED = options.rehearse
DEVICE = torch.device("cpu" if REHEARSED else "cuda")
STEPS, WARM = (2, 1) if REHEARSED else (20, 6)
BEGIN = time.time()
results = {}
peak_tflops = None

SHAPES = {  # side, patch, width, layers, heads, hidden width; timm's name
    "vit-b-32-224": (224, 32, 768, 12, 12, 3072, "vit_base_patch32_224"), "vit-s-16-224": (224, 16, 384, 12, 6, 1536, "vit_small_patch16_224"),
    "vit-l-16-384": (384, 16, 1024, 24, 16, 4096, "vit_large_patch16_384"), "vit-ti-16-224": (224, 16, 192, 12, 3, 768, "vit_tiny_patch16_224"),
    "vit-demo-16-64": (64, 16, 64, 4, 4, 128, None)}
RECIPES = {  # whether it averages; rate, step, max norm, beta1, beta2, eps, decay, layer decay, average decay, RAdam
    "distil": (True, [1e-4, 1, 1, .9, .999, 1e-8, .05, 1, .995, 0]), "paper": (False, [1e-4, 1, 1e9, .9, .999, 1e-7, 0, 1, 0, 1])}


# --- measuring
def synchronize():
    if not REHEARSED:
        torch.cuda.synchronize()


def keep(name, **values):
    results[name] = values
    options.out.write_text(json.dumps(results, indent=1))
    print(name, " ".join(f"{k}={v:.4g}" if isinstance(v, float) else f"{k}={v}" for k, v in values.items()), flush=True)


def timed(name, step, images, flop):
    """Mean time of a step, nothing waited for in between, and the times of the first ones."""
    first = []
    for _ in range(WARM):
        begin = time.perf_counter()
        step()
        synchronize()
        first.append((time.perf_counter() - begin) * 1e3)
    if not REHEARSED:
        torch.cuda.reset_peak_memory_stats()
    begin = time.perf_counter()
    for _ in range(STEPS):
        step()
    synchronize()
    seconds = (time.perf_counter() - begin) / STEPS
    rate = flop * images / seconds / 1e12
    keep(name, images_s=images / seconds, ms=seconds * 1e3, tflops=rate, of_peak=rate / peak_tflops if peak_tflops else -1.,
         peak_gib=0. if REHEARSED else torch.cuda.max_memory_allocated() / 2**30, first_ms="/".join(f"{f:.0f}" for f in first))


def forward_flop(name):
    """Of one image, 2 for a multiplication and an addition; a step is three of them."""
    side, patch, d, layers, _, m, _ = SHAPES[name]
    n = (side // patch) ** 2 + 1
    return 2 * (n - 1) * 3 * patch * patch * d + layers * (2 * n * d * (4 * d + 2 * m) + 4 * n * n * d) + 2 * d * 3


# --- facts
def facts():
    global peak_tflops
    if REHEARSED:
        return
    p = torch.cuda.get_device_properties(0)
    print(f"torch {torch.__version__}, CUDA {torch.version.cuda}, {p.name}, {p.total_memory / 2**30:.0f} GiB, {p.multi_processor_count} multiprocessors")
    a, b = (torch.randn(8192, 8192, device=DEVICE, dtype=torch.bfloat16) for _ in range(2))

    def mean(work, times=20):
        for _ in range(5):
            work()
        synchronize()
        begin = time.perf_counter()
        for _ in range(times):
            work()
        synchronize()
        return (time.perf_counter() - begin) / times
    peak_tflops = 2 * 8192**3 / mean(lambda: a @ b) / 1e12
    keep("peak of a bf16 product", tflops=peak_tflops)
    for kind, host in (("pageable", torch.zeros(256, 224, 224, 3, dtype=torch.uint8)), ("pinned", torch.zeros(256, 224, 224, 3, dtype=torch.uint8, pin_memory=True))):
        keep(f"copy of 256 photos as bytes, {kind}", ms=mean(lambda: host.to(DEVICE, non_blocking=True)) * 1e3)


# --- students
def program(name, precision, averages):
    return torch.jit.load(options.programs / f"{name}.{precision}.{'avg' if averages else 'plain'}.pt", map_location=DEVICE)


def weights(name):
    """As RandomWeights draws them: Glorot for matrices, .02 for token, positions and head; norms 1, biases 0."""
    side, patch, d, layers, _, m, _ = SHAPES[name]
    numbers = torch.Generator().manual_seed(1)
    draw = lambda rows, cols, deviation=None: torch.randn(rows * cols, generator=numbers).clamp_(-2, 2) * (deviation or (2 / (rows + cols)) ** .5)
    parts = [draw(d, 3 * patch * patch), torch.zeros(d), draw(1, d, .02), draw((side // patch) ** 2 + 1, d, .02)]
    for _ in range(layers):
        parts += [draw(d, d), draw(d, d), draw(d, d), draw(d, d), draw(m, d), draw(d, m)]
        parts += [torch.ones(d), torch.zeros(d), torch.zeros(3 * d), torch.zeros(d), torch.ones(d), torch.zeros(d), torch.zeros(m), torch.zeros(d)]
    return torch.cat(parts + [torch.ones(d), torch.zeros(d), draw(3, d, .02), torch.zeros(3)])


def vector(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


COLOURS = vector([1 / 127.5] * 3 + [-1.] * 3)


class Ours:
    """A program, called as Training calls it: bytes from pinned memory each step, or a batch that lies on the GPU."""

    def __init__(self, name, precision, recipe, b, resident=False):
        averages, self.numbers = RECIPES[recipe]
        self.program, self.resident, self.step = program(name, precision, averages), resident, 0
        side = SHAPES[name][0]
        self.photos = torch.randint(0, 256, (b, side, side, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(3))
        self.targets = torch.randn(b, 3, generator=torch.Generator().manual_seed(4)).softmax(-1).to(DEVICE)
        if not REHEARSED:
            self.photos = self.photos.pin_memory()
        torch.set_grad_enabled(True)
        self.program.begin([weights(name).to(DEVICE)])
        self.pixels = self.program.values(self.photos.to(DEVICE), COLOURS)

    def __call__(self):
        self.step += 1
        pixels = self.pixels if self.resident else self.program.values(self.program.upload(self.photos), COLOURS)
        self.program.accumulate(pixels, self.targets, torch.ones(1), vector([1, 1, 0, 1, 0]))
        return self.program.update(vector(self.numbers[:1] + [self.step] + self.numbers[2:]))


def timm_model(name):
    import timm
    torch.manual_seed(1)
    side, patch, width, layers, heads, hidden, known = SHAPES[name]
    model = timm.create_model(known, num_classes=3) if known else timm.create_model("vit_tiny_patch16_224", img_size=side, embed_dim=width, depth=layers, num_heads=heads, mlp_ratio=hidden / width, num_classes=3)
    return model.to(DEVICE)


def timm_step(name, b, recipe, compiled):
    """bf16 by autocast; soft cross-entropy; fused AdamW with clipping and a moving average, or RAdam."""
    model, distils = timm_model(name).train(), recipe == "distil"
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=1e-4, weight_decay=.05, fused=True) if distils else torch.optim.RAdam(parameters, lr=1e-4, eps=1e-7, foreach=True)
    average = [p.detach().clone() for p in parameters]
    run = torch.compile(model) if compiled else model
    pixels, targets = torch.randn(b, 3, *[SHAPES[name][0]] * 2, device=DEVICE), torch.randn(b, 3, device=DEVICE).softmax(-1)

    def step():
        with torch.autocast(DEVICE.type, torch.bfloat16):
            z = run(pixels)
        (-(targets * F.log_softmax(z.float(), -1)).sum(-1).mean()).backward()
        if distils:
            torch.nn.utils.clip_grad_norm_(parameters, 1.)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if distils:
            with torch.no_grad():
                torch._foreach_lerp_(average, parameters, .005)
    return model, run, pixels, step


def timm(name, b, recipe, compiled=False):
    torch.set_grad_enabled(True)
    how = "compiled" if compiled else "eager"
    model, run, pixels, step = timm_step(name, b, recipe, compiled)
    timed(f"{name} {recipe}, timm {how}", step, b, 3 * forward_flop(name))
    model.eval().to(torch.bfloat16)
    pixels = pixels.to(torch.bfloat16)
    with torch.inference_mode():
        timed(f"{name} inference, timm {how}, bf16", lambda: run(pixels), b, forward_flop(name))


def student(name, b):
    if REHEARSED:
        name, b = "vit-demo-16-64", 8
    for recipe in RECIPES:
        timed(f"{name} {recipe}, ours, batch on the GPU", Ours(name, "bf16", recipe, b, resident=True), b, 3 * forward_flop(name))
        timed(f"{name} {recipe}, ours, bytes from pinned memory", Ours(name, "bf16", recipe, b), b, 3 * forward_flop(name))
    timm(name, b, "distil")
    ours = program(name, "bf16", False)
    pixels = torch.randn(b, 3, *[SHAPES[name][0]] * 2, device=DEVICE)
    with torch.inference_mode():
        ours.load([weights(name).to(DEVICE)])
        timed(f"{name} inference, ours", lambda: ours.forward(pixels), b, forward_flop(name))


def numerics():
    """Three updates here and on the processor: both optimizers' branches for a GPU, fp32 and bf16; and a gradient that is not finite."""
    global DEVICE
    name, b, here = ("vit-demo-16-64" if REHEARSED else "vit-ti-16-224"), 8, DEVICE

    def run(device, precision, recipe):
        global DEVICE
        DEVICE = device
        ours = Ours(name, precision, recipe, b, resident=True)
        numbers = [ours().clone() for _ in range(3)]
        synchronize()
        state = [v.float().cpu() for v in ours.program.state()]
        ours.targets = ours.targets * float("nan")
        ours()
        still = all(torch.equal(before, v.float().cpu()) for before, v in zip(state, ours.program.state()))
        DEVICE = here
        return state[0], numbers[-1].cpu(), still

    for recipe in RECIPES:
        expected = run(torch.device("cpu"), "fp32", recipe)
        for precision in ("fp32", "bf16"):
            moved = run(here, precision, recipe)
            again = run(here, precision, recipe)
            begin = weights(name)
            change = (moved[0] - begin, expected[0] - begin)
            keep(f"numerics {recipe} {precision}", change_off=float((change[0] - change[1]).norm() / change[1].norm()), loss=float(moved[1][0]), loss_on_cpu=float(expected[1][0]),
                 norm_off=float(abs(moved[1][1] / expected[1][1] - 1)), arrived=float(moved[1][2]), same_twice=torch.equal(moved[0], again[0]), nan_moves_nothing=moved[2])


def compiled():
    for name, b in (("vit-demo-16-64", 8),) if REHEARSED else (("vit-b-32-224", 256), ("vit-s-16-224", 256), ("vit-l-16-384", 128)):
        timm(name, b, "distil", compiled=True)


# --- teacher
def texts():
    """Lengths as TweetEval's test tweets have them: about 25 tokens, a tail up to 128."""
    drawn = random.Random(4)
    lengths = [min(128, max(5, round(drawn.lognormvariate(3.15, .42)))) for _ in range(64 if REHEARSED else 12_288)]
    return [[0] + [drawn.randrange(3, 50_000) for _ in range(n - 2)] + [2] for n in lengths]


def padded_batches(tweets, budget):
    """As TokenBatches and PackedTokens make them for a GPU."""
    order, batches, batch = sorted(range(len(tweets)), key=lambda i: len(tweets[i])), [], []
    for i in order:
        if batch and (len(batch) + 1) * len(tweets[i]) > budget:
            batches.append(batch)
            batch = []
        batch.append(i)
    packed = []
    for which in batches + [batch]:
        some = [torch.tensor(tweets[i]) for i in which]
        n = len(some[-1])
        lengths = torch.tensor([len(t) for t in some])
        places = torch.cat([row * n + torch.arange(len(t)) for row, t in enumerate(some)])
        positions = torch.cat([torch.arange(2, 2 + len(t)) for t in some])
        packed.append((which, [torch.cat(some), positions, places, lengths.cumsum(0) - lengths], torch.tensor([len(some), n])))
    return packed


def roberta():
    from transformers import RobertaConfig, RobertaForSequenceClassification
    config = RobertaConfig(vocab_size=50_265, max_position_embeddings=514, type_vocab_size=1, num_labels=3, layer_norm_eps=1e-5, num_hidden_layers=2 if REHEARSED else 12)
    config._attn_implementation = "sdpa"
    torch.manual_seed(2)
    return RobertaForSequenceClassification(config).eval()


def teacher_program(peer, precision):
    ours = torch.jit.load(options.programs / f"roberta.{precision}.pt", map_location=DEVICE)
    ours.layers = peer.config.num_hidden_layers
    w = {name: tensor.detach().float().to(DEVICE) for name, tensor in peer.state_dict().items()}
    named = lambda prefix, names: [w[prefix + name + kind] for name in names for kind in (".weight", ".bias")]
    with torch.inference_mode():
        ours.embeddings([w["roberta.embeddings." + n + ".weight"] for n in ("word_embeddings", "position_embeddings", "token_type_embeddings")] + named("roberta.embeddings.", ["LayerNorm"]))
        for i in range(ours.layers):
            ours.layer(named(f"roberta.encoder.layer.{i}.", ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense", "attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm"]))
        ours.head(named("classifier.", ["dense", "out_proj"]))
    return ours


def best_pass(name, tweets, run):
    passes = []
    for _ in range(3):
        synchronize()
        begin = time.perf_counter()
        run()
        passes.append(time.perf_counter() - begin)
    best = min(passes[1:])
    keep(name, tweets_s=len(tweets) / best, tokens_s=sum(map(len, tweets)) / best, passes_s="/".join(f"{p:.2f}" for p in passes))


@torch.inference_mode()
def teacher():
    tweets, peer = texts(), roberta()
    for precision in ("fp32", "bf16"):
        ours = teacher_program(peer, precision)

        def logits(some, budget=65_536):
            out = torch.zeros(len(some), 3)
            for which, arrays, grid in padded_batches(some, budget):
                ids, positions, places, firsts = (a.to(DEVICE) for a in arrays)
                out[which] = ours.forward_padded(ids, positions, places, grid, firsts).cpu()
            return out
        few = tweets[:32]
        width = max(map(len, few))
        ids = torch.tensor([t + [1] * (width - len(t)) for t in few], device=DEVICE)
        wanted = peer.to(DEVICE)(ids, attention_mask=(ids != 1).long()).logits.float().cpu()
        keep(f"teacher {precision}, off transformers in fp32", logits_off=float((logits(few) - wanted).abs().max()))
        for budget in (2_048, 16_384, 65_536):
            prepared = padded_batches(tweets, budget)  # Packing in Python is not ours.
            prepared = [([a if REHEARSED else a.pin_memory() for a in arrays], grid) for _, arrays, grid in prepared]

            def run():
                for arrays, grid in prepared:
                    ids, positions, places, firsts = (ours.upload(a) for a in arrays)
                    ours.forward_padded(ids, positions, places, grid, firsts).cpu()
            best_pass(f"teacher {precision}, {budget:,} tokens a batch", tweets, run)
    half, order = peer.to(DEVICE).to(torch.bfloat16), sorted(tweets, key=len)
    for b in (32, 256):
        batches = [order[i : i + b] for i in range(0, len(order), b)]
        batches = [torch.tensor([t + [1] * (len(some[-1]) - len(t)) for t in some]) for some in batches]
        best_pass(f"teacher, transformers bf16, sorted, batch {b}", tweets, lambda: [half(ids.to(DEVICE), attention_mask=(ids != 1).long().to(DEVICE)).logits.float().cpu() for ids in batches])


SECTIONS = {"facts": facts, "numerics": numerics, "b32": lambda: student("vit-b-32-224", 256), "s16": lambda: student("vit-s-16-224", 256), "l16": lambda: student("vit-l-16-384", 128), "teacher": teacher, "compile": compiled}
failed = 0
for section in options.sections or SECTIONS:
    if time.time() - BEGIN > options.budget:
        print(f"{section}: left out, {options.budget:.0f} s are over")
        continue
    try:
        with torch.jit.optimized_execution(REHEARSED):  # On a GPU the product does not let TorchScript specialise.
            SECTIONS[section]()
    except Exception:
        failed += 1
        print(f"{section} failed:\n{traceback.format_exc()}", flush=True)
    if not REHEARSED:
        torch.cuda.empty_cache()
raise SystemExit(failed)
