"""Writes the .npy files of NpyReferenceTest, and expected.json, what they hold.

Run in this folder:  python3 make_npy.py

Independent of the Java code: NumPy writes the files, reads them again, and the values it then reads,
cast with astype to the type of the input, are the expected ones. A file that NumPy reads but that
fits no input is listed with a part of the message that refuses it.
"""

import json
import pathlib
import platform
import warnings

import numpy as np

FOLDER = pathlib.Path(__file__).parent
INPUT_TYPES = {
    "FLOAT32": np.float32,
    "FLOAT64": np.float64,
    "INT32": np.int32,
    "INT64": np.int64,
    "UINT8": np.uint8,
    "BOOL": np.bool_,
}
cases = []


def save(name, array, version=(1, 0)):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy warns that old readers do not know 2.0 and 3.0
        with open(FOLDER / name, "wb") as file:
            np.lib.format.write_array(file, array, version=version)


def good(name, array, *types, version=(1, 0)):
    save(name, array, version)
    back = np.load(FOLDER / name)
    for input_type in types:
        cast = back.astype(INPUT_TYPES[input_type])
        cases.append(
            {
                "file": name,
                "input": input_type,
                "shape": list(cast.shape),
                "values": cast.ravel().astype(float if cast.dtype.kind in "fb" else int).tolist(),
            }
        )


def refused(name, array, input_type, part):
    save(name, array)
    cases.append({"file": name, "input": input_type, "refused": part})


wide = np.array([[0.1, -2.5, 1e30], [np.float32(1) / 3, 16777217.0, -0.0]])
good("f4.npy", wide.astype("<f4"), "FLOAT32", "FLOAT64")
good("f4-big.npy", wide.astype(">f4"), "FLOAT32")
good("f8.npy", wide.astype("<f8"), "FLOAT32", "FLOAT64")
good("f8-big.npy", wide.astype(">f8"), "FLOAT64")
good("u1.npy", np.array([[0, 1, 127], [128, 200, 255]], "u1"), "UINT8", "FLOAT32", "INT32", "INT64")
good("i1.npy", np.array([[0, 1, 127], [-128, -1, 7]], "i1"), "FLOAT32", "INT64")
good("u2.npy", np.array([0, 32767, 32768, 65535], "<u2"), "FLOAT32", "INT32")
good("u2-big.npy", np.array([0, 32767, 32768, 65535], ">u2"), "FLOAT64", "INT64")
good("i2.npy", np.array([0, 32767, -32768, -1], "<i2"), "FLOAT32", "INT32")
good("i2-big.npy", np.array([0, 32767, -32768, -1], ">i2"), "INT32")
good("u4.npy", np.array([0, 2**31, 2**32 - 1], "<u4"), "FLOAT64", "INT64")
good("i4.npy", np.array([0, 2**31 - 1, -(2**31)], "<i4"), "INT32", "INT64", "FLOAT64")
good("i4-big.npy", np.array([0, 2**31 - 1, -(2**31)], ">i4"), "INT32")
good("i8.npy", np.array([0, 2**53 + 1, -(2**63)], "<i8"), "INT64")
good("i8-big.npy", np.array([0, 2**53 + 1, -(2**63)], ">i8"), "INT64")
good("b1.npy", np.array([[True, False], [False, True]]), "BOOL", "FLOAT32")
good("version2.npy", np.arange(24, dtype="<f4").reshape(2, 3, 4), "FLOAT32", version=(2, 0))
good("version3.npy", np.arange(5, dtype="<f8"), "FLOAT32", version=(3, 0))

refused("scalar.npy", np.array(1.5, "<f4"), "FLOAT32", "is empty: its shape is []")
refused("no-rows.npy", np.zeros((0, 3), "<f4"), "FLOAT32", "is empty: its shape is [0, 3]")
refused("fortran.npy", np.asfortranarray(np.ones((2, 3), "<f4")), "FLOAT32", "Fortran order")
refused("structured.npy", np.zeros(2, [("a", "<f4"), ("b", "<i4")]), "FLOAT32", "not understood")
refused("object.npy", np.array([{}, None], dtype=object), "FLOAT32", "not understood")
refused("date.npy", np.array(["2026-11-23"], "M8[D]"), "INT64", "not understood")
refused("text.npy", np.array(["ab", "c"]), "STRING", "'<U2'")
refused("half.npy", np.ones(2, "<f2"), "FLOAT32", "'<f2'")
refused("complex.npy", np.ones(2, "<c8"), "FLOAT32", "'<c8'")
refused("i8-fraction.npy", np.ones(2, "<i8"), "FLOAT64", "'<i8'")
refused("u8.npy", np.ones(2, "<u8"), "INT64", "'<u8'")

with open(FOLDER / "expected.json", "w", encoding="utf-8") as file:
    made_by = f"numpy {np.__version__}, Python {platform.python_version()}"
    json.dump({"madeBy": made_by, "cases": cases}, file, indent=1)
    file.write("\n")
