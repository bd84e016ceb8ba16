"""Prints the buckets of a text whose tokens are given, written from the description of HashedFeatures and not from its code: for HashedFeaturesTest.

usage: golden_features.py BITS TOKEN...
Tokens of small letters or punctuation only: no capitals, stretched words, hashtags or negations are done here.
"""
import sys

MASK = (1 << 64) - 1


def fnv(text):
    h = 0xCBF29CE484222325
    for sign in text:
        h = ((h ^ ord(sign)) * 0x100000001B3) & MASK
    return h


def mix(h):
    h = ((h ^ (h >> 33)) * 0xFF51AFD7ED558CCD) & MASK
    h = ((h ^ (h >> 33)) * 0xC4CEB9FE1A85EC53) & MASK
    return h ^ (h >> 33)


bits, words = int(sys.argv[1]), sys.argv[2:]
hashes = [fnv(word) for word in words]
features = [(1, h) for h in hashes]
for word in words:
    bounded = f"<{word}>"
    features += [(5, fnv(bounded[i:i + n])) for n in range(3, 7) for i in range(len(bounded) - n + 1)]
for i in range(len(words) - 1):
    pair = mix((hashes[i] * 31 + hashes[i + 1]) & MASK)
    features.append((2, pair))
    if i + 2 < len(words):
        features += [(3, pair * 31 + hashes[i + 2]), (11, hashes[i] * 31 + hashes[i + 2])]
features += [(8, hashes[0]), (9, hashes[-1]), (10, 0), (10, 10), (10, 20 + min(len(words) // 5, 6))]
print(*sorted({mix((h + kind * 0x9E3779B97F4A7C15) & MASK) & ((1 << bits) - 1) for kind, h in features}), sep=", ")
