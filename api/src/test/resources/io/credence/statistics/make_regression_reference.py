"""Writes regression-reference.json, the expected values of RegressionMomentsReferenceTest.

Run in this folder:  python3 make_regression_reference.py

Independent of the Java code: mean and population variance (ddof 0) of each target are computed from
their definitions over the whole sample array with 50 digits (mpmath), and rounded to float64 at the
very end. Samples of type float32 are written in the shortest form that reads back as the same
float32, those of type float64 as Python writes them, so both programs see the same input to the
last bit.

Tolerances of the test, with |y| the largest sample of the case in magnitude and float64 rounding to
1.1e-16 of a number:
  mean      1e-14 |y|: each of at most 400 steps rounds once, and the errors are averaged
  variance  relative 1e-12, the rounding of a sum of 400 positive terms, plus 1e-15 |y| sd, since
            every deviation is taken from a mean that is rounded to a few units in the last place.
            For mean 1e6 and standard deviation 1e-3 that is 1e-6 of the variance.
"""

import json
import pathlib
import platform

import mpmath
import numpy as np

mpmath.mp.dps = 50
SEED = 20261124
OUTPUT = pathlib.Path(__file__).with_name("regression-reference.json")
rng = np.random.default_rng(SEED)


def measures(outputs):
    """Mean and variance of one input; outputs has shape [S, D]."""
    columns = [[mpmath.mpf(float(v)) for v in column] for column in np.asarray(outputs).T]
    means = [mpmath.fsum(c) / len(c) for c in columns]
    variances = [
        mpmath.fsum((v - m) ** 2 for v in c) / len(c) for c, m in zip(columns, means, strict=True)
    ]
    return {"mean": [float(m) for m in means], "epistemicVariance": [float(v) for v in variances]}


def exact(value):
    """The shortest number that reads back as this float32 or float64."""
    text = str(value) if isinstance(value, np.float32) else repr(float(value))
    number = float(text)
    assert type(value)(number) == value, text
    return number


def case(name, kind, samples):
    """samples: [S, N, D], or [S, D] for one input."""
    a = np.asarray(samples, dtype=kind)
    a = a[:, None, :] if a.ndim == 2 else a
    return {
        "name": name,
        "type": kind,
        "samples": [[[exact(v) for v in row] for row in one] for one in a],
        "expected": [measures(a[:, n, :]) for n in range(a.shape[1])],
    }


F, D = "float32", "float64"
cases = [
    case("standard normal, three inputs of four targets", F, rng.normal(0, 1, (50, 3, 4))),
    case("one sample", F, rng.normal(3, 1, (1, 2, 3))),
    case("two samples", F, [[1.5, -2.0], [2.5, -2.0]]),
    case("identical samples", F, np.full((30, 2, 2), 0.1)),
    case("very small targets", F, rng.normal(0, 1, (40, 2)) * 1e-30),
    case("very large targets", F, rng.normal(0, 1, (40, 2)) * 1e30),
    case("skewed", F, rng.lognormal(0, 3, (200, 2))),
    case("float32 around 1e6, a unit in the last place apart", F,
         1e6 + rng.integers(0, 3, (60, 1)) * 0.0625),
    case("largest float32 of both signs", F, [[3.4028235e38], [-3.4028235e38], [0.0]]),
    case("smallest float32", F, [[1.4e-45], [0.0], [2.8e-45]]),
    case("float64, mean 1e6, standard deviation 1e-3", D, rng.normal(1e6, 1e-3, (400, 2))),
    case("float64, mean -1e6, standard deviation 1e-3, few", D, rng.normal(-1e6, 1e-3, (5, 2))),
    case("float64, a jump from the first sample", D, np.r_[[[1e6]], rng.normal(0, 1, (99, 1))]),
]

header = {
    "program": "make_regression_reference.py",
    "command": "python3 make_regression_reference.py",
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
