"""Bad input: the right answer, or an error of wengert.errors that names the user's line and says what to write. Never silence.

Each program stands on a line of its own, and the error must name that line.
"""

import array
import cmath
import copy
import datetime
import decimal
import fractions
import json
import math
import operator
import pickle
import re
import statistics
import sys

import numpy as np
import pytest
import scipy.interpolate
import scipy.linalg
import scipy.optimize
import scipy.sparse

import wengert as wg
from wengert.errors import ConversionError, InputError, MissingRuleError, OutputError, WengertError, WriteError
from wengert.testing import check

X = np.array([0.5, 1.0, 1.5])
OUTER = np.zeros(3)
HELD = [np.random.default_rng(0)]  # where substitution does not reach
MATRIX = np.eye(3)

DERIVATIVES = {
    "grad": lambda f: wg.grad(f)(X),
    "jvp": lambda f: wg.jvp(f, (X,), (np.ones(3),)),
    "vjp": lambda f: wg.vjp(f, X),
    "linearize": lambda f: wg.linearize(f, X),
    "jacobian": lambda f: wg.jacobian(f)(X),
    "hessian": lambda f: wg.hessian(f)(X),
    "grad of grad": lambda f: wg.grad(lambda x: np.sum(wg.grad(f)(x)))(X),
}
EACH = pytest.mark.parametrize("derivative", DERIVATIVES.values(), ids=DERIVATIVES)


def line_of(f):
    return f.__code__.co_firstlineno


@pytest.fixture(autouse=True)
def _nothing_outside_was_written():
    OUTER[:] = 0.0
    yield
    np.testing.assert_array_equal(OUTER, np.zeros(3))
    np.testing.assert_array_equal(MATRIX, np.eye(3))
    np.testing.assert_array_equal(X, [0.5, 1.0, 1.5])


# --- conversions ---------------------------------------------------------------------------------------------------------------

SUBSTITUTED = {
    "float": lambda x: float(x[0]),
    "complex": lambda x: complex(x[0]),
    "math.sin": lambda x: math.sin(x[0]),
    "math.sqrt": lambda x: math.sqrt(x[0]),
    "math.hypot": lambda x: math.hypot(x[0], x[1]),
    "math.fsum": lambda x: math.fsum(x),
    "math.isnan": lambda x: x[0] if math.isnan(x[0]) else x[1],
    "cmath.exp": lambda x: abs(cmath.exp(x[0])),
    "np.asarray": lambda x: np.sum(np.asarray(x)),
    "np.array": lambda x: np.sum(np.array(x)),
    "np.array of a number": lambda x: np.array(x[0]),
    "np.array of a list": lambda x: np.sum(np.array([x[0], x[1]])),
    "np.array of mixed": lambda x: np.sum(np.array([x[0], 1.0])),
    "np.array of rows": lambda x: np.sum(np.array([x, x])),
    "np.array of nested lists": lambda x: np.sum(np.array([[x[0], x[1]], [1.0, 2.0]])),
    "np.array of floats": lambda x: np.sum(np.array([x[0], x[1]], dtype=float)),
    "np.asanyarray": lambda x: np.sum(np.asanyarray(x)),
    "np.ascontiguousarray": lambda x: np.sum(np.ascontiguousarray(x)),
    "np.fromiter": lambda x: np.sum(np.fromiter(x, float)),
    "np.full": lambda x: np.sum(np.full(3, x[0])),
    "np.arange": lambda x: np.sum(np.arange(x[0])),
    "np.vectorize": lambda x: np.sum(np.vectorize(lambda t: t * 2)(x)),
    "random": lambda x: np.sum(np.random.default_rng(0).normal(x)),
}
CONVERSIONS = {
    "np.array of objects": lambda x: np.sum(np.array([x[0], x[1]], dtype=object)),
    "np.ma.array": lambda x: np.sum(np.ma.array(x, mask=[0, 1, 0])),
    "random out of reach": lambda x: np.sum(HELD[0].normal(x)),
    "polynomial": lambda x: np.polynomial.Polynomial(x)(2.0),
    "array.array": lambda x: sum(array.array("d", x)),
    "an item of an outer array": lambda x: operator.setitem(OUTER, 0, x[0]),
    "a slice of an outer array": lambda x: operator.setitem(OUTER, slice(None), x),
    "all of an outer array": lambda x: operator.setitem(OUTER, ..., x),
    "a mask of an outer array": lambda x: operator.setitem(OUTER, OUTER == 0, x),
    "an index of an outer array": lambda x: operator.setitem(OUTER, [0, 1], x[:2]),
    "fill of an outer array": lambda x: OUTER.fill(x[0]),
    "put of an outer array": lambda x: OUTER.put([0], x[0]),
    "as an index": lambda x: OUTER[x[0]],
    "scipy.linalg.solve": lambda x: np.sum(scipy.linalg.solve(MATRIX, x)),
    "scipy.linalg.inv": lambda x: np.sum(scipy.linalg.inv(x[:, None] * MATRIX)),
    "scipy.linalg.expm": lambda x: np.sum(scipy.linalg.expm(x[:, None] * MATRIX)),
    "scipy.linalg.cho_factor": lambda x: np.sum(scipy.linalg.cho_factor(x[:, None] * MATRIX)[0]),
    "interp1d": lambda x: scipy.interpolate.interp1d([0.0, 1.0, 2.0], x)(0.5),
    "CubicSpline": lambda x: scipy.interpolate.CubicSpline([0.0, 1.0, 2.0], x)(0.5),
    "a sparse matrix": lambda x: np.sum(scipy.sparse.csr_array(MATRIX) @ x),
    "hash": lambda x: hash(x[0]),
    "a set": lambda x: {x[0]},
    "a key": lambda x: {x[0]: 1.0},
    "pickle": lambda x: pickle.dumps(x),
}


