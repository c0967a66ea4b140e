"""A primitive is one call, never looked into; its one rule serves every mode and order; without one it says so."""

import math
import pickle
import warnings

import numpy as np
import pytest

import wengert as wg
from wengert.errors import ApproximationWarning, ClosureError, InputError, MissingRuleError, RuleError, WriteError
from wengert.extend import elementwise, linear, pair
from wengert.trace.tape import Tape

X = np.array([0.3, -0.7, 1.1])
V = np.array([1.0, -2.0, 0.5])
W = np.array([0.4, 0.9, -1.3])
MODES = {
    "forward over forward": lambda f: lambda x: wg.jvp(lambda x: wg.jvp(f, (x,), (V,))[1], (x,), (W,))[1],
    "forward over reverse": lambda f: lambda x: wg.jvp(wg.grad(f), (x,), (V,))[1] @ W,
    "reverse over forward": lambda f: lambda x: wg.grad(lambda x: wg.jvp(f, (x,), (V,))[1])(x) @ W,
    "reverse over reverse": lambda f: lambda x: wg.grad(lambda x: wg.grad(f)(x) @ V)(x) @ W,
}


def plain(*values):
    """What a black box may insist on."""
    assert all(type(a) in (np.ndarray, np.float64, float) for a in values)


@wg.primitive
def erf(x):
    """The error function."""
    plain(x)
    return np.vectorize(math.erf)(x)


elementwise(erf, lambda y, x: 2 / math.sqrt(math.pi) * np.exp(-x * x))


@wg.primitive
def blend(x, y, power=2):
    plain(x, y)
    return np.sum(x**power * y)


pair(
    blend,
    jvp=lambda z, x, y, dx, dy, power=2: np.sum(power * x ** (power - 1) * y * dx + x**power * dy),
    vjp=lambda g, z, x, y, power=2: (g * power * x ** (power - 1) * y, g * x**power),
    operands=2,
)


def by_jvp(f=None):
    @wg.primitive
    def softmax(x):
        plain(x)
        e = np.exp(x - np.max(x))
        return e / np.sum(e)

    pair(softmax, jvp=lambda y, x, t: y * (t - np.sum(y * t)))
    return softmax


def by_vjp():
    @wg.primitive
    def softmax(x):
        plain(x)
        e = np.exp(x - np.max(x))
        return e / np.sum(e)

    pair(softmax, vjp=lambda g, y, x: y * (g - np.sum(y * g)))
    return softmax


def polar(jvp=True, vjp=True):
    """A primitive with two results."""

    @wg.primitive
    def polar(a, b):
        plain(a, b)
        return np.hypot(a, b), np.arctan2(b, a)

    def tangents(y, a, b, da, db):
        r, _ = y
        return (a * da + b * db) / r, (a * db - b * da) / r**2

    def cotangents(g, y, a, b):
        (r, _), (gr, gp) = y, g
        return gr * a / r - gp * b / r**2, gr * b / r + gp * a / r**2

    pair(polar, jvp=tangents if jvp else None, vjp=cotangents if vjp else None, operands=2)
    return polar


def shifted(softmax):
    return lambda x: np.sum(np.sin(softmax(x * x)) * W)


def both(primitive):
    def f(x):
        r, p = primitive(x[:2] + 2.0, x[1:] * x[:2])
        return np.sum(r * np.sin(p)) + np.sum(r[0] * x)

    return f


def numpy_softmax(x):
    e = np.exp(x)
    return e / np.sum(e)


def numpy_polar(a, b):
    return np.sqrt(a * a + b * b), np.arctan2(b, a)


def smooth_erf(x):
    """erf by its Taylor series, which takes complex numbers too."""
    return 2 / math.sqrt(math.pi) * sum((-1) ** k * x ** (2 * k + 1) / (math.factorial(k) * (2 * k + 1)) for k in range(40))


