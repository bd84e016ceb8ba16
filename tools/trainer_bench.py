"""The step of ./murmuration bench trainer in PyTorch eager, through timm and transformers: fp32, and bf16 by autocast; AdamW fused and not.

usage: python tools/trainer_bench.py [MODEL...] [--threads N] [--steps N]       MODEL: vit-b-32-224, vit-s-16-224 (both by default)
needs: torch 2.7.1 (the libtorch of the trainer), timm, transformers
"""
import argparse, resource, statistics, time
import timm, torch, transformers
from transformers import ViTConfig, ViTForImageClassification

SHAPES = {"vit-b-32-224": ("vit_base_patch32_224", 32, 768, 12), "vit-s-16-224": ("vit_small_patch16_224", 16, 384, 6)}
BATCH, WARM = 16, 3
parser = argparse.ArgumentParser()
parser.add_argument("models", nargs="*", default=list(SHAPES))
parser.add_argument("--threads", type=int, default=torch.get_num_threads())
parser.add_argument("--steps", type=int, default=5)
parser.add_argument("--only", choices=["timm", "transformers"])
parser.add_argument("--precision", choices=["fp32", "bf16"], help="both by default; bf16 takes minutes a step on a processor without it")
args = parser.parse_args()
torch.set_num_threads(args.threads)
print(f"torch {torch.__version__}, timm {timm.__version__}, transformers {transformers.__version__}, {args.threads} threads, batch {BATCH}")


def of_timm(name):
    return timm.create_model(SHAPES[name][0], num_classes=3), lambda y: y


def of_transformers(name):
    _, patch, width, heads = SHAPES[name]
    config = ViTConfig(hidden_size=width, num_attention_heads=heads, intermediate_size=4 * width, patch_size=patch, num_labels=3, hidden_dropout_prob=0., attention_probs_dropout_prob=0.)
    return ViTForImageClassification(config), lambda y: y.logits


for name in args.models:
    for library, make in (("timm", of_timm), ("transformers", of_transformers)):
        if args.only and library != args.only:
            continue
        for bf16 in (False, True):
            if args.precision and bf16 != (args.precision == "bf16"):
                continue
            torch.manual_seed(1)
            model, logits = make(name)
            model.train()
            optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=.05, fused=True)
            pixels = torch.rand(BATCH, 3, 224, 224) * 2 - 1
            targets = torch.full((BATCH, 3), .1)
            targets[torch.arange(BATCH), torch.arange(BATCH) % 3] = .8
            times = []
            for step in range(WARM + args.steps):
                begin = time.perf_counter()
                optimizer.zero_grad(set_to_none=True)
                with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
                    out = logits(model(pixels))
                loss = torch.nn.functional.cross_entropy(out.float(), targets)
                loss.backward()
                optimizer.step()
                loss.item()
                times.append(time.perf_counter() - begin)
            ms = statistics.median(times[WARM:]) * 1000
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{name:14s} {library:13s} {'bf16 autocast' if bf16 else 'fp32':14s} {ms:8.0f} ms {BATCH * 1000 / ms:7.1f} images/s, peak of the process {peak:,.0f} MiB", flush=True)
            del model, optimizer
