"""Writes regression-reference.json, the expected values of RegressionCalibrationReferenceTest.

Run in this folder:  python3 make_regression_reference.py

Independent of the Java code. Ranked probability scores: of samples by the double sum over pairs, in
exact rational arithmetic; of normal mixtures by numerical integration of (F(x) - 1[y <= x])^2 with 40
digits (mpmath), not by the closed form. Isotonic maps: by the max-min formula, y_i = max over a <= i of
min over b >= i of the mean of y_a..y_b (Barlow et al. 1972), in exact rational arithmetic, with a line
between points. Recalibration: shares counted anew for every level.

Tolerances of the test: absolute 1e-13 times the largest number of a case for scores, whose error
function is known to about 1e-15; 1e-14 for isotonic maps, of at most 60 points within [0, 1].
"""

import json
import pathlib
import platform
from fractions import Fraction

import mpmath
import numpy as np

mpmath.mp.dps = 40
SEED = 20261205
OUTPUT = pathlib.Path(__file__).with_name("regression-reference.json")
rng = np.random.default_rng(SEED)


def short(values):
    return [float(f"{v:.5g}") for v in np.atleast_1d(values)]


def samples(name, xs, y):
    xs, y = [float(x) for x in xs], float(y)
    e, n = [Fraction(x) for x in xs], len(xs)
    near = sum(abs(x - Fraction(y)) for x in e) / n
    pairs = sum(abs(a - b) for a in e for b in e)
    fair = None if n == 1 else float(near - pairs / (2 * n * (n - 1)))
    return {"name": name, "samples": xs, "y": y, "score": float(near - pairs / (2 * n * n)), "fair": fair,
            "distribution": sum(x <= y for x in xs) / n}


def mixture(name, weights, means, deviations, y):
    w = [mpmath.mpf(v) for v in weights]
    w = [v / sum(w) for v in w]

    def cdf(x):
        return mpmath.fsum(
            wi * (mpmath.ncdf((x - mpmath.mpf(m)) / mpmath.mpf(s)) if s else (1 if x >= m else 0))
            for wi, m, s in zip(w, means, deviations, strict=True))

    cuts = {mpmath.mpf(y)}
    for m, s in zip(means, deviations, strict=True):
        cuts |= {mpmath.mpf(m) + k * mpmath.mpf(s) for k in (-40, -20, -12, -8, -5, -3, -1, 0, 1, 3, 5, 8, 12, 20, 40)}
    cuts = sorted(cuts)
    total = mpmath.mpf(0)
    for a, b in zip(cuts, cuts[1:]):
        middle = (a + b) / 2
        step = 1 if middle >= y else 0
        if all(s == 0 for s in deviations):
            total += (b - a) * (cdf(middle) - step) ** 2
        else:
            total += mpmath.quad(lambda x: (cdf(x) - step) ** 2, [a, b])
    return {"name": name, "weights": list(map(float, weights)), "means": list(map(float, means)),
            "deviations": list(map(float, deviations)), "y": float(y), "score": float(total),
            "distribution": float(cdf(mpmath.mpf(y)))}


def isotonic(name, x, y):
    x, y = [float(v) for v in x], [float(v) for v in y]
    unique = sorted(set(x))
    groups = [[Fraction(b) for a, b in zip(x, y, strict=True) if a == u] for u in unique]
    mean = lambda a, b: sum(sum(g) for g in groups[a:b + 1]) / sum(len(g) for g in groups[a:b + 1])
    n = len(unique)
    fitted = [max(min(mean(a, b) for b in range(i, n)) for a in range(i + 1)) for i in range(n)]
    asked, values = [unique[0] - 1, unique[-1] + 1], [fitted[0], fitted[-1]]
    for i, u in enumerate(unique):
        asked.append(u)
        values.append(fitted[i])
        if i + 1 < n:
            middle = (u + unique[i + 1]) / 2
            share = (Fraction(middle) - Fraction(u)) / (Fraction(unique[i + 1]) - Fraction(u))
            asked.append(middle)
            values.append(fitted[i] + share * (fitted[i + 1] - fitted[i]))
    return {"name": name, "x": x, "y": y, "asked": asked, "values": [float(v) for v in values]}