@EACH
@pytest.mark.parametrize("f", CONVERSIONS.values(), ids=CONVERSIONS)
def test_a_conversion_is_refused_on_the_users_line(f, derivative):
    with pytest.raises((ConversionError, WriteError)) as refused:
        derivative(f)
    names_line_and_mend(refused.value, f)


@pytest.mark.parametrize("f", SUBSTITUTED.values(), ids=SUBSTITUTED)
@pytest.mark.filterwarnings("ignore::wengert.errors.ApproximationWarning")
def test_what_stands_for_a_conversion_is_right(f):
    check(f, X)


@EACH
@pytest.mark.parametrize("f", SUBSTITUTED.values(), ids=SUBSTITUTED)
def test_out_of_reach_it_is_refused_on_the_users_line(f, derivative):
    with pytest.raises(ConversionError) as refused:
        derivative(lambda x: IN_A_CONTAINER[f](x))
    names_line_and_mend(refused.value, f)


IN_A_CONTAINER = {f: f for f in SUBSTITUTED.values()}


@EACH
def test_a_root_that_is_sought_by_compiled_code_is_loud(derivative):
    """It goes on calling with an error pending, so that Python may say SystemError for it."""
    with pytest.raises((WengertError, SystemError, AttributeError)):
        derivative(lambda x: scipy.optimize.brentq(lambda t: t - x[0], -10, 10))


def test_a_float_of_an_array_fails_as_numpys_does():
    with pytest.raises(TypeError, match="only 0-dimensional|only length-1"):
        wg.grad(lambda x: float(x))(X)


def names_line_and_mend(error, f):
    text = str(error)
    assert f"[test_bad_input.py:{line_of(f)}: " in text, text
    assert re.search(r"Write |Make |Use |Pickle |Convert |wg\.stop_gradient", text), text


def test_the_refusal_names_the_line_not_the_call():
    def f(x):
        y = x * 2.0
        return np.array(
            [y[0]], dtype=object,
        )  # fmt: skip

    with pytest.raises(ConversionError, match=f"test_bad_input.py:{line_of(f) + 2}: return"):
        wg.grad(f)(X)


# --- writes --------------------------------------------------------------------------------------------------------------------

WRITES = {
    "+=": lambda x: operator.iadd(OUTER, x),
    "*= a number": lambda x: operator.imul(OUTER, x[0]),
    "/=": lambda x: operator.itruediv(OUTER, x),
    "out=": lambda x: np.sin(x, out=OUTER),
    "out by position": lambda x: np.multiply(x, x, OUTER),
    "out= with where=": lambda x: np.sqrt(x, where=x > 0, out=OUTER),
    "out= of a reduction": lambda x: np.add.reduce(x, out=OUTER[:1].reshape(())),
    "out= of a function": lambda x: np.cumsum(x, out=OUTER),
    "out= of a method": lambda x: x.cumsum(out=OUTER),
    "out= of a matmul": lambda x: np.matmul(MATRIX, x, out=OUTER),
    "out= of clip": lambda x: np.clip(x, 0, 1, out=OUTER),
    "np.add.at": lambda x: np.add.at(OUTER, [0], x[0]),
    "np.copyto": lambda x: np.copyto(OUTER, x),
    "np.put": lambda x: np.put(OUTER, [0], x[0]),
    "np.place": lambda x: np.place(OUTER, OUTER >= 0, x),
    "np.putmask": lambda x: np.putmask(OUTER, OUTER >= 0, x),
    "np.put_along_axis": lambda x: np.put_along_axis(OUTER, np.array([1]), x[:1], 0),
    "np.fill_diagonal": lambda x: np.fill_diagonal(MATRIX, x),
}


