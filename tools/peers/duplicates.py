"""Exact neighbours within 31 of 256 bits of a million hashes by FAISS, one thread, by processor time.

usage: python duplicates.py flat|multihash WORK
"""
import pathlib, sys, time
import faiss, numpy

kind, work = sys.argv[1], pathlib.Path(sys.argv[2])
faiss.omp_set_num_threads(1)
kept, queries = (numpy.fromfile(work / name, numpy.uint8).reshape(-1, 32) for name in ("kept", "queries"))
if kind == "flat":
    index, count = faiss.IndexBinaryFlat(256), 600
else:  # the fastest exact one found: 12 tables of 21 bits, two flips each
    index, count = faiss.IndexBinaryMultiHash(256, 12, 21), 4000
    index.nflip = 2
index.add(kept)
for _ in range(3):
    start = time.process_time()
    index.range_search(queries[:count], 32)
    print(f"rate {count / (time.process_time() - start):.0f}")