CASES = {
    "elementwise": (lambda x: np.sum(erf(x * x) * W), lambda x: np.sum(smooth_erf(x * x) * W)),
    "pair": (lambda x: blend(np.sin(x), x * x, power=3), lambda x: np.sum(np.sin(x) ** 3 * x * x)),
    "pair, one constant": (lambda x: blend(W, x * x), lambda x: np.sum(W**2 * x * x)),
    "pair, traced by name": (lambda x: blend(y=x * x, x=np.sin(x)), lambda x: np.sum(np.sin(x) ** 2 * x * x)),
    "by its jvp": (shifted(by_jvp()), shifted(numpy_softmax)),
    "by its vjp": (shifted(by_vjp()), shifted(numpy_softmax)),
    "two results": (both(polar()), both(numpy_polar)),
    "two results, by their jvp": (both(polar(vjp=False)), both(numpy_polar)),
    "two results, by their vjp": (both(polar(jvp=False)), both(numpy_polar)),
}


@pytest.fixture(params=CASES.values(), ids=CASES)
def case(request):
    return request.param


def test_the_value_is_that_of_the_function(case):
    f, oracle = case
    assert np.isclose(f(X), oracle(X), rtol=1e-13)
    assert wg.value_and_grad(f)(X)[0] == f(X)
    assert wg.jvp(f, (X,), (V,))[0] == f(X)


