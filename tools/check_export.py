"""Reads an exported data set with the libraries of those who get it: its table with pyarrow, DuckDB and pandas, its metadata with mlcroissant.

usage: python tools/check_export.py FOLDER

FOLDER: of './murmuration datasets export NAME FOLDER --shards'. Needs: pip install pyarrow duckdb pandas mlcroissant. Exits with 1 if the three
libraries do not read the same, or the table is not what index.csv and the shards have.
"""

import csv
import json
import pathlib
import sys
import tarfile

import duckdb
import mlcroissant
import pandas
import pyarrow.parquet

CLASSES = ("negative", "neutral", "positive")


def samples(folder, redacted):
    """The descriptions in the shards, by shard and key."""
    found = {}
    for tar in sorted(folder.rglob("*.tar")):
        with tarfile.open(tar) as shard:
            for file in shard:
                key = file.name.removesuffix(".json")
                if key != file.name and not key.startswith(redacted):
                    found[str(tar.relative_to(folder)), key] = json.load(shard.extractfile(file))
    return found


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    path = str(folder / "samples.parquet")
    redacted = tuple((folder / "redactions.txt").read_text().split())
    expected = samples(folder, redacted)

    table = pyarrow.parquet.read_table(path)
    rows = {(row["shard"], row["key"]): row for row in table.to_pylist()}
    assert rows.keys() == expected.keys() and len(rows) == table.num_rows, "the table has other samples than the shards"
    for place, json_of in expected.items():
        row = rows[place]
        assert CLASSES[row["class"]] == row["label"] == json_of["label"], place
        assert [row[name] for name in CLASSES] == [json_of["scores"][name] for name in CLASSES], place
        assert (row["tweet_id"], row["image_index"]) == (json_of["tweetId"], json_of["imageIndex"]), place
        assert (row["sha256"], row["pdq"], row["width"]) == (json_of["sha256"], json_of["pdq"], json_of["width"]), place
        assert row["created_at"].isoformat().replace("+00:00", "")[:19] == json_of["createdAt"][:19], place
    print(f"pyarrow {pyarrow.__version__}: {table.num_rows} rows, {table.num_columns} columns, as in the shards")

    by_class = dict(duckdb.sql(f"SELECT label, count(*) FROM '{path}' GROUP BY label").fetchall())
    with open(folder / "index.csv", newline="") as index:
        counts = [{name: int(row[name]) for name in CLASSES} for row in csv.DictReader(index)]
    for name in CLASSES:
        in_index = sum(row[name] for row in counts)
        assert by_class.get(name, 0) == in_index or (redacted and by_class.get(name, 0) < in_index), name
    print(f"DuckDB {duckdb.__version__}: {by_class}")

    frame = pandas.read_parquet(path)
    assert len(frame) == table.num_rows and frame["created_at"].dt.tz is not None
    print(f"pandas {pandas.__version__}: {len(frame)} rows, created_at from {frame['created_at'].min()} to {frame['created_at'].max()}")

    described = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    issues = described.metadata.ctx.issues
    print(f"mlcroissant {mlcroissant.__version__}: {len(issues.errors)} errors, {len(issues.warnings)} warnings", *issues.warnings, sep="\n    ")
    assert not issues.errors, issues.errors
    for name in ("samples", "shards", "labels"):
        records = sum(1 for _ in described.records(name))
        print(f"mlcroissant: {records} records of {name}")
        assert records == {"samples": table.num_rows, "shards": len(counts)}.get(name, records)


if __name__ == "__main__":
    main()
