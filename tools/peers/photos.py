"""Photos of 512 by 384 pixels and about 40 kB from a folder of photos, or drawn ones where it is not there: as files and as a shard.

usage: python photos.py FOLDER WORK
"""
import io, pathlib, random, sys, tarfile
from PIL import Image, ImageDraw

COUNT = 500
source, work = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])


def drawn(seed):
    draw = random.Random(seed)
    image = Image.new("RGB", (512, 384))
    for _ in range(900):
        x, y = draw.randrange(512), draw.randrange(384)
        box = (x, y, x + draw.randrange(1, 40), y + draw.randrange(1, 40))
        ImageDraw.Draw(image).ellipse(box, fill=tuple(draw.randrange(256) for _ in range(3)))
    return image


def opened():
    for file in sorted(source.glob("*")) if source.is_dir() else []:
        try:
            image = Image.open(file).convert("RGB")
        except OSError:
            continue  # the recorded stream has broken ones
        if image.width >= 400:
            yield image.resize((512, 384))


images = list(zip(range(COUNT), opened())) or [(i, drawn(i)) for i in range(COUNT)]
(work / "photos").mkdir(parents=True, exist_ok=True)
(work / "300").mkdir(exist_ok=True)
with tarfile.open(work / "shard.tar", "w", format=tarfile.USTAR_FORMAT) as shard:
    for number, image in images:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=88)
        key = f"{number:016x}-0"
        (work / "photos" / f"{key}.jpg").write_bytes(out.getvalue())
        if number < 300:
            (work / "300" / f"{key}.jpg").write_bytes(out.getvalue())
        scores = b'{"scores":{"negative":0.1,"neutral":0.2,"positive":0.7}}'
        for suffix, content in ("jpg", out.getvalue()), ("json", scores), ("cls", b"2"):
            entry = tarfile.TarInfo(f"{key}.{suffix}")
            entry.size = len(content)
            shard.addfile(entry, io.BytesIO(content))
