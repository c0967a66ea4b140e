"""Derivatives that users give: in either mode, for containers, to any order, and loud where they do not fit."""

import functools
import pickle
import sys
import weakref
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

import wengert as wg
from wengert import extend
from wengert.errors import ClosureError, InputError, MissingRuleError, RuleError, WriteError
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


class Pair(NamedTuple):
    r: np.ndarray
    p: np.ndarray


def polar(point, scale=2.0):
    """A function of a container that returns one."""
    a, b = point["a"], point["b"]
    return Pair(scale * np.sqrt(a * a + b * b), np.arctan2(b, a))


def polar_jvp(primals, tangents):
    (point, scale), (t, dscale) = primals, tangents
    a, b, r = point["a"], point["b"], np.sqrt(point["a"] ** 2 + point["b"] ** 2)
    slope = Pair(scale * (a * t["a"] + b * t["b"]) / r + dscale * r, (a * t["b"] - b * t["a"]) / r**2)
    return polar(point, scale), slope


def polar_fwd(point, scale):
    y = polar(point, scale)
    return y, {"point": point, "r": y.r / scale, "scale": scale, "note": "of any type", "f": np.sum}


def polar_bwd(kept, g):
    a, b, r, scale = kept["point"]["a"], kept["point"]["b"], kept["r"], kept["scale"]
    assert kept["note"] == "of any type" and kept["f"] is np.sum
    by_a = g.r * scale * a / r - g.p * b / r**2
    by_b = g.r * scale * b / r + g.p * a / r**2
    return {"a": by_a, "b": by_b}, np.sum(g.r * r)


by_tangent = wg.custom_jvp(polar)
by_tangent.defjvp(polar_jvp)
by_cotangent = wg.custom_vjp(polar)
by_cotangent.defvjp(polar_fwd, polar_bwd)


def user(f):
    def loss(x):
        y = f({"b": x[1:] * x[:2], "a": x[:2] + 2.0}, scale=x[0])
        return np.sum(y.r * np.sin(y.p)) + y.r[0] * y.p[1] + np.sum(f({"a": x, "b": W})[0])

    return loss


@pytest.fixture(params=[by_tangent, by_cotangent], ids=["custom_jvp", "custom_vjp"])
def custom(request):
    return request.param


