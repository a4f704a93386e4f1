"""Writes hostile-numerics-reference.json, the expected values of HostileNumericsReferenceTest.

Run in this folder:  python3 make_hostile_numerics_reference.py

Samples on which float64 loses digits if sums are done carelessly: of one input, pass t is row t mod R of R
rows, so that 1e5 passes need few numbers. Independent of the Java code: every number is computed from its
definition with 60 digits (mpmath) over the rows, each as often as it comes, each leave-out of the jackknife
likewise, and rounded to float64 at the very end. Rows are float32 or float64 numbers in the shortest form
that reads back. Probabilities are cut off at 0 (and at 1 of a binary kind) and divided by their sum first.

The test asks for a relative error of at most 1e-6, of every measure, variance, corrected value and standard
error. An absolute part excepts what float64 cannot tell; u = 2^-53 is its rounding, half a unit in the last
place of 1. Where that part is below 1e-6 of the answer it allows nothing.
  - Samples of float32 around 1e6 hold no standard deviation of 1e-3: the nearest numbers are 0.0625 apart.
    What is expected of them is the variance of the rounded numbers.
  - A probability is held as float64, to u of itself. So shares, margin and deviations are known to 4u, variances
    to 4u times the deviation and 16u², mutual information to 4u times its root and 16u². A deviation below
    1e-9 of the probability has fewer than six digits. Entropies excuse nothing: what a probability near 1 lacks
    to it, the others tell.
  - Equal means have a margin of 0, of which rounding leaves u; likewise every other answer of 0.
  - The jackknife takes differences of the measure of all and of those without a group, and multiplies by up to
    twice the number of groups: corrected values and errors are known to what the measure is, entropies to 4u, times that.
  - Numbers below the smallest normal float64, 2.2e-308, hold fewer digits, and below 4.9e-324 none. Squares of
    deviations below 1.5e-154 are such numbers: their variance is a few digits or 0, and so is its root.
  - Targets are known to u of themselves, so a mean in which numbers of both signs cancel to 4u of the largest,
    and a variance to that times the deviation: of deviation 1e-3 at mean 1e6 to relative 4e-7.
    That of a mixture or of quantiles likewise, of the largest mean or quantile.
"""

import json
import pathlib
import platform

import mpmath
import numpy as np

mpmath.mp.dps = 60
SEED = 20261127
OUTPUT = pathlib.Path(__file__).with_name("hostile-numerics-reference.json")
rng = np.random.default_rng(SEED)
mpf, fsum, exp = mpmath.mpf, mpmath.fsum, mpmath.exp
GROUPS = 20


# Classifiers


def distribution(kind, row):
    x = [mpf(float(v)) for v in row]
    if kind in ("PROBABILITIES", "LOGITS"):
        e = [max(v, mpf(0)) for v in x] if kind == "PROBABILITIES" else [exp(v) for v in x]
        total = fsum(e)
        return [v / total for v in e]
    if kind == "BINARY_PROBABILITY":
        one = min(max(x[0], mpf(0)), mpf(1))
        return [1 - one, one]
    assert kind == "BINARY_LOGIT"
    return [1 / (1 + exp(x[0])), 1 / (1 + exp(-x[0]))]


def entropy(p):
    return -fsum(v * mpmath.log(v) for v in p if v > 0)


def classification(p, counts):
    """All measures of rows p, row r counts[r] times."""
    n, k = sum(counts), range(len(p[0]))
    rows = [(c, row) for c, row in zip(counts, p, strict=True) if c]
    mean = [fsum(c * row[i] for c, row in rows) / n for i in k]
    variances = [fsum(c * (row[i] - mean[i]) ** 2 for c, row in rows) / n for i in k]
    votes = [0] * len(p[0])
    for c, row in rows:
        votes[row.index(max(row))] += c
    ordered = sorted(mean, reverse=True)
    expected = fsum(c * entropy(row) for c, row in rows) / n
    return {
        "meanProbabilities": mean,
        "variances": variances,
        "predictiveEntropy": entropy(mean),
        "expectedEntropy": expected,
        "mutualInformation": fsum(
            c * v * mpmath.log(v / m) for c, row in rows for v, m in zip(row, mean, strict=True) if v > 0) / n,
        "variationRatio": 1 - mpf(max(votes)) / n,
        "maxProbability": ordered[0],
        "margin": ordered[0] - ordered[1],
        "meanStandardDeviation": fsum(mpmath.sqrt(v) for v in variances) / len(mean),
        "voteEntropy": entropy([mpf(v) / n for v in votes]),
        "disagreement": 1 - mpf(sum(v * (v - 1) for v in votes)) / (n * (n - 1)) if n > 1 else mpf(0),
    }


