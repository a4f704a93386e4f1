"""Writes ensemble-reference.json, the expected values of measures of weighted ensembles.

Run in this folder:  python3 make_ensemble_reference.py

Independent of the Java code: every number is computed from its definition with 60 digits (mpmath) over
all samples, and rounded to float64 at the very end. Samples are float32 numbers (float64 where the case
says so) in the shortest form that reads back, so both programs see the same input to the last bit.

Layout of a case:
  name, type        of people; float32 or float64, the type of the samples
  kind              of classifiers: the output kind. Of regressors: head (its kind, and what that kind
                    leaves open, as in regression-head-reference.json), and targets, D
  members           each with weight, a number above 0 (weights need not sum to 1: they are divided by
                    their sum), and samples, [T_m, N, W]
  expected          one object an input: every measure; of regressors each is a list over targets, empty
                    where the head tells no variance
  errors            for each number of groups G either null, where nothing can be told, or one object an
                    input: of each measure [corrected, standardError]; of regressors a list of those over
                    targets, empty as above. A measure that is not smooth (variationRatio, maxProbability,
                    margin) has a corrected value here, whether or not a program tells it

Definitions. Member m of M has weight w_m, Σ w_m = 1, and T_m samples; a sample of it weighs w_m/T_m. p̄_m is
the mean of the member's samples, p̄ = Σ w_m p̄_m, H(p) = −Σ_k p_k ln p_k, nats; sums without index are over all
samples.
  predictiveEntropy                H(p̄)
  expectedEntropy                  Σ weight · H(p_mt)
  mutualInformation                Σ weight · KL(p_mt ‖ p̄)
  betweenMembersMutualInformation  Σ_m w_m KL(p̄_m ‖ p̄)
  withinMembersMutualInformation   Σ weight · KL(p_mt ‖ p̄_m); between and within add up to the whole
  variances, betweenMembersVariances, withinMembersVariances, by class
                                   Σ weight · (p_mt − p̄)², Σ_m w_m (p̄_m − p̄)², Σ weight · (p_mt − p̄_m)²
  maxProbability, margin, predictedClass, meanStandardDeviation
                                   of p̄ and variances, as of one model
  variationRatio, voteEntropy      1 − max_k V_k and H(V), with V_k the sum of weights of the samples whose most
                                   probable class is k (the lowest on a tie)
  disagreement                     1 − (Σ_k V_k² − Q)/(1 − Q), Q = Σ weight²; 0 of one sample
Regression, per target, y and v the mean and variance that the head gives a sample:
  mean                             ȳ = Σ weight · y
  epistemicVariance                Σ weight · (y − ȳ)²; betweenMembersVariance and withinMembersVariance as above
  epistemicStandardDeviation       its root
  aleatoricVariance                Σ weight · v
  totalVariance                    epistemic and aleatoric
Errors: pass t of a member is in group t mod G. θ₋g is the measure without the samples of group g of every
member of T_m > 1; those left share their member's weight, and members of one sample stay. With T the
number of samples of the members that have several, n = T and m_g the passes t < T of group g (groups without
are none), the delete-m jackknife of docs/methods/sampling-error.md. Nothing is told (null) where members
of several samples differ in T, where there is none, or where T − m_g < 2 for some group.

The program asserts that between and within add up; that mutual information is the difference of
entropies; that one member is what the plain definition says of its samples, and equal members
of one T what it says of all their samples; and that equal groups give the textbook's jackknife.

Tolerances a test can hold: relative 1e-9 throughout, plus an absolute part where the answer is a
difference of larger numbers or nearly 0:
  entropies                        1e-13
  mutual information and its parts 1e-28, plus 1e-15 times the root of the value: p̄ and p̄_m carry a rounding
                                   of about 2e-16, which enters times the deviation; so 0 between identical
                                   members is 0 to 1e-28
  margin, maxProbability, deviation  1e-15
  variationRatio, disagreement     1e-14, the rounding of a sum of weights
  variances of probabilities       1e-30, plus 1e-15 times the root of the value
  mean of a regression             relative 1e-12, plus 1e-15 of the largest number of the row
  variances of a regression        with u = 1e-15 times the largest number of the row: u times the root of
                                   the value, plus u²
  errors, corrected                the same, times twice the number of groups, by which the jackknife blows
                                   rounding up; for mutual information and its parts, and variances, the root
                                   is that of the whole's measure. A standard error of a measure that no
                                   group changes is 0 here
Measures below 1e-45 are the rounding of 60 digits, and are written as 0; probabilities and variances by class
are written as they are.
"""

