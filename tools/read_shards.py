"""Shows that shards are read by the two libraries that people use: webdataset, and datasets (Hugging Face, its webdataset loader).

usage: python tools/read_shards.py FOLDER [SPLIT]

FOLDER is what `./murmuration datasets export NAME FOLDER --shards` wrote: train/, val/ and test/ with tars, SHA256SUMS, redactions.txt. Prints what each library
sees, skips redacted samples as a reader must, and exits with 1 if the two differ or a checksum is wrong.

Needs: pip install webdataset datasets pillow. Tried with webdataset 1.0.2, datasets 5.0.1.
"""

import collections
import hashlib
import io
import json
import pathlib
import sys

import datasets
import webdataset
from PIL import Image

CLASSES = ("negative", "neutral", "positive")


def checksums(folder):
    """The tars of SHA256SUMS, each checked."""
    tars = []
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        sha256, name = line.split("  ", 1)
        with open(folder / name, "rb") as tar:
            if hashlib.file_digest(tar, "sha256").hexdigest() != sha256:
                sys.exit(f"{name} is not what SHA256SUMS says")
        tars.append(folder / name)
    return tars


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    split = sys.argv[2] if len(sys.argv) > 2 else "train"
    tars = [str(tar) for tar in checksums(folder) if tar.parent.name == split]
    redacted = set((folder / "redactions.txt").read_text().split())
    print(f"webdataset {webdataset.__version__}, datasets {datasets.__version__}: {len(tars)} shards of {split}, {len(redacted)} deleted tweets")

    one, classes = {}, collections.Counter()
    for sample in webdataset.WebDataset(tars, shardshuffle=False, empty_check=False):
        if sample["__key__"][:16] in redacted:
            continue
        about = json.loads(sample["json"])
        image = Image.open(io.BytesIO(sample["jpg"]))
        image.load()
        one[sample["__key__"]] = (int(sample["cls"]), about["label"], image.size)
        classes[about["label"]] += 1

    other = {}
    for sample in datasets.load_dataset("webdataset", data_files={split: tars}, split=split, streaming=True):
        if sample["__key__"][:16] in redacted:
            continue
        other[sample["__key__"]] = (int(sample["cls"]), sample["json"]["label"], sample["jpg"].size)

    for label in CLASSES:
        print(f"    {label:9} {classes[label]:8}")
    wrong = [key for key, (number, label, _) in one.items() if CLASSES[number] != label]
    print(f"webdataset {len(one)} samples, datasets {len(other)}, {'the same' if one == other else 'DIFFERENT'}; {len(wrong)} with a wrong class number")
    sys.exit(0 if one and one == other and not wrong else 1)


if __name__ == "__main__":
    main()
