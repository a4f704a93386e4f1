"""Writes decision-reference.json, the expected values of the reference tests of io.credence.decision.

Run in this folder:  python3 make_decision_reference.py

Independent of the Java code, which sorts once and walks: here every metric is computed from its
definition by brute force, in exact rational arithmetic, and rounded once at the end.

Out of distribution: AUROC counts all pairs. Average precision and false-positive rates try every
distinct score as a threshold, counting anew. The false-positive rate is that at the recall nearest to
0.95 by float64, of those the lowest threshold, none below the first that finds all outliers.

Risk and coverage: of inputs with ties in the score the areas are means over all permutations of the
tied (every one enumerated), of others plain sums. AUGRC is by the identity with AUROC, where losses
are 0 or 1, and by trapezoids over single answers where they are not.

Conformal: the quantile level is exact in the decimals of alpha; sets are found by scoring every class.
Randomised scores draw u by SplitMix64 (Steele, Lea, Flood 2014, doi 10.1145/2714064.2660195) at state
seed + (2 i + s) g, g the golden gamma, of input i, with s = 0 for held-out inputs and 1 for others.

Tolerance of the tests: absolute 1e-13 for areas, of sums of at most 300 terms in float64; counts and
their ratios are equal to the last bit.
"""

import itertools
import json
import math
import pathlib
import platform
from fractions import Fraction

import numpy as np

SEED = 20261204
OUTPUT = pathlib.Path(__file__).with_name("decision-reference.json")
rng = np.random.default_rng(SEED)
GAMMA, MASK = 0x9E3779B97F4A7C15, (1 << 64) - 1


def auroc(inliers, outliers):
    won = sum(Fraction(2 * (o > i) + (o == i), 2) for o in outliers for i in inliers)
    return won / (len(inliers) * len(outliers))


def ood(name, inliers, outliers):
    inliers, outliers = [float(v) for v in inliers], [float(v) for v in outliers]
    points = []
    for t in sorted(set(inliers + outliers), reverse=True):
        points.append((t, sum(o >= t for o in outliers), sum(i >= t for i in inliers)))
    precision, before = Fraction(0), 0
    for _, found, alarms in points:
        precision += Fraction(found - before, len(outliers)) * Fraction(found, found + alarms)
        before = found
    first_full = max(t for t, found, _ in points if found == len(outliers))
    rates = {}
    for level in (0.95, 0.5, 1.0):
        near = min(abs(found / len(outliers) - level) for t, found, _ in points if t >= first_full)
        alarms = [a for t, found, a in points
                  if t >= first_full and abs(found / len(outliers) - level) == near][-1]
        rates[str(level)] = alarms / len(inliers)
    return {"name": name, "in": inliers, "out": outliers, "auroc": float(auroc(inliers, outliers)),
            "averagePrecision": float(precision), "falsePositiveRate95": rates["0.95"],
            "falsePositiveRate50": rates["0.5"], "falsePositiveRate100": rates["1.0"]}


def area(losses):
    total, lost = Fraction(0), Fraction(0)
    for i, loss in enumerate(losses, 1):
        lost += loss
        total += lost / i
    return total / len(losses)


def orders(scores, losses):
    """The losses in every order that agrees with the scores."""
    groups = [[l for s, l in zip(scores, losses, strict=True) if s == t] for t in sorted(set(scores))]
    for choice in itertools.product(*(itertools.permutations(g) for g in groups)):
        yield [loss for group in choice for loss in group]


def risk(name, scores, losses):
    scores, exact = [float(v) for v in scores], [Fraction(float(v)) for v in losses]
    n = len(scores)
    areas = [area(order) for order in orders(scores, exact)]
    mean = sum(areas) / len(areas)
    if set(exact) <= {0, 1}:
        wrong = [s for s, l in zip(scores, exact, strict=True) if l]
        right = [s for s, l in zip(scores, exact, strict=True) if not l]
        a = Fraction(len(right), n)
        augrc = (1 - a) ** 2 / 2 + ((1 - auroc(right, wrong)) * a * (1 - a) if wrong and right else 0)
    else:
        trapezoids, count = Fraction(0), 0
        for order in orders(scores, exact):
            count += 1
            cumulative = [Fraction(0)]
            for loss in order:
                cumulative.append(cumulative[-1] + loss)
            trapezoids += sum((x + y) / 2 for x, y in itertools.pairwise(cumulative)) / n / n
        augrc = trapezoids / count
    curve = []
    for t in sorted(set(scores)):
        kept = [l for s, l in zip(scores, exact, strict=True) if s <= t]
        curve.append([t, len(kept) / n, float(sum(kept) / len(kept)), float(sum(kept) / n)])
    return {"name": name, "scores": scores, "losses": [float(v) for v in losses], "curve": curve,
            "aurc": float(mean), "excessAurc": float(mean - area(sorted(exact))), "augrc": float(augrc)}