import json
import pathlib
import platform

import mpmath
import numpy as np

mpmath.mp.dps = 60
SEED = 20261126
OUTPUT = pathlib.Path(__file__).with_name("ensemble-reference.json")
rng = np.random.default_rng(SEED)
mpf, fsum = mpmath.mpf, mpmath.fsum
NOTHING = mpf(10) ** -45


# One sample


def distribution(kind, row):
    """The distribution over classes that one row of outputs stands for."""
    x = [mpf(float(v)) for v in row]
    if kind in ("PROBABILITIES", "LOGITS"):
        e = x if kind == "PROBABILITIES" else [mpmath.exp(v) for v in x]
        total = fsum(e)
        return [v / total for v in e]
    if kind == "BINARY_PROBABILITY":
        return [1 - x[0], x[0]]
    assert kind == "BINARY_LOGIT"
    return [1 / (1 + mpmath.exp(x[0])), 1 / (1 + mpmath.exp(-x[0]))]


def means_and_variances(head, row, d):
    """Of each target the mean, and the variance or None, that the head gives one sample."""
    kind, x = head["kind"], [mpf(float(v)) for v in row]
    if kind == "MEAN":
        return [(m, mpf(head["observationVariance"]) if "observationVariance" in head else None) for m in x]
    if kind == "MEAN_AND_VARIANCE":
        return list(zip(x[:d], x[d:], strict=True))
    if kind == "MEAN_AND_LOG_VARIANCE":
        return [(m, mpmath.exp(s)) for m, s in zip(x[:d], x[d:], strict=True)]
    if kind == "QUANTILES":
        return [curve_moments(head["levels"], x[i::d]) for i in range(d)]
    assert kind == "MIXTURE_DENSITY"
    c = head["components"]
    shares = [mpmath.exp(v) for v in x[:c]]
    shares = [v / fsum(shares) for v in shares]
    result = []
    for i in range(d):
        centres = x[c + i:c + c * d:d]
        spreads = [mpmath.exp(2 * v) for v in x[c + c * d + i::d]]
        mean = fsum(w * m for w, m in zip(shares, centres, strict=True))
        result.append((mean, fsum(
            w * (v + (m - mean) ** 2) for w, m, v in zip(shares, centres, spreads, strict=True))))
    return result


def curve_moments(levels, values):
    """Mean and variance of the quantile function through the points, flat beyond the outermost."""
    t = [mpf(0), *map(mpf, levels), mpf(1)]
    y = sorted(values)
    y = [y[0], *y, y[-1]]
    pieces = [(t[i + 1] - t[i], y[i], y[i + 1]) for i in range(len(y) - 1)]
    first = fsum(dt * (a + b) / 2 for dt, a, b in pieces)
    return first, fsum(dt * (a * a + a * b + b * b) / 3 for dt, a, b in pieces) - first * first


# Measures of samples: a list over members of (weight, [sample, ...]), weights summing to 1


def entropy(p):
    return -fsum(v * mpmath.log(v) for v in p if v > 0)


def divergence(p, q):
    return fsum(v * mpmath.log(v / w) for v, w in zip(p, q, strict=True) if v > 0)


def lowest_argmax(values):
    return values.index(max(values))


def weighed(members):
    return [(w / len(samples), p) for w, samples in members for p in samples]


def columns(weights_and_rows):
    """The weighted mean of each column."""
    width = len(weights_and_rows[0][1])
    return [fsum(w * row[k] for w, row in weights_and_rows) for k in range(width)]