def errors(p, passes):
    """Of each measure [corrected, standardError], as docs/methods/sampling-error.md."""
    by_group = [[0] * len(p) for _ in range(min(GROUPS, passes))]
    for t in range(passes):
        by_group[t % GROUPS][t % len(p)] += 1
    counts = [sum(column) for column in zip(*by_group, strict=True)]
    whole = classification(p, counts)
    left = [classification(p, [c - d for c, d in zip(counts, group, strict=True)]) for group in by_group]
    sizes = [sum(group) for group in by_group]
    result = {}
    for key, value in whole.items():
        if isinstance(value, list):
            continue
        corrected = len(sizes) * value - fsum(
            (1 - mpf(m) / passes) * one[key] for m, one in zip(sizes, left, strict=True))
        variance = mpf(0)
        for m, one in zip(sizes, left, strict=True):
            h = mpf(passes) / m
            variance += (h * value - (h - 1) * one[key] - corrected) ** 2 / (h - 1) / len(sizes)
        result[key] = [number(corrected), number(mpmath.sqrt(variance))]
    return whole, result


# Regressors


def mean_and_variance(head, x, d, target):
    """What one row gives one target; the variance is None where the head tells none."""
    kind = head["kind"]
    if kind == "MEAN":
        return x[target], None
    if kind == "MEAN_AND_VARIANCE":
        return x[target], x[d + target]
    if kind == "MEAN_AND_LOG_VARIANCE":
        return x[target], exp(x[d + target])
    if kind == "QUANTILES":
        t = [mpf(0), *map(mpf, head["levels"]), mpf(1)]
        y = sorted(x[target::d])
        y = [y[0], *y, y[-1]]
        pieces = [(t[i + 1] - t[i], y[i], y[i + 1]) for i in range(len(y) - 1)]
        mean = fsum(dt * (a + b) / 2 for dt, a, b in pieces)
        return mean, fsum(dt * (a * a + a * b + b * b) / 3 for dt, a, b in pieces) - mean ** 2
    assert kind == "MIXTURE_DENSITY"
    parts = mixture(head, x, d)
    mean = fsum(w * one[target][0] for w, one in parts)
    return mean, fsum(w * (one[target][1] + (one[target][0] - mean) ** 2) for w, one in parts)


def mixture(head, x, d):
    """(weight, [(mean, variance) of each target]) of each component."""
    c = head.get("components", 1)
    if head["kind"] != "MIXTURE_DENSITY":
        return [(mpf(1), [mean_and_variance(head, x, d, i) for i in range(d)])]
    e = [exp(v) for v in x[:c]]
    return [
        (e[i] / fsum(e), [(x[c + i * d + j], exp(2 * x[c + c * d + i * d + j])) for j in range(d)])
        for i in range(c)]


def log_likelihood(head, rows, counts, d, observed):
    def density(x):
        return fsum(
            w * mpmath.fprod(
                exp(-(mpf(y) - m) ** 2 / (2 * v)) / mpmath.sqrt(2 * mpmath.pi * v)
                for y, (m, v) in zip(observed, one, strict=True))
            for w, one in mixture(head, x, d))
    return mpmath.log(fsum(c * density(x) for c, x in zip(counts, rows, strict=True)) / sum(counts))


