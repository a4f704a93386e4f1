"""Writes reliability-reference.json, the expected values of ReliabilityReferenceTest.

Run in this folder:  python3 make_reliability_reference.py

Independent of the Java code: every number is computed from its definition over all inputs at once,
in exact rational arithmetic of the float64 inputs, and rounded once at the end. Bin edges alone are
float64 numbers, b / B rounded, as those of numpy.linspace are to an ulp. Bins are (low, high], the
first [low, high]. Equal mass: inner edge b is the ceil(b N / B)-th smallest confidence, equal
confidences going to the lower bin. The Brier decomposition is checked to add up exactly, and Wilson
intervals are computed with 50 digits (mpmath), by the closed form of Wilson 1927.

Tolerance of the test: absolute 1e-14, of sums of at most 500 numbers within [0, 1] in float64.
"""

import json
import math
import pathlib
import platform
from fractions import Fraction

import mpmath
import numpy as np

mpmath.mp.dps = 50
SEED = 20261202
OUTPUT = pathlib.Path(__file__).with_name("reliability-reference.json")
rng = np.random.default_rng(SEED)


def equal_width_edges(bins):
    return [b / bins for b in range(bins + 1)]


def equal_mass_edges(confidences, bins):
    ordered = sorted(confidences)
    inner = [ordered[math.ceil(Fraction(b * len(ordered), bins)) - 1] for b in range(1, bins)]
    return [0.0] + inner + [1.0]


def members(confidences, low, high, first):
    return [i for i, p in enumerate(confidences) if (low < p or (first and low == p)) and p <= high]


def mean(values):
    return sum(values, Fraction(0)) / len(values)


def parts(confidences, correct, edges):
    """Bins that are not empty, and every error, as fractions."""
    f = [Fraction(p) for p in confidences]
    o = [Fraction(int(c)) for c in correct]
    n = len(f)
    bins, seen = [], 0
    expected, worst, squares, resolution, variance, covariance = (Fraction(0) for _ in range(6))
    for b in range(len(edges) - 1):
        inside = members(confidences, edges[b], edges[b + 1], b == 0)
        if not inside:
            continue
        seen += len(inside)
        conf, acc = mean([f[i] for i in inside]), mean([o[i] for i in inside])
        bins.append([edges[b], edges[b + 1], len(inside), int(sum(o[i] for i in inside)), float(conf)])
        weight = Fraction(len(inside), n)
        expected += weight * abs(acc - conf)
        worst = max(worst, abs(acc - conf))
        squares += weight * (acc - conf) ** 2
        resolution += weight * (acc - mean(o)) ** 2
        variance += sum((f[i] - conf) ** 2 for i in inside) / n
        covariance += sum((f[i] - conf) * (o[i] - acc) for i in inside) / n
    assert seen == n, "each confidence is in exactly one bin"
    uncertainty = mean(o) * (1 - mean(o))
    brier = mean([(p - y) ** 2 for p, y in zip(f, o, strict=True)])
    assert brier == squares - resolution + uncertainty + variance - 2 * covariance
    return {"bins": bins, "expected": float(expected), "maximum": float(worst),
            "rootMeanSquare": float(mpmath.sqrt(mpmath.mpf(squares.numerator) / squares.denominator)),
            "brier": float(brier), "reliability": float(squares), "resolution": float(resolution),
            "uncertainty": float(uncertainty), "withinBinVariance": float(variance),
            "withinBinCovariance": float(covariance)}


def case(name, confidences, correct, bins):
    confidences = [float(p) for p in confidences]
    correct = [bool(c) for c in correct]
    return {"name": name, "bins": bins, "confidences": confidences, "correct": correct,
            "equalWidth": parts(confidences, correct, equal_width_edges(bins)),
            "equalMass": parts(confidences, correct, equal_mass_edges(confidences, bins))}


