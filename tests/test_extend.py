"""Users declare rules with the same verbs; what cannot work says so."""

import math
import pickle
import statistics

import numpy as np
import pytest

import wengert as wg
from wengert import extend
from wengert.errors import ConversionError, RuleError, WriteError
from wengert.rules.declare import ROWS, TWINS
from wengert.rules.vocabulary import Like
from wengert.trace.tape import Tape

X = np.array([0.3, -0.7, 1.1])


def test_all_verbs_are_there():
    assert extend.__all__ == ["composite", "constant", "elementwise", "linear", "multilinear", "pair", "stand_in", "twin"]


def test_a_function_that_wengert_knows_is_not_declared_again():
    with pytest.raises(RuleError, match=r"numpy.sin has a rule already, declared at wengert.rules.numpy"):
        extend.elementwise(np.sin, lambda y, x: np.cos(x))
    with pytest.raises(RuleError, match="has a rule already"):
        extend.linear(np.sum, lambda g, x: g)
    with pytest.raises(RuleError, match="has a rule already"):
        extend.constant(np.add.reduce)


def test_a_function_of_the_users_is_declared_once_and_the_place_is_told():
    f = wg.primitive(lambda x: x)
    extend.elementwise(f, 2.0)
    for again in (
        lambda: extend.elementwise(f, 3.0),
        lambda: extend.pair(f, jvp=lambda y, x, t: t),
        lambda: extend.constant(f),
    ):
        with pytest.raises(RuleError, match=r"<lambda> has a rule already, declared at .*test_extend:\d+"):
            again()
    assert wg.grad(f)(1.0) == 2.0


def test_an_ordinary_function_is_told_to_become_a_primitive():
    def plain(x):
        return x

    for f in (plain, math.erf, X.sum, Exception):
        with pytest.raises(RuleError, match="primitive first"):
            extend.elementwise(f, lambda y, x: x)
        with pytest.raises(RuleError, match="primitive first"):
            extend.pair(f, jvp=lambda y, x, t: t)


def test_a_pair_needs_a_rule():
    with pytest.raises(RuleError, match="needs a rule: jvp=, vjp=, or both"):
        extend.pair(wg.primitive(lambda x: x))


def test_users_rows_do_not_stay_in_the_table():
    before = set(ROWS)
    extend.elementwise(wg.primitive(lambda x: x), 1.0)
    assert set(ROWS) == before


def test_a_ufunc_made_elsewhere():
    plus = np.frompyfunc(lambda x: x + 1.0, 1, 1)
    extend.elementwise(plus, 1.0)
    try:
        with pytest.raises(wg.errors.WengertError):  # it gives arrays of objects
            wg.grad(lambda x: np.sum(plus(x)))(X)
    finally:
        del ROWS[plus]


def test_each_verb_makes_a_right_row():
    f = {name: wg.primitive(g) for name, g in PLAIN.items()}
    extend.elementwise(f["elementwise"], lambda z, a, b: b * a ** (b - 1), None)
    extend.linear(f["linear"], lambda g, a, b: np.cumsum(g[::-1])[::-1] * b)
    extend.multilinear(f["multilinear"], each=lambda g, i, a, b: g * (b if i == 0 else a))
    extend.pair(f["pair"], vjp=lambda g, z, a, b: (g * np.cos(a) * b, g * np.sin(a)), operands=2)
    extend.composite(f["composite"], lambda a, b: np.exp(a) * np.exp(b))
    for name, g in PLAIN.items():
        for order in (lambda h: wg.grad(h), lambda h: wg.hessian(h)):
            b = 3.0 if name in ("elementwise", "linear") else X[::-1].copy()

            def loss(a, b, f):
                return np.sum(np.sin(f(a, b)) * X)

            found = order(lambda a, b, name=name: loss(a, b, f[name]))(X, b)
            assert np.allclose(found, order(lambda a, b, g=g: loss(a, b, g))(X, b), rtol=1e-12), name


PLAIN = {
    "elementwise": lambda a, b: a**b,
    "linear": lambda a, b: np.cumsum(a) * b,
    "multilinear": lambda a, b: a * b,
    "pair": lambda a, b: np.sin(a) * b,
    "composite": lambda a, b: np.exp(a + b),
}


