"""A result shares memory with an operand exactly where NumPy's does, so that later writes are seen, or not seen, as in NumPy."""

import numpy as np
import pytest

import wengert as wg

windows = np.lib.stride_tricks.sliding_window_view
CALLS = {
    "x[1:]": lambda x: x[1:],
    "x[0]": lambda x: x[0],
    "x[..., None]": lambda x: x[..., None],
    "x[()]": lambda x: x[()],
    "x[[0, 1]]": lambda x: x[[0, 1]],
    "x[x > 1]": lambda x: x[x > 1],
    "x[0, 1]": lambda x: x[0, 1],
    "iteration": lambda x: list(x),
    "reshape": lambda x: x.reshape(3, 2),
    "reshape of a transpose": lambda x: x.T.reshape(-1),
    "reshape in Fortran order": lambda x: np.reshape(x, (3, 2), order="F"),
    "ravel": lambda x: x.ravel(),
    "np.ravel": lambda x: np.ravel(x),
    "ravel of a transpose": lambda x: np.ravel(x.T),
    "ravel in Fortran order": lambda x: np.ravel(x.T, order="F"),
    "flatten": lambda x: x.flatten(),
    "T": lambda x: x.T,
    "mT": lambda x: x.mT,
    "transpose": lambda x: np.transpose(x, (1, 0)),
    "swapaxes": lambda x: x.swapaxes(0, 1),
    "moveaxis": lambda x: np.moveaxis(x, 0, 1),
    "rollaxis": lambda x: np.rollaxis(x, 1),
    "permute_dims": lambda x: np.permute_dims(x, (1, 0)),
    "matrix_transpose": lambda x: np.matrix_transpose(x),
    "linalg.matrix_transpose": lambda x: np.linalg.matrix_transpose(x),
    "expand_dims": lambda x: np.expand_dims(x, 1),
    "squeeze": lambda x: np.squeeze(x[:1]),
    "method squeeze": lambda x: x[:1].squeeze(),
    "atleast_1d": lambda x: np.atleast_1d(x),
    "atleast_2d of a row": lambda x: np.atleast_2d(x[0]),
    "atleast_3d": lambda x: np.atleast_3d(x),
    "broadcast_to": lambda x: np.broadcast_to(x, (2, 2, 3)),
    "broadcast_arrays": lambda x: list(np.broadcast_arrays(x, x[0])),
    "flip": lambda x: np.flip(x),
    "fliplr": lambda x: np.fliplr(x),
    "flipud": lambda x: np.flipud(x),
    "rot90": lambda x: np.rot90(x),
    "roll": lambda x: np.roll(x, 1),
    "diagonal": lambda x: np.diagonal(x),
    "method diagonal": lambda x: x.diagonal(),
    "linalg.diagonal": lambda x: np.linalg.diagonal(x),
    "diag of a matrix": lambda x: np.diag(x),
    "diag of a vector": lambda x: np.diag(x[0]),
    "diagflat": lambda x: np.diagflat(x),
    "tril": lambda x: np.tril(x),
    "einsum diagonal": lambda x: np.einsum("ii->i", x[:, :2]),
    "einsum transpose": lambda x: np.einsum("ij->ji", x),
    "einsum sum": lambda x: np.einsum("ij->j", x),
    "split": lambda x: list(np.split(x, 3, axis=1)),
    "array_split": lambda x: list(np.array_split(x, 2, axis=1)),
    "hsplit": lambda x: list(np.hsplit(x, 3)),
    "vsplit": lambda x: list(np.vsplit(x, 2)),
    "dsplit": lambda x: list(np.dsplit(x[None], 3)),
    "unstack": lambda x: list(np.unstack(x)) if hasattr(np, "unstack") else list(x),
    "meshgrid": lambda x: list(np.meshgrid(x[0], x[1])),
    "meshgrid without copies": lambda x: list(np.meshgrid(x[0], x[1], copy=False)),
    "sparse meshgrid without copies": lambda x: list(np.meshgrid(x[0], x[1], copy=False, sparse=True)),
    "windows": lambda x: windows(x, 2, axis=1),
    "real": lambda x: np.real(x),
    "attribute real": lambda x: x.real,
    "real_if_close": lambda x: np.real_if_close(x),
    "conj": lambda x: np.conj(x),
    "method conj": lambda x: x.conj(),
    "method conjugate": lambda x: x.conjugate(),
    "positive": lambda x: +x,
    "np.positive": lambda x: np.positive(x),
    "copy": lambda x: x.copy(),
    "np.copy": lambda x: np.copy(x),
    "astype": lambda x: x.astype(float),
    "astype without a copy": lambda x: x.astype(float, copy=False),
    "np.astype": lambda x: np.astype(x, float) if hasattr(np, "astype") else x.astype(float),
    "round": lambda x: np.round(x, 2) * 0 + x,
    "clip": lambda x: np.clip(x, -10, 10),
    "where": lambda x: np.where(True, x, x),
    "nan_to_num": lambda x: np.nan_to_num(x),
    "nan_to_num without a copy": lambda x: np.nan_to_num(x, copy=False),
    "sort": lambda x: np.sort(x),
    "concatenate one": lambda x: np.concatenate([x]),
    "stack one": lambda x: np.stack([x]),
    "vstack one": lambda x: np.vstack([x]),
    "block one": lambda x: np.block([x]),
    "append nothing": lambda x: np.append(x, []),
    "delete nothing": lambda x: np.delete(x, [], axis=0),
    "trim_zeros": lambda x: np.trim_zeros(x[0]),
    "pad nothing": lambda x: np.pad(x, 0),
    "tile once": lambda x: np.tile(x, 1),
    "repeat once": lambda x: np.repeat(x, 1, axis=0),
    "resize": lambda x: np.resize(x, (2, 3)),
    "take": lambda x: np.take(x, [0, 1], axis=0),
    "sum over nothing": lambda x: np.sum(x, axis=()),
    "sum of one": lambda x: np.sum(x[:1], axis=0),
    "mean of one": lambda x: np.mean(x[:1], axis=0),
    "max of one": lambda x: np.max(x[:1], axis=0),
    "cumsum": lambda x: np.cumsum(x[:1], axis=0),
    "abs": lambda x: abs(x),
    "power of one": lambda x: x**1,
    "times one": lambda x: x * 1,
    "unary plus": lambda x: x.__pos__(),
    "zeros_like": lambda x: np.zeros_like(x),
    "full_like": lambda x: np.full_like(x, x[0, 0]),
    "ones_like": lambda x: np.ones_like(x),
    "apply_along_axis": lambda x: np.apply_along_axis(lambda r: r, 1, x),
    "interp": lambda x: np.interp(x[0], [0.0, 5.0], [0.0, 5.0]),
    "matrix_power": lambda x: np.linalg.matrix_power(x[:, :2], 1),
    "multi_dot": lambda x: np.linalg.multi_dot([x, x.T]),
    "diff of order 0": lambda x: np.diff(x, 0),
    "unwrap": lambda x: np.unwrap(x, axis=1),
    "nancumsum": lambda x: np.nancumsum(x, axis=1),
    "average": lambda x: np.average(x, axis=0),
    "itself": lambda x: x,
    "np.reshape to itself": lambda x: np.reshape(x, x.shape),
}
COMPLEX = {
    "real": lambda z: np.real(z),
    "imag": lambda z: np.imag(z),
    "attribute real": lambda z: z.real,
    "attribute imag": lambda z: z.imag[::2],
    "conj": lambda z: np.conj(z),
    "method conj": lambda z: z.conj(),
    "real_if_close": lambda z: np.real_if_close(z * 0 + 1),
    "angle": lambda z: np.angle(z),
    "abs": lambda z: np.abs(z),
}
X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]])


