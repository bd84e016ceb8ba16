"""Writes src/test/resources/golden/evaluation.csv: random labels and probabilities, and scikit-learn's figures for them.

usage: golden_evaluation.py OUT.csv      (made with scikit-learn 1.9.1, numpy 2.4.6)
"""
import sys

import numpy as np
from sklearn.metrics import accuracy_score, f1_score, log_loss, recall_score

random = np.random.default_rng(42)
labels = random.choice(3, size=200, p=[.3, .5, .2])
logits = random.normal(size=(200, 3)) + 1.2 * np.eye(3)[labels]
probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
probabilities = np.round(probabilities, 4)
probabilities[:, 1] = np.round(1 - probabilities[:, 0] - probabilities[:, 2], 4)
predicted = probabilities.argmax(1)
figures = [
    accuracy_score(labels, predicted),
    f1_score(labels, predicted, average="macro"),
    recall_score(labels, predicted, average="macro"),
    log_loss(labels, probabilities),
]
with open(sys.argv[1], "w") as out:
    out.write(",".join(repr(float(figure)) for figure in figures) + "\n")
    for label, row in zip(labels, probabilities):
        out.write(f"{label}," + ",".join(f"{p:.4f}" for p in row) + "\n")
