"""Writes scoring-reference.json, the expected values of ScoringRulesReferenceTest.

Run in this folder:  python3 make_scoring_reference.py

Independent of the Java code: every score is computed from its definition over all inputs at once, in
50 digits (mpmath), and rounded to float64 at the very end. Probabilities are float64 numbers in the
shortest form that reads back as the same number; each row is divided by its sum first, as rows of
float16 do not sum to 1. numpy computes the same in float64, and is asserted to agree.

The logarithm is natural; a label of probability 0 makes the mean negative log-likelihood infinite,
written "Infinity". The Brier score is summed over all classes. A tie goes to the lowest class.

Tolerances of the test: relative 1e-13, since at most 60 inputs are summed in float64, plus absolute
1e-15, since ln p and 1 - p for p near 1 are known to the rounding of p.
"""

import json
import pathlib
import platform

import mpmath
import numpy as np

mpmath.mp.dps = 50
SEED = 20261201
OUTPUT = pathlib.Path(__file__).with_name("scoring-reference.json")
rng = np.random.default_rng(SEED)


def scores(rows, labels):
    """Error rate, negative log-likelihood and Brier score of probabilities [N, K] and labels [N]."""
    wrong, losses, squares = 0, [], []
    for row, label in zip(rows, labels, strict=True):
        p = [mpmath.mpf(float(v)) for v in row]
        wrong += p.index(max(p)) != label
        total = mpmath.fsum(p)
        p = [v / total for v in p]
        losses.append(mpmath.inf if p[label] == 0 else -mpmath.log(p[label]))
        squares.append(mpmath.fsum((v - (k == label)) ** 2 for k, v in enumerate(p)))
    n = len(labels)
    result = [float(mpmath.mpf(wrong) / n), float(mpmath.fsum(losses) / n),
              float(mpmath.fsum(squares) / n)]
    assert np.allclose(result, in_float64(np.asarray(rows), np.asarray(labels)), rtol=1e-12, atol=1e-14)
    return result


def in_float64(p, labels):
    wrong = np.mean(p.argmax(axis=1) != labels)
    p = p / p.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        loss = -np.log(p[np.arange(len(labels)), labels]).mean()
    return [wrong, loss, ((p - np.eye(p.shape[1])[labels]) ** 2).sum(axis=1).mean()]


def case(name, rows, labels):
    rows = np.asarray(rows, dtype=np.float64)
    error_rate, loss, brier = scores(rows, [int(v) for v in labels])
    return {
        "name": name,
        "probabilities": rows.tolist(),
        "labels": [int(v) for v in labels],
        "errorRate": error_rate,
        "negativeLogLikelihood": "Infinity" if np.isinf(loss) else loss,
        "brierScore": brier,
    }


def dirichlet(alpha, classes, n):
    """Rows of six digits, short in the file; they sum to 1 but for rounding."""
    rows = rng.dirichlet(np.full(classes, alpha), n)
    return np.array([[float(f"{v:.6g}") for v in row] for row in rows])


def drawn(rows):
    """Labels drawn from the rows themselves, as of a calibrated classifier."""
    return [rng.choice(len(row), p=row / row.sum()) for row in rows]


calibrated = dirichlet(0.4, 10, 60)
two = dirichlet(0.7, 2, 40)
half = dirichlet(0.5, 12, 30).astype(np.float16)
many = dirichlet(0.05, 1000, 2)
sharp = np.array([[1 - 2**-53, 2**-53], [2**-53, 1 - 2**-53], [1 - 1e-9, 1e-9]])
cases = [
    case("calibrated, K = 10, N = 60", calibrated, drawn(calibrated)),
    case("labels at random, K = 10, N = 60", calibrated, rng.integers(0, 10, 60)),
    case("two classes", two, drawn(two)),
    case("one input", [[.2, .5, .3]], [2]),
    case("float16 rows that do not sum to one", half, drawn(half.astype(np.float64))),
    case("K = 1000", many, drawn(many)),
    # Exact in binary, so that ties stay ties: right, right, wrong, right; to the highest class, the
    # third alone would be right.
    case("ties", [[.375, .375, .25], [.375, .375, .25], [.25, .375, .375], [.25, .375, .375]],
         [0, 0, 2, 1]),
    case("certain and right", np.eye(4)[[2, 0, 3]], [2, 0, 3]),
    case("certain and once wrong", np.eye(4)[[2, 0, 3]], [2, 1, 3]),
    case("nearly certain", sharp, [0, 1, 0]),
    case("nearly certain and wrong", sharp, [1, 0, 1]),
    case("probabilities from 5e-324 to 1e-200", [[1, 1e-200, 5e-324], [1, 0, 1e-300]], [2, 2]),
    case("uniform, K = 7", np.full((5, 7), 1 / 7), [0, 1, 2, 3, 6]),
]

header = {
    "program": "make_scoring_reference.py",
    "command": "python3 make_scoring_reference.py",
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
