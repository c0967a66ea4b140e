"""A tensor answers Python's operators and ndarray's methods as the array it stands for does."""

import contextlib
import copy
import math
import operator

import numpy as np
import pytest

import wengert as wg
from wengert.rules.vocabulary import bottom
from wengert.testing import check

X = np.array([[0.31, 0.72, 1.13], [0.94, 0.23, 1.41]])
OPERATORS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "divmod": lambda x, y: divmod(x, y)[0] * divmod(x, y)[1],
}
OTHERS = {
    "a float": 0.65,
    "an int": 2,
    "a NumPy float": np.float64(0.65),
    "an array": np.array([0.65, 0.9, 1.7]),
    "a list": [0.65, 0.9, 1.7],
    "a column": np.array([[0.65], [1.7]]),
    "integers": np.array([1, 2, 3]),
    "itself": None,
}


@pytest.mark.parametrize("swapped", [False, True], ids=["x.y", "y.x"])
@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("f", OPERATORS.values(), ids=OPERATORS)
def test_binary_operators(f, other, swapped, differences):
    def g(x):
        y = 1.5 * x[::-1] + 0.11 if other is None else other
        return np.sum((f(y, x) if swapped else f(x, y)) * np.cos(X))

    agree(g, differences)


def agree(g, differences):
    """g's value and derivatives in both modes, against the plain function."""
    truth = differences(g, X)
    value, gradient = wg.value_and_grad(g)(X)
    assert value == g(X.copy())
    np.testing.assert_allclose(gradient, truth, rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(wg.jvp(g, (X,), (X,))[1], np.sum(truth * X), rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("other", [0.65, 2, np.float64(0.65)], ids=lambda y: type(y).__name__)
@pytest.mark.parametrize("f", OPERATORS.values(), ids=OPERATORS)
def test_binary_operators_of_numbers(f, other, differences):
    for g in (lambda x: f(x, other), lambda x: f(other, x), lambda x: f(x, 1.5 * x + 0.11)):
        truth = differences(g, 0.7)
        assert np.isclose(wg.grad(g)(0.7), truth, rtol=1e-7, atol=1e-9)
        assert np.isclose(wg.jvp(g, (0.7,), (1.0,))[1], truth, rtol=1e-7, atol=1e-9)
        assert np.isclose(wg.value_and_grad(g)(0.7)[0], g(0.7))


METHODS = {
    "@": lambda x: x @ x.T @ x,
    "@ of a list": lambda x: np.sum([1.0, 2.0] @ x) + np.sum(x @ [1.0, 2.0, 3.0]),
    "neg, pos, abs": lambda x: -x + +x * 2 + abs(x - 0.5),
    "all and any": lambda x: x * (x > 0).all() + x * x.any(),
    "argmax and argmin": lambda x: x.ravel()[x.argmax()] * x[0, x.argmin(axis=1)],
    "argsort": lambda x: x[0][x[0].argsort()] * np.arange(3),
    "argpartition": lambda x: x[0][np.sort(x[0].argpartition(1)[:1])],
    "astype": lambda x: x.astype(float) * x,
    "clip": lambda x: x.clip(0.25, 1.0) * x,
    "copy and flatten": lambda x: x.copy() * x + x.flatten().reshape(2, 3),
    "conj": lambda x: x.conj() * x.conjugate(),
    "cumsum and cumprod": lambda x: x.cumsum(axis=0) * x.cumprod(1),
    "sums": lambda x: x.sum() + x.sum(axis=1).sum() + x.sum(0, keepdims=True) + x.prod(),
    "diagonal and trace": lambda x: x.diagonal().sum() * x.trace(),
    "dot": lambda x: x.dot(x.T).dot(x),
    "extrema": lambda x: x.max(axis=1) * x.min() + x.max(),
    "statistics": lambda x: x.mean(0) * x.std() + x.var(axis=1).sum(),
    "nonzero": lambda x: x[x.nonzero()] * 2,
    "searchsorted": lambda x: np.sort(x[0]) * np.sort(x[0]).searchsorted(0.8),
    "round": lambda x: x * x.round(1),
    "ravel and reshape": lambda x: x.ravel() * x.reshape(-1) + x.reshape((6,)) * x.reshape(6),
    "repeat": lambda x: x.repeat(2, axis=1) * np.arange(6),
    "squeeze": lambda x: x[:1].squeeze() * x[None].squeeze(0),
    "swapaxes and transpose": lambda x: x.swapaxes(0, 1) + x.transpose() + x.transpose(1, 0) + x.transpose((1, 0)) + x.T + x.mT,
    "take": lambda x: x.take([0, 2], axis=1) * x.take([1, 3]),
    "fill": lambda x: filled(x * 1.0, x[0, 0]),
    "item and tolist": lambda x: x.item(1) * x.item(1, 2) + x.tolist()[1][0] * x[:1, :1].item(),
    "real and imag": lambda x: x.real * (x + 1j * x**2).imag + x.imag,
    "iteration": lambda x: sum(row * k for k, row in enumerate(x)),
    "contains and len": lambda x: x * (7.0 not in x) * len(x) * len(x[0]),
    "comparisons": lambda x: x * (x > 0.5) + x * (x <= 0.5) + x * (x == 0.7) + x * (x != 0.7) * (x < 1) * (x <= 1.1),
    "truth": lambda x: x * 2 if x[0, 0] else x,
    "integers of it": lambda x: x * (int(x[1, 2]) + math.floor(x[1, 2]) + math.ceil(x[1, 2]) + math.trunc(x[1, 2])),
    "rounding of it": lambda x: x * (round(x[1, 2]) + round(x[1, 2], 1)),
    "attributes": lambda x: x * (x.ndim + x.size + sum(x.shape) + x.dtype.itemsize),
    "copies": lambda x: copy.copy(x) * copy.deepcopy([x])[0],
    "sorted": lambda x: sorted(x[0])[1] * max(x[1]) - min(x[1]),
    "reduce": lambda x: np.add.reduce(x) * np.multiply.reduce(x, axis=0) + np.maximum.reduce(x, axis=1).sum(),
    "accumulate": lambda x: np.add.accumulate(x) * np.multiply.accumulate(x, axis=1),
    "outer": lambda x: np.multiply.outer(x[0], x[1]) + np.add.outer(x[0], x[1]) + np.subtract.outer(1.0, x[0]),
    "where=": lambda x: np.multiply(x, x, where=x > 0.5, out=np.zeros_like(x)) + np.sum(x, where=x > 0.5),
    "dtype=": lambda x: np.add(x, x, dtype=float) * np.sum(x, dtype=float),
}


def filled(x, value):
    x[1].fill(value)
    return x * x


@pytest.mark.parametrize("f", METHODS.values(), ids=METHODS)
def test_methods(f, differences):
    agree(lambda x: np.sum(f(x) * 1.0) + 0.1 * np.sum(x), differences)


AUGMENTED = {
    "+=": operator.iadd,
    "-=": operator.isub,
    "*=": operator.imul,
    "/=": operator.itruediv,
    "//=": operator.ifloordiv,
    "%=": operator.imod,
    "**=": operator.ipow,
}


@pytest.mark.parametrize("f", AUGMENTED.values(), ids=AUGMENTED)
def test_augmented_assignment_writes_arrays_and_replaces_numbers(f, differences):
    def arrays(x):
        y = z = x * 1.0 + 0.1
        y = f(y, x[::-1] + 0.31)
        assert y is z
        z[0] = f(z[0], 0.65)
        z[:, 1:] = f(z[:, 1:], x[:, :2] + 0.3)
        z[0, 0] = f(z[0, 0], x[1, 1] + 0.3)
        return np.sum(y * z)

    agree(arrays, differences)

    def numbers(x):
        y = z = x * 1.0
        y = f(y, 0.65)
        return y * z

    assert np.isclose(wg.grad(numbers)(0.9), differences(numbers, 0.9), rtol=1e-7, atol=1e-9)


def test_text_is_that_of_the_value():
    shown = {}

    def f(x):
        shown["array"] = (repr(x), str(x), f"{x}")
        shown["number"] = (repr(x[0, 0]), str(x[0, 0]), f"{x[0, 0]:.3f}", f"{x[0, 0]:>8}", f"{x[0, 0]:e}", "%s" % x[0, 0])
        return np.sum(x**3)

    for derivative in (wg.grad, lambda f: lambda x: wg.jvp(f, (x,), (x,)), lambda f: wg.hessian(f)):
        derivative(f)(X)
        assert shown["array"] == (repr(X), str(X), f"{X}")
        assert shown["number"] == (repr(X[0, 0]), "0.31", "0.310", "    0.31", "3.100000e-01", "0.31")


def test_text_inside_containers_is_that_of_the_value():
    def f(x):
        shown.append(
            (f"{x[:1]!r} {float(x[0])!r} {[x[0], float(x[0])]} {x.tolist()}", "%r" % x[0], str({"x": x}), f"{np.zeros(2)!r}")
        )
        return x[0]

    shown = []
    x = np.array([0.3, 0.7])
    f(x)
    wg.grad(f)(x)
    wg.jvp(f, (x,), (x,))
    assert set(shown) == {shown[0]}
    t = wg.track(x)
    assert (repr(t), repr(t[0])) == ("Tensor([0.3 0.7])", "Tensor(0.3)")


def test_value_is_a_plain_copy():
    y = wg.track(X) + 0.0
    kept = [y.value, y[0].value, y[0, 0].value]
    y *= 2.0
    np.testing.assert_array_equal(kept[0], X)
    np.testing.assert_array_equal(kept[1], X[0])
    assert type(kept[0]) is np.ndarray and kept[0].flags.owndata and kept[2] == 0.31


@pytest.mark.parametrize("name", ["value", "grad", "name"])
@pytest.mark.parametrize("way", [wg.grad, wg.hessian, wg.derivative])
def test_in_a_function_that_is_differentiated_an_array_has_no_more_attributes_than_numpys(name, way):
    def plain(x):
        try:
            return vars(object)["__getattribute__"](x, name) * 0.0
        except AttributeError:
            return x**3

    assert way(plain)(2.0) == way(lambda x: x**3)(2.0)
    with pytest.raises(AttributeError, match=f"no attribute '{name}' in a function that is differentiated, as an array"):
        way(lambda x: __import__("operator").attrgetter(name)(x))(2.0)


NUMBERS = {
    "float": lambda x: float(x[0]),
    "item": lambda x: x[0].item(),
    "complex": lambda x: complex(x[0], 1.0),
    "a number of NumPy's": lambda x: x[0],
    "an array of no dimension": lambda x: np.array(x[0]),
    "an array": lambda x: x,
}
SHARED = [name for name in dir(np.ndarray) if name[0] != "_" and hasattr(wg.Tensor, name)]


@pytest.mark.parametrize("make", NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize("name", SHARED)
def test_a_number_has_the_attributes_of_its_kind_alone(make, name):
    def f(x):
        try:
            found = operator.attrgetter(name)(make(x)) is not None
        except (AttributeError, ValueError) as error:
            found = str(error).partition("\n")[0]
        seen.append(found)
        return x[0]

    seen = []
    x = np.array([0.3, 0.7])
    f(x)
    wg.grad(f)(x)
    wg.jvp(f, (x,), (x,))
    wg.hessian(f)(x)
    assert set(seen) == {seen[0]}


def test_a_tracked_float_keeps_what_a_tracked_number_has():
    assert wg.track(2.0).shape == () and wg.track(2.0).dtype == float and wg.track(2.0).sum().value == 2.0


def written_out(call, shape, dtype):
    def f(x):
        out = np.zeros_like(x, dtype=dtype, shape=shape)
        call(x, out)
        return np.sum(np.real(out).astype(float) ** 2)

    return f


@pytest.mark.parametrize(
    ("call", "shape", "dtype", "error"),
    [
        (lambda x, out: np.fft.fft(x, out=out), (3, 2), complex, ValueError),
        (lambda x, out: np.fft.fft(x, out=out), (2,), float, TypeError),
        (lambda x, out: np.sum(x, axis=0, out=out), (2,), float, ValueError),
        (lambda x, out: np.add(x, 1j, out=out), (2,), float, TypeError),
        (lambda x, out: np.add.reduce(x, out=out), (2,), float, ValueError),
        (lambda x, out: np.exp(x, out=out, where=[[True], [False]]), (2,), float, ValueError),
    ],
)
def test_out_refuses_what_numpy_would_not_write_there(call, shape, dtype, error):
    f, x = written_out(call, shape, dtype), np.array([0.5, 1.0])
    for g in (f, wg.grad(f)):
        with pytest.raises(error):
            g(x)


@pytest.mark.parametrize(
    ("call", "shape", "dtype"),
    [
        (lambda x, out: np.exp(x, out=out), (3, 2), float),
        (lambda x, out: np.exp(x, out=out, where=np.array([True, False])), (3, 2), float),
        (lambda x, out: np.multiply(x, x[:1], out=out, where=[[True], [False], [True]]), (3, 2), float),
        (lambda x, out: np.add(x, x, out=out, casting="unsafe"), (2,), complex),
        (lambda x, out: np.fft.fft(x, out=out), (2,), complex),
    ],
)
def test_out_takes_what_numpy_would_write_there(call, shape, dtype):
    check(written_out(call, shape, dtype), np.array([0.5, 1.0]))


def test_a_narrower_out_rounds():
    gradient = wg.grad(written_out(lambda x, out: np.exp(x, out=out), (2,), np.float32))(np.array([0.5, 1.0]))
    np.testing.assert_allclose(gradient, 2 * np.exp([1.0, 2.0]), rtol=1e-6)


# --- arrays and numbers ---------------------------------------------------------------------------------------------------

VALUES = [
    np.float64(1.5),
    np.float32(1.5),
    np.array(1.5),
    np.array(1.5, np.float32),
    np.array([1.5, 2.0]),
    np.array([1.5]),
    np.array([[1.0, 2.0], [3.0, 4.0]], np.float32),
]
ARGUMENTS = [(), (0,), (1,), (-1,), (None,), ("C",), (np.float32,), ((0,),), (0, 0), ([0],), (2.0,), (0, 1)]
KEYWORDS = [{"axis": 0}, {"axis": -1}, {"keepdims": True}, {"dtype": np.float32}, {"order": "F"}, {"copy": False}, {"min": 0.0}]
ATTRIBUTES = [
    name
    for name in dir(np.ndarray)
    if not name.startswith("_") and name not in ("flat", "fill", "base", "data", "ctypes", "dump", "tofile")
]


def kind_of(y):
    if isinstance(y, tuple | list):
        return [type(y), *map(kind_of, y)]
    y = bottom(y)
    return type(y), getattr(y, "dtype", None), np.shape(y)


def asked(x, name, args, kwargs):
    """The kind of what an attribute is, or gives when it is called; None where that is refused."""
    try:
        found = getattr(x, name)
        return kind_of(found(*args, **kwargs) if callable(found) else found)
    except Exception:
        return None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ATTRIBUTES)
def test_attributes_are_arrays_where_numpys_are_and_numbers_where_numpys_are(name):
    for value in VALUES:
        for args, kwargs in [*((args, {}) for args in ARGUMENTS), *(((), kwargs) for kwargs in KEYWORDS)]:
            plain = asked(copy.copy(value), name, args, kwargs)
            for derivative in (lambda f, x: wg.vjp(f, x), lambda f, x: wg.jvp(f, (x,), (x,))):
                seen = []

                def f(x, args=args, kwargs=kwargs, seen=seen):
                    seen.append(asked(x, name, args, kwargs))
                    return np.sum(x)

                with contextlib.suppress(wg.errors.WengertError):  # what was refused
                    derivative(f, value)
                assert seen[0] in (plain, None) or plain is None, f"{value!r}.{name}(*{args}, **{kwargs})"


@pytest.mark.parametrize(
    "made",
    [
        lambda x: x[0].copy(),
        lambda x: x[0].view(),
        lambda x: np.nan_to_num(x[0]),
        lambda x: np.choose(1, [x[1], x[0]]),
        lambda x: np.average(x, weights=x, returned=True)[1],
        lambda x: np.copy(x[0]),
        lambda x: np.real_if_close(x[0]),
        lambda x: np.broadcast_arrays(x[0], x[1])[0].copy(),
        lambda x: np.fft.fftn(x[0], axes=()).copy(),
    ],
)
def test_what_is_added_to_is_written_or_made_anew_as_in_numpy(made):
    def f(x):
        s = made(x)
        before = s
        s += 1.0
        return before * s

    check(f, np.array([1.5, 2.0]), order=1)


def test_flat_is_an_iterator():
    def f(x):
        elements = x.flat
        first = next(elements)
        assert (elements.index, elements.coords) == (1, (0, 1))
        return first * sum(elements) + sum(elements)  # by then there is none

    check(f, X)


@pytest.mark.parametrize("index", [(-1,), ((1, 2),), (1, 2), ((4,),), (-6,)])
def test_item_takes_an_index_as_numpy_does(index):
    def f(x):
        return x.item(*index) ** 2

    assert wg.value_and_grad(f)(X)[0] == f(X)
    check(f, X)


def test_numpys_own_refusal_is_heard():
    def f(x):
        np.rollaxis(x, 2)

    with pytest.raises(np.exceptions.AxisError, match="axis 2 is out of bounds for array of dimension 2"):
        wg.vjp(f, X)


class Reflected:
    """An operand that has the operator, and converts."""

    def __init__(self, value):
        self.value = value

    def __rmul__(self, other):
        return np.sum(other * self.value) * 10

    def __array__(self, dtype=None, copy=None):
        return np.full(3, self.value)


class Deferred(Reflected):
    __array_ufunc__ = None


class Preferred(Reflected):
    __array_priority__ = 1000.0


class Low(Reflected):
    __array_priority__ = -10.0  # above a number's, below an array's


class Overriding:
    """An operand that says itself what ufuncs make of it."""

    def __init__(self, value):
        self.value = value

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return getattr(ufunc, method)(*[a.value if isinstance(a, Overriding) else a for a in inputs], **kwargs) * 1.5

    def __rmul__(self, other):
        return 1000.0


class Reflecting:
    """Known to nobody, but with the operator of its own."""

    def __init__(self, value):
        self.value = value

    def __rmul__(self, other):
        return other * self.value * 10


def outcome(call):
    """What a call gives, or the words in which NumPy refuses it."""
    try:
        return call()
    except TypeError as error:
        return str(error)


EXPRESSIONS = {
    "array * a": lambda x, a: np.sum(x * a),
    "number * a": lambda x, a: np.sum(x[0] * a),
    "Python's number * a": lambda x, a: np.sum(float(x[0]) * a),
    "a * array": lambda x, a: np.sum(a * x),
    "a * number": lambda x, a: np.sum(a * x[0]),
    "multiply(array, a)": lambda x, a: np.sum(np.multiply(x, a)),
}


@pytest.mark.parametrize("kind", [Reflected, Deferred, Preferred, Low, Overriding])
@pytest.mark.parametrize("expression", EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_operators_are_left_to_other_objects_as_numpy_leaves_them(kind, expression):
    x = np.array([1.0, 2.0, 3.0])
    expected = outcome(lambda: expression(x, kind(2.0)))
    if isinstance(expected, str):
        assert outcome(lambda: wg.grad(lambda x: expression(x, kind(2.0)))(x)) == expected
        return
    assert wg.value_and_grad(lambda x: expression(x, kind(2.0)))(x)[0] == expected
    check(lambda x: expression(x, kind(2.0)), x)


def test_what_only_reflects_takes_numbers_and_not_arrays():
    assert wg.grad(lambda x: x * Reflecting(2.0))(3.0) == 20.0
    assert wg.grad(lambda x: x[1] * Reflecting(2.0))(np.ones(2))[1] == 20.0
    with pytest.raises(wg.errors.InputError, match="met a Reflecting"):
        wg.grad(lambda x: np.sum(x * Reflecting(2.0)))(np.ones(2))
