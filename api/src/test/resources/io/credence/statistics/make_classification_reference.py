"""Writes classification-reference.json, the expected values of ClassificationMomentsReferenceTest.

Run in this folder:  python3 make_classification_reference.py

Independent of the Java code: every measure is computed from its definition over the whole sample
array, means, variances, logarithms and exponentials with 50 digits (mpmath), and rounded to float64
at the very end. The samples are float32 numbers, written in the shortest form that reads back as the
same float32, so both programs see the same input to the last bit.

What numbers mean: PROBABILITIES rows are divided by their sum first (float16 rows do not sum to 1);
LOGITS go through softmax; BINARY_* are the probability, or the log-odds, of class 1. Information is
in nats, the variance has ddof 0, a tie goes to the lowest class.

Tolerances of the test: relative 1e-9 throughout (float64 sums of at most 1000 terms err by 1e-13,
but a variance of 1e-12 has cancelled half the digits), plus an absolute part where the answer is a
difference of larger numbers or nearly 0:
  entropies                      1e-13, the rounding of p ln p near p = 1, and of sums up to ln 1000
  mutual information             1e-28, of the order of the square of a probability's rounding,
                                 plus 2.3e-16 times its root, that rounding times a deviation
  margin, mean standard deviation  1e-15, the rounding of a probability near 1
  variances                      1e-30, the square of the rounding of a probability near 1, plus
                                 2.3e-16 times the standard deviation
  errors                         the same, times twice the number of groups, by which the
                                 jackknife blows rounding up; corrected values likewise
  mean probabilities             1e-300, since numbers below the smallest normal float64 lose digits
"""

import json
import pathlib
import platform

import mpmath
import numpy as np

mpmath.mp.dps = 50
SEED = 20261123
OUTPUT = pathlib.Path(__file__).with_name("classification-reference.json")
rng = np.random.default_rng(SEED)


def distribution(kind, row):
    """The distribution over classes that one row of outputs stands for."""
    x = [mpmath.mpf(float(v)) for v in row]
    if kind == "PROBABILITIES":
        total = mpmath.fsum(x)
        return [v / total for v in x]
    if kind == "LOGITS":
        e = [mpmath.exp(v) for v in x]
        total = mpmath.fsum(e)
        return [v / total for v in e]
    if kind == "BINARY_PROBABILITY":
        return [1 - x[0], x[0]]
    assert kind == "BINARY_LOGIT"
    return [1 / (1 + mpmath.exp(x[0])), 1 / (1 + mpmath.exp(-x[0]))]


def entropy(p):
    return -mpmath.fsum(v * mpmath.log(v) for v in p if v > 0)


def lowest_argmax(values):
    return values.index(max(values))


def measures(kind, outputs):
    """All measures of one input; outputs has shape [S, W]."""
    numbers = exact_measures([distribution(kind, row) for row in outputs])
    as_float = lambda v: [float(x) for x in v] if isinstance(v, list) else float(v)
    return {key: v if key == "predictedClass" else as_float(v) for key, v in numbers.items()}


def jackknife(kind, outputs, groups):
    """Corrected value and standard error of each measure, from the samples themselves.

    Delete-m jackknife for unequal m, Busing, Meijer, van der Leeden 1999: pass t is in group t mod G,
    and empty groups are none. For equal groups that is the textbook's, which is asserted.
    """
    p = [distribution(kind, row) for row in outputs]
    n = len(p)
    members = [[t for t in range(n) if t % groups == g] for g in range(groups)]
    members = [m for m in members if m]
    g = len(members)
    whole = exact_measures(p)
    left = [exact_measures([p[t] for t in range(n) if t not in m]) for m in members]
    result = {}
    for key in SCALARS:
        theta, without = whole[key], [one[key] for one in left]
        h = [mpmath.mpf(n) / len(m) for m in members]
        corrected = g * theta - mpmath.fsum((1 - 1 / x) * w for x, w in zip(h, without, strict=True))
        pseudo = [x * theta - (x - 1) * w for x, w in zip(h, without, strict=True)]
        variance = mpmath.fsum(
            (v - corrected) ** 2 / (x - 1) for v, x in zip(pseudo, h, strict=True)) / g
        if n % g == 0:
            mean = mpmath.fsum(without) / g
            tukey = mpmath.mpf(g - 1) / g * mpmath.fsum((w - mean) ** 2 for w in without)
            assert abs(variance - tukey) <= mpmath.mpf(10) ** -40
        result[key] = [float(corrected), float(mpmath.sqrt(variance))]
    return result