def classification(members):
    everything = weighed(members)
    own = [columns([(mpf(1) / len(samples), p) for p in samples]) for _, samples in members]
    weights = [w for w, _ in members]
    mean = columns(everything)
    k = range(len(mean))
    votes = [lowest_argmax(p) for _, p in everything]
    shares = [fsum(w for (w, _), vote in zip(everything, votes, strict=True) if vote == c) for c in k]
    squared = fsum(w * w for w, _ in everything)
    variances = [fsum(w * (p[c] - mean[c]) ** 2 for w, p in everything) for c in k]
    ordered = sorted(mean, reverse=True)
    total, expected = entropy(mean), fsum(w * entropy(p) for w, p in everything)
    result = {
        "meanProbabilities": mean,
        "variances": variances,
        "betweenMembersVariances": [
            fsum(w * (q[c] - mean[c]) ** 2 for w, q in zip(weights, own, strict=True)) for c in k],
        "withinMembersVariances": [
            fsum(w / len(samples) * (p[c] - q[c]) ** 2
                 for (w, samples), q in zip(members, own, strict=True) for p in samples) for c in k],
        "predictedClass": lowest_argmax(mean),
        "predictiveEntropy": total,
        "expectedEntropy": expected,
        "mutualInformation": fsum(w * divergence(p, mean) for w, p in everything),
        "betweenMembersMutualInformation": fsum(
            w * divergence(q, mean) for w, q in zip(weights, own, strict=True)),
        "withinMembersMutualInformation": fsum(
            w / len(samples) * divergence(p, q)
            for (w, samples), q in zip(members, own, strict=True) for p in samples),
        "variationRatio": 1 - max(shares),
        "maxProbability": ordered[0],
        "margin": ordered[0] - ordered[1],
        "meanStandardDeviation": fsum(mpmath.sqrt(v) for v in variances) / len(mean),
        "voteEntropy": entropy(shares),
        "disagreement": mpf(0) if len(votes) == 1
        else 1 - (fsum(v * v for v in shares) - squared) / (1 - squared),
    }
    same(result["mutualInformation"], total - expected)
    same(result["mutualInformation"], result["betweenMembersMutualInformation"]
         + result["withinMembersMutualInformation"])
    for whole, between, within in zip(
            variances, result["betweenMembersVariances"], result["withinMembersVariances"], strict=True):
        same(whole, between + within)
    if len({(w, len(samples)) for w, samples in members}) == 1:
        for key, value in plain([p for _, p in everything]).items():
            same(result[key], value)
    return result


LISTS = ("meanProbabilities", "variances", "betweenMembersVariances", "withinMembersVariances")


def plain(p):
    """What docs/methods/ says of samples of one model."""
    s, k = len(p), range(len(p[0]))
    mean = [fsum(row[c] for row in p) / s for c in k]
    votes = [lowest_argmax(row) for row in p]
    counts = [votes.count(c) for c in k]
    return {
        "mutualInformation": entropy(mean) - fsum(entropy(row) for row in p) / s,
        "variationRatio": 1 - mpf(max(counts)) / s,
        "voteEntropy": entropy([mpf(c) / s for c in counts]),
        "disagreement":
            1 - mpf(sum(c * (c - 1) for c in counts)) / (s * (s - 1)) if s > 1 else mpf(0),
        "meanStandardDeviation": fsum(
            mpmath.sqrt(fsum((row[c] - mean[c]) ** 2 for row in p) / s) for c in k) / len(p[0]),
    }


