"""Reuse: buffers, masks and index arrays may be overwritten after use, inputs and results belong to the caller."""

import numpy as np
import pytest

import wengert as wg

LARGE = 20_000  # entries: above what is copied at each use
SIZES = pytest.mark.parametrize("n", [4, LARGE])
DERIVATIVES = {
    "reverse": lambda f, x: wg.grad(f)(x),
    "vjp": lambda f, x: wg.vjp(f, x)[1](1.0)[0],
    "forward": lambda f, x: None if np.size(x) > 4 else np.array([wg.jvp(f, (x,), (e,))[1] for e in np.eye(np.size(x))]),
    "along the list": lambda f, x: None if np.size(x) > 4 else np.array([wg.linearize(f, x)[1](e) for e in np.eye(np.size(x))]),
}


def check(f, x, gradient):
    for name, derivative in DERIVATIVES.items():
        found = derivative(f, x.copy())
        if found is not None:
            np.testing.assert_allclose(found, gradient, rtol=1e-12, err_msg=name)


@SIZES
def test_a_scratch_array_is_overwritten_in_a_loop(n):
    def f(x):
        w, total = np.empty(n), 0.0
        for k in range(1, 4):
            w[:] = k
            total = total + np.sum(x * x * w)
        w[:] = np.nan
        return total

    x = np.linspace(1.0, 2.0, n)
    check(f, x, 12.0 * x)


@SIZES
def test_a_scratch_array_is_overwritten_by_out(n):
    def f(x):
        w = np.ones(n)
        y = x * w
        np.multiply(w, 3.0, out=w)
        y = y * w
        w.fill(0.0)
        return np.sum(y * x)

    x = np.linspace(1.0, 2.0, n)
    check(f, x, 6.0 * x)


@SIZES
def test_a_mask_is_overwritten(n):
    def f(x):
        m = x > 1.5
        y = np.where(m, x * x, 3.0 * x)
        z = x[m]
        m[:] = ~m
        return np.sum(y) + np.sum(z) + 2.0 * np.sum(x[m])

    x = np.linspace(1.0, 2.0, n)
    check(f, x, np.where(x > 1.5, 2 * x + 1.0, 5.0))


@SIZES
def test_a_mask_that_selected_a_write_is_overwritten(n):
    def f(x):
        m = x > 1.5
        z = np.zeros_like(x)
        z[m] = x[m] ** 2
        z[~m] += x[~m]
        m[:] = False
        return np.sum(z)

    x = np.linspace(1.0, 2.0, n)
    check(f, x, np.where(x > 1.5, 2 * x, 1.0))


@SIZES
def test_an_index_array_is_overwritten(n):
    def f(x):
        i = np.arange(n)[::-1].copy()
        y = x[i]
        z = np.zeros_like(x)
        z[i] = x
        np.add.at(z, i, y)
        i[:] = 0
        return np.sum(y * x) + np.sum(z * x)

    x = np.linspace(1.0, 2.0, n)
    check(f, x, 2 * x[::-1] + 2 * x[::-1] + 2 * x)


@SIZES
def test_an_index_array_is_overwritten_after_take(n):
    def f(x):
        i = np.zeros(n, int)
        y = np.take(x, i)
        i[:] = n - 1
        return np.sum(y * y)

    x = np.linspace(1.0, 2.0, n)
    gradient = np.zeros(n)
    gradient[0] = 2.0 * n * x[0]
    check(f, x, gradient)


@SIZES
def test_a_matrix_operand_is_overwritten(n):
    m = min(n, 100)

    def f(x):
        a = np.eye(m) * 2.0
        y = a @ x[:m]
        a[:] = np.nan
        return np.sum(y * y)

    x = np.linspace(1.0, 2.0, n)
    check(f, x, np.concatenate([8.0 * x[:m], np.zeros(n - m)]))


@SIZES
def test_a_list_of_arrays_is_changed(n):
    def f(x):
        parts = [x, np.ones(n)]
        y = np.concatenate(parts) * np.concatenate([np.full(n, 2.0), x])
        parts[0] = None
        parts.clear()
        return np.sum(y)

    check(f, np.linspace(1.0, 2.0, n), np.full(n, 3.0))


