"""Every family of published models through the commands: random weights in the published layout, written and computed by the original libraries, then evaluated by ./murmuration.

usage: python tools/published_models.py FOLDER [--full] [NAME...]

FOLDER gets models/, a benchmark of drawn photos for each of them, and what was predicted. Without --full the networks are small. NAME is one or more of those that the table
lists; by default all. A model that lies there already is kept, with what its library computed.

needs: what caffe_networks.py and published_vit.py need, timm, pillow

Columns: the largest difference of a probability from the library's over the photos, and of a cell of the fully convolutional map; seconds and peak memory of ./murmuration evaluate.
The libraries' squashed photos are rounded to whole numbers here, as the evaluator rounds them.
"""
import csv, os, pathlib, re, subprocess, sys, tempfile, time

import numpy as np
from PIL import Image, ImageFilter

root = pathlib.Path(__file__).resolve().parent.parent
PHOTOS, T4SA, ILSVRC = 6, (116.8007, 121.2751, 130.4602), (104.00698793, 116.66876762, 122.67891434)


def photos(folder):
    """drawn ones of several sizes, none higher than wide: Pillow 13 squashes much higher ones in another order than those before it, with which the networks were published"""
    folder.mkdir(parents=True, exist_ok=True)
    rng, rows = np.random.default_rng(5), []
    for i in range(PHOTOS):
        height, width = sorted(rng.integers(200, 700, 2).tolist())
        coarse = Image.fromarray(rng.integers(0, 256, (9, 7, 3), dtype=np.uint8))
        image = coarse.resize((width, height), Image.Resampling.BICUBIC)
        image.paste(coarse.resize((width // 3, height // 2), Image.Resampling.NEAREST).filter(ImageFilter.GaussianBlur(i)), (width // 5 * (i % 3), height // 4))
        image.save(folder / f"{i}.png")
        rows.append((f"{i}.png", i % 2))
    with open(folder / "index.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("path", "class"), *rows])
    return [folder / name for name, _ in rows]


def pillow(path, side):
    return np.asarray(Image.open(path).convert("RGB").resize((side, side), Image.Resampling.BILINEAR), np.float32)


def tensorflow(path, side, rounded=True):
    from published_vit import tf
    squashed = tf.image.resize(tf.image.decode_image(tf.io.read_file(str(path)), channels=3, expand_animations=False), (side, side)).numpy()
    return np.floor(squashed + .5) if rounded else squashed


# --- ViTs. Each family: (model file, photos, full) -> (probabilities (photos, 3), map of the first photo or None)
def keras(which):
    def make(file, paths, full):
        from published_vit import published, vit
        if full:
            side = 224 if which == "b32" else 384
            encoder = getattr(vit, "vit_" + which)(image_size=side, pretrained=False, include_top=False, pretrained_top=False)
        else:
            side = 48
            encoder = vit.build_model(image_size=side, patch_size=16, num_layers=2, hidden_size=64, num_heads=1, name="vit-" + which, mlp_dim=32, classes=3, include_top=False)
        model = published(encoder)
        model.save_weights(file)
        pixels = np.stack([tensorflow(path, side) for path in paths])
        return model.predict(pixels / 255 if full and which == "b32" else vit.preprocess_inputs(pixels), verbose=0), None
    return make, ".h5"


def google():
    def make(file, paths, full):
        import timm, torch
        from published_vit import google_names
        d, h, m, p, side, depth = (768, 12, 3072, 16, 224, 12) if full else (64, 2, 96, 16, 48, 2)
        np.savez(file, **google_names(d, h, m, p, side // p, depth))
        model = timm.models.vision_transformer.VisionTransformer(img_size=side, patch_size=p, embed_dim=d, depth=depth, num_heads=h, mlp_ratio=m / d, num_classes=3)
        model.load_pretrained(str(file))
        pixels = np.stack([tensorflow(path, side) for path in paths]).transpose(0, 3, 1, 2) / 127.5 - 1
        with torch.no_grad():
            return torch.softmax(model.eval()(torch.from_numpy(pixels)), -1).numpy(), None
    return make, ".npz"


# --- the predecessors' networks
def caffe(family, ending, write):
    def make(file, paths, full):
        import torch
        import caffe_networks as caffe
        torch.manual_seed(3)
        if family == "vgg19":
            net = caffe.Vgg19((64, 128, 256, 512, 512) if full else (4, 4, 8, 8, 8), 4096 if full else 16, 3, 7 if full else 2)
        else:
            widths = (96, 256, 384, 384, 256) if full else (12, 16, 24, 24, 16)
            net = caffe.AlexNet(widths, 4096 if full else 16, 2 if family == "caffenet" else 3, 6 if full else 2, norm_first=family == "hybrid")
        net = caffe.randomised(net)
        mean = write(caffe, file, net) or (ILSVRC if family == "caffenet" else T4SA)
        seen = 32 * net.cells + {"vgg19": 0, "hybrid": 32, "caffenet": 35}[family]
        squash = tensorflow if family == "caffenet" else pillow

        def shown(path, side, **how):
            return torch.from_numpy((squash(path, side, **how)[:, :, ::-1] - np.float32(mean)).transpose(2, 0, 1).copy())

        with torch.no_grad():
            images = torch.stack([shown(path, seen + (29 if family == "caffenet" else 0)) for path in paths])
            edge = (images.shape[2] - seen) // 2
            logits = torch.cat([net(image[None, :, edge:edge + seen, edge:edge + seen]) for image in images])
            wide = shown(paths[0], seen + 7 * 32, **({"rounded": False} if family == "caffenet" else {}))
            cells = torch.softmax(net.regions(wide[None]), 1)[0].permute(1, 2, 0).numpy()
        return two_or_three(torch.softmax(logits, 1).numpy()), two_or_three(cells)
    return make, ending


def two_or_three(p):
    """CaffeNet has no neutral"""
    return p if p.shape[-1] == 3 else np.stack([p[..., 0], np.zeros_like(p[..., 0]), p[..., 1]], -1)


def with_a_mean(caffe, file, net):
    """as it was published: a folder with the weights and the mean of its photos"""
    file.mkdir(exist_ok=True)
    caffe.caffemodel(file / "snapshot_iter_1.caffemodel", caffe.layers_of(net, "fc8-retrain", norm_first=True), "shape")
    values = np.stack([np.full((256, 256), m, np.float32) + np.linspace(-3, 3, 256, dtype=np.float32) for m in (110., 120., 130.)])
    caffe.binaryproto(file / "mean.binaryproto", values[None])
    return tuple(values.mean((1, 2), dtype=np.float64))


FAMILIES = {
    "ViT_B32": keras("b32"),
    "ViT_B16": keras("b16"),
    "ViT_L32": keras("l32"),
    "ViT_L16": keras("l16"),
    "google": google(),
    "hybrid_finetuned_all": caffe("hybrid", "", with_a_mean),
    "hybrid_finetuned_fc6+": caffe("hybrid", ".pth", lambda c, file, net: c.mmdnn(file, net)),
    "vgg19_finetuned_fc6+": caffe("vgg19", ".caffemodel", lambda c, file, net: c.caffemodel(file, c.layers_of(net, "fc8-retrain"), "legacy")),
    "vgg19_finetuned_all": caffe("vgg19", ".pth", lambda c, file, net: c.mmdnn(file, net)),
    "vgg19_tensorflow": caffe("vgg19", ".npy", lambda c, file, net: c.caffe_tensorflow(file, net, "fc8-retrain")),
    "twitter_finetuned_test4_iter_180": caffe("caffenet", ".caffemodel", lambda c, file, net: c.caffemodel(file, c.layers_of(net, "fc8_twitter"))),
    "twitter_finetuned_test4_iter_180_conv": caffe("caffenet", ".caffemodel", lambda c, file, net: c.caffemodel(file, c.layers_of(net, "fc8_twitter", conv_names=True))),
}


def murmuration(*arguments, **settings):
    """seconds, peak memory in MiB, what it printed"""
    began, peak = time.monotonic(), 0
    with tempfile.TemporaryFile("w+") as printed:
        child = subprocess.Popen([root / "murmuration", *map(str, arguments)], stdout=printed, stderr=subprocess.STDOUT, env=os.environ | settings)
        # Not what the system says of an ended child: that begins with the memory of this process, of which it was a copy.
        while child.poll() is None:
            high = re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{child.pid}/status").read_text())
            peak = max(peak, int(high[1]) if high else 0)
            time.sleep(.02)
        seconds = time.monotonic() - began
        printed.seek(0)
        text = printed.read()
    if child.returncode:
        sys.exit(f"{' '.join(map(str, arguments))}: exit code {child.returncode}\n{text}")
    return seconds, peak // 1024, text


def main(folder, full, names):
    models = folder / "models"
    models.mkdir(parents=True, exist_ok=True)
    paths = photos(folder / "benchmark")
    print(f"{'name':38}{'MB':>7}  {'probability':>11}  {'map cell':>9}  {'accuracy':>8}  {'seconds':>7}  {'peak MiB':>8}")
    for name in names or FAMILIES:
        make, ending = FAMILIES[name]
        # A small ViT is no ViT_B32: the command refuses it under that name.
        called = "small-" + name if name.startswith("ViT") and not full else name
        file, kept = models / (called + ending), folder / (called + ".npz")
        if not (file.exists() and kept.exists()):
            expected, cells = make(file, paths, full)
            np.savez(kept, expected=expected, cells=np.zeros(0) if cells is None else cells)
        golden = np.load(kept)
        predicted = folder / (called + ".csv")
        settings = {"EVALUATOR_MODEL_FOLDER": str(models)}
        seconds, memory, printed = murmuration("evaluate", "-m", called, "-b", str(folder / "benchmark") + "/", "--predictions", predicted, "--scores-only", **settings)
        answers = np.genfromtxt(predicted, delimiter=",", skip_header=1)
        cell = ""
        if golden["cells"].size:
            murmuration("sentiment-map", "-m", called, "--kind", "convolution", "-o", folder / "maps" / called, paths[0], **settings)
            cell = f"{np.abs(np.load(folder / 'maps' / called / '0.npy') - golden['cells']).max():.1e}"
        size = sum(f.stat().st_size for f in ([file] if file.is_file() else file.iterdir()))
        accuracy = re.search(r"zero-shot\D+\d+\D+?([01]\.\d+)", printed)
        print(f"{called:38}{size / 1e6:7.1f}  {np.abs(answers - golden['expected']).max():11.1e}  {cell:>9}  {accuracy[1] if accuracy else '?':>8}  {seconds:7.1f}  {memory:8}", flush=True)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    full = "--full" in arguments
    rest = [a for a in arguments if a != "--full"]
    main(pathlib.Path(rest[0]), full, rest[1:])
