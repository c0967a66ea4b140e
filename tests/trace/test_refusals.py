"""A traced value that is asked to become a plain one says by whom, where, why, and what to write instead."""

import decimal
import fractions
import functools
import logging
import math
import re
import statistics
import struct

import numpy as np
import pytest
import scipy.interpolate
import scipy.linalg
import scipy.sparse
import scipy.stats

import wengert as wg
from wengert.errors import ConversionError, MissingAttributeError

X = np.array([0.3, 0.7, 1.1])
TABLE = {"sine": math.sin, "sum": np.sum, "norm": np.linalg.norm}
SPARSE = scipy.sparse.csr_array(np.eye(3))
count = 0


def refusal(f, x=X):
    """What the gradient and the derivative say, which must be the same, of a line of this file."""
    said = []
    for derivative in (lambda: wg.grad(f)(x), lambda: wg.jvp(f, (x,), (np.ones(np.shape(x)),))):
        with pytest.raises(ConversionError) as caught:
            derivative()
        assert "\n  [test_refusals.py:" in str(caught.value)
        said.append(str(caught.value))
    assert said[0] == said[1]
    return said[0]


@pytest.mark.parametrize(
    ("f", "asker"),
    [
        (lambda x: statistics.median_grouped(x), "statistics.median_grouped"),
        (lambda x: np.sum(scipy.linalg.expm(x[:, None] * X)), "scipy.linalg.expm"),
        (lambda x: np.sum(scipy.linalg.cho_factor(np.diag(x))[0]), "scipy.linalg.cho_factor"),
        (lambda x: scipy.stats.skew(x), "scipy.stats.skew"),
        (lambda x: scipy.stats.norm.logpdf(x[0]), "scipy.stats.norm_gen.logpdf"),
        (lambda x: scipy.interpolate.CubicSpline(X, x)(0.5), "scipy.interpolate.CubicSpline"),
        (lambda x: np.sum(SPARSE @ x), "scipy.sparse.csr_array"),
        (lambda x: np.ma.masked_array(x, X > 0.5).sum(), "numpy.ma.MaskedArray"),
        (lambda x: np.polynomial.Polynomial(x)(0.5), "numpy.polynomial.Polynomial"),
        (lambda x: TABLE["sum"]([x[0], x[1]]), "numpy.sum"),
        (lambda x: TABLE["norm"]([x[0], x[1]]), "numpy.linalg.norm"),
    ],
)
def test_it_names_the_library_function_that_asked(f, asker):
    assert re.search(
        rf"was asked of a traced value \(float64[\[\]3,]*\) by {asker}, which would lose its derivative\. ", refusal(f)
    )


def test_of_a_list_it_says_to_make_an_array():
    assert "np.array([...])" in refusal(lambda x: TABLE["sum"]([t * t for t in x]))


def store(x):
    counts = np.zeros(3, int)
    counts[1] = 3.0
    counts[:] = 5.0 * x
    return np.sum(counts * x)


def test_of_what_is_stored_it_says_where_arrays_are_followed():
    said = refusal(store)
    assert said.startswith("a traced value (float64[3]) was to be stored in an array that is not followed, which would lose its")
    assert "np.copy(data)" in said and said.endswith("counts[:] = 5.0 * x]")


def test_percent_writes_what_it_is_given():
    def f(x):
        text = "%.3f and %s, %5.1e" % (x[0], x[1], x[2] * x[0])  # fmt: skip
        text += b"%.2f".decode() % x[0]
        assert text == "0.300 and 0.7, 3.3e-010.30", text
        return x[0] * len(text) + np.sum(x % 0.2) + 0.0 * (5 % x[0])

    assert wg.grad(f)(X).tolist() == [27.0, 1.0, 1.0]


def test_logging_writes_what_it_is_given(caplog):
    def f(x):
        logging.getLogger("wengert.test").warning("energy %.2f at %s", x[0], x)
        return x[0]

    assert wg.grad(f)(X).tolist() == [1.0, 0.0, 0.0]
    assert "energy 0.30 at [0.3 0.7 1.1]" in caplog.text