@EACH
@pytest.mark.parametrize("f", WRITES.values(), ids=WRITES)
def test_a_write_into_an_outer_array_is_refused_on_the_users_line(f, derivative):
    with pytest.raises(WriteError) as refused:
        derivative(f)
    names_line_and_mend(refused.value, f)


UNKNOWN = {
    "np.save": lambda x: np.save("never", x),
    "np.zeros(like=)": lambda x: np.zeros(3, like=x),
}


@EACH
@pytest.mark.parametrize("f", UNKNOWN.values(), ids=UNKNOWN)
def test_a_function_without_a_rule_is_refused_on_the_users_line(f, derivative):
    with pytest.raises((MissingRuleError, ConversionError)) as refused:
        derivative(f)
    names_line_and_mend(refused.value, f)


# --- operands that have no derivative ------------------------------------------------------------------------------------------

OPERANDS = {
    "objects": lambda x: x * np.array([1, 2, 3], object),
    "objects on the left": lambda x: np.array([1, 2, 3], object) * x,
    "objects added": lambda x: np.add(np.array([1.0, 2, 3], object), x),
    "a fraction": lambda x: x * fractions.Fraction(1, 3),
    "a matrix": lambda x: x * np.asmatrix([1.0, 2.0, 3.0]),
    "a matrix on the left": lambda x: np.asmatrix([1.0, 2.0, 3.0]) * x[:, None],
    "a matrix in a function": lambda x: np.matmul(np.asmatrix(np.eye(3)), x),
    "a matrix in a list": lambda x: np.concatenate([np.asmatrix(np.eye(3)), x[None]]),
    "a masked array": lambda x: np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0]) * x,
    "a masked array on the right": lambda x: x * np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0]),
    "a masked array in a function": lambda x: np.dot(x, np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0])),
    "a time": lambda x: x * np.timedelta64(1, "D"),
    "as objects": lambda x: x.astype(object),
}


@EACH
@pytest.mark.parametrize("f", OPERANDS.values(), ids=OPERANDS)
@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_an_operand_without_a_derivative_is_refused_on_the_users_line(f, derivative):
    with pytest.raises(WengertError) as refused:
        derivative(f)
    names_line_and_mend(refused.value, f)


PLAIN = {
    "a string": lambda x: x + "a",
    "None": lambda x: x + None,
    "a decimal": lambda x: np.sum(x * decimal.Decimal(2)),
    "a date": lambda x: x * np.array(["2020-01-01"], "M8[D]"),
    "a record": lambda x: x * np.zeros(3, [("a", float)]),
    "a dict": lambda x: x * {"a": 1.0},
    "json": lambda x: json.dumps({"x": x[0]}),
    "a list index": lambda x: [1, 2, 3][x[0]],
    "range": lambda x: range(x[0]),
    "np.eye": lambda x: np.eye(x[0]),
    "memoryview": lambda x: memoryview(x),
    "len of a number": lambda x: len(x[0]),
    "truth of an array": lambda x: x if x else -x,
    "statistics": lambda x: statistics.median_grouped(x),
    "an attribute": lambda x: setattr(x, "foo", 1.0),
    "a shape that does not fit": lambda x: x.reshape(2, 2),
    "an index out of range": lambda x: x[7],
    "an item of several": lambda x: x.item(),
    "broadcast": lambda x: x + np.ones(4),
}


@EACH
@pytest.mark.parametrize("f", PLAIN.values(), ids=PLAIN)
def test_what_python_or_numpy_refuses_stays_refused(f, derivative):
    with pytest.raises((TypeError, ValueError, IndexError, AttributeError)):
        derivative(f)


# --- right answers to what looks risky -----------------------------------------------------------------------------------------