def regression(head, rows, counts, d, observed):
    n = sum(counts)
    result = {"mean": [], "epistemicVariance": [], "epistemicStandardDeviation": [],
              "aleatoricVariance": [], "totalVariance": []}
    for target in range(d):
        told = [mean_and_variance(head, x, d, target) for x in rows]
        mean = fsum(c * y for c, (y, _) in zip(counts, told, strict=True)) / n
        epistemic = fsum(c * (y - mean) ** 2 for c, (y, _) in zip(counts, told, strict=True)) / n
        result["mean"].append(mean)
        result["epistemicVariance"].append(epistemic)
        result["epistemicStandardDeviation"].append(mpmath.sqrt(epistemic))
        if told[0][1] is not None:
            aleatoric = fsum(c * v for c, (_, v) in zip(counts, told, strict=True)) / n
            result["aleatoricVariance"].append(aleatoric)
            result["totalVariance"].append(epistemic + aleatoric)
    result = {key: [float(v) for v in values] for key, values in result.items()}
    if observed is not None:
        result["logLikelihood"] = float(log_likelihood(head, rows, counts, d, observed))
    return result


# Cases


def number(value):
    """The rounding of 60 digits is 0."""
    return 0.0 if abs(value) < mpf(10) ** -50 else float(value)


def exact(value):
    text = str(value) if isinstance(value, np.float32) else repr(float(value))
    as_read = float(text)
    assert type(value)(as_read) == value, text
    return as_read


def classifier(name, kind, rows, passes=None):
    a = np.asarray(rows, dtype=np.float32)
    passes = passes or len(a)
    expected, told = errors([distribution(kind, row) for row in a], passes)
    return {
        "name": name, "kind": kind, "passes": passes,
        "rows": [[exact(v) for v in row] for row in a],
        "expected": {
            key: [float(v) for v in value] if isinstance(value, list) else float(value)
            for key, value in expected.items()},
        "errors": told,
    }


def regressor(name, head, d, rows, passes=None, kind="float32", observed=None):
    a = np.asarray(rows, dtype=kind)
    passes = passes or len(a)
    counts = [len(range(r, passes, len(a))) for r in range(len(a))]
    told = {"observed": observed} if observed is not None else {}
    return {
        "name": name, "head": head, "targets": d, "type": kind, "passes": passes, **told,
        "rows": [[exact(v) for v in row] for row in a],
        "expected": regression(head, [[mpf(float(v)) for v in row] for row in a], counts, d, observed),
    }


def near(row, spread, samples):
    return np.array(row) + rng.normal(0, spread, (samples, len(row)))


def ulps(row, samples, most=2):
    """Rows up to some units in the last place of float32 above the given one."""
    base = np.asarray(row, dtype=np.float32)
    return base + rng.integers(0, most + 1, (samples, len(row))) * np.spacing(base)


