"""Writes regression-head-reference.json, the expected values of RegressionHeadReferenceTest.

Run in this folder:  python3 make_regression_head_reference.py

Independent of the Java code: every number is computed from its definition with 60 digits (mpmath) over
all samples: mean and variances of the mixture of the samples, ln of its density at given targets,
and quantiles by bisecting its distribution function. Samples are float32 or float64 numbers written in
the shortest form that reads back, so both programs see the same input to the last bit.

Layouts of a row: MEAN, D means; MEAN_AND_VARIANCE, MEAN_AND_LOG_VARIANCE, D means, D spreads; QUANTILES,
D numbers of the first level, D of the second, ...; MIXTURE_DENSITY, C logits, C·D means, C·D log standard
deviations, component by component. A sample of quantiles is read as the distribution whose quantile
function joins the given points by straight lines, flat beyond the outermost levels.

Tolerances of the test: relative 1e-9 of variances and 1e-12 of means, with 1e-15 of the largest
number of the row in magnitude (its rounding) times the standard deviation for variances; log-likelihoods 1e-9
relative or absolute; quantiles 1e-11 relative, or 1e-11 of the least standard deviation. erfc of
commons-math3 errs by some 1e-14, which a flat distribution function magnifies: cases whose quantile
lies between components far apart are left out, but for their tails.
"""

import json
import pathlib
import platform

import mpmath
import numpy as np

mpmath.mp.dps = 60
SEED = 20261125
OUTPUT = pathlib.Path(__file__).with_name("regression-head-reference.json")
rng = np.random.default_rng(SEED)
mpf = mpmath.mpf
LEVELS = [1e-6, 0.05, 0.3, 0.5, 0.9, 0.999]


def components(head, row, targets):
    """For each component its weight, and mean and variance of each target."""
    kind, d = head["kind"], targets
    x = [mpf(float(v)) for v in row]
    if kind == "MEAN":
        v = mpf(head["observationVariance"]) if "observationVariance" in head else mpf(0)
        return [(mpf(1), [(m, v) for m in x])]
    if kind == "MEAN_AND_VARIANCE":
        return [(mpf(1), list(zip(x[:d], x[d:], strict=True)))]
    if kind == "MEAN_AND_LOG_VARIANCE":
        return [(mpf(1), [(x[i], mpmath.exp(x[d + i])) for i in range(d)])]
    assert kind == "MIXTURE_DENSITY"
    c = head["components"]
    total = mpmath.fsum(mpmath.exp(v) for v in x[:c])
    return [
        (mpmath.exp(x[i]) / total,
         [(x[c + i * d + j], mpmath.exp(x[c + c * d + i * d + j]) ** 2) for j in range(d)])
        for i in range(c)
    ]


def curve(head, row, targets, target):
    """(level, value) of one target, values put in order."""
    values = sorted(mpf(float(row[q * targets + target])) for q in range(len(head["levels"])))
    return [(mpf(t), v) for t, v in zip(head["levels"], values, strict=True)]


def curve_moments(points):
    """Mean and variance by integrating the quantile function over its pieces, in raw moments."""
    pieces = [(mpf(0), points[0][0], points[0][1], points[0][1])]
    for (t0, a), (t1, b) in zip(points, points[1:]):
        pieces.append((t0, t1, a, b))
    pieces.append((points[-1][0], mpf(1), points[-1][1], points[-1][1]))
    first = mpmath.fsum((t1 - t0) * (a + b) / 2 for t0, t1, a, b in pieces)
    second = mpmath.fsum((t1 - t0) * (a * a + a * b + b * b) / 3 for t0, t1, a, b in pieces)
    return first, second - first * first


def curve_cdf(points, y):
    if y < points[0][1]:
        return mpf(0)
    if y >= points[-1][1]:
        return mpf(1)
    for (t0, a), (t1, b) in reversed(list(zip(points, points[1:]))):
        if a <= y:
            return t0 + (t1 - t0) * (y - a) / (b - a)


def normal_cdf(y, mean, variance):
    if variance == 0:
        return mpf(y >= mean)
    return mpmath.erfc((mean - y) / mpmath.sqrt(2 * variance)) / 2


def normal_density(y, mean, variance):
    if variance == 0:
        assert y != mean, "the density of a point at itself is infinite"
        return mpf(0)
    return mpmath.exp(-(mpf(y) - mean) ** 2 / (2 * variance)) / mpmath.sqrt(2 * mpmath.pi * variance)


def bisect(cdf, level, low, high):
    """The least y at which cdf(y) >= level."""
    level = mpf(level)
    for _ in range(260):
        middle = (low + high) / 2
        if cdf(middle) >= level:
            high = middle
        else:
            low = middle
    return high