def recalibration(name, levels, points):
    levels = [float(v) for v in levels]
    share = lambda p: Fraction(sum(v <= p for v in levels), len(levels))
    knots = sorted(set(levels))
    pairs = ([(Fraction(0), Fraction(0))] if knots[0] > 0 else []) + [(Fraction(k), share(k)) for k in knots]
    asked = [0.0, 0.03, 0.1, 0.5, 0.77, 0.9, 1.0]

    def value(p):
        p = Fraction(p)
        if p >= pairs[-1][0]:
            return pairs[-1][1]
        for (a, u), (b, v) in zip(pairs, pairs[1:]):
            if a <= p < b:
                return u + (p - a) / (b - a) * (v - u)
        raise AssertionError(p)

    def least(q):
        q = Fraction(q)
        if q <= pairs[0][1]:
            return pairs[0][0]
        for (a, u), (b, v) in zip(pairs, pairs[1:]):
            if u < q <= v:
                return a + (q - u) / (v - u) * (b - a)
        raise AssertionError(q)

    grid = [j / (points + 1.0) for j in range(1, points + 1)]
    error = sum((Fraction(q) - share(q)) ** 2 for q in grid) / points
    return {"name": name, "levels": levels, "points": points, "asked": asked,
            "recalibrated": [float(value(p)) for p in asked], "levelFor": [float(least(q)) for q in asked],
            "meanSquareError": float(error)}


sample_cases = [
    samples("normal, inside", short(rng.normal(size=50)), 0.3),
    samples("normal, far outside", short(rng.normal(size=20)), 25.5),
    samples("below all", short(rng.normal(size=20)), -7),
    samples("far from zero: no cancellation", 1e6 + np.round(rng.normal(size=30) * 64) / 4096, 1e6),
    samples("ties", [1, 1, 2, 2, 2, 5], 2),
    samples("one sample", [1.5], 4),
    samples("one sample, hit", [1.5], 1.5),
    samples("two samples", [0, 1], 0.25),
    samples("all alike", [3] * 8, 3.5),
]
mixture_cases = [
    mixture("standard normal at its mean", [1], [0], [1], 0),
    mixture("normal", [1], [2.5], [0.5], 3.1),
    mixture("normal, far away", [1], [0], [1], 30),
    mixture("normal, large numbers", [1], [1000], [20], 985),
    mixture("three parts", [0.2, 0.5, 0.3], [-1, 0.5, 2], [0.3, 1, 0.7], 0.8),
    mixture("weights that do not sum to one", [1, 3], [0, 4], [1, 2], 3),
    mixture("two parts far apart", [0.5, 0.5], [-50, 50], [1, 1], 49),
    mixture("a point", [1], [2], [0], 5),
    mixture("a point, hit", [1], [2], [0], 2),
    mixture("points", [0.25, 0.75], [0, 1], [0, 0], 0.5),
    mixture("a point and a normal", [0.5, 0.5], [0, 1], [0, 1], 0.5),
    mixture("a part without weight", [1, 0], [0, 100], [1, 1], 0.5),
]
grid = np.round(rng.random(60) * 20) / 20
isotonic_cases = [
    isotonic("confidence and outcome, ties", grid, rng.random(60) < grid**2),
    isotonic("noise about a line", short(rng.random(40)), short(rng.random(40))),
    isotonic("rising already", [1, 2, 3, 4], [0, 0.1, 0.5, 1]),
    isotonic("falling: one block", [1, 2, 3, 4], [4, 3, 2, 1]),
    isotonic("unequal blocks", [1, 2, 3, 4, 5, 6], [1, 5, 4, 3, 9, 8]),
    isotonic("ties that fall", [1, 1, 1, 2, 2], [3, 0, 3, 1, 2]),
    isotonic("joined again and again", [1, 2, 3, 4, 5], [5, 6, 1, 7, 0]),
    isotonic("one point", [2], [7]),
    isotonic("all outcomes alike", [0.1, 0.5, 0.9], [1, 1, 1]),
]
recalibration_cases = [
    recalibration("overconfident", short(np.clip(rng.normal(0.5, 0.6, 40), 0, 1)), 9),
    recalibration("underconfident", short(0.5 + (rng.random(40) - 0.5) / 3), 19),
    recalibration("ties, and both ends", [0, 0, 0.25, 0.25, 0.5, 1, 1, 1], 3),
    recalibration("one level", [0.4], 4),
    recalibration("all alike", [0.75] * 5, 1),
    recalibration("all at 0", [0.0] * 3, 4),
]
header = {"program": "make_regression_reference.py", "command": "python3 make_regression_reference.py",
          "seed": SEED, "digits": mpmath.mp.dps, "python": platform.python_version(),
          "numpy": np.__version__, "mpmath": mpmath.__version__}
with open(OUTPUT, "w", encoding="utf-8") as out:
    out.write(json.dumps(header)[:-1])
    for name, all_cases in [("samples", sample_cases), ("mixtures", mixture_cases),
                            ("isotonic", isotonic_cases), ("recalibration", recalibration_cases)]:
        out.write(f',\n"{name}": [\n')
        out.write(",\n".join(json.dumps(c, separators=(",", ":"), allow_nan=False) for c in all_cases))
        out.write("\n]")
    out.write("}\n")