P, L, BP, BL = "PROBABILITIES", "LOGITS", "BINARY_PROBABILITY", "BINARY_LOGIT"
MANY = 100_000
one_hot = np.eye(5)
e = 2.0 ** -23
classifiers = [
    classifier("logits of 1e4 of both signs", L, rng.choice([-1e4, -9999, 0, 9990, 9999, 1e4], (41, 4))),
    classifier("logits to the end of float64's exponent", L,
               [[0, -g, -g / 2] for g in (30, 100, 300, 600, 700, 720, 740, 745, 1e3, 1e4)]),
    classifier("binary logits of 1e4 of both signs", BL,
               [[x] for x in (1e4, -1e4, 745, -745, 700, -700, 40, -40, 1, 0, -1e4, 1e4)]),
    classifier("binary logits, all nearly certain", BL, [[x] for x in (15, 16.5, 15.5, 17, 14, 15.25, 16)]),
    classifier("float16 probabilities", P, rng.dirichlet(np.full(12, 0.3), 33).astype(np.float16)),
    classifier("probabilities a rounding below 0", P,
               [[-1e-4, 0.5, 0.5], [0.25, 0.7501, -1e-4], [-5e-3, 1.004, 0], [0.1, 0.2, 0.695]]),
    classifier("binary probabilities a rounding beyond 0 and 1", BP,
               [[1.0009765625], [-1e-4], [0.99951171875], [1], [0], [6e-8]]),
    classifier("denormal probabilities", P,
               np.c_[np.ones(25), rng.integers(0, 9, 25) * 1.4e-45, rng.random(25) * 1e-38]),
    classifier("denormal probabilities beside ordinary ones", P,
               np.c_[rng.dirichlet([2, 3], 27), rng.integers(0, 9, 27) * 1.4e-45]),
    classifier("probabilities exactly 0 and 1", P, one_hot[rng.choice([0, 1, 3], 47)]),
    classifier("one of 1e5 passes in a hundred dissents", P, one_hot[[0] * 99 + [2]], MANY),
    classifier("mutual information 1e-14", P, near([.1, .2, .3, .4], 1e-7, 40)),
    classifier("a unit in the last place of float32 apart", P, ulps([.1, .2, .3, .4], 43)),
    classifier("one sample of fifty a unit in the last place apart", P,
               [[.25, .75]] * 49 + [[.25 + e / 4, .75 - e / 4]]),
    classifier("logits 1e-7 apart", L, near([0, 0, 0], 1e-7, 30)),
    classifier("logits 1e-9 apart, mutual information 1e-19", L, near([0, 0], 1e-9, 30)),
    classifier("a rare class, 1e-6 of itself apart", P,
               np.c_[np.ones(31), 1e-7 * (1 + 1e-6 * rng.standard_normal(31))]),
    classifier("means that tie, samples 1e-7 apart", P, [[.5 + e, .5 - e], [.5 - e, .5 + e]] * 12),
    classifier("the first sample far from the rest, which nearly agree", P,
               np.r_[[[.9, .05, .05]], near([.1, .3, .6], 1e-7, 50)]),
    classifier("1e5 passes", P, rng.dirichlet([2, 1, 1, .5, .5], 61), MANY),
    classifier("1e5 passes, mutual information 1e-14", P, near([.1, .2, .3, .4], 1e-7, 61), MANY),
    classifier("1e5 passes, a unit in the last place of float32 apart", P, ulps([.1, .2, .3, .4], 61), MANY),
    classifier("1e5 passes of logits of 1e4", L,
               rng.choice([-1e4, 9999, 1e4], (37, 3)), MANY),
    classifier("1e5 passes of binary logits", BL, rng.normal(0, 5, (61, 1)), MANY),
    classifier("1e5 passes that agree", P, [[.1, .2, .7]], MANY),
    classifier("1e5 passes, all but certain", P,
               np.c_[np.ones(61), rng.random((61, 2)) * 1e-7], MANY),
    classifier("1000 classes, a unit in the last place apart", P,
               ulps(rng.dirichlet(np.ones(1000)), 3, 8), 60),
]