def regression(members):
    """Samples are lists over targets of (mean, variance or None)."""
    targets = range(len(members[0][1][0]))
    result = {key: [] for key in (
        "mean", "epistemicVariance", "betweenMembersVariance", "withinMembersVariance",
        "epistemicStandardDeviation", "aleatoricVariance", "totalVariance")}
    for d in targets:
        everything = weighed([(w, [one[d] for one in samples]) for w, samples in members])
        own = [fsum(one[d][0] for one in samples) / len(samples) for _, samples in members]
        mean = fsum(w * y for w, (y, _) in everything)
        epistemic = fsum(w * (y - mean) ** 2 for w, (y, _) in everything)
        between = fsum(w * (q - mean) ** 2 for (w, _), q in zip(members, own, strict=True))
        within = fsum(w / len(samples) * (one[d][0] - q) ** 2
                      for (w, samples), q in zip(members, own, strict=True) for one in samples)
        same(epistemic, between + within)
        if len({(w, len(samples)) for w, samples in members}) == 1:
            ys = [y for _, (y, _) in everything]
            same(epistemic, fsum((y - fsum(ys) / len(ys)) ** 2 for y in ys) / len(ys))
        result["mean"].append(mean)
        result["epistemicVariance"].append(epistemic)
        result["betweenMembersVariance"].append(between)
        result["withinMembersVariance"].append(within)
        result["epistemicStandardDeviation"].append(mpmath.sqrt(epistemic))
        if everything[0][1][1] is not None:
            aleatoric = fsum(w * v for w, (_, v) in everything)
            result["aleatoricVariance"].append(aleatoric)
            result["totalVariance"].append(epistemic + aleatoric)
    return result


def same(a, b):
    assert abs(a - b) <= mpf(10) ** -40 * max(1, abs(a), abs(b)), (a, b)


# Errors


def jackknife(whole, left, sizes):
    """Corrected value and standard error, Busing, Meijer, van der Leeden 1999."""
    g, n = len(sizes), sum(sizes)
    corrected = g * whole - fsum((1 - mpf(m) / n) * v for m, v in zip(sizes, left, strict=True))
    variance = mpf(0)
    for m, v in zip(sizes, left, strict=True):
        h = mpf(n) / m
        variance += (h * whole - (h - 1) * v - corrected) ** 2 / (h - 1) / g
    if len(set(sizes)) == 1:
        mean = fsum(left) / g
        same(variance, mpf(g - 1) / g * fsum((v - mean) ** 2 for v in left))
    return [number(corrected), number(mpmath.sqrt(variance))]


def errors(measures, members, groups):
    """Of each measure [corrected, standardError], or None where nothing can be told."""
    several = {len(samples) for _, samples in members if len(samples) > 1}
    if len(several) != 1:
        return None
    passes = several.pop()
    sizes = [len(range(g, passes, groups)) for g in range(groups)]
    sizes = [m for m in sizes if m > 0]
    if any(passes - m < 2 for m in sizes):
        return None
    whole = measures(members)
    left = [
        measures([
            (w, samples if len(samples) == 1
             else [p for t, p in enumerate(samples) if t % groups != g])
            for w, samples in members])
        for g in range(len(sizes))]
    result = {}
    for key, value in whole.items():
        if measures is regression:
            result[key] = [
                jackknife(v, [one[key][d] for one in left], sizes) for d, v in enumerate(value)]
        elif key not in (*LISTS, "predictedClass"):
            result[key] = jackknife(value, [one[key] for one in left], sizes)
    return result


# Cases


def number(value):
    return 0.0 if abs(value) < NOTHING else float(value)


def written(measures):
    def one(key, value):
        if key == "predictedClass":
            return value
        if isinstance(value, list):
            return [float(v) if key in LISTS else number(v) for v in value]
        return number(value)
    return {key: one(key, value) for key, value in measures.items()}


def exact(value):
    text = str(value) if isinstance(value, np.float32) else repr(float(value))
    as_read = float(text)
    assert type(value)(as_read) == value, text
    return as_read


