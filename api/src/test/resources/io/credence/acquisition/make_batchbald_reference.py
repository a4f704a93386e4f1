"""Writes batchbald-reference.json, the expected values of BatchBaldReferenceTest.

Run in this folder:  python3 make_batchbald_reference.py

Independent of the Java code: the joint probability of every tuple of labels, itertools.product over
all K^n of them, is (1/T) sum_t prod_i p_t(y_i), and the joint entropy its sum of -p ln p, both in
float64 by math.fsum. The information of a batch is that entropy less the mean over networks of the
entropies of all its inputs; the gain of a candidate is the information with it less that without
it. numpy computes the information of the whole batch a second way, by the array of all tuples as an
einsum, and is asserted to agree to 1e-12.

A pick is the candidate of the largest gain; of gains that are equal to 1e-9 the lowest index. Cases
are drawn until no two gains differ by 1e-6 or less, unless by 1e-9, so rounding decides no pick.

Probabilities are float64 in decimals of at most 6 digits and sum to 1 only to within 1e-5: rows are
divided by their sum, here as there. Tolerance of the test: absolute 1e-12 nats, as gains here are
differences of entropies of up to 8 nats, summed over up to 6,561 tuples.
"""

import itertools
import json
import math
import pathlib
import platform

import numpy as np

SEED = 20261210
OUTPUT = pathlib.Path(__file__).with_name("batchbald-reference.json")
rng = np.random.default_rng(SEED)


def entropy(p):
    return -math.fsum(v * math.log(v) for v in p if v > 0)


def information(batch):
    """I(y_1, ..., y_n; theta) in nats of n inputs [T, K], by all tuples of labels."""
    if not batch:
        return 0.0
    passes, classes = len(batch[0]), len(batch[0][0])
    joint = [math.fsum(math.prod(p[t][y] for p, y in zip(batch, labels, strict=True)) for t in range(passes)) / passes
             for labels in itertools.product(range(classes), repeat=len(batch))]
    assert abs(math.fsum(joint) - 1) < 1e-12
    return entropy(joint) - math.fsum(entropy(row) for p in batch for row in p) / passes


def in_numpy(batch):
    letters = "abcdefgh"[:len(batch)]
    joint = np.einsum(",".join("z" + c for c in letters) + "->" + letters, *map(np.asarray, batch)) / len(batch[0])
    all_rows = np.asarray(batch)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = -np.nansum(all_rows * np.log(all_rows)) / len(batch[0])
        return -np.nansum(joint * np.log(joint)) - own


def greedy(rows, labels):
    """Picks and gains; None where rounding might decide."""
    picks, gains = [], []
    for _ in range(min(labels, len(rows))):
        before = information([rows[i] for i in picks])
        left = {i: information([rows[j] for j in picks] + [rows[i]]) - before
                for i in range(len(rows)) if i not in picks}
        largest = max(left.values())
        if any(1e-9 < largest - gain < 1e-6 for gain in left.values()):
            return None
        picks.append(min(i for i, gain in left.items() if largest - gain <= 1e-9))
        gains.append(largest)
    total = information([rows[i] for i in picks])
    assert abs(total - in_numpy([rows[i] for i in picks])) < 1e-12
    return picks, gains, total


def case(name, make, labels):
    while True:
        rows = np.round(make(), 6)
        normal = [[[float(v) / math.fsum(map(float, row)) for v in row] for row in p] for p in rows]
        result = greedy(normal, labels)
        if result:
            picks, gains, total = result
            return {"name": name, "classes": int(rows.shape[2]), "labels": labels,
                    "distributions": rows.tolist(), "picks": picks,
                    "gains": gains, "information": total, "bald": [information([p]) for p in normal]}


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def drawn(n, t, k, spread=1.5):
    return softmax(1.5 * rng.standard_normal((n, 1, k)) + spread * rng.standard_normal((n, t, k)))


def duplicates():
    rows = drawn(4, 5, 3)
    return rows[[2, 0, 1, 0, 3, 2, 1, 0]]


def certain():
    """Some rows say one class for sure: the same in all networks, or another in each."""
    rows = drawn(5, 6, 3)
    rows[1] = np.eye(3)[[2] * 6]
    rows[3] = np.eye(3)[[0, 1, 2, 0, 1, 2]]
    rows[4] = np.eye(3)[[0, 0, 0, 1, 1, 1]]
    return rows


def nearly_certain():
    rows = drawn(5, 4, 3)
    rows[0, :, :] = [0.999998, 1e-6, 1e-6]
    rows[2, 1:, :] = [1e-6, 0.999999, 0]
    return rows


def related():
    """Inputs that hang on few properties of the networks, so that gains fall fast."""
    properties = rng.standard_normal((7, 2))
    loads = rng.standard_normal((6, 2, 3))
    return softmax(np.einsum("td,ndk->ntk", properties, 2 * loads))


def main():
    cases = [
        case("K = 2, T = 4, N = 6, all of them", lambda: drawn(6, 4, 2), 6),
        case("K = 3, T = 5, N = 6", lambda: drawn(6, 5, 3), 5),
        case("K = 3, T = 1: one network tells nothing", lambda: drawn(4, 1, 3), 3),
        case("K = 4, T = 9, N = 7", lambda: drawn(7, 9, 4), 4),
        case("K = 9, T = 6, N = 6", lambda: drawn(6, 6, 9), 4),
        case("each input two or three times", duplicates, 6),
        case("certain rows", certain, 5),
        case("nearly certain rows, zeros", nearly_certain, 4),
        case("related inputs", related, 6),
        case("all the same: ties", lambda: np.repeat(drawn(1, 5, 3), 5, axis=0), 5),
        case("more labels than candidates", lambda: drawn(3, 5, 2), 10),
        case("K = 3, more labels than networks can be told apart by", lambda: drawn(8, 3, 3, 3), 8),
    ]
    document = {"program": "make_batchbald_reference.py", "command": "python3 make_batchbald_reference.py", "seed": SEED,
                "python": platform.python_version(), "numpy": np.__version__}
    lines = ",\n".join(json.dumps(each, separators=(",", ":")) for each in cases)
    OUTPUT.write_text(json.dumps(document)[:-1] + ',\n"cases": [\n' + lines + "\n]}\n")


if __name__ == "__main__":
    main()