@SIZES
def test_a_keyword_array_is_overwritten(n):
    def f(x):
        m = np.arange(n) % 2 == 0
        y = np.sum(x * x, where=m)
        m[:] = True
        return y

    x = np.linspace(1.0, 2.0, n)
    check(f, x, np.where(np.arange(n) % 2 == 0, 2 * x, 0.0))


@SIZES
def test_the_input_is_changed_between_the_value_and_the_pullback(n):
    x = np.linspace(1.0, 2.0, n)
    truth = 3 * x**2 + 1
    y, pull = wg.vjp(lambda x: np.sum(x * x * x + x), x)
    _, push = wg.linearize(lambda x: np.sum(x * x * x + x), x)
    x[:] = np.nan
    np.testing.assert_allclose(pull(1.0)[0], truth, rtol=1e-12)
    np.testing.assert_allclose(push(np.ones(n)), np.sum(truth), rtol=1e-12)


@SIZES
def test_inputs_are_never_modified(n):
    def f(x, p):
        x *= 2.0
        p["w"][0] = x[1]
        p["w"] += x
        x[:2] = 0.0
        return np.sum(p["w"] * x)

    x, p = np.linspace(1.0, 2.0, n), {"w": np.linspace(3.0, 4.0, n)}
    kept_x, kept_w = x.copy(), p["w"].copy()
    for derivative in (
        lambda: wg.grad(f, (0, 1))(x, p),
        lambda: wg.vjp(f, x, p)[1](1.0),
        lambda: wg.jvp(f, (x, p), (x, p)),
        lambda: wg.linearize(f, x, p)[1](x, p),
    ):
        derivative()
        np.testing.assert_array_equal(x, kept_x)
        np.testing.assert_array_equal(p["w"], kept_w)


@SIZES
def test_an_argument_that_is_not_differentiated_is_the_callers_own(n):
    w = np.ones(n)

    def f(x, w):
        w[0] = 5.0
        return np.sum(x * w)

    gradient = wg.grad(f)(np.zeros(n), w)
    assert w[0] == 5.0
    np.testing.assert_array_equal(gradient, w)


@SIZES
def test_results_are_the_callers_to_change(n):
    def f(x):
        y = x * x
        return y, y[1:], x, x[::-1]

    x = np.linspace(1.0, 2.0, n)
    results, pull = wg.vjp(f, x)
    cotangents = (np.ones(n), np.ones(n - 1), np.ones(n), np.ones(n))
    truth = pull(cotangents)[0]
    for r in results:
        assert r.flags.writeable and not np.shares_memory(r, x)
        r[:] = np.nan
    again = pull(cotangents)[0]
    np.testing.assert_array_equal(again, truth)
    again[:] = np.nan
    np.testing.assert_array_equal(pull(cotangents)[0], truth)
    y, push = wg.linearize(f, x)
    t = push(np.ones(n))
    for r in (*y, *t):
        r[:] = np.nan
    np.testing.assert_array_equal(push(np.ones(n))[0], 2 * x)


@SIZES
def test_cotangents_and_tangents_are_the_callers_to_change(n):
    x = np.linspace(1.0, 2.0, n)
    _, pull = wg.vjp(lambda x: x + 0.0, x)
    g = np.ones(n)
    (back,) = pull(g)
    assert not np.shares_memory(back, g)
    back[:] = 7.0
    np.testing.assert_array_equal(g, np.ones(n))
    _, push = wg.linearize(lambda x: x, x)
    t = push(g)
    assert not np.shares_memory(t, g)
    y, t = wg.jvp(lambda x: x, (x,), (g,))
    assert not np.shares_memory(t, g) and not np.shares_memory(y, x)
    t[:] = 7.0
    np.testing.assert_array_equal(g, np.ones(n))