def case(name, kind, members, weights=None, groups=(20,), kind_of_samples="float32"):
    """kind: an output kind, or (head, D); members: arrays [T_m, N, W], or [T_m, W] of one input."""
    arrays = [np.asarray(m, dtype=kind_of_samples) for m in members]
    arrays = [a[:, None, :] if a.ndim == 2 else a for a in arrays]
    given = [1.0] * len(arrays) if weights is None else weights
    shares = [mpf(w) / fsum(map(mpf, given)) for w in given]
    if isinstance(kind, str):
        told, measures = {"kind": kind}, classification
        read = lambda row: distribution(kind, row)
    else:
        told, measures = {"head": kind[0], "targets": kind[1]}, regression
        read = lambda row: means_and_variances(kind[0], row, kind[1])
    inputs = [
        [(w, [read(row) for row in a[:, n, :]]) for w, a in zip(shares, arrays, strict=True)]
        for n in range(arrays[0].shape[1])]
    by_groups = {}
    for g in groups:
        told_errors = [errors(measures, one, g) for one in inputs]
        by_groups[str(g)] = None if told_errors[0] is None else told_errors
    return {
        "name": name, **told, "type": kind_of_samples,
        "members": [
            {"weight": w, "samples": [[[exact(v) for v in row] for row in one] for one in a]}
            for w, a in zip(given, arrays, strict=True)],
        "expected": [written(measures(one)) for one in inputs],
        "errors": by_groups,
    }




def dirichlet(alpha, *shape):
    return rng.dirichlet(alpha, shape)


def near(row, spread, samples):
    return np.array(row) + rng.normal(0, spread, (samples, len(row)))


