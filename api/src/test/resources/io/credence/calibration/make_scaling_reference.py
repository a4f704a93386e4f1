"""Writes scaling-reference.json, the expected values of CalibrationReferenceTest.

Run in this folder:  python3 make_scaling_reference.py

Independent of the Java code, and of another method: Java finds the temperature as a root in ln T, and
weights by conjugate gradients in standardised logits; here all are found by Newton steps with the exact
Hessian in the weights themselves (numpy float64, least squares where the Hessian is singular), until no
slope exceeds 1e-13 of the largest logit. The loss is convex, so a point without slope is the minimum. scipy.optimize (BFGS),
where it is installed, is asserted not to find a lower one.

Probabilities become logits by their logarithm, after division by their sum, those below the least
normal float32 by its logarithm. Biases are told less their mean, which changes no probability; the
matrix is told by the probabilities it gives, as every column may be shifted too.

Tolerances of the test: relative 1e-10 for the temperature, which the root finder holds to 1e-14 and the
flat slope to about 1e-12; 1e-5 for weights and 1e-6 for probabilities, as the optimizer stops at a slope
of 1e-7, and 1e-12 for the likelihood, whose error is of the second order.
"""

import json
import pathlib
import platform

import numpy as np

try:
    from scipy import optimize
    import scipy
    SCIPY = scipy.__version__
except ImportError:
    optimize, SCIPY = None, None

SEED = 20261203
OUTPUT = pathlib.Path(__file__).with_name("scaling-reference.json")
rng = np.random.default_rng(SEED)


def log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def design(z, scaling):
    """D [N, K, P] such that scaled logits are D @ parameters."""
    n, k = z.shape
    eye = np.eye(k)
    if scaling == "TEMPERATURE":
        return z[:, :, None]
    bias = np.broadcast_to(eye, (n, k, k))
    if scaling == "VECTOR":
        return np.concatenate([eye[None] * z[:, None, :], bias], axis=2)
    return np.concatenate([np.einsum("ij,nl->nijl", eye, z).reshape(n, k, k * k), bias], axis=2)


def newton(z, labels, scaling):
    d = design(z, scaling)
    n, k, size = d.shape
    theta = np.zeros(size)  # uniform probabilities, where the Hessian is at its best
    scale = max(1.0, np.abs(d).max())
    rows = np.arange(n)
    loss = lambda t: -log_softmax(d @ t)[rows, labels].mean()

    def slope(t):
        p = np.exp(log_softmax(d @ t))
        missed = p - np.eye(k)[labels]
        return p, np.einsum("nk,nkp->p", missed, d) / n

    for _ in range(200):
        p, g = slope(theta)
        if np.abs(g).max() < 1e-14 * scale:
            break
        mean = np.einsum("nk,nkp->np", p, d)
        hessian = np.einsum("nk,nkp,nkq->pq", p, d, d) / n - mean.T @ mean / n
        step = np.linalg.lstsq(hessian, g, rcond=1e-13)[0]
        length = 1.0
        while loss(theta - length * step) > loss(theta) + 1e-16 and length > 1e-8:
            length /= 2
        theta = theta - length * step
    _, g = slope(theta)
    assert np.abs(g).max() < 1e-13 * scale, (scaling, g)
    if optimize and scale < 100:
        other = optimize.minimize(loss, theta + 0.01, jac=lambda t: slope(t)[1], method="BFGS", tol=1e-10)
        assert loss(theta) <= other.fun + 1e-12, (loss(theta), other.fun)
    return theta, loss(theta), np.exp(log_softmax(d @ theta))


def case(name, kind, rows, labels):
    rows = np.asarray(rows, dtype=np.float64)
    labels = np.asarray(labels)
    if kind == "PROBABILITIES":
        z = np.log(np.maximum(rows / rows.sum(axis=1, keepdims=True), 2.0**-126))
    else:
        z = rows
    k = rows.shape[1]
    result = {"name": name, "kind": kind, "rows": rows.tolist(), "labels": labels.tolist(),
              "before": -log_softmax(z)[np.arange(len(z)), labels].mean()}
    theta, after, _ = newton(z, labels, "TEMPERATURE")
    result["temperature"] = {"temperature": 1 / theta[0], "after": after}
    if len(set(labels.tolist())) == k and len(labels) >= 50:
        theta, after, p = newton(z, labels, "VECTOR")
        result["vector"] = {"weights": theta[:k].tolist(), "biases": (theta[k:] - theta[k:].mean()).tolist(),
                            "after": after, "probabilities": p[:3].tolist()}
        theta, after, p = newton(z, labels, "MATRIX")
        result["matrix"] = {"after": after, "probabilities": p[:3].tolist()}
    return result


def drawn(p):
    return [int(rng.choice(p.shape[1], p=row / row.sum())) for row in p]


def short(rows, digits=5):
    return np.array([[float(f"{v:.{digits}g}") for v in row] for row in np.atleast_2d(rows)])


z3, z5, z2 = rng.normal(size=(120, 3)) * 2, rng.normal(size=(200, 5)) * 1.5, rng.normal(size=(80, 2))
samples = rng.normal(size=(10, 150, 4)) + 2 * rng.normal(size=(1, 150, 4))
mean = np.exp(samples - samples.max(axis=2, keepdims=True))
mean = (mean / mean.sum(axis=2, keepdims=True)).mean(axis=0)
shifted = z3 * [0.5, 1, 2] + [1, 0, -1]
sparse = np.exp(log_softmax(z3 * 60)).astype(np.float32).astype(np.float64)
sparse[sparse < 1e-30] = 0
cases = [
    case("overconfident logits", "LOGITS", short(z5 * 2.5), drawn(np.exp(log_softmax(z5)))),
    case("underconfident logits", "LOGITS", short(z3 * 0.4), drawn(np.exp(log_softmax(z3)))),
    case("shifted and scaled by class", "LOGITS", short(shifted), drawn(np.exp(log_softmax(z3)))),
    case("large logits", "LOGITS", short(z3 * 300 + 1000), drawn(np.exp(log_softmax(z3)))),
    case("two classes", "PROBABILITIES", short(np.exp(log_softmax(z2 * 3)), 8), drawn(np.exp(log_softmax(z2)))),
    case("mean of ten samples", "PROBABILITIES", short(mean, 8), drawn(mean**2 / (mean**2).sum(axis=1, keepdims=True))),
    case("zeros, some of them labels", "PROBABILITIES", sparse[:40], drawn(np.exp(log_softmax(z3[:40])))),
    case("one class absent", "PROBABILITIES", short(np.exp(log_softmax(z3[:40])), 8), rng.integers(0, 2, 40)),
    case("one input, answered wrong", "LOGITS", [[2.0, 1.5, -4.0]], [1]),
]
header = {"program": "make_scaling_reference.py", "command": "python3 make_scaling_reference.py",
          "seed": SEED, "python": platform.python_version(), "numpy": np.__version__, "scipy": SCIPY}
with open(OUTPUT, "w", encoding="utf-8") as out:
    out.write(json.dumps(header)[:-1] + ',\n"cases": [\n')
    out.write(",\n".join(json.dumps(c, separators=(",", ":"), allow_nan=False) for c in cases))
    out.write("\n]}\n")