def uniform(seed, stream, i):
    z = (seed + (2 * i + stream + 1) * GAMMA) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return ((z ^ (z >> 31)) >> 11) * 2.0**-53


def class_score(p, y, method, penalty, free, u):
    if method == "THR":
        return 1 - p[y]
    ahead = [k for k in range(len(p)) if p[k] > p[y] or (p[k] == p[y] and k < y)]
    place = len(ahead) + 1
    return sum((p[k] for k in ahead), Fraction(0)) + u * p[y] + penalty * max(0, place - free)


def quantile(scores, alpha):
    n = len(scores)
    rank = math.ceil((n + 1) * (1 - Fraction(str(alpha))))
    return rank, (sorted(scores)[rank - 1] if rank <= n else math.inf)


def conformal(name, rows, labels, tests, alpha, method, penalty=0.0, free=0, seed=None):
    """Rows are exact in binary and sum to 1, so scores are exact but for u and the penalty."""
    exact = [[Fraction(float(v)) for v in row] for row in rows]
    assert all(sum(row) == 1 for row in exact)
    draw = lambda s, i: Fraction(1) if seed is None else Fraction(uniform(seed, s, i))
    scores = [class_score(p, y, method, Fraction(penalty), free, draw(0, i))
              for i, (p, y) in enumerate(zip(exact, labels, strict=True))]
    rank, q = quantile(scores, alpha)
    sets = []
    for i, row in enumerate(tests):
        p = [Fraction(float(v)) for v in row]
        ordered = sorted(range(len(p)), key=lambda k: (-p[k], k))
        sets.append([k for k in ordered if class_score(p, k, method, Fraction(penalty), free, draw(1, i)) <= q])
    return {"name": name, "rows": np.asarray(rows, float).tolist(), "labels": [int(y) for y in labels],
            "tests": np.asarray(tests, float).tolist(), "alpha": alpha, "method": method, "penalty": penalty,
            "freeClasses": free, "seed": seed, "level": float(Fraction(rank, len(labels))),
            "threshold": "Infinity" if q == math.inf else float(q), "sets": sets}


def intervals(name, lows, highs, targets, alpha):
    scores = [max(Fraction(float(l)) - Fraction(float(y)), Fraction(float(y)) - Fraction(float(h)))
              for l, h, y in zip(lows, highs, targets, strict=True)]
    rank, q = quantile(scores, alpha)
    return {"name": name, "lows": list(map(float, lows)), "highs": list(map(float, highs)),
            "targets": list(map(float, targets)), "alpha": alpha, "level": float(Fraction(rank, len(targets))),
            "margin": "Infinity" if q == math.inf else float(q)}


def short(values):
    return [float(f"{v:.4g}") for v in values]


def dyadic(n, classes, sharpness):
    """Rows of 64ths that sum to 1, many of them equal or 0."""
    counts = np.array([rng.multinomial(64, p) for p in rng.dirichlet(np.full(classes, sharpness), n)])
    return counts / 64