RIGHT = {
    "copy.copy": (lambda x: np.sum(copy.copy(x) * x), 2 * X),
    "copy.deepcopy": (lambda x: np.sum(copy.deepcopy({"x": x})["x"] * x), 2 * X),
    "sum": (lambda x: sum(x) + sum([x[0], x[1]], 0.0), np.array([2.0, 2.0, 1.0])),
    "max": (lambda x: max(x) * min(x[0], 2.0), np.array([1.5, 0.0, 0.5])),
    "sorted": (lambda x: sorted(x)[1] * sorted(x, key=lambda t: -t)[0], np.array([0.0, 1.5, 1.0])),
    "abs, divmod, pow": (lambda x: abs(-x[0]) + divmod(x[1], 0.3)[1] + pow(x[2], 2), np.array([1.0, 1.0, 3.0])),
    "math.prod": (lambda x: math.prod(x), np.array([1.5, 0.75, 0.5])),
    "math.floor": (lambda x: x[2] * math.floor(x[2]) + x[1] * math.ceil(x[0]), np.array([0.0, 1.0, 1.0])),
    "round": (lambda x: x[0] * round(x[2]) + round(x[1], 1), np.array([2.0, 0.0, 0.0])),
    "int": (lambda x: x[0] * int(x[2]) + x[1] * bool(x[1]), np.array([1.0, 1.0, 0.0])),
    "unpacking": (lambda x: (lambda a, b, c: a * b - c)(*x), np.array([1.0, 0.5, -1.0])),
    "zip and enumerate": (lambda x: sum(i * a * b for i, (a, b) in enumerate(zip(x, X, strict=True))), np.array([0.0, 1.0, 3.0])),
    "reversed": (lambda x: next(iter(reversed(x))) * x[1], np.array([0.0, 1.5, 1.0])),
    "in": (lambda x: x[0] if 1.0 in x else x[1], np.array([1.0, 0.0, 0.0])),
    "== None": (lambda x: x[0] if x is not None and not np.any(x == 7.0) else x[1], np.array([1.0, 0.0, 0.0])),
    "tolist and item": (lambda x: x.tolist()[1] * x.item(2) + x[0].item(), np.array([1.0, 1.5, 1.0])),
    "lists": (lambda x: np.sum(x + [1.0, 2.0, 3.0]) + np.sum([1.0, 2.0, 3.0] * x), np.array([2.0, 3.0, 4.0])),
    "integers": (lambda x: np.sum(x * np.arange(3)) + np.sum(x[np.arange(2)]), np.array([1.0, 2.0, 2.0])),
    "booleans": (lambda x: np.sum(x * (x > 0.7)) + True * x[0], np.array([1.0, 1.0, 1.0])),
    "formatting": (
        lambda x: x[0] * len(f"{x[0]:.3f} {x[1]:8.2e} {x}") + 0.0 * len(str(x) + repr(x)),
        np.array([len("0.500 1.00e+00 [0.5 1.  1.5]"), 0.0, 0.0]),
    ),
    "a memory map": (lambda x: np.sum(x * np.asarray(X).view(np.memmap)), X),
    "strided constants": (lambda x: np.sum(x * np.arange(6.0)[::-2]), np.array([5.0, 3.0, 1.0])),
}


@pytest.mark.parametrize(("f", "gradient"), RIGHT.values(), ids=RIGHT)
def test_what_looks_risky_is_right(f, gradient):
    np.testing.assert_allclose(wg.grad(f)(X), gradient, rtol=1e-12)
    assert np.isclose(wg.jvp(f, (X,), (X,))[1], gradient @ X)
    assert np.isclose(wg.value_and_grad(f)(X)[0], f(X.copy()))


# --- arguments -----------------------------------------------------------------------------------------------------------------

GOOD_ARGUMENTS = {
    "empty": np.zeros((0, 2)),
    "zero-dimensional": np.array(2.0),
    "read-only": np.broadcast_to(2.0, (3,)),
    "non-contiguous": np.arange(10.0)[::3],
    "reversed": np.arange(3.0)[::-1],
    "Fortran order": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "NaN and inf": np.array([np.nan, np.inf, -np.inf]),
    "unaligned": np.frombuffer(b"\0" + np.arange(3.0).tobytes(), np.uint8)[1:].view(float),
    "swapped bytes": np.arange(3.0).astype(">f8"),
    "a million": np.ones(1_000_000),
    "a Python float": 2.0,
    "a NumPy float": np.float32(2.0),
}