normal = rng.normal
P, L, BP, BL = "PROBABILITIES", "LOGITS", "BINARY_PROBABILITY", "BINARY_LOGIT"
one_hot = np.eye(4)
twice = dirichlet([1, 2, 3], 10)
cases = [
    case("equal weights, three members of T = 20", P,
         [dirichlet(a, 20) for a in ([4, 2, 1, 1], [2, 4, 1, 1], [3, 3, 3, 1])], groups=(2, 7, 10, 20)),
    case("unequal weights, T = 12, fewer than groups", L,
         [normal(0, 1.5, (12, 5)) + normal(0, 1, 5) for _ in range(3)], [0.5, 0.3, 0.2], groups=(4, 5, 20)),
    case("two inputs, unequal weights", P,
         [np.stack([dirichlet([a, 1, 1], 9), dirichlet([1, a, 2], 9)], axis=1) for a in (1, 6)],
         [1.0, 3.0], groups=(3, 20)),
    case("one member, T = 25", P, [dirichlet([3, 2, 1, 1, 1], 25)], groups=(2, 7, 20, 25)),
    case("one member of weight 3", L, [normal(0, 2, (10, 4))], [3.0], groups=(10, 20)),
    case("one member of one sample", P, [dirichlet([2, 1, 1], 1)]),
    case("five deterministic members", L, [normal(0, 2, (1, 6)) for _ in range(5)]),
    case("four deterministic members, unequal weights", P,
         [dirichlet([1, 1, 1], 1) for _ in range(4)], [4.0, 3.0, 2.0, 1.0]),
    case("a deterministic member and two of T = 16", P,
         [dirichlet([2, 1, 1], 1), dirichlet([4, 2, 1], 16), dirichlet([2, 4, 1], 16)],
         groups=(5, 16, 20)),
    case("a deterministic member and one of T = 15, unequal weights", L,
         [normal(0, 2, (1, 3)), normal(0, 2, (15, 3))], [0.75, 0.25], groups=(4, 15, 20)),
    case("members that differ in T", P, [dirichlet([3, 1, 1], 8), dirichlet([1, 3, 1], 12)],
         groups=(4, 20)),
    case("T = 2", P, [dirichlet([3, 1, 1], 2), dirichlet([1, 3, 1], 2)], groups=(2, 20)),
    case("T = 3, of which two groups leave one sample", P,
         [dirichlet([3, 1, 1], 3), dirichlet([1, 3, 1], 3)], groups=(2, 3, 20)),
    case("identical members", P, [twice, twice, twice], [0.2, 0.5, 0.3], groups=(5, 20)),
    case("two members certain of different classes", P, [one_hot[[0] * 6], one_hot[[2] * 6]]),
    case("three members certain of different classes, unequal weights", P,
         [one_hot[[0] * 4], one_hot[[1] * 4], one_hot[[3]]], [0.5, 0.25, 0.25]),
    case("members certain by themselves at times", P, [one_hot[[0, 1, 0, 0]], one_hot[[2, 2, 1, 2]]],
         [0.625, 0.375]),
    case("uniform samples", P, [np.full((4, 8), 0.125), np.full((1, 8), 0.125)]),
    # Exact in binary, so that ties stay ties: within rows, between shares of votes and between means.
    case("ties within a row, of votes and of means", P,
         [[[.375, .375, .25], [.25, .5, .25], [.5, .25, .25], [.25, .5, .25]],
          [[.375, .375, .25], [.5, .25, .25], [.25, .5, .25], [.5, .25, .25]]], groups=(2, 4)),
    case("a vote that the weights decide", P,
         [[[.75, .25]], [[.25, .75]], [[.375, .625]]], [0.5625, 0.25, 0.1875]),
    case("binary logits", BL, [normal(1, 2, (20, 1)), normal(-1, 2, (20, 1))], [0.4, 0.6], groups=(7, 20)),
    case("binary probabilities, two inputs", BP,
         [rng.beta(0.6, 1.4, (10, 2, 1)), rng.beta(3, 1, (1, 2, 1))], [2.0, 1.0]),
    case("logits, K = 2", L, [normal(0, 1, (14, 2)) for _ in range(2)], groups=(7,)),
    case("logits to 1e4", L, [[[1e4, -1e4, 0], [1e4, 9999, -1e4], [-1e4, -1e4, -1e4]],
                              [[0, 1e4, 1e4], [0, 0, 1], [9e3, 1e4, -1e4]]], [0.3, 0.7]),
    case("K = 1000", P, [dirichlet(np.full(1000, 0.05), 3), dirichlet(np.full(1000, 0.05), 1)], [0.7, 0.3]),
    case("a difference of 1e-7 within and between members", P,
         [near(row, 1e-7, 20) for row in ([.1, .2, .3, .4], [.1000001, .2, .3, .3999999])], groups=(20,)),
    case("a difference of 1e-7 between members, none within", P,
         [[[.25, .5, .25]] * 5, [[.2500001, .4999999, .25]] * 5], [0.9, 0.1]),
    case("logits, a difference of 1e-7 within members, more between", L,
         [near([1, 0, -3], 1e-7, 12), near([0, 1, -3], 1e-7, 12)], groups=(6, 20)),
    case("a weight of 1e-9", P, [dirichlet([5, 1, 1], 10), dirichlet([1, 5, 1], 10)], [1.0, 1e-9],
         groups=(10,)),
    case("ten members of unequal weight", P, [dirichlet([2, 1, 1, 1], 6) for _ in range(10)],
         [float(m) for m in range(1, 11)], groups=(3, 6)),
]


def gamma(shape):
    return rng.gamma(2, 1, shape)


def joined(means, spreads):
    return np.concatenate([means, spreads], axis=-1)


def mdn(passes, c, d, centre):
    return np.concatenate([normal(0, 1, (passes, c)), normal(centre, 1, (passes, c * d)),
                           normal(0, 0.3, (passes, c * d))], axis=1)


