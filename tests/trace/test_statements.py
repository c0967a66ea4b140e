"""Statements that write into arrays, as people write them: each does what NumPy does, and its derivative is right.

x is the argument, of six elements, and z starts as np.zeros(6); z is what is returned.
"""

import linecache

import numpy as np
import pytest

import wengert as wg
from wengert.errors import WengertError
from wengert.testing import check

X = np.array([1.3, 0.7, 1.1, 0.9, 1.2, 0.4])
STATEMENTS = """
z[..., None] += x[:, None]
z[[0,1]][[0]] = x[0]
z[x>1][0] = x[0]
a = b = z; a[0] = x[0]; z = b*x
z = x*1; z[[True,False]*3] *= x[0]
z = np.zeros((2,6)); z[[True,False]] += x
z = x.reshape(2,3)*1; z[:, [0,2]] -= x[0]
z = x.reshape(2,3)*1; z[:, [0,0]] -= x[0]
z[np.newaxis] = x
z[True] = x
z[False] = x[0]; z = z + x
z = np.zeros(()); z[()] = x[0]
z = np.zeros(()); z[...] = x[0]; z += x[1]
z = np.zeros(()); z += x[1]
z[1:3] = [x[0], 2*x[0]]
z[1:3] = (x[0], 2.0)
z[[1,3]] = [x[0], 2*x[0]]
z = np.zeros((2,2)); z[:] = [[x[0], 1], [2, x[1]]]
z = np.zeros((2,2)); z[:] = [x[:2], x[2:4]]
z = x*1; z[0], z[1] = z[1], z[0]
z = x.reshape(2,3)*1; z[0], z[1] = z[1].copy(), z[0].copy()
z = x.reshape(2,3)*1; z[0], z[1] = z[1], z[0]
z = x.reshape(2,3)*1; z[[0,1]] = z[[1,0]]
z = x*1; z[:] = z[::-1]
z = x*1; z[1:] = z[:-1]
z = x*1; z[:-1] = z[1:]
z = x*1; z[1:] += z[:-1]
z = x[:4].reshape(2,2)*1; z += z.T
z = x[:4].reshape(2,2)*1; z[:] = z.T
z = x[:4].reshape(2,2)*1; z *= z.T
z = x[:4].reshape(2,2)*1; np.add(z, z.T, out=z)
np.copyto(z, x, where=x>1)
np.copyto(z, x)
np.copyto(z, x[0])
np.copyto(z[1:], x[1:], where=[True]*5)
z.put([0, 0, 7-2], x[:3])
z.put(1, x[0])
z.put([1,2], x[0])
np.put(z, [0,1], x[:2])
np.place(z, x>1, x[:2])
np.putmask(z, x>1, x)
z.fill(x[0])
z = np.zeros((3,3)); np.fill_diagonal(z, x[:3])
z = x*1; z.sort()
z = x*1; z[::-1].sort()
z = x*1; z.partition(2); z=z[2]
z = np.zeros(6); z.shape = (2,3); z[0] = x[:3]
z = x*1; z = np.resize(z, (2,4))
z = x*1; z.setflags(write=False); z = z*1
z = x*1; z.real = 2*x
z = x+1j*x; z.imag = x*x; z = abs(z)
z = x*1; z.flat = x[0]
z = x*1; z.flat[2] = x[0]
z = x.reshape(2,3)*1; z.flat[1:3] = x[0]
z = x.reshape(2,3)*1; z.flat[[1,3]] = x[:2]
z = x*1; z.flat[1:] = z[:-1]
z = x*1; z.flat[[1,2,2]] = z[:3]
z = x*1; z.flat[np.array([False,True,True]*2)] = z[:4]
z = x*1; z.flat[::2] = x[x > 10]
z = x[:4].reshape(2,2)*1; z.flat = z.T
z = x[:4].reshape(2,2)*1; z.flat[::3] = z.diagonal()[::-1]
z = x[:4].reshape(2,2)*1; np.fill_diagonal(z, z.diagonal()[::-1])
z = x[:4].reshape(2,2)*1; np.fill_diagonal(z, x[x > 10])
z = x[:4].reshape(2,2)*1; z[2:, 1] *= 2; z[2:, 2:] -= 1; z[:0, 1] /= x[0]; z = z*z
z = x[:4].reshape(2,2)*1; z.T[1::-1, 3:] /= x[0]; v = z[-1:-1, ::-1]; z = z*z + np.sum(v*np.cos(v))
z = np.floor(3*x); z += x; z *= z
z = np.sign(x - 1); w = z[1:]; z[0] = x[0]; w *= x[1]
z = np.round(x, 1); z[:2] = x[2:4]; z = z*x
z = np.floor_divide(x, 0.29); np.add(z, x, out=z); z = z*z
z = np.rint(2*x); y = z.copy(); y[0] = x[0]; z = y*y + z
z = x.reshape(2,3)*1; z.T[0] = x[0]
z = x*1; z.T[:] = 1.0*x
z = x*1; z.dtype
z = x*1; w = z.view(); w[0] = x[1]
z = x*1; z.__setitem__(0, x[1]); z = z.__getitem__(slice(0, 2))
z = x*1; z.__iadd__(x)
z = x.choose([x]) if False else x
z = x.compress(x>1)
z = x.argmax()*x
z = np.zeros(6, complex); z[:] = x; z = z.real
z = np.zeros(6, complex); z += x; z = z.real
z = np.zeros(6, complex); z[0] = x[0]*1j; z = z.imag
z = np.empty(6); z[:] = x
z = np.empty_like(x); z[:] = x
z = np.full(6, x[0]); z[1] = x[1]
z = np.full((2,), np.nan); z[:] = x[:2]
z = np.ones(6)*2; z[1:3] *= x[0]
z = np.arange(6.0); z[1:3] *= x[0]
z = np.linspace(0,1,6); z -= x
z = np.eye(3); z[0] += x[:3]
z = np.array([1.0, 2, 3]); z[0] = x[0]
z = np.zeros(6).reshape(2,3); z[0] = x[:3]
z = np.zeros((2,3)).T; z[0] = x[:2]
z = np.zeros((2,3)); r = z[0]; r[:] = x[:3]
z = np.zeros((2,3)); r = z.ravel(); r[:] = x
z = np.zeros((2,3)); [r.fill(v) for r, v in zip(z, x)]
z = np.zeros((2,3)); z[:, 0], z[:, 1] = x[:2], x[2:4]
z[:3], z[3:] = np.split(x, 2)
z[0] = x[0]; z[1:] = z[:-1] + x[1:]
z[...] = x; z[..., 0] *= 2; z[-1] **= 2
z[0] += x[0]; z[0] *= x[1]; z[0] -= x[2]; z[0] /= x[3]; z[0] **= 2
z[x > 1] = x[x > 1]**2
z[~(x > 1)] += x[~(x > 1)]
z[np.where(x > 1)] = 1*x[0]
z[np.argmax(x)] = x[1]
z[[0,0]] += x[:2]
z[[0,0]] = x[:2]
z = list(x); z[0] = x[1]; z.append(x[0]*2); z = np.array(z)
z = [0.0]*3; z[0] = x[0]; z = np.array(z)
z = np.zeros((2,3)); z[np.ix_([0,1],[0,2])] = x[:4].reshape(2,2)
z = np.zeros((2,3)); z[tuple(zip((0,1),(1,2)))] = x[:2]
z = np.zeros((2,3)); z[np.tril_indices(2)] = x[:3]
z = np.zeros((2,3)); z[np.unravel_index([0,4],(2,3))] = x[:2]
z = np.zeros((2,3)); np.put_along_axis(z, np.array([[1],[0]]), x[:2,None], axis=1)
z = np.zeros((2,3,2)); z[:, 1, ...] = x[:4].reshape(2,2)
z = np.zeros((2,3,2)); z[0, :, [0,1]] = x.reshape(2,3)
z = x*1; z[z > 1] = 0.0
z = x*1; z[z > 1] *= z[z > 1]
z = x*1; z[:0] = 5.0
z = x*1; z[::-1] -= 2*x
z = x*1; z[4:0:-2] = x[:2]
z = x*1; w = z; w = w + 1; w[0] = 0; z = z*w
z = x; z = z.copy(); z += x; z = z*x
z = x*1; y = z[1:]; y += y[::-1]
z = x*1; y = z[1:]; z[2] = 0; y *= 3
z = x*1; q = z.T; q = q.reshape(2,3); q[0,0] = 5*x[1]
z = x*1; np.negative(z, out=z)
z = x*1; np.add(z[1:], z[:-1], out=z[1:])
z = x*1; np.cumsum(z, out=z)
z = x*1; np.clip(z, .5, 1, out=z)
z = x*1; np.round(z, 1, out=z)
z = x*1; np.multiply(z, 2, out=z, where=z>1)
z = x*1; np.add.at(z, [0,0], z[:2])
z = np.zeros(3); z[0] = x[0]; z = z.tolist(); z = np.array(z)*x[:3]
z = np.zeros(3); z[:] = x[:3].tolist()
z = np.zeros(3); z[0] = x[0].item()
z = np.zeros(3); z[0] = float(x[0])
z = np.zeros(3); z[:] = x[:1]
z = np.zeros((3,1)); z[:, 0] = x[:3]; z = z @ z.T
z = np.zeros(3); z[...] = [v for v in x[:3]]
z = np.zeros(3); z[:] = np.array([x[0], x[1], 2.0])
z = np.zeros(2); z[0], z[1] = divmod(x[0], .3); z = z*x[0]
z = x.copy(); z[0] = z[1] = z[2]*2
z = np.zeros(6); z.real = x
z = np.zeros(6); z.flat = x
z = np.zeros((2,3)); z.flat[:] = x
z = np.zeros((2,3)); z.T.flat[2] = x[0]
z = np.zeros(6); z.real[:] = x
z = np.append(x, x[0]); z[0] = 1; z = z*z
z = np.insert(x, 1, x[0])
z = np.delete(x, 1)
z = np.tile(x, 2); z[0] = 0
z = np.concatenate([x, [1.0]]); z[-1] = x[0]
z = np.asarray(x); z = z*1; z[0] = 3
z = np.array(x, copy=True); z[0] = x[1]
z = np.ascontiguousarray(x)*1
z = np.atleast_2d(x)*1; z[0,0] = x[1]
z = np.triu(np.outer(x[:3],x[:3])); z[0,0] = 1
z = np.pad(x, 1); z[0] = x[1]
z = np.roll(x, 1); z[0] = 0
z = np.flip(x)*1; z[0] = 0
z = np.diag(x[:3]) + 0; z[0,1] = x[1]
z = np.where(x>1, x, 0); z[0] = x[1]
z = np.minimum(x, 1); z[0] = x[1]
z = np.maximum.accumulate(x)
np.add(x, 1, out=z)
z = np.zeros(6, int); z[0] = 1; z = z*x
z = np.zeros(6); z[2] = x[0]; del z; z = x
w = np.lib.stride_tricks.as_strided(x*1, (4, 3), (8, 8)); z = w*x[:3]
z = x*1; w = np.lib.stride_tricks.as_strided(z, shape=(2, 2), strides=(24, 8)); w[1] *= x[0]; z[0] = 5*x[1]; z = z*w.sum()
w = np.lib.stride_tricks.as_strided(z[1:], (2, 2)[:1]); w[:] = x[:2]
w = np.lib.stride_tricks.as_strided(x.reshape(2,3).T, strides=(8, 16)); z = w*1
"""