@pytest.mark.parametrize(
    "f",
    [
        lambda x: float(str(x[0])),
        lambda x: float(f"{x[0]:.17g}"),
        lambda x: float(format(x[0])) * x[1],
        lambda x: float("%.3f" % x[0]) * x[1],
        lambda x: float(f"{x[0]:.3f}"[:4]) * x[1],
        lambda x: sum([float(v) for v in ",".join(map(str, x)).split(",")]) * x[1],
        lambda x: float(repr(list(x)).strip("[]").split(",")[0].removeprefix("np.float64(").rstrip(")")) * x[1],
        lambda x: np.float64(f"{x[0]}") * x[1],
        lambda x: complex(f"{x[0]}").real * x[1],
    ],
)
def test_a_text_is_no_number_again(f):
    assert "a number was read from a text ('0." in refusal(f)


def test_other_texts_are_numbers():
    def f(x):
        scale = float("2.5") * np.float64("2")
        text = f"{x[0]}"
        return x[0] * scale if min(float("inf"), x[1]) < len(text) else float("nan")

    assert wg.grad(f)(X).tolist() == [5.0, 0.0, 0.0]


def test_texts_are_texts():
    texts = []

    def f(x):
        texts.extend([str(x[0]), f"{x[0]:.2f}", repr(x), str(np.zeros(2)), f"{x[0]} and {x[1]}"])
        return x[0] + len(",".join(texts)) + {"0.3": 1.0}[str(x[0])]

    wg.grad(f)(X)
    assert texts == ["0.3", "0.30", "array([0.3, 0.7, 1.1])", "[0. 0.]", "0.3 and 0.7"]
    assert all(type(text) is str for text in texts)


# --- errors of code written in C ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "says"),
    [
        (lambda x: struct.pack("d", x[0]) and x[0], "a plain float was asked"),
        (lambda x: float(decimal.Decimal(x[0])), "conversion from Number to Decimal"),
        (lambda x: np.ndarray.sum(x), "descriptor 'sum' for 'numpy.ndarray' objects"),
        (lambda x: next(iter(np.nditer(x, op_flags=["readwrite"]))) * x[0], "a plain array was asked"),
        (lambda x: np.array(list(map(TABLE["sine"], x)))[0], "a plain float was asked"),
    ],
)
def test_an_error_that_hides_a_refusal_is_told_as_one(f, says):
    assert says in refusal(f)


def test_the_users_own_errors_stay_as_they_are():
    def f(x):
        try:
            return TABLE["sine"](x[0])
        except TypeError:
            pass
        raise RuntimeError("no sine")

    with pytest.raises(RuntimeError, match="^no sine$"):
        wg.grad(f)(X)
    with pytest.raises(TypeError, match=r"unsupported operand type\(s\) for \+: 'float' and 'list'") as caught:
        wg.grad(lambda x: x[0] * (1.0 + [2.0]))(X)
    assert type(caught.value) is TypeError


def test_a_number_has_the_attributes_of_numbers():
    assert wg.grad(lambda x: x * x.is_integer())(2.0) == 1.0
    with pytest.raises(MissingAttributeError, match="no as_integer_ratio, which float64 has"):
        wg.grad(lambda x: fractions.Fraction(x[0]) * x[0])(X)
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'") as caught:
        wg.grad(lambda x: x.nonsense)(X)
    assert type(caught.value) is AttributeError


def sets_a_global(x):
    global count
    count += 1
    return math.sin(x[0])


def calls_eval(x):
    return eval("x[0]") * math.sin(x[1])


@pytest.mark.parametrize(("f", "why"), [(sets_a_global, "it sets a global name"), (calls_eval, "it calls eval")])
def test_code_that_is_left_as_it_is_says_why(f, why):
    with pytest.raises(ConversionError) as caught:
        wg.grad(wg.jacobian(f))(X)
    assert caught.value.__notes__ == [f"{f.__name__} runs as it is, with the real np.zeros, math and float, because {why}."]
    with pytest.raises(ConversionError) as caught:
        wg.grad(lambda x: TABLE["sine"](x[0]))(X)
    assert not hasattr(caught.value, "__notes__")


def test_the_line_is_one_that_can_be_shown():
    """Of code that was given to exec as text, the line that ran it."""
    said = refusal(functools.partial(lambda code, x: exec(code, {"x": x, "sine": TABLE["sine"]}) or x[0], "y = sine(x[0])"))
    assert "exec(code" in said
