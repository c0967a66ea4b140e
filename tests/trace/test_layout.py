"""How results lie in memory, as a write through a reshaped one would tell: methods, and what ufuncs take besides operands."""

import numpy as np
import pytest

import wengert as wg
from wengert.rules.vocabulary import bottom

BUFFER = np.arange(1.0, 25.0)
LAYOUTS = {
    "C order": lambda b: b.reshape(4, 6),
    "Fortran order": lambda b: b.reshape(6, 4).T,
    "every second": lambda b: b.reshape(4, 6)[:, ::2],
    "upside down": lambda b: b.reshape(4, 6)[::-1],
    "axes permuted": lambda b: np.transpose(b.reshape(2, 3, 4), (2, 0, 1)),
}
CALLS = {
    "copy": lambda x: x.copy(),
    "copy in Fortran order": lambda x: x.copy("F"),
    "np.copy": np.copy,
    "flatten": lambda x: x.flatten(),
    "flatten in Fortran order": lambda x: x.flatten("F"),
    "ravel": lambda x: x.ravel(),
    "reshape": lambda x: x.reshape(2, -1),
    "astype": lambda x: x.astype(np.float32),
    "astype in Fortran order": lambda x: x.astype(np.float32, "F"),
    "astype in either": lambda x: x.astype(np.float32, order="A"),
    "astype without a copy": lambda x: x.astype(float, copy=False),
    "astype without a copy, in C order": lambda x: x.astype(float, "C", copy=False),
    "clip": lambda x: x.clip(2.0),
    "take": lambda x: x.take([1, 0], axis=-1),
    "repeat": lambda x: x.repeat(2, 0),
    "swapaxes": lambda x: x.swapaxes(0, -1),
    "conjugate": lambda x: x.conjugate(),
    "cumsum": lambda x: x.cumsum(-1),
    "mean": lambda x: x.mean(0),
    "np.sin in C order": lambda x: np.sin(x, order="C"),
    "np.sin in Fortran order": lambda x: np.sin(x, order="F"),
    "np.sin in either": lambda x: np.sin(x, order="A"),
    "np.add of two layouts": lambda x: np.add(x, np.ones(x.shape, order="F"), order="A"),
    "np.add.outer": lambda x: np.add.outer(x, x, order="F"),
    "np.matmul in Fortran order": lambda x: np.matmul(x, np.swapaxes(x, -1, -2), order="F"),
    "np.matmul in either": lambda x: np.matmul(x, np.ones((x.shape[-1], 2), order="F"), order="A"),
    "full_like": lambda x: np.full_like(x, 2.0, order="F"),
    "np.modf": lambda x: np.modf(x, order="F")[0],
    "np.sin where": lambda x: np.sin(x, where=x > 2.0, out=None),
    "np.maximum.accumulate": lambda x: np.maximum.accumulate(x, axis=1),
    "meshgrid": lambda x: np.meshgrid(x, x[0])[0],
    "pad": lambda x: np.pad(x, 1, mode="edge"),
    "select": lambda x: np.select([x > 2.0], [x], 0.0),
}


def lie(y, x):
    y, x = bottom(y), bottom(x)
    return y.dtype, y.strides, np.shares_memory(y, x), y.flags.writeable


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("f", CALLS.values(), ids=CALLS)
def test_results_lie_as_numpys(f, layout):
    found = []

    def look(b):
        x = layout(b)
        y = f(x)
        found.append(lie(y, x))
        assert (y.strides, y.flags.writeable) == (bottom(y).strides, bottom(y).flags.writeable)
        return y

    look(np.array(BUFFER))
    wg.vjp(look, BUFFER)
    wg.jvp(look, (BUFFER,), (BUFFER,))
    assert found[0] == found[1] == found[2]


def test_the_methods_copy_is_in_c_order():
    def f(A):
        B = A.T.copy()
        B.reshape(-1)[0] = 10.0
        return np.sum(B**2)

    A = np.arange(6.0).reshape(2, 3)
    value, gradient = wg.value_and_grad(f)(A)
    assert value == f(A) == 155.0
    np.testing.assert_array_equal(gradient, 2 * A)


# --- what chooses the loop of a ufunc: followed, or refused as NumPy refuses it ---------------------------------------------------

X = np.arange(1.0, 7.0).reshape(2, 3)
LOOPS = {
    "a dtype": lambda x: np.add(x, 1, dtype=np.float32),
    "a complex dtype": lambda x: np.sqrt(-x, dtype=complex),
    "a signature": lambda x: np.sin(x, signature="f->f"),
    "a signature as a tuple": lambda x: np.add(x, x, signature=(None, None, np.float32)),
    "a dtype and casting": lambda x: np.add(x, x, dtype=np.longdouble, casting="safe"),
    "a number": lambda x: np.sin(x[0, 0], dtype=np.float32),
    "a list": lambda x: np.add(x, [1, 2, 3], dtype=complex),
    "out= of another dtype": lambda x: np.sin(x, dtype=np.float32, out=np.zeros_like(x)),
    "out= by place": lambda x: np.clip(x, 2.5, 4.5, np.zeros_like(x)),
}
REFUSED = {
    "casting": lambda x: np.add(x, x, casting="no", dtype=np.float32),
    "casting alone": lambda x: np.add(x, np.ones(3, np.float32), casting="no"),
    "an unknown casting": lambda x: np.add(x, x, casting="perhaps"),
    "an order": lambda x: np.sin(x, order="Q"),
    "subok": lambda x: np.sin(x, subok=3),
    "a signature of no loop": lambda x: np.sin(x, signature="i->i"),
    "two signatures": lambda x: np.sin(x, signature="d->d", dtype=float),
    "what reduce does not take": lambda x: np.add.reduce(x, casting="no"),
    "casting of astype": lambda x: x.astype(np.float32, casting="safe"),
    "bounds twice": lambda x: np.clip(x, 0.0, 3.0, min=1.0),
    "one bound": lambda x: np.clip(x, 2.0),
    "a list by a name that it has not": lambda x: np.concatenate(arrays=[x, x]),
    "an operand that is not there": lambda x: np.interp(x=x, xp=X[0]),
}


@pytest.mark.parametrize("f", LOOPS.values(), ids=LOOPS)
def test_a_loop_that_is_asked_for_is_taken(f):
    plain, t = f(X), np.ones(X.shape)
    (y, tangent), (z, pull) = wg.jvp(f, (X,), (t,)), wg.vjp(f, X)
    for traced in (y, z):
        assert traced.dtype == tangent.dtype == plain.dtype
        np.testing.assert_array_equal(traced, plain)
    g = np.ones_like(plain)
    np.testing.assert_allclose(np.sum(pull(g)[0]), np.sum(np.real(tangent)), rtol=1e-6)
    slope = (f(X + 1e-2) - f(X - 1e-2)) / 2e-2
    np.testing.assert_allclose(tangent, slope, rtol=1e-3)


@pytest.mark.parametrize("f", REFUSED.values(), ids=REFUSED)
def test_what_numpy_refuses_is_refused_alike(f):
    with pytest.raises((TypeError, ValueError)) as plain:
        f(X)
    for derivative in (lambda: wg.vjp(f, X), lambda: wg.jvp(f, (X,), (X,))):
        with pytest.raises(plain.type) as traced:
            derivative()
        assert str(traced.value) == str(plain.value)