def program(statement, dtype="float"):
    """A function of these statements, with a source that errors can show."""
    source = f"def f(x):\n    z = np.zeros(6, {dtype})\n    {statement}\n    return z * 1.0\n"
    name = f"test_statements_{abs(hash(source))}.py"
    linecache.cache[name] = len(source), None, source.splitlines(True), name
    names = {"np": np, "__name__": "statements"}
    exec(compile(source, name, "exec"), names)
    return names["f"]


@pytest.mark.parametrize("statement", STATEMENTS.strip().splitlines())
def test_statement(statement):
    f = program(statement)
    expected, value = f(X.copy()), wg.vjp(f, X)[0]
    np.testing.assert_allclose(value, expected, rtol=1e-15)
    assert (value.shape, value.dtype) == (expected.shape, expected.dtype)
    check(f, X)


@pytest.mark.parametrize("statement", ["z[:] = x", "z += x", "z[0] = x[0]", "z[[0, 0]] += x[:2]", "z[1:], z[0] = x[1:], x[0]"])
def test_single_precision_takes_double(statement):
    f = program(statement, "np.float32")
    for x, error in ((X, 1e-3), (X.astype(np.float32), 2e-3)):
        value, pull = wg.vjp(f, x)
        np.testing.assert_array_equal(value, f(x))
        assert value.dtype == np.float32
        check(f, x, rtol=error, atol=error)