inliers, outliers = rng.normal(size=150), rng.normal(size=60) + 1.5
ood_cases = [
    ood("no ties", short(inliers), short(outliers)),
    ood("many ties", np.round(inliers), np.round(outliers)),
    ood("perfect", [1, 2, 3], [4, 5]),
    ood("all wrong way round", [4, 5], [1, 2, 3]),
    ood("all tied", [1, 1, 1], [1, 1]),
    ood("one of each", [0.5], [0.7]),
    ood("twenty outliers: recall of exactly 0.95", short(inliers[:40]), short(outliers[:20])),
    ood("ten outliers: 0.9 and 1 are as near", short(inliers[:40]), short(outliers[:10])),
    ood("the same recall at several thresholds", [0, 1.5, 1.7, 1.8, 5], [1, 2]),
    ood("below the last outlier", [-3, -2, -1, 0.5], [1, 0]),
    ood("zeros of both signs", [0.0, -1.0], [-0.0, 1.0]),
    ood("much rarer", short(inliers), short(outliers[:3])),
]
losses = rng.random(200) < 0.2
risk_cases = [
    risk("no ties", short(rng.permutation(200) / 7), losses),
    risk("informative", short(np.arange(200) / 9 + losses * 8.05), losses),
    risk("ties", [1, 1, 1, 2, 2, 3, 3, 3, 4], [0, 1, 0, 0, 1, 1, 0, 1, 1]),
    risk("all tied", [5] * 6, [0, 0, 1, 0, 1, 0]),
    risk("all right", [1, 2, 3], [0, 0, 0]),
    risk("all wrong", [1, 2, 2], [1, 1, 1]),
    risk("one right", [0.5], [0]),
    risk("one wrong", [0.5], [1]),
    risk("squared errors, with ties", [1, 2, 2, 3, 4, 4], [0.25, 4, 0, 1.5, 9, 2]),
    risk("best order", [1, 2, 3, 4], [0, 0, 1, 1]),
    risk("worst order", [1, 2, 3, 4], [1, 1, 0, 0]),
    risk("zeros of both signs", [0.0, -0.0, 1.0], [1, 0, 0]),
]
rows, tests = dyadic(99, 5, 0.6), dyadic(20, 5, 0.6)
labels = [int(rng.choice(5, p=p)) for p in rows]
spike = [[1, 0, 0, 0, 0]] * 9
conformal_cases = [
    conformal("THR", rows, labels, tests, 0.1, "THR"),
    conformal("THR, alpha 0.7: 50 (1 - 0.7) is above 15 in float64", rows[:49], labels[:49], tests, 0.7, "THR"),
    conformal("APS", rows, labels, tests, 0.1, "APS"),
    conformal("APS, half covered", rows, labels, tests, 0.5, "APS"),
    conformal("APS, randomised", rows, labels, tests, 0.1, "APS", seed=42),
    conformal("APS, randomised, negative seed", rows, labels, tests, 0.2, "APS", seed=-7),
    conformal("RAPS", rows, labels, tests, 0.1, "RAPS", 0.125, 2),
    conformal("RAPS, randomised", rows, labels, tests, 0.1, "RAPS", 0.25, 1, seed=3),
    conformal("RAPS without penalty is APS", rows, labels, tests, 0.1, "RAPS", 0.0, 0),
    conformal("nineteen at 0.05: the largest score", rows[:19], labels[:19], tests, 0.05, "THR"),
    conformal("eighteen at 0.05: every class", rows[:18], labels[:18], tests, 0.05, "APS"),
    conformal("one input at 0.5", rows[:1], labels[:1], tests[:3], 0.5, "THR"),
    conformal("certain and right: empty sets for others", spike, [0] * 9, tests, 0.1, "THR"),
    conformal("certain and wrong", spike, [1] * 9, tests, 0.1, "THR"),
    conformal("a class absent", rows[:30], [int(np.argmax(p[:3])) for p in rows[:30]], tests, 0.1, "APS"),
    conformal("all probabilities tied", [[0.25] * 4] * 9, [0, 1, 2, 3, 0, 1, 2, 3, 0], [[0.25] * 4], 0.3, "APS"),
]
y = rng.normal(size=99)
eighths = lambda v: np.round(np.asarray(v) * 8) / 8
interval_cases = [
    intervals("too narrow", eighths(y * 0 - 0.5), eighths(y * 0 + 0.5), eighths(y), 0.1),
    intervals("too wide: a negative margin", eighths(y - 3), eighths(y + 3 + rng.random(99)), eighths(y), 0.2),
    intervals("points", eighths(y * 0.5), eighths(y * 0.5), eighths(y), 0.1),
    intervals("nine at 0.1", [0] * 9, [1] * 9, [0.5, 2, -1, 0, 1, 1.5, 3, 0.25, 1], 0.1),
    intervals("eight at 0.1: no finite margin", [0] * 8, [1] * 8, [0.5] * 8, 0.1),
    intervals("one at 0.5", [0], [1], [4], 0.5),
]
header = {"program": "make_decision_reference.py", "command": "python3 make_decision_reference.py",
          "seed": SEED, "python": platform.python_version(), "numpy": np.__version__}
with open(OUTPUT, "w", encoding="utf-8") as out:
    out.write(json.dumps(header)[:-1])
    for name, all_cases in [("outOfDistribution", ood_cases), ("riskCoverage", risk_cases),
                            ("conformal", conformal_cases), ("intervals", interval_cases)]:
        out.write(f',\n"{name}": [\n')
        out.write(",\n".join(json.dumps(c, separators=(",", ":"), allow_nan=False) for c in all_cases))
        out.write("\n]")
    out.write("}\n")