def test_first_derivatives(custom, differences):
    f, oracle = user(custom), user(polar)
    gradient = differences(oracle, X)
    assert f(X) == oracle(X)
    assert wg.value_and_grad(f)(X)[0] == oracle(X)
    assert np.allclose(wg.grad(f)(X), gradient, rtol=1e-8, atol=1e-9)
    assert np.isclose(wg.jvp(f, (X,), (V,))[1], gradient @ V, rtol=1e-8)
    assert np.isclose(wg.linearize(f, X)[1](V), gradient @ V, rtol=1e-8)
    for jacobian in (wg.jacfwd, wg.jacrev):
        assert np.allclose(jacobian(f)(X), gradient, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_second_derivatives(custom, mode, differences):
    hessian = differences(lambda x: differences(user(polar), x), X)
    assert np.isclose(mode(user(custom))(X), V @ hessian @ W, rtol=1e-4, atol=1e-5)
    assert np.isclose(mode(user(custom))(X), mode(user(polar))(X), rtol=1e-11)


def test_third_derivatives(custom):
    third = wg.jacobian(wg.hessian(user(custom)))(X)
    assert np.allclose(third, wg.jacobian(wg.hessian(user(polar)))(X), rtol=1e-9, atol=1e-10)


def test_the_rule_is_what_counts():
    @wg.custom_jvp
    def tripled(x):
        return x

    tripled.defjvp(lambda primals, tangents: (primals[0], 3.0 * tangents[0]))

    @wg.custom_vjp
    def turned(x):
        return x

    turned.defvjp(lambda x: (x, None), lambda _, g: (-g,))
    for f, slope in ((tripled, 3.0), (turned, -1.0)):
        assert f(2.0) == 2.0 and wg.grad(f)(2.0) == slope and wg.jvp(f, (2.0,), (1.0,))[1] == slope
        assert np.array_equal(wg.grad(lambda x, f=f: np.sum(f(x)))(X), slope * np.ones(3))
        assert np.array_equal(wg.jvp(f, (X,), (V,))[1], slope * V)


def test_defjvps_gives_a_rule_an_argument():
    @wg.custom_jvp
    def f(x, y, z):
        return {"s": np.sin(x) * y, "z": z * 1.0}

    f.defjvps(
        lambda t, ans, x, y, z: {"s": np.cos(x) * y * t, "z": 0 * z},
        lambda t, ans, x, y, z: {"s": ans["s"] / y * t, "z": 0 * z},
        None,
    )

    def loss(x):
        y = f(x, x * x, x)
        return np.sum(y["s"] * y["z"])

    def expected(x):
        return np.sum(np.sin(x) * x * x * wg.stop_gradient(x))

    assert np.allclose(wg.grad(loss)(X), wg.grad(expected)(X))
    g = wg.custom_jvp(lambda x: x * x)
    g.defjvps(None)
    assert wg.grad(g)(3.0) == 0.0 and wg.jvp(g, (X,), (V,))[1].tolist() == [0.0, 0.0, 0.0]
    h = functools.partial(wg.custom_jvp, nondiff_argnums=(0,))(lambda n, x: x)
    with pytest.raises(RuleError, match="use defjvp"):
        h.defjvps(None)


def test_nondiff_argnums_come_first():
    @functools.partial(wg.custom_jvp, nondiff_argnums=(0, 2))
    def f(g, x, n, y=3.0):
        return g(x) * n * y

    @f.defjvp
    def f_jvp(g, n, primals, tangents):
        (x, y), (tx, ty) = primals, tangents
        return f(g, x, n, y), n * (np.cos(x) * y * tx + g(x) * ty)

    @functools.partial(wg.custom_vjp, nondiff_argnums=(0, -2))
    def h(g, x, n, y=3.0):
        return g(x) * n * y

    h.defvjp(
        lambda g, x, n, y: (h(g, x, n, y), (x, y)),
        lambda g, n, kept, c: (n * np.cos(kept[0]) * kept[1] * c, np.sum(n * g(kept[0]) * c)),
    )
    for k in (f, h):
        loss = lambda x, k=k: np.sum(k(np.sin, x, 2, y=x[0]) * k(np.sin, x, 5))
        oracle = lambda x: np.sum(2 * np.sin(x) * x[0] * 15 * np.sin(x))
        assert np.allclose(wg.grad(loss)(X), wg.grad(oracle)(X))
        assert np.allclose(wg.hessian(loss)(X), wg.hessian(oracle)(X))
        assert np.isclose(wg.jvp(loss, (X,), (V,))[1], wg.grad(oracle)(X) @ V)
        with pytest.raises(InputError, match=r"argument 2 of .* is in nondiff_argnums, and is traced"):
            wg.grad(lambda n, k=k: k(np.sin, 1.0, n))(2.0)
    with pytest.raises(InputError, match="called with 1 arguments"):
        wg.grad(wg.custom_vjp(lambda *xs: xs[0], nondiff_argnums=(1,)))(1.0)


def test_integers_and_objects_are_constants_with_zero_tangents():
    @wg.custom_jvp
    def f(x, n, name, mask):
        return x**n * mask, n, name

    @f.defjvp
    def f_jvp(primals, tangents):
        (x, n, name, mask), (t, dn, dname, dmask) = primals, tangents
        assert (dn, dname) == (0.0, None) and np.array_equal(dmask, np.zeros(3)) and name == "cube"
        return f(*primals), (n * x ** (n - 1) * mask * t, None, None)

    @wg.custom_vjp
    def h(x, n, name, mask):
        return x**n * mask, n, name

    h.defvjp(
        lambda x, n, name, mask: (h(x, n, name, mask), (x, n, mask)),
        lambda k, g: (k[1] * k[0] ** (k[1] - 1) * k[2] * g[0], None, None, None),
    )
    mask = np.array([1, 0, 1])
    for k in (f, h):
        t = wg.jvp(lambda x, k=k: k(x, 3, "cube", mask)[0], (X,), (V,))[1]
        assert np.allclose(t, 3 * X**2 * mask * V)
        assert np.allclose(wg.grad(lambda x, k=k: np.sum(k(x, 3, "cube", mask)[0]))(X), 3 * X**2 * mask)
        value, n, name = wg.vjp(lambda x, k=k: k(x, 3, "cube", mask)[0], X)[0], *k(X, 3, "cube", mask)[1:]
        assert np.allclose(value, X**3 * mask) and (n, name) == (3, "cube")
        assert np.allclose(wg.linearize(lambda x, k=k: k(x, 3, "cube", mask)[0], X)[1](V), 3 * X**2 * mask * V)


def test_none_is_a_zero():
    f = wg.custom_vjp(lambda p, q: (p["a"] * q, p["b"]))
    f.defvjp(lambda p, q: (f(p, q), q), lambda q, g: ({"a": g[0] * q, "b": None}, None))
    found = wg.grad(lambda x: f({"a": x, "b": x}, x)[0] + f({"a": x, "b": x}, x)[1])(3.0)
    assert found == 3.0
    assert wg.jvp(lambda x: f({"a": x, "b": x}, x), (3.0,), (1.0,))[1] == (3.0, 0.0)
    assert wg.linearize(lambda x: f({"a": x, "b": x}, x), 3.0)[1](1.0) == (3.0, 0.0)
    h = wg.custom_jvp(lambda x: (x, x))
    h.defjvp(lambda p, t: (h(*p), (None, 2 * t[0])))
    assert wg.jvp(h, (3.0,), (1.0,))[1] == (0.0, 2.0)
    assert wg.linearize(h, 3.0)[1](1.0) == (0.0, 2.0)
    assert wg.vjp(h, 3.0)[1]((1.0, 1.0)) == (2.0,)


def test_complex_numbers_keep_the_conventions():
    f = wg.custom_jvp(lambda z: z * z)
    f.defjvp(lambda p, t: (f(*p), 2 * p[0] * t[0]))
    h = wg.custom_vjp(lambda z: z * z)
    h.defvjp(lambda z: (h(z), z), lambda z, g: (2 * z * g,))
    z, t = X + 1j * V, W - 1j * X
    for k in (f, h):
        loss = lambda z, k=k: np.sum(np.abs(k(z) + W) ** 2)
        expected = wg.grad(lambda z: np.sum(np.abs(z * z + W) ** 2))(z)
        assert np.allclose(wg.grad(loss)(z), expected)
        assert np.isclose(wg.jvp(loss, (z,), (t,))[1], np.real(np.sum(expected * t)))
        assert np.isclose(wg.grad(lambda z, k=k: np.abs(k(z)))(1.0 + 2.0j), 2 * (1.0 - 2.0j))
        assert np.isclose(wg.jvp(lambda z, k=k: k(z), (1.0 + 2.0j,), (1j,))[1], 2j * (1.0 + 2.0j))


# --- residuals --------------------------------------------------------------------------------------------------------


def test_residuals_are_kept_not_computed_again():
    calls = []
    f = wg.custom_vjp(lambda x: np.sin(x))

    def fwd(x):
        calls.append("fwd")
        return np.sin(x), np.cos(x)

    def bwd(c, g):
        calls.append("bwd")
        return (c * g,)

    f.defvjp(fwd, bwd)
    pull = wg.vjp(f, X)[1]
    assert calls == ["fwd"]
    assert np.allclose(pull(V)[0], np.cos(X) * V) and np.allclose(pull(W)[0], np.cos(X) * W)
    assert calls == ["fwd", "bwd", "bwd"]


def test_residuals_survive_what_is_written_later():
    kept = np.array([5.0, 6.0, 7.0])
    f = wg.custom_vjp(lambda x, a: x * x * a)
    f.defvjp(
        lambda x, a: (x * x * a, (x, a, kept, x[1:])),
        lambda r, g: (2 * r[0] * r[1] * g + 0 * r[2] + np.sum(r[2]) + np.sum(r[3]), None),
    )

    def loss(x):
        x, a = x * 1.0, W.copy()
        y = f(x, a)
        x[...] = 100.0
        a[...] = 100.0
        kept[...] = 100.0
        total = np.sum(y)
        y[...] = 100.0
        kept[...] = [5.0, 6.0, 7.0]
        return total

    def late(x):
        y = loss(x)
        kept[...] = -100.0
        return y

    assert np.allclose(wg.grad(late)(X), 2 * X * W + 18.0 + X[1] + X[2])


def test_large_constants_among_the_residuals_are_kept_once():
    a = np.ones(100_000)
    f = wg.custom_vjp(lambda x, a: x * np.sum(a))
    f.defvjp(lambda x, a: (x * np.sum(a), a), lambda a, g: (g * np.sum(a), None))
    tape = Tape()
    x = tape.lift(1.0)
    for _ in range(3):
        x = f(x, a)
    held = {id(v) for node in tape.nodes if hasattr(node, "args") for v in node.args if isinstance(v, np.ndarray)}
    assert len(held) == 1


def test_a_list_does_not_keep_itself_alive(custom):
    tape = Tape()
    x = tape.lift(X.copy())
    custom({"a": x, "b": x * 2.0})
    gone = weakref.ref(tape)
    enabled = sys.getrefcount(tape)
    assert enabled <= 5
    del x, tape
    assert gone() is None


# --- what must be loud ------------------------------------------------------------------------------------------------


def test_without_a_rule_it_says_what_to_write():
    f, h = wg.custom_jvp(polar), wg.custom_vjp(polar)
    assert f({"a": 3.0, "b": 4.0}).r == h({"a": 3.0, "b": 4.0}).r == 10.0
    with pytest.raises(MissingRuleError, match=r"polar is a custom_jvp without a rule.*f.defjvp"):
        wg.grad(user(f))(X)
    with pytest.raises(MissingRuleError, match=r"polar is a custom_vjp without a rule.*f.defvjp"):
        wg.jvp(user(h), (X,), (V,))


JVPS = {
    "must return": lambda p, t: t[0],
    "has shape": lambda p, t: (p[0], np.sum(t[0])),
    "has dict where a number": lambda p, t: (p[0], {"a": t[0]}),
}
BWDS = {
    "a tuple of 1 cotangents, one an argument, and returned 2": lambda r, g: (g, g),
    "and returned a (ndarray|Tensor|View)": lambda r, g: g,
    "cotangent of argument 0 has shape": lambda r, g: (np.sum(g),),
    "cotangent of argument 0 has dict where": lambda r, g: ({"a": g},),
}


@pytest.mark.parametrize(
    "ask", [lambda f: wg.grad(lambda x: np.sum(f(x)))(X), lambda f: wg.jvp(f, (X,), (V,))], ids=["grad", "jvp"]
)
def test_rules_that_do_not_fit_are_refused(ask):
    for message, jvp in JVPS.items():
        f = wg.custom_jvp(lambda x: x * 1.0)
        f.defjvp(jvp)
        with pytest.raises(RuleError, match=message):
            ask(f)
    for message, bwd in BWDS.items():
        f = wg.custom_vjp(lambda x: x * 1.0)
        f.defvjp(lambda x: (x * 1.0, None), bwd)
        with pytest.raises(RuleError, match=message):
            ask(f)
    f = wg.custom_vjp(lambda x: x * 1.0)
    f.defvjp(lambda x: x * 1.0, lambda r, g: (g,))
    with pytest.raises(RuleError, match=r"fwd must return \(y, residuals\)"):
        ask(f)


@pytest.mark.parametrize("ask", [lambda f: wg.grad(f)(2.0), lambda f: wg.jvp(f, (2.0,), (1.0,)), lambda f: wg.linearize(f, 2.0)])
def test_a_closure_over_a_traced_value_is_refused(ask):
    def leaks(a):
        f = wg.custom_jvp(lambda x: x * a)
        f.defjvp(lambda p, t: (f(*p), t[0]))
        return f(a)

    def leaks_back(a):
        f = wg.custom_vjp(lambda x: x * a)
        f.defvjp(lambda x: (x * a, None), lambda r, g: (g,))
        return f(a)

    def leaks_residual(a):
        f = wg.custom_vjp(lambda x: x * 1.0)
        f.defvjp(lambda x: (x * 1.0, a * 2.0), lambda r, g: (g * r,))
        return f(a)

    for f in (leaks, leaks_back, leaks_residual):
        with pytest.raises(ClosureError):
            ask(f)


def test_a_closure_in_a_rule_is_loud():
    def leaks(a):
        f = wg.custom_jvp(lambda x: x * 1.0)
        f.defjvp(lambda p, t: (f(*p), t[0] * a))
        return f(a)

    with pytest.raises(ClosureError):
        wg.jvp(leaks, (2.0,), (1.0,))
    with pytest.raises(wg.errors.EndedTraceError):
        wg.grad(leaks)(2.0)


def test_a_closure_over_an_outer_trace_is_followed_there():
    def f(a):
        h = wg.custom_vjp(lambda x: a * x * x)
        h.defvjp(lambda x: (a * x * x, (a, x)), lambda r, g: (2 * r[0] * r[1] * g,))
        return wg.grad(h)(3.0)

    assert f(2.0) == 12.0 and wg.grad(f)(2.0) == 6.0 and wg.jvp(f, (2.0,), (1.0,))[1] == 6.0


def test_a_write_into_an_argument_is_refused():
    def writer(x):
        x += 1.0
        return x

    f = wg.custom_jvp(writer)
    f.defjvp(lambda p, t: (p[0], t[0]))
    h = wg.custom_vjp(writer)
    h.defvjp(lambda x: (writer(x), None), lambda r, g: (g,))
    for k in (f, h):
        with pytest.raises(WriteError):
            wg.grad(lambda x, k=k: np.sum(k(x * 1.0)))(X)
        with pytest.raises(WriteError):
            wg.hessian(lambda x, k=k: np.sum(k(x * 1.0)))(X)


def test_results_may_be_written(custom):
    def loss(x):
        y = custom({"a": x, "b": W})
        y.r[0] = x[1]
        y.p[1:] += y.r[:2]
        return np.sum(y.r * y.p)

    def oracle(x):
        y = polar({"a": x, "b": W})
        y.r[0] = x[1]
        y.p[1:] += y.r[:2]
        return np.sum(y.r * y.p)

    assert np.allclose(wg.grad(loss)(X), wg.grad(oracle)(X))
    assert np.allclose(wg.hessian(loss)(X), wg.hessian(oracle)(X))
    assert np.allclose(wg.jvp(loss, (X,), (V,))[1], wg.grad(oracle)(X) @ V)


def test_keyword_only_parameters_are_refused():
    f = wg.custom_vjp(lambda x, *, n: x)
    assert f(1.0, n=2) == 1.0
    with pytest.raises(InputError, match="counts arguments by position; n cannot"):
        wg.grad(f)(1.0, n=2)


# --- the objects ------------------------------------------------------------------------------------------------------


@wg.custom_jvp
def cube(x):
    """The cube."""
    return x**3


@cube.defjvp
def cube_jvp(primals, tangents):
    return cube(*primals), 3 * primals[0] ** 2 * tangents[0]


def test_they_look_like_the_function_and_pickle_by_name():
    assert (cube.__name__, cube.__doc__, repr(cube)) == ("cube", "The cube.", "<custom_jvp cube>")
    assert cube_jvp((2.0,), (1.0,)) == (8.0, 12.0)
    assert pickle.loads(pickle.dumps(cube)) is cube
    assert pickle.loads(pickle.dumps(wg.grad(cube)))(2.0) == 12.0
    with pytest.raises(pickle.PicklingError):
        pickle.dumps(by_tangent)


class Model:
    k = 2.0

    @functools.partial(wg.custom_vjp, nondiff_argnums=(0,))
    def energy(self, x):
        return self.k * x * x


Model.energy.defvjp(lambda self, x: (self.k * x * x, x), lambda self, x, g: (2 * self.k * x * g,))


def test_they_may_be_methods():
    assert wg.grad(Model().energy)(3.0) == 12.0


def test_rules_cannot_write_what_the_list_keeps():
    def careless(primals, tangents):
        primals[0][...] *= 2.0
        return primals[0], tangents[0]

    f = wg.custom_jvp(lambda x: x * 1.0)
    f.defjvp(careless)

    def careless_bwd(x, g):
        x += g
        return (x,)

    h = wg.custom_vjp(lambda x: x * 1.0)
    h.defvjp(lambda x: (x * 1.0, x * 2.0), careless_bwd)
    for k, line in ((f, r"primals.* \*= 2.0"), (h, r"x \+= g")):
        for ask in (wg.grad, wg.hessian):
            with pytest.raises(
                WriteError, match=rf"(?s)the rule of .*<lambda> wrote into.*g = 2 \* g.*\[test_custom.py:\d+: {line}"
            ):
                ask(lambda x, k=k: np.sum(k(x)))(X)
    k = wg.custom_vjp(lambda x: x * 1.0)
    k.defvjp(lambda x: (x * 1.0, x * 2.0), lambda r, g: (r,))
    _, pull = wg.vjp(k, X)
    pull(X)[0][...] = 7.0
    assert np.array_equal(pull(X)[0], 2 * X)


def test_the_face_of_define_by_run(custom):
    x = wg.track(X.copy(), name="x")
    y = user(custom)(x)
    y.backward(retain=True)
    assert np.allclose(x.grad, wg.grad(user(polar))(X))
    wg.print_tree(y)


def test_what_was_not_selected_makes_no_nan():
    f = wg.custom_jvp(lambda x: np.sqrt(x))
    f.defjvp(lambda p, t: (f(*p), t[0] * (0.5 / np.sqrt(p[0]))))
    assert np.array_equal(wg.grad(lambda x: f(x)[0])(np.array([4.0, 0.0])), [0.25, 0.0])


# --- what rules keep of their arguments ----------------------------------------------------------------------------------


def overwritten(f):
    """f of an array that is written after the call: the gradient of its sum is f' at what the array was."""

    def loss(x):
        y = x * 1.0
        z = f(y)
        y *= 3.0
        return np.sum(z)

    return loss


class Square:
    """Keeps its argument on itself."""

    def f(self, x):
        self.x = x
        return x * x

    def jvp(self, primals, tangents):
        return primals[0] ** 2, 2.0 * self.x * tangents[0]


def in_an_object():
    f = wg.custom_vjp(lambda x: x * x)
    f.defvjp(lambda x: (x * x, SimpleNamespace(x=x)), lambda kept, g: (2.0 * kept.x * g,))
    return f


def views_in_an_object():
    f = wg.custom_vjp(lambda x: x * x)
    f.defvjp(lambda x: (x * x, SimpleNamespace(x=x[::-1])), lambda kept, g: (2.0 * kept.x[::-1] * g,))
    return f


def on_the_side():
    square, f = Square(), wg.custom_vjp(lambda x: x * x)
    f.defvjp(lambda x: (square.f(x), None), lambda _, g: (2.0 * square.x * g,))
    return f


def by_the_function():
    square = Square()
    f = wg.custom_jvp(square.f)
    f.defjvp(square.jvp)
    return f


@pytest.mark.parametrize("make", [in_an_object, views_in_an_object, on_the_side, by_the_function])
def test_a_rule_that_keeps_its_argument_keeps_what_it_was(make):
    loss = overwritten(make())
    assert np.allclose(wg.grad(loss)(X), 2.0 * X)
    assert np.isclose(wg.jvp(loss, (X,), (V,))[1], 2.0 * X @ V)
    assert np.isclose(wg.linearize(loss, X)[1](V), 2.0 * X @ V)


@pytest.mark.parametrize("make", [in_an_object, views_in_an_object])
def test_and_so_it_is_to_second_order(make):
    loss = overwritten(make())
    for hessian in (wg.hessian, lambda f: wg.jacrev(wg.grad(f)), lambda f: wg.jacfwd(wg.jacfwd(f))):
        assert np.allclose(hessian(loss)(X), 2.0 * np.eye(3))


def test_an_array_in_nondiff_argnums_is_what_it_was():
    scaled = wg.custom_vjp(lambda k, x: k["k"] * x, nondiff_argnums=0)
    scaled.defvjp(lambda k, x: (k["k"] * x, None), lambda k, _, g: (k["k"] * g,))
    by_tangent = wg.custom_jvp(lambda x, k: k["k"] * x, nondiff_argnums=1)
    by_tangent.defjvp(lambda k, primals, tangents: (k["k"] * primals[0], k["k"] * tangents[0]))

    def loss(x, f):
        k = np.array([1.0, 2.0, 3.0])
        z = f(x, {"k": k})
        k[:] = 0.0
        return np.sum(z)

    for f in (by_tangent, lambda x, k: scaled(k, x)):
        assert np.array_equal(wg.grad(loss)(X, f), [1.0, 2.0, 3.0])
        assert np.isclose(wg.linearize(lambda x, f=f: loss(x, f), X)[1](V), V @ [1.0, 2.0, 3.0])


# --- rules that are not linear -------------------------------------------------------------------------------------------

LOWER = np.array([[2.0, 0.0, 0.0], [1.0, 3.0, 0.0], [0.5, -1.0, 1.5]])
BENT = {
    "square": (lambda x, t: t**2, "numpy.power"),
    "product": (lambda x, t: t * t, "numpy.multiply"),
    "sine": (lambda x, t: x * np.sin(t), "numpy.sin"),
    "quotient": (lambda x, t: x / (1.0 + t), "numpy.divide"),
    "size": (lambda x, t: x * np.linalg.norm(t), "numpy.linalg.norm"),
    "abs": (lambda x, t: abs(t), "numpy.absolute"),
    "clipped": (lambda x, t: np.clip(t, -1.0, 1.0), "numpy.clip"),
    "moved": (lambda x, t: t + 1.0, "something for zeros"),
    "constant": (lambda x, t: np.ones(3), "something for zeros"),
}
STRAIGHT = {
    "scaled": lambda x, t: 2.0 * x * t / (1.0 + x * x),
    "power": lambda x, t: t**1,
    "masked": lambda x, t: np.where(x > 0, t, 0.0 * t),
    "repaired": lambda x, t: np.nan_to_num(t / x),
    "solved": lambda x, t: np.linalg.solve(LOWER, t),
    "matrix": lambda x, t: np.einsum("ij,j->i", LOWER, t) + LOWER @ t,
    "sums": lambda x, t: np.cumsum(t - np.mean(t)) + np.sum(t),
    "parts": lambda x, t: np.stack([t[2], t[0] * x[1], -t[1]]),
    "zero": lambda x, t: 0.0 * x,
}


@pytest.mark.parametrize(("rule", "says"), BENT.values(), ids=BENT)
def test_a_rule_that_is_not_linear_has_no_transpose(rule, says):
    f = wg.custom_jvp(lambda x: x * 1.0)
    f.defjvp(lambda primals, tangents: (f(*primals), rule(*primals, *tangents)))
    h = wg.custom_vjp(lambda x: x * 1.0)
    h.defvjp(lambda x: (x * 1.0, x), lambda x, g: (rule(x, g),))
    p = wg.primitive(lambda x: x * 1.0)
    extend.pair(p, jvp=lambda y, x, t: rule(x, t))
    for ask in (
        lambda: wg.grad(lambda x: np.sum(f(x)))(X),
        lambda: wg.grad(lambda x: np.sum(p(x)))(X),
        lambda: wg.jvp(h, (X,), (V,)),
    ):
        with pytest.raises(RuleError, match=rf"(?s)the rule of .*<lambda> is not linear.*{says}.*test_custom.py"):
            ask()
    assert np.array_equal(wg.jvp(f, (X,), (V,))[1], rule(X, V))  # the mode it is written for is what it says
    assert np.array_equal(wg.vjp(h, X)[1](V)[0], rule(X, V))


@pytest.mark.parametrize("rule", STRAIGHT.values(), ids=STRAIGHT)
def test_a_linear_rule_has_one_however_it_is_written(rule):
    matrix = np.stack([rule(X, e) for e in np.eye(3)], axis=1)
    f = wg.custom_jvp(lambda x: x * 1.0)
    f.defjvp(lambda primals, tangents: (f(*primals), rule(*primals, *tangents)))
    h = wg.custom_vjp(lambda x: x * 1.0)
    h.defvjp(lambda x: (x * 1.0, x), lambda x, g: (rule(x, g),))
    assert np.allclose(wg.vjp(f, X)[1](V)[0], V @ matrix, rtol=1e-12)
    assert np.allclose(wg.jvp(h, (X,), (V,))[1], V @ matrix, rtol=1e-12)
    assert np.allclose(wg.jacrev(f)(X), matrix, rtol=1e-12)


def test_a_complex_rule_is_compared_by_the_pairing():
    z, t = X + 1j * V, V - 0.5j * W
    f = wg.custom_jvp(lambda z: np.abs(z) ** 2)
    f.defjvp(lambda primals, tangents: (f(*primals), np.real(2.0 * np.conj(primals[0]) * tangents[0])))
    assert np.allclose(wg.grad(lambda z: np.sum(f(z)))(z), 2.0 * np.conj(z))
    f = wg.custom_jvp(lambda z: z * 1.0)
    f.defjvp(lambda primals, tangents: (f(*primals), np.abs(tangents[0]) + 0j))
    with pytest.raises(RuleError, match=r"numpy.abs"):
        wg.vjp(f, z)[1](t)
