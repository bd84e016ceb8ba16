"""Reads shards with the WebDataset library and tells what is in them.

usage: python tools/check_shards.py FOLDER_OR_TAR...

Needs: pip install webdataset pillow. With the local platform the shards are plain files, for example
run/demo/platform/objects/murmuration/shards. Exits with 1 if a sample lacks a part, does not decode, or appears twice in one data set.
"""

import collections
import io
import json
import pathlib
import sys

import webdataset
from PIL import Image

CLASSES = ("negative", "neutral", "positive")


def tars(arguments):
    for argument in arguments:
        path = pathlib.Path(argument)
        yield from sorted(path.rglob("*.tar")) if path.is_dir() else [path]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    problems, counts, seen = 0, collections.Counter(), set()
    paths = list(tars(sys.argv[1:]))
    for path in paths:
        dataset, split = path.parts[-3], path.parts[-2]
        for sample in webdataset.WebDataset(str(path), shardshuffle=False, empty_check=False):
            key = sample["__key__"]
            missing = {"jpg", "json", "cls"} - sample.keys()
            if missing:
                print(f"{path}: {key} lacks {sorted(missing)}")
                problems += 1
                continue
            label, about = int(sample["cls"]), json.loads(sample["json"])
            image = Image.open(io.BytesIO(sample["jpg"]))
            image.load()
            if about["label"] != CLASSES[label]:
                print(f"{path}: {key} is {CLASSES[label]} in .cls and {about['label']} in .json")
                problems += 1
            if (dataset, key) in seen:
                print(f"{path}: {key} is twice in {dataset}")
                problems += 1
            seen.add((dataset, key))
            counts[dataset, split, CLASSES[label]] += 1
    for (dataset, split, label), count in sorted(counts.items()):
        print(f"{dataset:12} {split:6} {label:9} {count:8}")
    print(f"{len(paths)} shards, {sum(counts.values())} samples, {problems} problems")
    sys.exit(1 if problems or not counts else 0)


if __name__ == "__main__":
    main()
