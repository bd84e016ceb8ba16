"""Draws loss, learning rate and validation accuracy of a run out of the trainer's log.

usage: python tools/learning_curves.py run/logs/trainer.log docs/learning-curves.png [TITLE]
needs: matplotlib
"""
import re, sys
import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

text = open(sys.argv[1], encoding="utf-8").read()
steps = [tuple(map(float, m)) for m in re.findall(r": step (\d+), \d+ samples, loss ([\d.]+), learning rate ([\d.e+-]+)", text)]
checkpoints = [tuple(map(float, m)) for m in re.findall(r"at step (\d+): loss [\d.]+, validation loss ([\d.]+) and accuracy ([\d.]+) of", text)]
assert steps and checkpoints, "no step or checkpoint in the log"
figure, (left, middle, right) = pyplot.subplots(1, 3, figsize=(12, 3.2))
left.plot([s[0] for s in steps], [s[1] for s in steps], label="training, lately")
left.plot([c[0] for c in checkpoints], [c[1] for c in checkpoints], "o-", label="validation, averaged weights")
left.set_ylabel("cross-entropy against the teacher")
left.legend()
middle.plot([c[0] for c in checkpoints], [c[2] for c in checkpoints], "o-")
middle.set_ylabel("agreement on validation shards")
middle.set_ylim(0, 1)
right.plot([s[0] for s in steps], [s[2] for s in steps])
right.set_ylabel("learning rate")
for axis in (left, middle, right):
    axis.set_xlabel("step")
    axis.grid(alpha=.3)
figure.suptitle(sys.argv[3] if len(sys.argv) > 3 else "")
figure.tight_layout()
figure.savefig(sys.argv[2], dpi=90)
print(len(steps), "steps and", len(checkpoints), "checkpoints drawn")
