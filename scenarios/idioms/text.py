"""Text, time and files beside the numbers: printing, logging, warnings, checks."""

import datetime
import io
import logging
import os
import pathlib
import pickle
import sys
import tempfile
import time
import warnings

import numpy as np

X = np.array([0.3, 0.7, 1.1])
logger = logging.getLogger("idioms")
logger.addHandler(logging.StreamHandler(io.StringIO()))
logger.propagate = False


def printed(x=X):
    """`print(x, x[0])`"""
    y = x**2
    print("y =", y, y[0], sep="\n")
    return np.sum(y)


def formatted(x=X):
    """`f"{x[0]:.3f}"`, `"{:8.2e}".format(...)`, `str`, `repr`"""
    text = f"{x[0]:.3f} {x} {x[1]!r}" + "{:8.2e}".format(x[2]) + str(x) + repr(np.sum(x))
    return np.sum(x**2) if text else 0.0


def formatted_by_percent(x=X):
    """`"%.3f" % x[0]`"""
    text = "%.3f %s" % (x[0], x)
    return np.sum(x**2) if text else 0.0


def logged(x=X):
    """`logger.info("...", x)`"""
    energy = np.sum(x**2)
    logger.warning("energy %s at %s", energy, x)
    logger.debug("not shown: %f", energy)
    return energy


def logged_as_a_number(x=X):
    """`logger.warning("%.3f", x[0])`"""
    logger.warning("energy %.3f", x[0])
    return np.sum(x**2)


def printed_with_options(x=X):
    """`np.printoptions`, `np.array2string`, `np.format_float_positional`"""
    with np.printoptions(precision=3, suppress=True):
        print(np.array2string(x), x)
    return np.sum(x**2)


def format_float(x=X):
    """`np.format_float_scientific(x[0])`"""
    print(np.format_float_scientific(x[0]))
    return np.sum(x**2)


def format_float_instead(x=X):
    """`f"{x[0]:.3e}"`"""
    print(f"{x[0]:.3e}")
    return np.sum(x**2)


def progress(x=X):
    """`sys.stdout.write`, `time.perf_counter`, a progress line"""
    start = time.perf_counter()
    total = 0.0
    for k, t in enumerate(x):
        total = total + np.exp(t)
        sys.stderr.write(f"\r{k}: {total:.2f}")
    elapsed = time.perf_counter() - start
    return total if elapsed >= 0 else 0.0


def warned(x=X):
    """`warnings.warn(f"... {x[0]}")`"""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.warn(f"small: {x[0]}", stacklevel=2)
    return np.sum(x**2)


def error_message(x=X):
    """`raise ValueError(f"... {x}")`, caught"""
    try:
        if x[0] < 0.5:
            raise ValueError(f"too small: {x[0]} of {x}")
    except ValueError as error:
        return x[1] ** 2 if "small" in str(error) else 0.0
    return x[0]


def numpy_testing(x=X):
    """`np.testing.assert_allclose(x, ...)` inside"""
    np.testing.assert_allclose(x, x + 1e-12, rtol=1e-6)
    return np.sum(x**2)


def numpy_testing_instead(x=X):
    """`assert np.allclose(a, b)`"""
    assert np.allclose(x, x + 1e-12, rtol=1e-6)
    return np.sum(x**2)


def saved_to_a_file(x=X):
    """`np.savetxt(file, x)`"""
    np.savetxt(io.StringIO(), x)
    return np.sum(x**2)


def saved_to_a_file_instead(x=X):
    """`file.write(f"{x}")`"""
    io.StringIO().write(f"{x}")
    return np.sum(x**2)


def read_from_text(x=X):
    """`np.loadtxt` of plain data inside"""
    data = np.loadtxt(io.StringIO("1.0 2.0 3.0"))
    return np.sum(data * x**2)


def read_from_a_file(x=X):
    """`np.load`, `pathlib`, `with open(...)` of plain data inside"""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "data.npy"
        np.save(path, np.array([1.0, 2.0, 3.0]))
        data = np.load(path)
        assert os.path.exists(path)
    return np.sum(data * x**2)


def pickled(x=X):
    """`pickle.dumps(x)`"""
    return np.sum(pickle.loads(pickle.dumps(x)) ** 2)


def pickled_instead(x=X):
    """`x.copy()`"""
    return np.sum(x.copy() ** 2)


def names_to_numbers(x=X):
    """strings choose: `{"low": 0, "high": 2}[name]`, `name.startswith`"""
    places = {"low": 0, "high": 2}
    return sum(x[places[name]] ** len(name) for name in "low high".split() if not name.startswith("x"))


def string_array(x=X):
    """an array of strings beside the numbers: `labels == "a"`"""
    labels = np.array(["a", "b", "a"])
    return np.sum(x[labels == "a"] ** 2) * np.mean(x[labels == "b"])


def numbers_into_strings(x=X):
    """`x.astype(str)`"""
    return x.astype(str).astype(float)[0] * x[1]


def numbers_into_strings_instead(x=X):
    """the numbers"""
    return x[0] * x[1]


def dates(x=X):
    """dates beside the numbers: `np.datetime64`, `datetime.timedelta`"""
    days = np.array(["2024-01-01", "2024-01-05", "2024-02-01"], dtype="datetime64[D]")
    years = (days - days[0]) / np.timedelta64(365, "D")
    step = datetime.timedelta(hours=6).total_seconds() / 3600
    return np.sum(x * np.exp(-years * x[0])) * step


def seconds_from_a_value(x=X):
    """`datetime.timedelta(seconds=x[0])`"""
    return datetime.timedelta(seconds=x[0]).total_seconds() * x[1]


def seconds_from_a_value_instead(x=X):
    """seconds as floats"""
    return x[0] * x[1]


def dates_from_values(x=X):
    """`x.astype("timedelta64[s]")`"""
    return np.sum(x.astype("timedelta64[s]") / np.timedelta64(1, "s")) + x[0]


def dates_from_values_instead(x=X):
    """seconds as floats, or whole ones: `np.floor(x)`"""
    return np.sum(np.floor(x)) + x[0]


def environment_variable(x=X):
    """`os.environ.get`, `sys.version_info`, `platform`"""
    scale = float(os.environ.get("SCALE_OF_NO_PROGRAM", "2.0"))
    return scale * np.sum(x**2) if sys.version_info >= (3, 11) else 0.0