@pytest.mark.parametrize("x", GOOD_ARGUMENTS.values(), ids=GOOD_ARGUMENTS)
def test_good_arguments_have_right_gradients(x):
    with np.errstate(invalid="ignore"):
        g = wg.grad(lambda x: np.sum(x * x * 0.5))(x)
    np.testing.assert_array_equal(g, x)
    assert np.shape(g) == np.shape(x)


BAD_ARGUMENTS = {
    "integers": (np.array([1, 2, 3]), r"array of int64.*astype\(float\)"),
    "booleans": (np.array([True, False]), r"boolean.*astype\(float\)"),
    "a boolean": (True, "boolean"),
    "None": (None, "is None"),
    "a string": ("abc", "a string.*argnums"),
    "strings": (np.array(["a", "b"]), "dtype <U1"),
    "objects": (np.array([1.0, 2.0], object), r"dtype object.*astype\(float\)"),
    "a masked array": (np.ma.array([1.0, 2.0], mask=[0, 1]), "masked array.*filled"),
    "a matrix": (np.zeros((2, 2)).view(np.matrix), r"matrix.*np\.asarray"),
    "records": (np.zeros(2, [("a", float)]), "dtype"),
    "dates": (np.array(["2020-01-01"], "M8[D]"), "datetime64"),
    "a date": (datetime.date(2020, 1, 1), "date, which is no number"),
    "times": (np.array([1, 2], "m8[s]"), "timedelta64"),
    "a fraction": (fractions.Fraction(1, 2), "Fraction, which is no number"),
    "a decimal": (decimal.Decimal(1), "Decimal, which is no number"),
    "a set": ({1.0}, "set, which is no number"),
    "a range": (range(3), "range, which is no number"),
    "a generator": ((t for t in (1.0, 2.0)), "generator, which is no number"),
    "a sparse matrix": (scipy.sparse.csr_array(np.eye(2)), "csr_array, which is no number"),
    "an unregistered container": (type("Bag", (), {"w": 1.0})(), "Bag, which is no number.*dataclass.*register"),
    "inside a container": ({"a": [1.0, np.array([1, 2])]}, r"\['a'\]\[1\] is an array of int64"),
}


@pytest.mark.parametrize(("x", "says"), BAD_ARGUMENTS.values(), ids=BAD_ARGUMENTS)
def test_bad_arguments_are_refused_on_the_users_line(x, says):
    def f(x):
        raise AssertionError("f was called")

    calls = (
        lambda: wg.grad(f)(x),
        lambda: wg.value_and_grad(f)(x),
        lambda: wg.vjp(f, x),
        lambda: wg.jvp(f, (x,), (x,)),
        lambda: wg.linearize(f, x),
        lambda: wg.jacobian(f)(x),
        lambda: wg.hessian(f)(x),
        lambda: wg.hvp(f)(x, x),
        lambda: wg.derivative(f)(x),
    )
    for call in calls:
        with pytest.raises(InputError, match=f"(?s)argument 0 of .*{says}.*test_bad_input.py:{line_of(call)}: "):
            call()


# --- nothing becomes an array of objects in silence ----------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize(
    "programs",
    [SUBSTITUTED, CONVERSIONS, WRITES, UNKNOWN, OPERANDS, PLAIN, RIGHT],
    ids=["substituted", "conversions", "writes", "unknown", "operands", "plain", "right"],
)
@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_no_array_of_objects_ever_holds_a_tensor(programs, derivative):
    """Every array that exists in any frame of a program, while it runs, has numbers in it."""
    found = []

    def watch(frame, event, arg):
        if event == "return":
            for a in [arg, *frame.f_locals.values()]:
                if isinstance(a, np.ndarray) and a.dtype == object and any(isinstance(t, wg.Tensor) for t in a.flat):
                    found.append((frame.f_code.co_name, a))

    for f in programs.values():
        f = f[0] if isinstance(f, tuple) else f
        sys.setprofile(watch)
        try:
            derivative(f)
        except (WengertError, TypeError, ValueError, IndexError, AttributeError):
            continue
        finally:
            sys.setprofile(None)
    assert not found


def test_errors_are_of_the_kinds_that_python_would_raise():
    for error, kind in [(ConversionError, TypeError), (WriteError, TypeError), (InputError, TypeError), (OutputError, TypeError)]:
        assert issubclass(error, kind) and issubclass(error, WengertError)
