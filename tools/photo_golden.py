"""Photos of every format and kind of colours, small, each with the pixels that Pillow sees in it.

usage: python tools/photo_golden.py libs/photo/src/test/resources/dev/murmuration/photo
needs: numpy, pillow, simplejpeg (the versions used are written into versions.json)
"""
import io, json, pathlib, shutil, struct, sys, zlib
import numpy, PIL, simplejpeg
from PIL import Image, ImageCms, ImageDraw, ImageOps, features

out = pathlib.Path(sys.argv[1])
photos, golden = out / "photos", out / "golden"
for folder in (photos, golden):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
draw = numpy.random.default_rng(3)


def scene(width, height):
    """A soft background under saturated shapes with sharp edges: what a meme is, and what chroma is worst at."""
    ground = Image.fromarray(draw.integers(0, 256, (5, 7, 3), dtype=numpy.uint8)).resize((width, height), Image.BICUBIC)
    pen = ImageDraw.Draw(ground)
    pen.rectangle((3, 2, width // 2, height // 2), fill=(255, 0, 0))
    pen.ellipse((width // 3, height // 3, width - 3, height - 2), fill=(0, 0, 255))
    pen.line((0, height - 1, width - 1, 0), fill=(0, 255, 0), width=2)
    pen.text((2, height // 2), "meme", fill=(255, 255, 0))
    noisy = numpy.asarray(ground).astype(int) + draw.integers(-9, 10, (height, width, 1))
    return Image.fromarray(numpy.clip(noisy, 0, 255).astype(numpy.uint8))


photo = scene(53, 39)  # odd, and no multiple of a block
alpha = Image.fromarray(numpy.linspace(0, 255, 53 * 39).astype(numpy.uint8).reshape(39, 53))
exchanged = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
for i in range(struct.unpack_from(">I", exchanged, 128)[0]):  # a profile in which red and blue have changed places
    tag = exchanged[132 + 12 * i:136 + 12 * i]
    if tag in (b"rXYZ", b"bXYZ"):
        exchanged[132 + 12 * i:136 + 12 * i] = b"bXYZ" if tag == b"rXYZ" else b"rXYZ"
profile = bytes(exchanged)


def exif(number):
    tags = Image.Exif()
    tags[0x0112] = number
    return tags


def keep(name, data):
    (photos / name).write_bytes(data)


def saved(name, image, **options):
    file = io.BytesIO()
    image.save(file, {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}[name.split(".")[-1]], **options)
    keep(name, file.getvalue())
    return file.getvalue()


# JPEG
for sampling, number in (("444", 0), ("422", 1), ("420", 2)):
    saved(f"baseline-{sampling}.jpg", photo, quality=90, subsampling=number)
    saved(f"progressive-{sampling}.jpg", photo, quality=90, subsampling=number, progressive=True)
for sampling in ("440", "411"):
    keep(f"baseline-{sampling}.jpg", simplejpeg.encode_jpeg(numpy.ascontiguousarray(photo), 90, "RGB", sampling))
saved("gray.jpg", photo.convert("L"), quality=85)
saved("gray-progressive.jpg", photo.convert("L"), quality=85, progressive=True)
saved("rgb.jpg", photo, quality=90, keep_rgb=True)
cmyk = saved("cmyk.jpg", photo.convert("CMYK"), quality=90)
adobe = cmyk.index(b"Adobe")
keep("ycck.jpg", cmyk[:adobe + 11] + b"\x02" + cmyk[adobe + 12:])
saved("restarts.jpg", photo, quality=85, restart_marker_blocks=2)
saved("own-codes.jpg", photo, quality=85, optimize=True)
saved("coarse.jpg", photo, quality=3)
saved("words.jpg", photo, qtables=[[16 + 9 * i for i in range(64)], [300 + 3 * i for i in range(64)]])  # 16-bit tables
saved("fine.jpg", photo, quality=99, subsampling=0)
saved("profile.jpg", photo, quality=90, icc_profile=profile)
saved("profile-progressive.jpg", photo, quality=90, icc_profile=profile, progressive=True)
for number in range(1, 9):
    saved(f"orientation-{number}.jpg", photo, quality=90, exif=exif(number))
plain = saved("late-exif.jpg", photo, quality=90)
tagged = (photos / "orientation-6.jpg").read_bytes()
at = tagged.index(b"\xff\xe1")
segment = tagged[at:at + 2 + struct.unpack_from(">H", tagged, at + 2)[0]]
scan = plain.index(b"\xff\xda")
keep("late-exif.jpg", plain[:scan] + segment + plain[scan:])
for side in ((8, 8), (16, 33), (1, 40), (40, 1), (2, 3)):
    saved(f"{side[0]}x{side[1]}.jpg", scene(64, 64).resize(side), quality=90)


# PNG, written here since Pillow writes few of its kinds
def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def rows(samples, depth):
    """(height, width, channels) to rows with filter 0."""
    height, width, channels = samples.shape
    if depth == 16:
        return b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    if depth == 8:
        return b"".join(b"\0" + row.astype("u1").tobytes() for row in samples)
    bits = ((samples[:, :, 0, None] >> numpy.arange(depth - 1, -1, -1)) & 1).reshape(height, width * depth)
    return b"".join(b"\0" + numpy.packbits(row.astype("u1")).tobytes() for row in bits)


ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def png(samples, depth, kind, interlaced=False, before=(), after=()):
    height, width, _ = samples.shape
    passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7] if interlaced else [samples]
    data = b"".join(rows(part, depth) for part in passes if part.size)
    head = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced))
    parts = [chunk(b"IHDR", head), *before, chunk(b"IDAT", zlib.compress(data, 9)), *after, chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


full = numpy.asarray(photo).astype(int)
gray = numpy.asarray(photo.convert("L")).astype(int)[:, :, None]
opacity = numpy.asarray(alpha).astype(int)[:, :, None]
wide = lambda eight: eight * 257 - draw.integers(0, 100, eight.shape) * (eight > 0)
for interlaced in (False, True):
    way = "-interlaced" if interlaced else ""
    for depth in (1, 2, 4, 8, 16):
        values = wide(gray) if depth == 16 else gray >> (8 - depth)
        keep(f"gray-{depth}{way}.png", png(values, depth, 0, interlaced))
        clear = chunk(b"tRNS", struct.pack(">H", int(values[5, 5, 0])))
        keep(f"gray-{depth}-clear{way}.png", png(values, depth, 0, interlaced, [clear]))
    for depth in (8, 16):
        colours, veil = (wide(full), wide(opacity)) if depth == 16 else (full, opacity)
        grays = wide(gray) if depth == 16 else gray
        clear = chunk(b"tRNS", struct.pack(">HHH", *(int(v) for v in colours[5, 5])))
        keep(f"rgb-{depth}{way}.png", png(colours, depth, 2, interlaced))
        keep(f"rgb-{depth}-clear{way}.png", png(colours, depth, 2, interlaced, [clear]))
        keep(f"rgba-{depth}{way}.png", png(numpy.concatenate([colours, veil], 2), depth, 6, interlaced))
        keep(f"gray-alpha-{depth}{way}.png", png(numpy.concatenate([grays, veil], 2), depth, 4, interlaced))
    for depth in (1, 2, 4, 8):
        few = photo.quantize(1 << depth)
        table = chunk(b"PLTE", bytes(few.getpalette()[:3 << depth]))
        clear = chunk(b"tRNS", bytes(range(0, 4)))
        indices = numpy.asarray(few).astype(int)[:, :, None]
        keep(f"palette-{depth}{way}.png", png(indices, depth, 3, interlaced, [table]))
        if depth > 1:
            keep(f"palette-{depth}-clear{way}.png", png(indices, depth, 3, interlaced, [table, clear]))
saved("filtered.png", photo, icc_profile=profile)  # all five filters, by zlib's user
turn = chunk(b"eXIf", exif(6).tobytes()[6:])
keep("exif.png", png(full, 8, 2, before=[turn]))
keep("late-exif.png", png(full, 8, 2, after=[turn]))
keep("text.png", png(full, 8, 2, before=[chunk(b"zTXt", b"a\0\0" + zlib.compress(b"word " * 200))]))

# WebP
for quality in (5, 40, 75, 95):
    saved(f"lossy-{quality}.webp", photo, quality=quality, method=4)
saved("lossy-quick.webp", photo, quality=80, method=0)
saved("lossy-slow.webp", photo, quality=60, method=6)
saved("lossy-even.webp", scene(64, 48), quality=75)
saved("lossy-gray.webp", photo.convert("L").convert("RGB"), quality=60)
saved("lossless.webp", photo, lossless=True)
saved("lossless-few.webp", photo.quantize(7).convert("RGB"), lossless=True)
veiled = photo.copy()
veiled.putalpha(alpha)
saved("lossy-alpha.webp", veiled, quality=75)
saved("lossless-alpha.webp", veiled, lossless=True, exact=True)
saved("exif.webp", photo, quality=75, exif=exif(6))
saved("profile.webp", photo, quality=75, icc_profile=profile)
saved("moving.webp", photo, save_all=True, append_images=[ImageOps.invert(photo)], quality=75, duration=100)
for side in ((1, 1), (16, 17), (33, 2)):
    saved(f"{side[0]}x{side[1]}.webp", scene(64, 64).resize(side), quality=75)

# GIF
few = photo.quantize(40)
saved("plain.gif", few)
saved("interlaced.gif", few, interlace=1)
saved("straight.gif", few, interlace=0)
saved("clear.gif", few, transparency=int(numpy.asarray(few)[3, 3]))
saved("gray.gif", photo.convert("L"))
saved("two-colours.gif", photo.convert("1"))
saved("moving.gif", few, save_all=True, append_images=[photo.quantize(9)], duration=100)
still = bytearray((photos / "straight.gif").read_bytes())
frame = still.index(b"\x2c", 13 + (3 << ((still[10] & 7) + 1)))
still[6:10] = struct.pack("<HH", 70, 50)
still[frame + 1:frame + 5] = struct.pack("<HH", 9, 4)
keep("offset.gif", bytes(still))

for file in sorted(photos.iterdir()):
    seen = ImageOps.exif_transpose(Image.open(file))
    if seen.mode.startswith("I"):  # Pillow keeps gray of 16 bits; its own unpackers take the upper 8 of all others
        seen = Image.fromarray((numpy.asarray(seen).astype("uint32") >> 8).astype("uint8"))
    Image.fromarray(numpy.asarray(seen.convert("RGB"))).save(golden / f"{file.name}.png", optimize=True)
versions = {m.__name__: m.__version__ for m in (numpy, PIL, simplejpeg)} | {
    name: features.version(name) for name in ("libjpeg_turbo", "webp")}
(out / "versions.json").write_text(json.dumps(versions, indent=1) + "\n")
print(versions, len(list(photos.iterdir())), sum(f.stat().st_size for f in out.rglob("*") if f.is_file()))