SCALARS = ["predictiveEntropy", "expectedEntropy", "mutualInformation", "variationRatio",
           "maxProbability", "margin", "meanStandardDeviation", "voteEntropy", "disagreement"]


def exact_measures(p):
    """All measures of distributions p, in 50 digits."""
    s, k = len(p), len(p[0])
    mean = [mpmath.fsum(row[c] for row in p) / s for c in range(k)]
    variance = [mpmath.fsum((row[c] - mean[c]) ** 2 for row in p) / s for c in range(k)]
    total = entropy(mean)
    expected = mpmath.fsum(entropy(row) for row in p) / s
    votes = [lowest_argmax(row) for row in p]
    most = max(votes.count(c) for c in range(k))
    predicted = lowest_argmax(mean)
    shares = [mpmath.mpf(votes.count(c)) / s for c in range(k)]
    differing = sum(votes[i] != votes[j] for i in range(s) for j in range(s) if i != j)
    ordered = sorted(mean, reverse=True)
    return {
        "meanProbabilities": mean,
        "variances": variance,
        "predictiveEntropy": total,
        "expectedEntropy": expected,
        "mutualInformation": total - expected,
        "variationRatio": mpmath.mpf(s - most) / s,
        "maxProbability": mean[predicted],
        "predictedClass": predicted,
        "margin": ordered[0] - ordered[1],
        "meanStandardDeviation": mpmath.fsum(mpmath.sqrt(v) for v in variance) / k,
        "voteEntropy": entropy(shares),
        "disagreement": mpmath.mpf(differing) / (s * (s - 1)) if s > 1 else mpmath.mpf(0),
    }


def shortest(value):
    text = str(np.float32(value))
    number = float(text)
    assert np.float32(number) == np.float32(value), text
    return number


def case(name, kind, samples, groups=()):
    """samples: [S, N, W], or [S, W] for one input."""
    a = np.asarray(samples, dtype=np.float32)
    a = a[:, None, :] if a.ndim == 2 else a
    told = {"errors": {
        str(g): [jackknife(kind, a[:, n, :], g) for n in range(a.shape[1])] for g in groups}}
    return {
        "name": name,
        "kind": kind,
        **(told if groups else {}),
        "samples": [[[shortest(v) for v in row] for row in one] for one in a],
        "expected": [measures(kind, a[:, n, :]) for n in range(a.shape[1])],
    }


def dirichlet(alpha, classes, *shape):
    return rng.dirichlet(np.full(classes, alpha), shape)


def near(row, spread, samples):
    return np.array(row) + rng.normal(0, spread, (samples, len(row)))