@SIZES
def test_gradients_share_no_memory(n):
    x, w = np.linspace(1.0, 2.0, n), np.ones(n)
    gx, gw = wg.grad(lambda x, w: np.sum(x + w), (0, 1))(x, w)
    assert not np.shares_memory(gx, gw)
    g = wg.grad(lambda p: np.sum(p[0] + p[1] + p[2][::-1]))([x, x, x])
    for k in range(3):
        assert g[k].flags.writeable and g[k].flags.owndata
        assert not any(np.shares_memory(g[k], g[j]) for j in range(k))


@SIZES
def test_auxiliary_output_is_plain_and_the_callers_to_change(n):
    held = {}

    def f(x):
        z = x * x
        held["list"] = [z[0]]
        return np.sum(z * x), {"z": z, "view": z[::-1], "x": x, "name": "run", "inner": [z[0], 3]}

    x = np.linspace(1.0, 2.0, n)
    for result in (wg.grad(f, has_aux=True), lambda x: wg.value_and_grad(f, has_aux=True)(x)):
        out = result(x)
        gradient, aux = (out[1], out[0][1]) if isinstance(out[0], tuple) else out
        assert type(aux["z"]) is np.ndarray and aux["name"] == "run" and aux["inner"][1] == 3
        assert type(aux["inner"][0]) is np.float64
        np.testing.assert_array_equal(aux["z"], x * x)
        aux["z"][:] = np.nan
        aux["x"][:] = np.nan
        np.testing.assert_allclose(gradient, 3 * x * x, rtol=1e-12)
        np.testing.assert_array_equal(x, np.linspace(1.0, 2.0, n))
    _, pull, aux = wg.vjp(f, x, has_aux=True)
    aux["z"][:] = np.nan
    np.testing.assert_allclose(pull(1.0)[0], 3 * x * x, rtol=1e-12)


def test_a_captured_array_of_an_outer_level_is_overwritten():
    def outer(x):
        y = x * 2.0

        def inner(t):
            z = y * t
            return np.sum(z * z)

        slope = wg.grad(inner)(3.0)  # 24 |x|^2
        y[:] = 0.0
        return slope + np.sum(y)

    x = np.array([1.0, 2.0])
    check(outer, x, 48.0 * x)


def test_a_tensor_kept_by_an_inner_pullback_is_overwritten():
    def outer(x):
        y = x * 2.0
        _, pull = wg.vjp(lambda t: np.sum(y * t * t), np.ones(2))
        y[:] = 0.0
        y[0] = x[1]
        (g,) = pull(1.0)  # 2 y t, with the y that was read: 4 x
        return np.sum(g * x) + np.sum(y)

    x = np.array([1.0, 2.0])
    check(outer, x, 8.0 * x + np.array([0.0, 1.0]))


def test_a_buffer_that_outlives_the_call_is_overwritten_before_the_pullback():
    buffer = np.array([1.0, 2.0, 3.0])
    _, pull = wg.vjp(lambda x: np.sum(x * buffer), np.ones(3))
    _, push = wg.linearize(lambda x: np.sum(np.sin(x * buffer)), np.zeros(3))
    buffer[:] = np.nan
    np.testing.assert_array_equal(pull(1.0)[0], [1.0, 2.0, 3.0])
    assert push(np.ones(3)) == 6.0


def test_a_read_only_or_strided_array_is_as_good_as_any():
    frozen = np.arange(12.0).reshape(3, 4)
    frozen.flags.writeable = False
    for x in (
        frozen,
        np.arange(24.0).reshape(3, 8)[:, ::2],
        np.arange(12.0).reshape(4, 3).T,
        np.broadcast_to(np.arange(4.0), (3, 4)),
    ):
        gradient = wg.grad(lambda x: np.sum(x**3))(x)
        np.testing.assert_array_equal(gradient, 3 * x**2)
        assert gradient.flags.writeable and gradient.flags.owndata

        def write(x):
            x[1] = 0.0
            x *= x
            return np.sum(x)

        if not x.flags.writeable:
            for call in (write, wg.grad(write), lambda x: wg.jvp(write, (x,), (x,)), wg.hessian(write)):
                with pytest.raises(ValueError, match="read-only"):
                    call(x)
            continue
        expected = 2 * np.array(x)
        expected[1] = 0.0
        np.testing.assert_array_equal(wg.grad(write)(x), expected)