def measures(head, rows, targets, observed, levels):
    """All of one input; rows has shape [S, W]."""
    s = len(rows)
    result = {"mean": [], "epistemicVariance": [], "aleatoricVariance": [], "quantiles": []}
    quantile_head = head["kind"] == "QUANTILES"
    told = quantile_head or head["kind"] != "MEAN" or "observationVariance" in head
    parts = None if quantile_head else [components(head, r, targets) for r in rows]
    for d in range(targets):
        if quantile_head:
            curves = [curve(head, r, targets, d) for r in rows]
            moments = [curve_moments(c) for c in curves]
        else:
            moments = []
            for one in parts:
                m = mpmath.fsum(w * t[d][0] for w, t in one)
                second = mpmath.fsum(w * (t[d][1] + t[d][0] ** 2) for w, t in one)
                moments.append((m, second - m * m))
        mean = mpmath.fsum(m for m, _ in moments) / s
        result["mean"].append(float(mean))
        result["epistemicVariance"].append(
            float(mpmath.fsum((m - mean) ** 2 for m, _ in moments) / s))
        if told:
            result["aleatoricVariance"].append(float(mpmath.fsum(v for _, v in moments) / s))
        if quantile_head:
            cdf = lambda y: mpmath.fsum(curve_cdf(c, y) for c in curves) / s
            ends = [v for c in curves for _, v in c]
            low, high = min(ends) - 1, max(ends)
        elif told:
            flat = [(w / s, *t[d]) for one in parts for w, t in one if w > 0]
            cdf = lambda y: mpmath.fsum(w * normal_cdf(y, m, v) for w, m, v in flat)
            low = min(m - 10 * mpmath.sqrt(v) for _, m, v in flat)
            high = max(m + 10 * mpmath.sqrt(v) for _, m, v in flat)
            spread = [v for _, _, v in flat if v > 0]
            if spread:
                result.setdefault("leastDeviation", []).append(
                    float(min(mpmath.sqrt(v) for v in spread)))
        if quantile_head or told:
            result["quantiles"].append([float(bisect(cdf, t, low, high)) for t in levels])
        else:
            result["quantiles"].append(
                [float(v) for v in np.quantile([float(r[d]) for r in rows], levels)])
    if told and not quantile_head:
        densities = []
        for one in parts:
            densities.append(mpmath.fsum(
                w * mpmath.fprod(
                    normal_density(y, m, v) for y, (m, v) in zip(observed, t, strict=True))
                for w, t in one))
        density = mpmath.fsum(densities) / s
        if density > 0:
            result["logLikelihood"] = float(mpmath.log(density))
    return result


def exact(value):
    text = str(value) if isinstance(value, np.float32) else repr(float(value))
    number = float(text)
    assert type(value)(number) == value, text
    return number


def case(name, head, targets, samples, observed=None, kind="float32", levels=LEVELS):
    """samples: [S, N, W], or [S, W] for one input; observed: [N, D]."""
    a = np.asarray(samples, dtype=kind)
    a = a[:, None, :] if a.ndim == 2 else a
    y = np.zeros((a.shape[1], targets)) if observed is None else np.asarray(observed, dtype=float)
    y = y.reshape(a.shape[1], targets)
    return {
        "name": name, "head": head, "type": kind, "targets": targets, "levels": levels,
        "samples": [[[exact(v) for v in row] for row in one] for one in a],
        "observed": [[float(v) for v in row] for row in y],
        "expected": [
            measures(head, a[:, n, :], targets, y[n], levels) for n in range(a.shape[1])],
    }


def mdn(s, n, c, d, spread=1.0):
    return np.concatenate([
        rng.normal(0, 1, (s, n, c)), rng.normal(0, spread, (s, n, c * d)),
        rng.normal(0, 0.3, (s, n, c * d))], axis=2)


def joined(means, spreads):
    return np.concatenate([means, spreads], axis=-1)