REFUSED = {
    "z = x * 1; z.shape = (2, 3)": "x.reshape",
    "z[0] = x[0]; z.shape = (2, 3)": "x.reshape",
    "z = x * 1; z.resize((2, 3))": "x.reshape",
    "z.resize(8)": "np.pad",
    "z = (x + 1j).view(float)": "np.stack",
    "z = (x * 1).view(np.complex128)": "1j",
    "z = x.view(np.int64)": "astype",
    "z = np.zeros(6, int); z[:] = x": "",
    "z = np.zeros(6, bool); z[x > 1] = x[x > 1]": "",
    "z = np.zeros(6, [('a', float)]); z['a'] = x; z = z['a']": "",
    "z = np.ma.masked_array(np.zeros(6)); z[0] = x[0]": "",
    "z = np.ma.masked_array(x, x > 1)": "",
    "z = np.matrix(x)": "",
    "z = x * np.matrix(np.ones((6, 6)))": "Use it as it is",
    "z = x * np.ma.masked_array(np.ones(6))": "",
    "z = sum(v for v in np.nditer(x))": "",
    "z = np.frombuffer(x)": "",
    "z = np.lib.stride_tricks.as_strided(x[::2], (3, 9), (16, 16))": "x.copy()",
    "z = np.zeros(3, np.int32); np.add.at(z, [0], x[0])": "",
    "z = np.zeros(3, np.int32); np.add(x[:3], 1, out=z, casting='unsafe')": "",
    "import pickle; z = pickle.dumps(x)": "",
    "import statistics; z = statistics.median_grouped(x)": "",
}


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # of np.matrix
@pytest.mark.parametrize(("statement", "advice"), REFUSED.items(), ids=REFUSED)
def test_what_has_no_derivative_is_loud(statement, advice):
    f = program(statement)
    for derivative in (wg.jacrev, wg.jacfwd):
        with pytest.raises((WengertError, TypeError, ValueError), match=advice or None):
            derivative(f)(X)


def test_integers_and_objects():
    """Integers cut what is written into them, which is piecewise constant; objects stay what they are."""
    check(program("w = np.zeros(6, int); w[0] = x[0]; z = w * x"), X)
    check(program("w = np.zeros(6, object); w[0] = x[0]; z = w[0] * x"), X)


def test_the_shape_of_new_arrays_can_be_set():
    check(program("z.shape = (2, 3); z[0] = x[:3]"), X)
    check(program("w = z[1:]; z.shape = 3, 2; z[0] = x[:2]; w[-1] = x[0]"), X)
    with pytest.raises(ValueError, match="reshape"):
        wg.jacrev(program("z.shape = (4, 2); z[0] = x[:2]"))(X)


def test_arrays_that_refuse_writes():
    with pytest.raises(ValueError, match="read-only"):
        wg.jacrev(program("z.setflags(write=False); z[0] = x[0]"))(X)
    with pytest.raises(ValueError, match="read-only"):
        wg.jacrev(program("z[0] = x[0]; z.setflags(write=False); z[1] = x[1]"))(X)