def test_a_jvp_that_calls_its_own_function_on_tangents_cannot_be_transposed():
    solve = wg.primitive(np.linalg.solve)
    extend.pair(solve, jvp=lambda x, a, b, da, db: solve(a, db - da @ x), operands=2)
    a, b = np.array([[2.0, 0.5], [1.0, 4.0]]), np.ones(2)
    assert np.allclose(wg.jvp(lambda b: solve(a, b), (b,), (b,))[1], np.linalg.solve(a, b))
    with pytest.raises(RuleError, match=r"calls .*solve itself on its tangents"):
        wg.grad(lambda b: np.sum(solve(a, b)))(b)


def test_a_vjp_may_call_its_own_function():
    solve = wg.primitive(np.linalg.solve)

    def solve_vjp(g, x, a, b):
        u = solve(a.T, g)
        return -u[:, None] * x, u

    extend.pair(solve, vjp=solve_vjp, operands=2)
    a, b = np.array([[2.0, 0.5], [1.0, 4.0]]), np.array([1.0, -1.0])

    def inverse_entry(f):
        return lambda a: np.sum(np.sin(f(a, b)))

    def by_cramer(a, b):
        det = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
        return np.stack([a[1, 1] * b[0] - a[0, 1] * b[1], a[0, 0] * b[1] - a[1, 0] * b[0]]) / det

    assert np.allclose(wg.grad(inverse_entry(solve))(a), wg.grad(inverse_entry(by_cramer))(a), rtol=1e-12)
    assert np.allclose(wg.hessian(inverse_entry(solve))(a), wg.hessian(inverse_entry(by_cramer))(a), rtol=1e-12)
    t = np.array([[0.1, 0.2], [0.3, 0.4]])
    assert np.isclose(wg.jvp(inverse_entry(solve), (a,), (t,))[1], wg.jvp(inverse_entry(by_cramer), (a,), (t,))[1], rtol=1e-12)


def test_a_rule_cannot_write_what_the_list_keeps():
    f = wg.primitive(lambda x: x * x)

    def careless(g, y, x):
        x *= 2.0
        return g * x

    extend.pair(f, vjp=careless)
    with pytest.raises(WriteError, match=r"(?s)the rule .*careless wrote into.*g.copy\(\).*\[test_extend.py:\d+: x \*= 2.0\]"):
        wg.grad(lambda x: np.sum(f(x)))(X)
    h = wg.primitive(lambda w, x: np.sum(w * x))
    extend.multilinear(h, lambda g, w, x: x, lambda g, w, x: w)
    _, pull = wg.vjp(lambda w, x: h(w * 1.0, x * 1.0), X, X)
    pull(1.0)[0][...] = 7.0
    assert np.array_equal(pull(1.0)[0], X)


def test_a_row_keeps_what_its_rule_reads():
    f, h = wg.primitive(lambda x: np.exp(x)), wg.primitive(lambda x, w: x * w)
    extend.elementwise(f, lambda y, x: y)
    extend.pair(h, jvp=lambda y, x, t, w: t * w, vjp=lambda g, y, x, w: g * w)
    tape = Tape()
    x = tape.lift(X.copy())
    y = f(x)
    h(y, X)
    exp, product = tape.nodes[1:]
    assert exp.y is y.primal and type(exp.args[0]) is Like
    assert type(product.y) is Like and type(product.args[0]) is Like and np.array_equal(product.args[1], X)


def clamped(x, low=0.0):
    """A function of another library, which looks into its argument."""
    return max(float(x), low)


@extend.twin(clamped)
def ours(x, low=0.0):
    return np.maximum(x, low)


def test_a_twin_is_the_other_function_until_something_is_traced():
    assert type(ours(2.0)) is float and ours(2.0) == 2.0
    assert wg.grad(ours)(2.0) == 1.0 and wg.grad(ours)(-2.0) == 0.0
    assert wg.grad(lambda low: ours(1.0, low=low))(2.0) == 1.0
    assert ours.__name__ == "ours" and pickle.loads(pickle.dumps(ours)) is ours


def test_a_function_has_one_twin():
    with pytest.raises(RuleError, match="clamped has a twin already"):
        extend.twin(clamped)(lambda x, low=0.0: x)


KEPT = {"median_grouped": statistics.median_grouped}  # where substitution does not reach


def test_what_reaches_the_other_function_is_told_of_its_twin():
    median = KEPT["median_grouped"]
    extend.twin(median)(ours)
    try:
        with pytest.raises(ConversionError, match="median_grouped takes plain values alone. Write .*ours, its twin"):
            wg.grad(lambda x: KEPT["median_grouped"]([x, 2.0 * x]))(3.0)
    finally:
        del TWINS[median]  # other tests know it without a twin