MEAN = {"kind": "MEAN"}
MV, MLV = {"kind": "MEAN_AND_VARIANCE"}, {"kind": "MEAN_AND_LOG_VARIANCE"}
Q5 = {"kind": "QUANTILES", "levels": [0.05, 0.25, 0.5, 0.75, 0.95]}
normal = rng.normal
cases = [
    case("means alone, two inputs of three targets", MEAN, 3, normal(0, 1, (21, 2, 3))),
    case("means alone, one sample", MEAN, 1, [[2.5]]),
    case("means with noise", {**MEAN, "observationVariance": 0.25}, 2, normal(0, 1, (15, 2, 2)),
         normal(0, 1, (2, 2))),
    case("means with noise, one sample", {**MEAN, "observationVariance": 4.0}, 1, [[1.5]], [3]),
    case("means with noise, target 1e5 deviations off", {**MEAN, "observationVariance": 1e-4}, 1,
         normal(0, 0.1, (10, 1)), [1000]),
    case("mean 1e6, deviation 1e-3", {**MEAN, "observationVariance": 1e-6}, 1,
         normal(1e6, 1e-3, (30, 1)), [1e6], "float64"),
    case("mean and variance", MV, 2, joined(normal(0, 1, (12, 2, 2)), rng.gamma(2, 1, (12, 2, 2))),
         normal(0, 1, (2, 2))),
    case("mean and variance, of very different size", MV, 1,
         joined(normal(0, 1, (6, 1)), np.array([[1e-6], [1e-3], [1], [10], [1e3], [1e6]])), [0.5]),
    case("mean and log variance", MLV, 2, joined(normal(0, 1, (12, 2, 2)), normal(0, 1, (12, 2, 2))),
         normal(0, 1, (2, 2))),
    case("log variance -50", MLV, 1, joined(normal(0, 1e-12, (8, 1)), np.full((8, 1), -50.0)), [1e-11]),
    case("log variance 50", MLV, 1, joined(normal(0, 1e9, (8, 1)), np.full((8, 1), 50.0)), [1e10]),
    case("log variance -50 and 50", MLV, 1, [[0, -50], [1, 50]], [0.5], levels=[1e-6, 0.05, 0.9, 0.999]),
    case("identical samples", MLV, 1, np.full((9, 2), 0.5), [0.25]),
    case("quantiles, two inputs of two targets", Q5, 2,
         np.sort(normal(0, 1, (10, 2, 5, 2)), axis=2).reshape(10, 2, 10)),
    case("quantiles that cross", Q5, 1, normal(0, 1, (7, 5))),
    case("quantiles that tie", Q5, 1, [[0, 0, 1, 1, 2], [1, 1, 1, 1, 1], [0, 1, 1, 3, 3]]),
    case("the median alone", {"kind": "QUANTILES", "levels": [0.5]}, 2, normal(0, 1, (5, 2))),
    case("mixture of three, two inputs of two targets",
         {"kind": "MIXTURE_DENSITY", "components": 3}, 2, mdn(8, 2, 3, 2), normal(0, 1, (2, 2))),
    case("mixture of one", {"kind": "MIXTURE_DENSITY", "components": 1}, 2, mdn(6, 1, 1, 2),
         [[0.1, -0.2]]),
    case("mixture, one component certain", {"kind": "MIXTURE_DENSITY", "components": 2}, 1,
         [[1e4, -1e4, 0.5, 9, -1, 2], [500, -500, 0.25, -7, -2, 1]], [1]),
    case("mixture, log deviations -25 and 25", {"kind": "MIXTURE_DENSITY", "components": 2}, 1,
         [[0, 0, 0, 1, -25, 25]], [1e-11], levels=[1e-6, 0.05, 0.9, 0.999]),
    case("mixture, the target near a component of weight e^-1000",
         {"kind": "MIXTURE_DENSITY", "components": 2}, 1, [[0, -1000, 0, 100, -1, -1]], [100]),
    # New cases go to the end, so that the numbers drawn for those above stay as they are.
    case("mean and variance, one sample", MV, 2, [[0.5, -3, 0.25, 2]], [0.1, 0.2]),
    case("mean and log variance, one sample", MLV, 2, [[0.5, -3, -1, 1]], [0.1, 0.2]),
    case("quantiles, one sample of two targets", Q5, 2, np.sort(normal(0, 1, (1, 5, 2)), axis=1).reshape(1, 10)),
    case("mixture, one sample", {"kind": "MIXTURE_DENSITY", "components": 3}, 2, mdn(1, 1, 3, 2),
         normal(0, 1, (1, 2))),
    case("means alone that tie", MEAN, 2, [[1, 0], [2, 0], [1, 0], [2, 0], [1, 0]]),
    case("means with noise that tie", {**MEAN, "observationVariance": 0.5}, 1, [[1], [2], [1], [2], [1]], [1.5]),
    case("mean and variance, all certain", MV, 1, [[1, 0], [3, 0], [2, 0], [1, 0]], [5],
         levels=[1e-6, 0.05, 0.3, 0.6, 0.9, 0.999]),
    case("mean and variance, certain of the same", MV, 1, [[1.25, 0]] * 3, [5]),
    case("mean and variance, one of three samples certain", MV, 1, [[1, 0], [0.5, 1], [2, 0.25]], [0.75],
         levels=[1e-6, 0.05, 0.3, 0.5, 0.9, 0.999]),
    case("quantiles of uniform distributions", Q5, 1, [[.05, .25, .5, .75, .95], [1.1, 1.5, 2, 2.5, 2.9]]),
    case("quantiles, all certain", Q5, 1, [[2] * 5, [3] * 5, [2] * 5], levels=[1e-6, 0.05, 0.3, 0.9, 0.999]),
    case("mixture of three alike", {"kind": "MIXTURE_DENSITY", "components": 3}, 1,
         [[0, 0, 0, 1, 1, 1, -1, -1, -1], [0, 0, 0, -2, 0, 2, 0, 0, 0]], [0.3]),
]

header = {
    "program": "make_regression_head_reference.py",
    "command": "python3 make_regression_head_reference.py",
    "seed": SEED, "digits": mpmath.mp.dps, "python": platform.python_version(),
    "numpy": np.__version__, "mpmath": mpmath.__version__,
}
with open(OUTPUT, "w", encoding="utf-8") as out:
    # One case a line: short, and a diff shows which case changed.
    out.write(json.dumps(header)[:-1] + ',\n"cases": [\n')
    out.write(",\n".join(json.dumps(c, separators=(",", ":"), allow_nan=False) for c in cases))
    out.write("\n]}\n")