P, L, BP, BL = "PROBABILITIES", "LOGITS", "BINARY_PROBABILITY", "BINARY_LOGIT"
one_hot = np.eye(4)
cases = [
    case("dirichlet, K = 10, S = 50, three inputs", P,
         np.stack([dirichlet(a, 10, 50) for a in (0.1, 1.0, 20.0)], axis=1),
         groups=(2, 7, 10, 20, 50)),
    case("one sample", P, dirichlet(0.7, 5, 1, 2)),
    # Exact in binary, so that ties stay ties. The first input's means tie; the second's votes are
    # 0 (a tie), 1, 1, 0: were a tie to go to the highest class, the variation ratio would differ.
    case("ties within a row and between means", P,
         [[[.375, .375, .25], [.375, .375, .25]], [[.25, .5, .25], [.25, .5, .25]],
          [[.5, .25, .25], [.25, .5, .25]], [[.25, .25, .5], [.5, .25, .25]]],
         groups=(2, 3, 20)),
    case("votes tied, the mean decides", P, [[.75, .25], [.375, .625]]),
    case("certain samples that agree", P, one_hot[[2, 2, 2, 2, 2]]),
    case("certain samples that disagree", P, one_hot[[0, 1, 2, 3, 3, 1, 3]], groups=(2, 7)),
    case("uniform samples", P, np.full((6, 7), 1 / 7)),
    case("dirichlet, K = 2, S = 30", P, dirichlet(0.5, 2, 30, 2)),
    case("dirichlet, K = 1000, S = 4", P, dirichlet(0.05, 1000, 4)),
    case("float16 rows that do not sum to one", P,
         np.stack([dirichlet(a, 12, 20) for a in (0.3, 3.0)], axis=1).astype(np.float16)),
    case("nearly identical samples, variance 1e-12", P, near([.1, .2, .3, .4], 1e-6, 40), groups=(20,)),
    case("samples a rounding of float32 apart", P, near([.5, .3, .2], 3e-8, 25)),
    case("probabilities from 1e-45 to 1e-30", P,
         [[1, 1e-30, 1.4e-45], [1, 3e-30, 2.8e-45], [1, 2e-38, 0]]),
    case("moderate logits, K = 10, S = 50", L, rng.normal(0, 2, (50, 2, 10))),
    case("logits, K = 2", L, rng.normal(0, 1, (15, 2))),
    case("logits to 80", L, [[80, -80, 0], [-80, 80, 0], [80, 80, -80], [79, 80, 78]]),
    case("logits to 1e4", L, [[1e4, -1e4, 0], [1e4, 9999, -1e4], [-1e4, -1e4, -1e4]], groups=(20,)),
    case("logits that nearly agree", L, near([1, 0, -30], 1e-6, 30)),
    case("logits, uniform, K = 1000", L, np.zeros((3, 1000))),
    case("logits a hundred apart, no sample certain", L, rng.normal(0, 40, (20, 6))),
    case("binary probabilities", BP, rng.beta(0.6, 1.4, (25, 3, 1))),
    case("binary probabilities 0, 1, and one half", BP,
         [[[0], [1], [0], [.5]], [[1], [1], [0], [.5]], [[.5], [1], [0], [.5]]]),
    case("binary logits", BL, rng.normal(0, 3, (25, 3, 1)), groups=(10,)),
    case("binary logits to 1e4", BL,
         [[[80], [-80], [80], [1e4]], [[-80], [-80], [80], [-1e4]], [[0], [-79], [79], [1e4]]]),
    # New cases go to the end, so that the numbers drawn for those above stay as they are.
    case("logits, one sample", L, rng.normal(0, 2, (1, 2, 5))),
    case("binary probabilities, one sample", BP, [[[0], [1], [.5], [.3]]]),
    case("binary logits, one sample", BL, [[[-1e4], [1e4], [0], [.7]]]),
    case("logits that tie", L, [[[3, 3, 1], [2, 2, 2]], [[-1, 4, 4], [2, 2, 2]], [[0, 0, 0], [5, 2, 5]],
                                [[4, 4, -1], [2, 5, 5]]], groups=(2, 4)),
    case("K = 2: ties, certain, uniform", P,
         [[[.5, .5], [1, 0], [0, 1], [.5, .5]], [[.75, .25], [1, 0], [1, 0], [.5, .5]],
          [[.25, .75], [1, 0], [0, 1], [.5, .5]], [[.5, .5], [1, 0], [1, 0], [.5, .5]]], groups=(2, 3, 20)),
    case("binary probabilities and their errors", BP, rng.beta(0.6, 1.4, (22, 2, 1)), groups=(4, 20)),
    case("binary logits, all 0", BL, np.zeros((6, 1)), groups=(3,)),
    case("moderate logits and their errors", L, rng.normal(0, 2, (23, 6)), groups=(2, 7, 20)),
    case("uniform samples and their errors", P, np.full((8, 4), .25), groups=(4, 20)),
    case("certain samples that agree, and their errors", P, one_hot[[1] * 9], groups=(4, 20)),
    case("uniform samples, K = 1000", P, np.full((3, 1000), 1e-3), groups=(3,)),
    case("certain samples, K = 1000", P, np.eye(1000)[[999, 0, 999, 500]], groups=(4,)),
    case("logits, K = 1000, S = 3, and their errors", L, rng.normal(0, 3, (3, 1000)), groups=(20,)),
]

header = {
    "program": "make_classification_reference.py",
    "command": "python3 make_classification_reference.py",
    "seed": SEED,
    "digits": mpmath.mp.dps,
    "python": platform.python_version(),
    "numpy": np.__version__,
    "mpmath": mpmath.__version__,
}
with open(OUTPUT, "w", encoding="utf-8") as out:
    # One case a line: short, and a diff shows which case changed.
    out.write(json.dumps(header)[:-1] + ',\n"cases": [\n')
    out.write(",\n".join(json.dumps(c, separators=(",", ":"), allow_nan=False) for c in cases))
    out.write("\n]}\n")