MEAN = {"kind": "MEAN"}
MV, MLV = {"kind": "MEAN_AND_VARIANCE"}, {"kind": "MEAN_AND_LOG_VARIANCE"}
Q3 = {"kind": "QUANTILES", "levels": [0.1, 0.5, 0.9]}
MDN = {"kind": "MIXTURE_DENSITY", "components": 2}
D = "float64"
normal = rng.normal
regressors = [
    regressor("mean 1e6, deviation 1e-3", MEAN, 2, normal(1e6, 1e-3, (200, 2)), kind=D),
    regressor("mean 1e6, deviation 1e-3, 1e5 passes", MEAN, 1, normal(1e6, 1e-3, (199, 1)), MANY, D),
    regressor("mean -1e6, deviation 1e-3, mean and variance", MV, 1,
              np.c_[normal(-1e6, 1e-3, 50), np.full(50, 1e-12)], kind=D, observed=[-1e6]),
    regressor("float32 of mean 1e6, deviation 1e-3, all alike", MEAN, 1, normal(1e6, 1e-3, (50, 1))),
    regressor("float32 around 1e6, a unit in the last place apart, 1e5 passes", MEAN, 1,
              1e6 + rng.integers(0, 3, (61, 1)) * 0.0625, MANY),
    regressor("denormal float32", MEAN, 1, rng.integers(-9, 10, (40, 1)) * 1.4e-45),
    regressor("denormal float64", MEAN, 1, rng.integers(1, 10**6, (40, 1)) * 5e-324, kind=D),
    regressor("targets of 1e-150", MEAN, 1, normal(0, 1e-150, (40, 1)), kind=D),
    regressor("targets of 1e150 of both signs", MEAN, 1,
              np.r_[[[1e150], [-1e150]], rng.uniform(-1e150, 1e150, (38, 1))], kind=D),
    regressor("targets of 1e150 of both signs, 1e5 passes", MEAN, 1,
              np.r_[[[1e150], [-1e150]], rng.uniform(-1e150, 1e150, (38, 1))], MANY, D),
    regressor("a float32 unit in the last place apart", MEAN, 2, ulps([.5, 3], 60)),
    regressor("a float64 unit in the last place apart", MEAN, 1,
              1 + rng.integers(0, 1000, (60, 1)) * 2.0 ** -44, kind=D),
    regressor("the first sample far from the rest", MEAN, 1, np.r_[[[1e6]], normal(0, 1, (99, 1))], kind=D),
    regressor("1e5 passes that agree", MLV, 2, [[0.1, -7, -1, 3]], MANY, observed=[0.2, -7.5]),
    regressor("log variances to both ends", MLV, 1,
              np.c_[normal(0, 1, 5), [-600, -80, 0, 80, 600]], observed=[0.5]),
    regressor("variances 0, denormal and of 1e38", MV, 1,
              [[1, 0], [2, 1.4e-45], [3, 1e38], [4, 1e-10], [5, 0]]),
    regressor("mixture of logits of 1e4", MDN, 1,
              [[1e4, -1e4, .5, 9, -1, 2], [-1e4, -1e4, 1, 2, 0, -1], [9999, 1e4, 1, 2, 0, -1]], observed=[1]),
    regressor("mixture, log deviations of both ends", MDN, 1,
              [[0, 0, 0.5, 1, -300, 300], [0, -40, 0.25, 3, -300, -1], [1, 0, -1, 1, -250, 250]],
              observed=[0.25]),
    regressor("mixture of means 1e6, deviation 1e-3", MDN, 1,
              np.c_[normal(0, 1, (30, 2)), normal(1e6, 1e-3, (30, 2)), np.full((30, 2), -7)], kind=D,
              observed=[1e6]),
    regressor("quantiles around 1e6, deviation 1e-3", Q3, 1,
              1e6 + np.sort(normal(0, 1e-3, (40, 3)), axis=1), kind=D),
    regressor("quantiles of 1e150 of both signs", Q3, 1, [[-1e150, 0, 1e150], [-1e150, -1e140, 1e-150]], kind=D),
    regressor("quantiles around 1e6, 1e5 passes", Q3, 1,
              1e6 + np.sort(normal(0, 1e-3, (23, 3)), axis=1), MANY, D),
    regressor("log variances, 1e5 passes", MLV, 1, normal(0, 3, (61, 2)), MANY, observed=[0.5]),
]

header = {
    "program": "make_hostile_numerics_reference.py",
    "command": "python3 make_hostile_numerics_reference.py",
    "seed": SEED, "digits": mpmath.mp.dps, "groups": GROUPS, "python": platform.python_version(),
    "numpy": np.__version__, "mpmath": mpmath.__version__,
}
with open(OUTPUT, "w", encoding="utf-8") as out:
    # One case a line: short, and a diff shows which case changed.
    out.write(json.dumps(header)[:-1])
    for name, cases in (("classifiers", classifiers), ("regressors", regressors)):
        out.write(f',\n"{name}": [\n')
        out.write(",\n".join(json.dumps(c, separators=(",", ":"), allow_nan=False) for c in cases))
        out.write("\n]")
    out.write("}\n")
