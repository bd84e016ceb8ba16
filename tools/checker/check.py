"""Judges a pipeline that has come to rest, with no code of the product: what was lost, doubled, torn or wrong.

usage: python tools/checker/check.py [--kafka localhost:9092] [--registry http://localhost:8080/apis/ccompat/v7] [--store http://localhost:9000]
                                     [--bucket murmuration] [--access-key KEY] [--secret-key KEY] [--balanced bal,bal-flat] [--slack 1]
needs: confluent-kafka, fastavro, boto3. Ends with 0 if nothing is wrong, 1 if something is; prints up to five of each kind.
"""
import argparse, collections, sys
import checks, world

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--kafka", default="localhost:9092")
parser.add_argument("--registry", default="http://localhost:8080/apis/ccompat/v7")
parser.add_argument("--store", default="http://localhost:9000")
parser.add_argument("--bucket", default="murmuration")
parser.add_argument("--access-key", default="murmuration")
parser.add_argument("--secret-key", default="murmuration")
parser.add_argument("--balanced", default="bal,bal-flat")
parser.add_argument("--slack", type=int, default=1)
options = parser.parse_args()

held = world.read_world(options.kafka, options.registry, options.store, options.bucket, options.access_key, options.secret_key)
for topic, records in held.topics.items():
    if records:
        print(f"{topic:24s} {len(held.events(topic)):9,d} events, {sum(r.is_deletion for r in records):,d} deletions")
found = checks.problems(held, options.balanced.split(","), options.slack)
kinds = collections.defaultdict(list)
for what, which in found:
    kinds[what].append(which)
for what, which in kinds.items():
    print(f"WRONG {what}: {len(which)}")
    for one in which[:5]:
        print(f"      {one}")
print("nothing is wrong" if not found else f"{len(found)} problems of {len(kinds)} kinds")
sys.exit(1 if found else 0)
