"""JPEGs of every kind that libs/student decodes by itself, and some that it leaves to others, with the pixels that Pillow (libjpeg-turbo) sees in them.

usage: python tools/jpeg_golden.py libs/student/src/test/resources/dev/murmuration/student/jpeg
needs: numpy, pillow, safetensors, torch (the versions used are written into versions.json)
"""
import json, pathlib, sys
import numpy, PIL, safetensors, torch
from PIL import Image, ImageFilter, features
from safetensors.torch import save_file

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
SIDE = 45  # no multiple of a block, and odd, so that colours at half size take half a sample more than there is
draw = numpy.random.default_rng(3)
photo = Image.fromarray(draw.integers(0, 256, (9, 9, 3), dtype=numpy.uint8)).resize((SIDE, SIDE), Image.BICUBIC)
photo = Image.fromarray(numpy.clip(numpy.asarray(photo).astype(int) + draw.integers(-12, 13, (SIDE, SIDE, 1)), 0, 255).astype(numpy.uint8))
kinds = {
    "full-colours": dict(subsampling=0), "half-columns": dict(subsampling=1), "half-colours": dict(subsampling=2),
    "gray": dict(), "restarts": dict(subsampling=2, restart_marker_blocks=2), "own-codes": dict(subsampling=2, optimize=True),
    "smooth": dict(subsampling=2), "coarse": dict(subsampling=2, quality=20), "fine": dict(subsampling=0, quality=98),
    "progressive": dict(progressive=True),
}
golden = {}
for kind, options in kinds.items():
    shown = photo.convert("L") if kind == "gray" else photo.filter(ImageFilter.GaussianBlur(3)) if kind == "smooth" else photo
    shown.save(out / f"{kind}.jpg", **({"quality": 85} | options))
    golden[kind] = torch.from_numpy(numpy.asarray(Image.open(out / f"{kind}.jpg").convert("RGB")).astype(numpy.float32).copy())

# a photo much larger than the student's side, both resizes
large = photo.resize((401, 303), Image.BICUBIC)
large.save(out / "large.jpg", quality=75)
decoded = Image.open(out / "large.jpg").convert("RGB")
golden["large/pillow-bilinear"] = torch.from_numpy(numpy.asarray(decoded.resize((32, 32), Image.BILINEAR)).astype(numpy.float32))
plain = torch.from_numpy(numpy.asarray(decoded).astype(numpy.float32)).permute(2, 0, 1)[None]
golden["large/tf-bilinear"] = torch.nn.functional.interpolate(plain, (32, 32), mode="bilinear", align_corners=False, antialias=False)[0].permute(1, 2, 0)

# the eight ways to lie, all of which show the same photo upright
upright = large.resize((96, 64), Image.BICUBIC)
turns = {1: [], 2: ["FLIP_LEFT_RIGHT"], 3: ["ROTATE_180"], 4: ["FLIP_TOP_BOTTOM"], 5: ["TRANSPOSE"], 6: ["ROTATE_90"], 7: ["TRANSVERSE"], 8: ["ROTATE_270"]}
for number, ways in turns.items():
    lying = upright
    for way in ways:
        lying = lying.transpose(getattr(Image.Transpose, way))
    exif = Image.Exif()
    exif[0x0112] = number
    lying.save(out / f"orientation-{number}.jpg", quality=90, exif=exif)

save_file({k: v.contiguous() for k, v in golden.items()}, str(out / "pixels.safetensors"))
versions = {m.__name__: m.__version__ for m in (numpy, PIL, safetensors, torch)} | {"libjpeg-turbo": features.version("libjpeg_turbo")}
(out / "versions.json").write_text(json.dumps(versions, indent=1) + "\n")
print(versions, sum(f.stat().st_size for f in out.iterdir()))
