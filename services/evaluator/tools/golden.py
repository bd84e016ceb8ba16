"""Writes the golden values of the evaluator's tests: what scikit-learn, SciPy, statsmodels and NumPy say of made-up predictions.

Run: pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 statsmodels==0.15.0 && python3 golden.py ../src/test/resources/golden
"""

import csv
import sys
from pathlib import Path

import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, average_precision_score, balanced_accuracy_score, confusion_matrix, f1_score, precision_score, recall_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from statsmodels.stats.contingency_tables import mcnemar

OUT = Path(sys.argv[1])


def write(name, header, rows):
    with open(OUT / name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def predictions():
    """400 photos; two decimals, so that there are many ties, also of the largest probability."""
    random = np.random.default_rng(7)
    truth = random.choice(3, 400, p=[0.2, 0.3, 0.5])
    scores = random.dirichlet([1, 1, 1], 400)
    scores[np.arange(400), truth] += random.random(400)
    scores = (scores / scores.sum(axis=1, keepdims=True)).round(2)
    write("predictions.csv", ["NEG", "NEU", "POS", "class"], [[*row, label] for row, label in zip(scores.tolist(), truth)])
    return truth, scores


def figures(protocol, truth, predicted, positivity, classes):
    hits = int((truth == predicted).sum())
    interval = binomtest(hits, len(truth)).proportion_ci(0.95, method="wilson")
    polar = truth != 1
    yield protocol, "samples", len(truth)
    yield protocol, "accuracy", accuracy_score(truth, predicted)
    yield protocol, "low95", interval.low
    yield protocol, "high95", interval.high
    yield protocol, "macroF1", f1_score(truth, predicted, labels=classes, average="macro", zero_division=0)
    yield protocol, "rocAuc", roc_auc_score(truth[polar] == 2, positivity[polar])
    yield protocol, "averagePrecision", average_precision_score(truth[polar] == 2, positivity[polar])
    yield protocol, "balancedAccuracy", balanced_accuracy_score(truth, predicted)
    for name, score in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
        for label, value in zip(classes, score(truth, predicted, labels=classes, average=None, zero_division=0)):
            yield protocol, f"{name}[{label}]", value
    for row, counts in zip(classes, confusion_matrix(truth, predicted, labels=classes)):
        for column, count in zip(classes, counts):
            yield protocol, f"confusion[{row}][{column}]", count


def metrics(truth, scores):
    either = scores[:, 0] + scores[:, 2]
    positivity = np.where(either == 0, 0.5, scores[:, 2] / np.where(either == 0, 1, either))
    polar = truth != 1
    two_way = np.array([0, 2])[scores[polar][:, [0, 2]].argmax(axis=1)]
    rows = [
        *figures("zero-shot", truth[polar], two_way, positivity[polar], [0, 2]),
        *figures("three-way", truth, scores.argmax(axis=1), positivity, [0, 1, 2]),
    ]
    write("metrics.csv", ["protocol", "figure", "value"], [(p, f, repr(float(v))) for p, f, v in rows])


def bootstrap(truth, scores):
    """The 95 % interval of the area by percentiles, of Mann and Whitney's U over each resample's pairs."""
    polar = truth != 1
    positive, score = truth[polar] == 2, scores[polar][:, 2] / (scores[polar][:, 0] + scores[polar][:, 2])
    wins = (score[positive][:, None] > score[~positive]) + (score[positive][:, None] == score[~positive]) / 2
    random = np.random.default_rng(3)
    areas = []
    for _ in range(200):
        times = random.multinomial(len(score), np.full(len(score), 1 / len(score)), size=1000).astype(float)
        ups, downs = times[:, positive], times[:, ~positive]
        areas.append(np.einsum("rp,pn,rn->r", ups, wins, downs, optimize=True) / ups.sum(1) / downs.sum(1))
    low, high = np.quantile(np.concatenate(areas), [.025, .975])
    write("bootstrap.csv", ["low", "high"], [(repr(float(low)), repr(float(high)))])


def wilson():
    cases = [(0, 1), (1, 1), (0, 40), (40, 40), (1, 3), (725, 882), (747, 882), (500, 1269)]
    rows = []
    for hits, samples in cases:
        interval = binomtest(hits, samples).proportion_ci(0.95, method="wilson")
        rows.append((hits, samples, repr(float(interval.low)), repr(float(interval.high))))
    write("wilson.csv", ["hits", "samples", "low", "high"], rows)


def folds():
    """Label lists as strings of digits with the fold of each photo as a string of digits."""
    random = np.random.default_rng(11)
    cases = [
        (5, 42, np.r_[np.zeros(301, int), np.full(581, 2)]),
        (5, 42, random.permutation(np.r_[np.zeros(500, int), np.full(769, 2)])),
        (5, 42, random.choice([0, 1, 2], 1000, p=[0.1, 0.3, 0.6])),
        (3, 0, random.choice([2, 0], 37)),
        (10, 2147483647, random.choice([1, 2, 0], 333)),
    ]
    rows = []
    for splits, seed, labels in cases:
        fold_of = np.empty(len(labels), int)
        folding = StratifiedKFold(splits, shuffle=True, random_state=seed)
        for fold, (_, tested) in enumerate(folding.split(labels, labels)):
            fold_of[tested] = fold
        rows.append((splits, seed, "".join(map(str, labels)), "".join(map(str, fold_of))))
    write("folds.csv", ["folds", "seed", "labels", "foldOf"], rows)


def mersenne_twister():
    rows = []
    for seed in (0, 42, 2147483647):
        state = np.random.RandomState(seed)
        words = [int(word) for word in state.randint(0, 2**32, 1300, dtype=np.uint64)]
        shuffled = np.arange(1000)
        state.shuffle(shuffled)
        rows.append((seed, words[0], words[623], words[624], words[1299], " ".join(map(str, shuffled))))
    write("mersenne-twister.csv", ["seed", "word0", "word623", "word624", "word1299", "shuffled"], rows)


def compared():
    rows = []
    for first, second in [(0, 0), (1, 0), (0, 5), (3, 9), (12, 30), (250, 250), (480, 560), (3000, 3210)]:
        result = mcnemar([[7, first], [second, 9]], exact=True)
        rows.append((first, second, repr(float(result.pvalue))))
    write("mcnemar.csv", ["onlyFirst", "onlySecond", "pValue"], rows)


OUT.mkdir(parents=True, exist_ok=True)
made_up = predictions()
metrics(*made_up)
bootstrap(*made_up)
wilson()
folds()
mersenne_twister()
compared()