MEAN, NOISY = {"kind": "MEAN"}, {"kind": "MEAN", "observationVariance": 0.25}
MV, MLV = {"kind": "MEAN_AND_VARIANCE"}, {"kind": "MEAN_AND_LOG_VARIANCE"}
Q3 = {"kind": "QUANTILES", "levels": [0.1, 0.5, 0.9]}
MDN = {"kind": "MIXTURE_DENSITY", "components": 3}
targets = normal(0, 1, (8, 2))
cases += [
    case("means, one member", (MEAN, 2), [normal(0, 1, (20, 2))], groups=(2, 7, 10, 20)),
    case("means, one member, two inputs of three targets", (MEAN, 3), [normal(3, 2, (11, 2, 3))],
         groups=(4, 20)),
    case("means with noise, one member", (NOISY, 1), [normal(0, 1, (13, 1))], groups=(13, 20)),
    case("mean and variance, one member", (MV, 2), [joined(normal(0, 1, (24, 2)), gamma((24, 2)))],
         groups=(5, 20)),
    case("mean and log variance, one member", (MLV, 2), [normal(0, 1, (20, 4))], groups=(3, 20)),
    case("mixture, one member", (MDN, 2), [mdn(18, 3, 2, 0)], groups=(6, 20)),
    case("quantiles, one member", (Q3, 2), [np.sort(normal(0, 1, (15, 3, 2)), axis=1).reshape(15, 6)],
         groups=(4, 20)),
    case("means, one member of one sample", (MEAN, 2), [normal(0, 1, (1, 2))]),
    case("means, one member of two samples", (MEAN, 2), [normal(0, 1, (2, 2))]),
    case("means around 1e6, deviation 1e-3, one member", (MEAN, 1), [normal(1e6, 1e-3, (20, 1))],
         kind_of_samples="float64"),
    case("means, three members, equal weights", (MEAN, 2),
         [normal(c, 1, (10, 2)) for c in (-1, 0, 2)], groups=(4, 10, 20)),
    case("means with noise, unequal weights", (NOISY, 2), [normal(c, 1, (12, 2)) for c in (0, 1)],
         [0.7, 0.3], groups=(5, 20)),
    case("mean and variance, a deterministic member and one of T = 14", (MV, 1),
         [joined(normal(0, 1, (1, 1)), gamma((1, 1))), joined(normal(2, 1, (14, 1)), gamma((14, 1)))],
         [0.5, 1.5], groups=(4, 20)),
    case("mean and log variance, five deterministic members", (MLV, 2), [normal(0, 1, (1, 4)) for _ in range(5)]),
    case("mean and log variance, two inputs, unequal weights", (MLV, 1), [normal(c, 1, (7, 2, 2)) for c in (0, 1)],
         [1.0, 4.0], groups=(7,)),
    case("mixture, two members, unequal weights", (MDN, 2), [mdn(12, 3, 2, c) for c in (0, 1)], [0.25, 0.75],
         groups=(5, 20)),
    case("quantiles that cross, two members and a deterministic one", (Q3, 1),
         [normal(0, 1, (9, 3)), normal(1, 1, (9, 3)), normal(2, 1, (1, 3))], [1.0, 2.0, 3.0], groups=(4, 20)),
    case("means, members that differ in T", (MEAN, 1), [normal(0, 1, (5, 1)), normal(0, 1, (6, 1))]),
    case("means, identical members", (MEAN, 2), [targets, targets], [0.3, 0.7], groups=(4, 20)),
    case("means, members certain of different values", (MEAN, 1), [[[1.5]] * 4, [[-2.5]] * 4]),
    case("means, a difference of 1e-7 within and between members", (MEAN, 1),
         [normal(0.5, 1e-7, (10, 1)), normal(0.5000001, 1e-7, (10, 1))], groups=(10,)),
    case("means around 1e6, deviation 1e-3 within, 1e-2 between members", (MEAN, 1),
         [normal(1e6 + c, 1e-3, (12, 1)) for c in (0, 0.01)], [0.6, 0.4], groups=(12,),
         kind_of_samples="float64"),
]

header = {
    "program": "make_ensemble_reference.py",
    "command": "python3 make_ensemble_reference.py",
    "seed": SEED, "digits": mpmath.mp.dps, "python": platform.python_version(),
    "numpy": np.__version__, "mpmath": mpmath.__version__,
}
with open(OUTPUT, "w", encoding="utf-8") as out:
    # One case a line: short, and a diff shows which case changed.
    out.write(json.dumps(header)[:-1] + ',\n"cases": [\n')
    out.write(",\n".join(json.dumps(c, separators=(",", ":"), allow_nan=False) for c in cases))
    out.write("\n]}\n")