def test_first_derivatives(case, differences):
    f, oracle = case
    gradient = differences(oracle, X)
    assert np.allclose(wg.grad(f)(X), gradient, rtol=1e-8, atol=1e-9)
    assert np.isclose(wg.jvp(f, (X,), (V,))[1], gradient @ V, rtol=1e-8)
    assert np.isclose(wg.linearize(f, X)[1](V), gradient @ V, rtol=1e-8)
    assert np.allclose(wg.jacfwd(f)(X), gradient, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_second_derivatives(case, mode, differences):
    f, oracle = case
    hessian = differences(lambda x: differences(oracle, x), X)
    assert np.isclose(mode(f)(X), V @ hessian @ W, rtol=1e-4, atol=1e-5)
    assert np.isclose(mode(f)(X), mode(oracle)(X), rtol=1e-11, atol=1e-12) or f is CASES["elementwise"][0]


def test_third_derivatives():
    f = by_jvp()
    third = wg.jacobian(wg.hessian(lambda x: np.sum(f(x) * W)))(X)
    assert np.allclose(third, wg.jacobian(wg.hessian(lambda x: np.sum(numpy_softmax(x) * W)))(X), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("one", [{"jvp": True}, {"vjp": True}], ids=["jvp", "vjp"])
def test_the_derived_mode_keeps_the_conventions_for_complex_numbers(one):
    product = wg.primitive(lambda a, x: a * x * x)
    given = {
        "jvp": lambda y, a, x, da, dx: da * x * x + 2 * a * x * dx,
        "vjp": lambda g, y, a, x: (g * x * x, g * 2 * a * x),
    }
    pair(product, operands=2, **{k: given[k] for k in one})
    z, w = X + 1j * V, V - 0.5j * W
    for f in (
        lambda a, x: product(a, x),
        lambda a, x: product(a, np.real(x) * 1.0),
        lambda a, x: product(np.imag(a), x),
    ):

        def oracle(a, x, f=f):
            return f.__code__ and np.sum(np.abs(evaluate(f, product, a, x)) ** 2)

        def loss(a, x, f=f):
            return np.sum(np.abs(f(a, x)) ** 2)

        g, h = wg.grad(loss, (0, 1))(z, w), wg.grad(oracle, (0, 1))(z, w)
        assert np.allclose(g, h, rtol=1e-12)
        t = wg.jvp(loss, (z, w), (w, z))[1]
        assert np.isclose(t, np.real(np.sum(g[0] * w) + np.sum(g[1] * z)), rtol=1e-12)


def evaluate(f, primitive, a, x):
    """f with the primitive's plain function in its place."""
    cell = f.__closure__[0]
    assert cell.cell_contents is primitive
    cell.cell_contents = primitive.f
    try:
        return f(a, x)
    finally:
        cell.cell_contents = primitive


def test_dtypes_are_kept():
    for softmax in (by_jvp(), by_vjp()):
        x = X.astype(np.float32)
        assert wg.grad(lambda x, f=softmax: np.sum(f(x)))(x).dtype == np.float32
        assert wg.jvp(softmax, (x,), (V.astype(np.float32),))[1].dtype == np.float32


def test_a_call_is_one_node():
    tape = Tape()
    x = tape.lift(X.copy())
    erf(x)
    assert len(tape.nodes) == 2


def test_without_traced_arguments_it_is_the_function():
    @wg.primitive
    def identity(x, label=None):
        return x, label

    things = {"a": 1}
    assert identity(things, label="b") == (things, "b")
    assert identity(X)[0] is X
    assert wg.primitive(len)([1, 2]) == 2


def test_what_returns_its_argument_still_has_its_own_rule():
    turned = wg.primitive(lambda x: x)
    linear(turned, lambda g, x: -g)
    assert wg.grad(turned)(2.0) == -1.0
    assert wg.grad(lambda x: turned(np.float64(1.0) * x))(2.0) == -1.0
    assert np.array_equal(wg.grad(lambda x: np.sum(turned(x)))(X), -np.ones(3))
    part = wg.primitive(lambda x: x[1:])
    pair(part, jvp=lambda y, x, t: 5 * t[1:])
    assert np.array_equal(wg.grad(lambda x: np.sum(part(x)))(X), [0.0, 5.0, 5.0])
    again = wg.grad(lambda x: np.sum(wg.grad(lambda x: np.sum(turned(x) ** 2))(x)))(X)
    assert np.array_equal(again, 2 * np.ones(3))


def test_lists_of_arrays():
    total = wg.primitive(lambda arrays, scale: scale * np.sum([np.sum(a) for a in arrays]))
    linear(total, lambda g, arrays, scale: [np.broadcast_to(g * scale, a.shape) for a in arrays])
    assert np.allclose(wg.grad(lambda x: total([x * x, X, 3.0 * x], 2.0))(X), 4 * X + 6)
    assert np.isclose(wg.jvp(lambda x: total((x * x, X), 2.0), (X,), (V,))[1], np.sum(4 * X * V))


def test_a_result_that_is_no_number_passes():
    split = wg.primitive(lambda x: (x * x, x > 0, "ok", 7))
    pair(split, vjp=lambda g, y, x: g[0] * 2 * x)
    assert np.allclose(wg.grad(lambda x: np.sum(split(x)[0][split(x)[1]]))(X), np.where(X > 0, 2 * X, 0))
    y, t = wg.jvp(lambda x: split(x)[0], (X,), (V,))
    assert np.allclose(t, 2 * X * V) and np.allclose(y, X * X)
    assert wg.grad(lambda x: np.sum(x) * split(x)[3])(X)[0] == 7.0
    assert np.allclose(wg.linearize(lambda x: split(x)[0], X)[1](V), 2 * X * V)


def test_one_of_several_results_may_be_written_though_the_rule_reads_it():
    both = wg.primitive(lambda x: (np.exp(x), np.sin(x)))
    pair(both, vjp=lambda g, y, x: g[0] * y[0] + g[1] * np.cos(x))

    def loss(x):
        e, s = both(x)
        total = np.sum(e * 1.0)
        e[...] = 0.0
        return total + np.sum(s)

    assert np.allclose(wg.grad(loss)(X), np.exp(X) + np.cos(X))


# --- what must be loud ------------------------------------------------------------------------------------------------


def test_without_a_rule_it_says_what_to_write():
    @wg.primitive
    def mystery(x):
        return x

    assert mystery(2.0) == 2.0
    with pytest.raises(
        MissingRuleError,
        match=r"mystery is a primitive without.*wengert.extend.pair\(.*finite-difference.*\n.*test_prim",
    ):
        wg.grad(mystery)(2.0)
    with pytest.raises(MissingRuleError, match="mystery"):
        wg.jvp(lambda x: np.sum(mystery(x)), (X,), (V,))


def test_a_rule_for_the_first_operand_is_none_for_the_second():
    scaled = wg.primitive(lambda x, s: x * s)
    pair(scaled, vjp=lambda g, y, x, s: g * s)
    assert wg.grad(scaled)(2.0, 3.0) == 3.0
    for ask in (lambda: wg.grad(scaled, 1)(2.0, 3.0), lambda: wg.jvp(lambda s: scaled(2.0, s), (3.0,), (1.0,))):
        with pytest.raises(MissingRuleError, match="argument 1"):
            ask()


def squared(a):
    f = wg.primitive(lambda x: x * a)
    pair(f, vjp=lambda g, y, x: g * wg.stop_gradient(a))
    return f


@pytest.mark.parametrize("ask", [lambda f: wg.grad(f)(2.0), lambda f: wg.jvp(f, (2.0,), (1.0,)), lambda f: wg.vjp(f, 2.0)])
def test_a_closure_over_a_traced_value_is_refused(ask):
    with pytest.raises(ClosureError, match="used a traced value that is not one of its arguments"):
        ask(lambda a: squared(a)(a))
    with pytest.raises(ClosureError):
        ask(lambda a: squared(np.sin(a))(a * a))


def test_a_closure_over_an_inner_trace_is_refused():
    def f(a):
        def inner(b):
            leak = wg.primitive(lambda x: x * b)
            pair(leak, vjp=lambda g, y, x: g)
            return leak(a)

        return wg.grad(inner)(3.0)

    with pytest.raises(ClosureError):
        wg.grad(f)(2.0)


def test_a_closure_over_an_outer_trace_is_followed_there():
    def f(a):
        return wg.grad(lambda x: squared(a)(x) * x)(3.0)

    assert f(2.0) == 12.0  # d/dx a x^2, of which half comes by the rule, where a is a constant
    assert wg.grad(f)(2.0) == 3.0


def test_a_closure_in_a_rule_is_refused_in_forward_mode():
    def f(a):
        leak = wg.primitive(lambda x: x * 2.0)
        pair(leak, jvp=lambda y, x, t: t * a)
        return leak(a)

    with pytest.raises(ClosureError):
        wg.jvp(f, (3.0,), (1.0,))
    with pytest.raises(wg.errors.WengertError):
        wg.grad(f)(3.0)


def writer(x):
    x[0] = 0.0
    return np.sum(x)


@pytest.mark.parametrize("ask", [lambda f: wg.grad(f)(X), lambda f: wg.jvp(f, (X,), (V,)), lambda f: wg.hessian(f)(X)])
def test_a_write_into_an_argument_is_refused(ask):
    f = wg.primitive(writer)
    pair(f, vjp=lambda g, y, x: g * np.ones(3))
    with pytest.raises(WriteError, match="writer wrote into one of its arguments"):
        ask(lambda x: f(x * 1.0))
    g = wg.primitive(lambda x, out: np.multiply(x, 2.0, out=out))
    linear(g, lambda g, x, out: 2 * g)
    with pytest.raises(WriteError):
        ask(lambda x: np.sum(g(x, out=np.zeros(3))))


def test_a_primitive_whose_rule_reads_what_it_kept_keeps_what_it_was():
    class Square:
        def __call__(self, x, weight=None):
            self.x, self.weight = x, weight
            return weight * x * x

    square = Square()
    f = wg.primitive(square)
    pair(f, vjp=lambda g, y, x, weight=None: 2.0 * square.weight * square.x * g)

    def loss(x):
        y, weight = x * 1.0, np.array([1.0, 2.0, 3.0])
        z = f(y, weight=weight)
        y *= 3.0
        weight *= 3.0
        return np.sum(z)

    assert np.allclose(wg.grad(loss)(X), 2.0 * X * [1.0, 2.0, 3.0])
    assert np.allclose(wg.jvp(loss, (X,), (X,))[1], 2.0 * X * X @ [1.0, 2.0, 3.0])


def test_a_write_into_an_argument_names_its_line():
    def writer(x):
        x[0] = 0.0
        return np.sum(x)

    f = wg.primitive(writer)
    pair(f, vjp=lambda g, y, x: g * np.ones(3))
    with pytest.raises(WriteError, match=r"\[test_primitive.py:\d+: x\[0\] = 0.0\]"):
        wg.grad(f)(X)


def test_code_that_asks_for_writable_arrays_and_only_reads_them_passes():
    def careful(x):
        if not x.flags.writeable:
            raise ValueError("buffer source array is read-only")
        return np.sum(x * x)

    f = wg.primitive(careful)
    pair(f, vjp=lambda g, y, x: g * 2 * x)
    assert np.allclose(wg.grad(f)(X), 2 * X)
    assert np.allclose(wg.hessian(f)(X), 2 * np.eye(3))


def test_other_value_errors_pass():
    def stubborn(x):
        raise ValueError("no")

    f = wg.primitive(stubborn)
    pair(f, vjp=lambda g, y, x: g)
    with pytest.raises(ValueError, match=r"^no$"):
        wg.grad(f)(1.0)


def test_a_buffer_that_is_used_again_is_no_trouble():
    buffer = np.zeros(3)

    @wg.primitive
    def squares(x):
        np.multiply(x, x, out=buffer)
        return buffer

    pair(squares, vjp=lambda g, y, x: g * 2 * np.sqrt(y) * np.sign(x))
    assert np.allclose(wg.grad(lambda x: np.sum(squares(x) * squares(2 * x)))(X), 16 * X**3)


def test_containers_are_refused():
    f = wg.primitive(lambda p: p["a"] * 2.0)
    pair(f, vjp=lambda g, y, x: g)
    assert f({"a": 1.0}) == 2.0
    with pytest.raises(InputError, match=r"argument 0 of .* holds a traced value inside a dict"):
        wg.grad(lambda x: f({"a": x}))(1.0)
    with pytest.raises(InputError, match="inside a list"):
        wg.grad(lambda x: wg.primitive(np.sum)([[x, x]]))(1.0)


# --- without a rule ---------------------------------------------------------------------------------------------------


def black_box(on_missing="finite-difference"):
    @wg.primitive(on_missing=on_missing)
    def bump(x, width, power=2):
        return np.exp(-((x / width) ** power)).sum() * np.tanh(x)

    return bump


def open_box(x, width, power=2):
    return np.exp(-((x / width) ** power)).sum() * np.tanh(x)


ACCURACY = {"finite-difference": (1e-8, 1e-4), "complex-step": (1e-14, 1e-8)}


@pytest.mark.parametrize("how", ACCURACY)
def test_an_approximation_is_close(how):
    f = black_box(how)
    close, _ = ACCURACY[how]

    def loss(f):
        return lambda x, w: np.sum(f(x, w) * W)

    with pytest.warns(ApproximationWarning, match=f"bump has no derivative rule.*{how}"):
        g = wg.grad(loss(f), (0, 1))(X, 1.5)
    with pytest.warns(ApproximationWarning):
        t = wg.jvp(f, (X, 1.5), (V, 0.5))[1]
    with pytest.warns(ApproximationWarning):
        u = wg.linearize(f, X, 1.5)[1](V, 0.5)
    with pytest.warns(ApproximationWarning):
        j = wg.jacobian(f)(X, 1.5)
    for a, b in zip(g, wg.grad(loss(open_box), (0, 1))(X, 1.5), strict=True):
        assert np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=close, atol=close)
    for a in (t, u):
        assert np.allclose(a, wg.jvp(open_box, (X, 1.5), (V, 0.5))[1], rtol=close, atol=close)
    assert np.allclose(j, wg.jacobian(open_box)(X, 1.5), rtol=close, atol=close)


@pytest.mark.parametrize("how", ACCURACY)
@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_an_approximation_has_second_derivatives(how, mode):
    f = black_box(how)
    _, close = ACCURACY[how]
    with pytest.warns(ApproximationWarning):
        found = mode(lambda x: np.sum(f(x, 1.5) * W))(X)
    assert np.isclose(found, mode(lambda x: np.sum(open_box(x, 1.5) * W))(X), rtol=close, atol=close)


@pytest.mark.parametrize("how", ACCURACY)
def test_an_approximation_of_complex_arguments_keeps_the_conventions(how):
    f = wg.primitive(lambda x, s: x * x * s, on_missing=how)
    z = X + 1j * V

    def loss(f):
        return lambda z, s: np.sum(np.abs(f(z, s)) ** 2)

    with pytest.warns(ApproximationWarning):
        found = wg.grad(loss(f), (0, 1))(z, W)
    with pytest.warns(ApproximationWarning):
        t = wg.jvp(f, (z, W), (1j * z, V))[1]
    for a, b in zip(found, wg.grad(loss(f.f), (0, 1))(z, W), strict=True):
        assert a.dtype == b.dtype and np.allclose(a, b, rtol=1e-7)
    assert np.allclose(t, wg.jvp(f.f, (z, W), (1j * z, V))[1], rtol=1e-7)


@pytest.mark.filterwarnings("ignore::wengert.errors.ApproximationWarning")
@pytest.mark.parametrize("how", ACCURACY)
def test_an_approximation_in_corners(how):
    f = wg.primitive(lambda arrays: (np.sum(arrays[0] ** 2) + 0 * arrays[1][0], arrays[1] * arrays[0], "ok"), on_missing=how)
    assert np.allclose(wg.grad(lambda x: f([x, x])[0] + np.sum(f([W, x])[1]))(X), 2 * X + W)
    assert np.allclose(wg.jvp(lambda x: f([x, W])[0], (X,), (V,))[1], 2 * X @ V)
    assert wg.jvp(lambda x: f([x, W])[0], (X,), (np.zeros(3),))[1] == 0.0
    assert np.allclose(wg.linearize(lambda x: f([x, W])[0], X)[1](V), 2 * X @ V)
    g = wg.primitive(lambda x: x * x, on_missing=how)
    assert wg.grad(lambda x: np.sum(g(x)))(np.zeros((0, 2))).shape == (0, 2)
    assert wg.grad(lambda x: np.sum(g(x)))(X.astype(np.float32)).dtype == np.float32
    assert np.allclose(wg.grad(lambda x: np.sum(g(x)))(X.astype(np.float32)), 2 * X, rtol=1e-3)
    assert np.isclose(wg.grad(g)(1e9), 2e9)


@pytest.mark.filterwarnings("ignore::wengert.errors.ApproximationWarning")
@pytest.mark.parametrize("how", ACCURACY)
def test_an_approximation_along_a_traced_zero(how):
    f = wg.primitive(lambda x: x**3, on_missing=how)
    by_tangent = wg.grad(lambda t: np.sum(wg.jvp(f, (X,), (t,))[1]))(np.zeros(3))
    assert np.allclose(by_tangent, 3 * X**2, rtol=1e-8)


def test_the_complex_step_refuses_what_it_cannot_see():
    f = wg.primitive(np.abs, on_missing="complex-step")
    with (
        pytest.warns(ApproximationWarning),
        pytest.raises(RuleError, match="absolute gave a real result for a complex argument"),
    ):
        wg.grad(f)(2.0)


def test_an_approximation_warns_once_a_line():
    f = black_box()
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("default")
        for _ in range(3):
            wg.grad(lambda x: np.sum(f(x, 1.0)))(X)
        wg.grad(lambda x: np.sum(f(x, 1.0)))(X)
    assert [w.category for w in shown] == [ApproximationWarning] * 2
    assert {w.filename for w in shown} == {__file__} and shown[0].lineno != shown[1].lineno


def test_a_declared_rule_comes_before_an_approximation():
    f = black_box()
    pair(f, vjp=lambda g, y, x, width: g * 5.0)
    assert np.array_equal(wg.grad(lambda x: np.sum(f(x, 1.0)))(X), 5.0 * np.ones(3))


def test_on_missing_is_checked():
    with pytest.raises(InputError, match="on_missing is"):
        wg.primitive(np.sum, on_missing="guess")
    with pytest.raises(InputError, match="wraps a function"):
        wg.primitive(3)


# --- the object -------------------------------------------------------------------------------------------------------


def test_it_looks_like_the_function():
    assert erf.__name__ == "erf" and erf.__doc__ == "The error function." and erf.__wrapped__ is erf.f
    assert repr(erf) == "<primitive erf>"


@wg.primitive(on_missing="finite-difference")
def approximate(x):
    return x


def half(x):
    return x / 2


halved = wg.primitive(half, on_missing="complex-step")
ruled = wg.primitive(half)
linear(ruled, lambda g, x: g / 2)


def test_it_pickles_by_name():
    assert pickle.loads(pickle.dumps(erf)) is erf
    assert pickle.loads(pickle.dumps(approximate)) is approximate
    assert pickle.loads(pickle.dumps(wg.grad(erf)))(0.0) == wg.grad(erf)(0.0)
    again = pickle.loads(pickle.dumps(halved))
    assert (again.f, again.on_missing) == (half, "complex-step")
    with pytest.raises(pickle.PicklingError, match="half has a rule, which a pickle cannot carry"):
        pickle.dumps(ruled)


class Spring:
    def __init__(self, stiffness):
        self.stiffness = stiffness

    @wg.primitive
    def energy(self, x):
        plain(x)
        return 0.5 * self.stiffness * x * x


elementwise(Spring.energy, None, lambda y, self, x: self.stiffness * x)


def test_it_may_be_a_method():
    assert wg.grad(Spring(3.0).energy)(2.0) == 6.0
    assert pickle.loads(pickle.dumps(Spring.energy)) is Spring.energy
