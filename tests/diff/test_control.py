"""stop_gradient."""

import numpy as np

import wengert as wg


def test_a_stopped_value_is_a_constant():
    assert wg.grad(lambda x: x * wg.stop_gradient(x))(3.0) == 3.0
    assert wg.jvp(lambda x: x * wg.stop_gradient(x), (3.0,), (1.0,))[1] == 3.0
    np.testing.assert_array_equal(
        wg.hessian(lambda x: np.sum(x**2 * wg.stop_gradient(x)))(np.array([1.0, 2.0])), np.diag([2.0, 4.0])
    )


def test_it_is_plain_and_a_copy():
    def f(x):
        s = wg.stop_gradient(x)
        assert type(s) is np.ndarray
        s[0] = 5.0
        return np.sum(x * s)

    np.testing.assert_array_equal(wg.grad(f)(np.array([1.0, 2.0])), [5.0, 2.0])
    seen = []
    wg.grad(lambda x: seen.append(wg.stop_gradient(x)) or x)(3.0)
    assert seen == [3.0] and isinstance(seen[0], float)


def test_containers_and_plain_values_pass():
    seen = []

    def f(p):
        seen.append(wg.stop_gradient({"x": p[0], "n": 3, "s": "name", "none": None, "list": [p[1], p[0] * 2]}))
        return p[0] * p[1]

    wg.grad(f)((2.0, 5.0))
    assert seen == [{"x": 2.0, "n": 3, "s": "name", "none": None, "list": [5.0, 4.0]}]
    x = np.ones(3)
    assert wg.stop_gradient(x) is x and wg.stop_gradient(None) is None and wg.stop_gradient(3) == 3


def test_a_stopped_view_does_not_follow_later_writes():
    def f(x):
        s = wg.stop_gradient(x[:1])
        x[0] = 7.0
        return np.sum(x * s)

    np.testing.assert_array_equal(wg.grad(f)(np.array([2.0, 3.0])), [0.0, 2.0])
