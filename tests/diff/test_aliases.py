"""Arguments that lie in one memory: each is a copy, so a write that NumPy would show in both is refused."""

import numpy as np
import pytest

import wengert as wg
from wengert.testing import check

W = np.array([1.0, 2.0, 3.0])


def step(u, u0):
    u *= 2
    return np.sum(u * u0)


def into_second(u, u0):
    u0[1:][0] = 7.0
    return np.sum(u * u0)


def by_out(u, u0):
    np.multiply(u, 2.0, out=u)
    return np.sum(u * u0)


def at(u, u0):
    np.add.at(u, [0], 1.0)
    return np.sum(u * u0)


def listed(p):
    p[0][0] = 0.0
    return np.sum(p[0] * p[1])


DERIVATIVES = {
    "first": lambda f: wg.grad(f),
    "second": lambda f: wg.grad(f, 1),
    "both": lambda f: wg.grad(f, (0, 1)),
    "pullback": lambda f: lambda a, b: wg.vjp(f, a, b)[1](1.0),
    "forward": lambda f: lambda a, b: wg.jvp(f, (a, b), (a, b)),
    "by name": lambda f: lambda a, b: wg.grad(f)(a, u0=b),
    "jacobian": lambda f: wg.jacobian(f),
    "nested": lambda f: lambda a, b: wg.grad(lambda a, b: np.sum(wg.grad(f)(a, b)))(a, b),
    "nested, of one": lambda f: lambda a, b: wg.grad(lambda a: np.sum(wg.grad(f)(a, a)))(a),
}


@pytest.mark.parametrize("derivative", DERIVATIVES.values(), ids=DERIVATIVES)
@pytest.mark.parametrize("f", [step, by_out, at])
def test_a_write_into_an_array_given_twice_is_refused(f, derivative):
    with pytest.raises(wg.errors.WriteError, match=r"argument.*shares.*copy\(\)[^\n]*\n.*test_aliases.py"):
        derivative(f)(W, W)


@pytest.mark.parametrize("derivative", list(DERIVATIVES.values())[:-1], ids=list(DERIVATIVES)[:-1])
def test_a_write_into_the_other_is_refused(derivative):
    with pytest.raises(wg.errors.WriteError, match=r"argument.*shares.*copy\(\)[^\n]*\n.*test_aliases.py"):
        derivative(into_second)(W, W)


@pytest.mark.parametrize("other", [lambda w: w[::-1], lambda w: w[:], lambda w: w.reshape(1, 3)])
def test_views_of_it_are_seen(other):
    w = W.copy()
    with pytest.raises(wg.errors.WriteError, match="argument 0 of step was written, whose memory argument 1 of step shares"):
        wg.grad(step)(w, other(w))
    np.testing.assert_array_equal(w, W)


@pytest.mark.parametrize("pair", [lambda w: [w, w], lambda w: [w, w[::-1]]])
def test_containers_are_looked_into(pair):
    with pytest.raises(
        wg.errors.WriteError, match=r"argument 0 of listed\[0\] was written, whose memory argument 0 of listed\[1\]"
    ):
        wg.grad(listed)(pair(W.copy()))


def test_what_shares_no_element_is_written():
    check(step, W, W.copy())
    for w, a, b in ((w := np.arange(6.0), w[::2], w[1::2]), (w := np.arange(6.0), w[:3], w[3:])):
        np.testing.assert_array_equal(wg.grad(step)(a, b), 2 * b)
        np.testing.assert_array_equal(wg.grad(step, (0, 1))(a, b)[1], 2 * a)
        np.testing.assert_array_equal(w, np.arange(6.0))


def test_reading_an_array_given_twice_is_as_it_was():
    def f(u, u0):
        v = u.copy()
        v *= u0
        u = u * 2
        u += v
        return np.sum(u * u0)

    np.testing.assert_allclose(wg.grad(f)(W, W), 2 * W + W * W)
    np.testing.assert_allclose(wg.grad(f, 1)(W, W), 2 * W + 2 * W * W)
    np.testing.assert_allclose(wg.grad(lambda p: np.sum(p[0] * p[1] ** 2))([W, W]), [W**2, 2 * W * W])


def test_arrays_that_are_not_differentiated_share_as_they_do():
    def f(x, a, b):
        a[0] = 5.0
        return np.sum(x * b)

    a = W.copy()
    np.testing.assert_array_equal(wg.grad(f)(W, a, a), [5.0, 2.0, 3.0])


NAMED = np.array([1.0, 2.0, 3.0])
PART = NAMED[1:]


def into_the_argument(x):
    x[1] = 5.0 * x[0]
    return np.sum(x * np.append(PART, 1.0))


def into_what_is_named(x):
    PART[0] = 7.0
    return np.sum(x**2)


def into_a_copy(x):
    y = x.copy()
    y[0] = 2.0 * PART[0]
    return np.sum(y * NAMED)


@pytest.mark.parametrize("f", [into_the_argument, into_what_is_named])
def test_an_argument_that_f_also_knows_by_name_is_not_written(f):
    for _ in range(2):
        with pytest.raises(wg.errors.WriteError, match=r"an array that into_\w+ knows by name.*copy\(\)[^\n]*\n.*test_aliases.py"):
            wg.grad(f)(NAMED)
        with pytest.raises(wg.errors.WriteError, match=r"an array that into_\w+ knows by name"):
            wg.jvp(f, (NAMED,), (NAMED,))
    np.testing.assert_array_equal(NAMED, [1.0, 2.0, 3.0])


def test_what_f_knows_by_name_and_does_not_share_may_be_written():
    np.testing.assert_array_equal(wg.grad(into_a_copy)(NAMED), [0.0, 2.0, 3.0])
    np.testing.assert_array_equal(wg.grad(into_the_argument)(NAMED.copy()), [17.0, 0.0, 1.0])
    saved = NAMED.copy()
    np.testing.assert_array_equal(wg.grad(into_what_is_named)(saved), 2.0 * saved)
    NAMED[:] = saved


def test_a_name_that_means_another_array_now():
    for k in range(3):
        globals()["ANOTHER"] = np.array([1.0, 2.0 + k])
        with pytest.raises(wg.errors.WriteError, match="knows by name"):
            wg.grad(into_another)(ANOTHER)


ANOTHER = np.zeros(2)


def into_another(x):
    ANOTHER[0] = 5.0
    return np.sum(x * x)
