#!/usr/bin/env python3
"""Writes the fixtures of WordsTest: what Python's `re` takes for `\\w`, and how many `\\w+` some texts have.

Run with CPython 3.11 (Unicode 14.0): tools/python-words.py services/crawler/src/test/resources/python-words
"""

import pathlib
import re
import sys
import unicodedata

WORD = re.compile(r"\w")
WORDS = re.compile(r"\w+")

TEXTS = [
    "",
    "one two three four five six",
    "don't stop me now, I'm having fun",
    "a_b c__d _ __",
    "½ cup Ⅳ times x² + 3³",
    "naïve café",
    "nai\u0308ve cafe\u0301",
    "हिन्दी में लिखा हुआ",
    "ภาษาไทย ที่นี่",
    "日本語の文章です",
    "zero\u200dwidth\u200cjoiner",
    "emoji 😀 👩\u200d👩\u200d👧 🇮🇹 family",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝟙𝟚𝟛",
    "http://t.co/lDKrZ3XozK #hashtag @user_name",
    "tie‿bar and\uff3funderscore",
    "٣ ٤ ٥ १२३",
    "① ② ③ ㊿",
    "ªº µ ſ",
    "tabs\tand\nnew\u2028lines\u00a0here",
]


def ranges(predicate):
    first = None
    for code in range(sys.maxunicode + 2):
        if code <= sys.maxunicode and predicate(chr(code)):
            first = code if first is None else first
        elif first is not None:
            yield first, code - 1
            first = None


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    header = f"# CPython {sys.version.split()[0]}, Unicode {unicodedata.unidata_version}, written by tools/python-words.py\n"
    with open(folder / "word-ranges.csv", "w") as out:
        out.write(header)
        out.writelines(f"{a:x},{b:x}\n" for a, b in ranges(lambda c: WORD.match(c) is not None))
    with open(folder / "unassigned-ranges.csv", "w") as out:
        out.write(header)
        out.writelines(f"{a:x},{b:x}\n" for a, b in ranges(lambda c: unicodedata.category(c) == "Cn"))
    with open(folder / "counts.csv", "w") as out:
        out.write(header)
        for text in TEXTS:
            points = " ".join(f"{ord(c):x}" for c in text)
            out.write(f"{len(WORDS.findall(text))},{points}\n")


if __name__ == "__main__":
    main()