def class_wise(name, rows, labels, bins):
    """Rows are not divided by their sum here; they sum to 1 exactly, or nearly."""
    classes = len(rows[0])
    sums = [math.fsum(row) for row in rows]
    each = [parts([float(row[k] / s) for row, s in zip(rows, sums, strict=True)],
                  [y == k for y in labels], equal_width_edges(bins)) for k in range(classes)]
    return {"name": name, "bins": bins, "probabilities": [list(map(float, row)) for row in rows],
            "labels": [int(y) for y in labels],
            "expected": float(mean([Fraction(e["expected"]) for e in each])),
            "brier": float(sum(Fraction(e["brier"]) for e in each))}


def wilson(successes, trials, level):
    z = mpmath.sqrt(2) * mpmath.erfinv(level)
    n, p = mpmath.mpf(trials), mpmath.mpf(successes) / trials
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * mpmath.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return {"successes": successes, "trials": trials, "level": level,
            "low": float(max(middle - half, 0)), "high": float(min(middle + half, 1))}


def short(values):
    return [float(f"{v:.6g}") for v in values]


def softmax_rows(classes, n, scale):
    z = rng.normal(size=(n, classes)) * scale
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return np.array([short(row) for row in p / p.sum(axis=1, keepdims=True)])


sure = short(1 - rng.random(500) ** 3 * 0.7)
edges15 = [b / 15 for b in range(16)]
below, above = np.nextafter(edges15, -1), np.nextafter(edges15, 2)
around = [float(p) for p in np.concatenate([edges15, below[1:], above[:-1]])]
tied = [0.3] * 7 + [0.6] * 5 + [0.9] * 8
rows = softmax_rows(5, 80, 2)
cases = [
    case("overconfident, 15 bins", sure, rng.random(500) < np.array(sure) ** 2, 15),
    case("overconfident, 10 bins", sure[:100], rng.random(100) < np.array(sure[:100]) ** 2, 10),
    case("one bin", sure[:20], rng.random(20) < 0.7, 1),
    case("more bins than inputs", sure[:6], [1, 0, 1, 1, 0, 1], 40),
    case("every edge, and the floats beside it", around, rng.random(len(around)) < 0.5, 15),
    case("edges of ten bins", [b / 10 for b in range(11)], [0, 1] * 5 + [1], 10),
    case("confidence exactly 1, half of them right", [1.0] * 8, [1, 0] * 4, 15),
    case("confidence 0 and 1", [0.0, 0.0, 1.0], [0, 1, 1], 15),
    case("one input, right", [0.7], [1], 15),
    case("one input, wrong", [0.7], [0], 15),
    case("all right", sure[:30], [1] * 30, 15),
    case("all wrong", sure[:30], [0] * 30, 15),
    case("ties, most bins empty", tied, rng.random(20) < np.array(tied), 15),
    case("two far bins, unequal counts", [0.05] * 1 + [0.95] * 9, [1] + [1] * 8 + [0], 15),
    case("narrow bin near 1", short(1 - rng.random(50) * 1e-5), rng.random(50) < 0.9, 15),
]
class_cases = [
    class_wise("five classes", rows, [int(rng.choice(5, p=r / r.sum())) for r in rows], 15),
    class_wise("one class absent", rows[:40], rng.integers(0, 4, 40), 15),
    class_wise("two classes", softmax_rows(2, 40, 1), rng.integers(0, 2, 40), 10),
    class_wise("certain, once wrong", np.eye(3)[[0, 1, 2, 0]], [0, 1, 2, 1], 15),
    class_wise("one input", [[0.25, 0.5, 0.25]], [2], 15),
]
header = {"program": "make_reliability_reference.py", "command": "python3 make_reliability_reference.py",
          "seed": SEED, "python": platform.python_version(), "numpy": np.__version__,
          "mpmath": mpmath.__version__}
with open(OUTPUT, "w", encoding="utf-8") as out:
    out.write(json.dumps(header)[:-1])
    for name, all_cases in [
        ("cases", cases), ("classWise", class_cases),
        ("wilson", [wilson(s, n, level) for s, n, level in
                    [(0, 1, .95), (1, 1, .95), (0, 20, .9), (20, 20, .9), (7, 20, .95), (999, 1000, .99)]]),
    ]:
        out.write(f',\n"{name}": [\n')
        out.write(",\n".join(json.dumps(c, separators=(",", ":"), allow_nan=False) for c in all_cases))
        out.write("\n]")
    out.write("}\n")