def seen(call, x, write):
    """What each part of call(x) holds after something was written into x, plus what it held before."""
    y = call(x)
    parts = y if isinstance(y, list) else [y]
    before = [wg.stop_gradient(part * 1) for part in parts]
    write(x)
    return [(b, wg.stop_gradient(part * 1)) for b, part in zip(before, parts, strict=True)]


def compare(call, x, write, derivative):
    expected = seen(call, x.copy(), write)
    found = []

    def f(x):
        found.extend(seen(call, x * 1, write))
        return np.real(np.sum(x**3))

    derivative(f)(x)
    assert len(found) == len(expected)
    for (before, after), (before_here, after_here) in zip(expected, found, strict=True):
        np.testing.assert_array_equal(before_here, before)
        np.testing.assert_array_equal(after_here, after)


def overwrite(x):
    x[...] = -x * 7.0 - 1.0


DERIVATIVES = {
    "reverse": wg.grad,
    "forward": lambda f: lambda x: wg.jvp(f, (x,), (x,)),
    "reverse over reverse": lambda f: lambda x: wg.grad(lambda x: np.real(np.sum(wg.grad(f)(x))))(x),
}


@pytest.mark.parametrize("derivative", DERIVATIVES.values(), ids=DERIVATIVES)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_write_is_seen_where_numpys_is(call, derivative):
    compare(call, X, overwrite, derivative)


@pytest.mark.parametrize("derivative", DERIVATIVES.values(), ids=DERIVATIVES)
@pytest.mark.parametrize("call", COMPLEX.values(), ids=COMPLEX)
def test_also_of_complex_arrays(call, derivative):
    compare(call, X[0] + 1j * X[1], overwrite, derivative)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_write_into_the_result_is_seen_where_numpys_is(call):
    """The other way round, where the result may be written."""

    def through(x):
        y = call(x)
        for part in y if isinstance(y, list) else [y]:
            if np.ndim(wg.stop_gradient(part)):
                part[...] = 9.0
        return wg.stop_gradient(x * 1)

    try:
        expected = through(X.copy())
    except (ValueError, DeprecationWarning):  # read-only, or about to become so
        with pytest.raises((ValueError, DeprecationWarning)):
            wg.grad(lambda x: through(x) is None or np.sum(x))(X)
        return
    found = []
    wg.grad(lambda x: found.append(through(x)) or np.sum(x))(X)
    np.testing.assert_array_equal(found[0], expected)
