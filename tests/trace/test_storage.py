"""Storages and views: writes through one name are seen through all others, in whatever layout and dtype."""

import copy

import numpy as np
import pytest

import wengert as wg

X = np.array([0.3, -0.7, 1.1, 0.9, 0.2, -0.4])


def last_of_repeated(x):
    z = np.zeros_like(x)
    z[[0, 0, 1]] = x[:3]  # the last one stays
    z[np.array([[2, 2], [3, 3]])] = np.reshape(x[:4], (2, 2))
    z[[-1, 5]] = x[:2] * x[1:3]
    return np.sum(z * z * x)


def last_of_repeated_columns(x):
    z = np.reshape(x, (2, 3)) * 2.0
    z[:, [1, 1]] = np.reshape(x[:4], (2, 2))
    z[[0, 0], [0, 0]] = x[4:]
    z[((1, 1),)] = np.reshape(x, (2, 3)) ** 2  # a tuple in a tuple is an array of indices
    return np.sum(z * np.reshape(x, (2, 3)))


def sequences_as_indices(x):
    z = x * x
    z[range(2)] = x[range(3, 5)]
    z[((0, 0, 1),)] += x[:3]
    return np.sum(z * x[[True, False, True, True, False, True]].sum())


def overlap(x):
    z = x * x
    z[1:] = z[:-1]
    z[::-1] += z
    z[:4] *= z[2:]
    return np.sum(z**2)


def itself(x):
    z = np.sin(x)
    z[...] = z
    z[:3] = z[:3]
    z[::-1] = z
    z += z
    z[[1, 2]] = z[[2, 1]]
    return np.sum(z * x)


def transposed(x):
    z = np.zeros((3, 2)) * x[0]
    v = z.T
    v[0] = x[:3]
    v[1, ::-1] = x[3:] * v[0]
    w = v.swapaxes(0, 1).reshape(2, 3)
    w[0, 1] *= x[0]
    return np.sum(z @ v) + np.sum(np.ravel(z)[1:] * x[1:])


def column_major(x):
    z = np.zeros_like(np.reshape(x, (2, 3)), order="F")
    z[0] = x[:3]
    z.T[1:] += np.reshape(x[:4], (2, 2))
    flat = z.T.reshape(-1)
    flat[::2] *= x[:3]
    return np.sum(z**3)


def diagonal(x):
    z = np.multiply.outer(x[:3], x[3:])
    total = np.sum(np.diagonal(z) * x[:3])
    d = np.einsum("ii->i", z)  # a writable view
    d *= x[:3]
    return total + np.sum(z * z) + np.trace(z)


def broadcast(x):
    b = np.broadcast_to(x[:3], (4, 3))
    before = np.sum(b * b)
    y = x * 1.0
    c = np.broadcast_to(y[1:2], (3,))
    y[1] = x[0] * x[2]
    return before + np.sum(c * c * x[:3])


def sliding_windows(x):
    z = x * x
    w = np.lib.stride_tricks.sliding_window_view(z, 3)
    total = np.sum(w[:, ::2] * x[:2]) + np.sum(w[[0, 1, 1]] * w[1:]) + w[1, 1] * w[0, 2] + np.sum(np.sin(w))
    z[2] = x[0] * x[1]
    z[3:] *= x[:3]
    return total + np.sum(w**2)


def strided_slices(x):
    z = np.multiply.outer(x[:4], np.multiply.outer(x[1:4], x[2:]))
    z[::2, 1:, ::-3] *= x[0]
    z[1::2, ::2, 1:3] += x[1] * z[:2, :2, :2]
    return np.sum(z[..., ::2] ** 2) + np.sum(np.swapaxes(z, 0, 2)[1:, ::-1, ::2] * x[:2])


def empty_and_zero_dimensional(x):
    z = x * 2.0
    z[3:3] = 5.0
    z[[]] = 0.0
    z[np.zeros(6, bool)] = 1.0
    s = np.array(0.0) * x[0] + x[1]
    t = np.sum(z) * np.ones(()) * x[2]
    return np.sum(z[:0]) + t * s


def zero_dimensional_writes(x):
    s = np.zeros_like(x[0])
    z = np.zeros((), x.dtype) + np.reshape(x[:1] * x[1:2], ())
    y = np.reshape(x[:1] * 3.0, ())
    y[...] = x[1] * x[2]
    y[()] *= x[0]
    return y * z + s


def many_names(x):
    z = x * 1.0
    names = [z, z[::2], z[1:], z[1:][::-1], z.reshape(2, 3), z.reshape(2, 3).T, z[None]]
    for k, name in enumerate(names):
        name += x[k % 6] * 0.5
        name[0] *= x[(k + 1) % 6]
    return sum(np.sum(np.sin(name)) for name in names)


def in_place_operators(x):
    z = x * x + 1.0
    z += x
    z -= 0.5 * x[::-1]
    z *= x
    z /= 2.0 + x * x
    z **= 2
    z %= 10.0
    m = np.reshape(z[:4], (2, 2))
    m @= np.reshape(x[2:], (2, 2))
    return np.sum(z) + np.sum(m * m)


def through_out(x):
    z = np.zeros_like(x)
    v = z[::-1]
    np.sin(x, out=z)
    np.multiply(x, v, out=z)
    np.add(z, 1.0, out=v, where=x > 0)
    np.sum(np.reshape(x, (2, 3)), axis=0, out=z[:3])
    np.cumsum(x[:3], out=v[:3])
    np.matmul(np.reshape(x, (2, 3)), x[:3], out=z[1:3])
    np.concatenate([x[:2], x[3:4]], out=v[1:4])
    return np.sum(z * v * x)


def added_at(x):
    z = np.zeros_like(x)
    np.add.at(z, [0, 0, 5, -1], x[:4])
    np.add.at(z[::-1], np.array([[1, 1], [2, 1]]), np.reshape(x[:4], (2, 2)))
    np.add.at(np.reshape(z, (2, 3)), ([0, 0], [1, 1]), x[4])
    np.add.at(z, x > 0, 0.5 * x[1])
    np.add.at(z, slice(1, 3), z[:2])
    return np.sum(z**3)


def copies_are_their_own(x):
    z = x * x
    z[0] *= x[1]
    same = z
    others = [
        z.copy(),
        np.copy(z),
        copy.copy(z),
        copy.deepcopy(z),
        z + 0,
        +z,
        np.positive(z[::-1]),
        z.flatten(),
        z[[0, 1, 2, 3, 4, 5]],
        z[z == z],
        z.astype(float),
    ]
    z[:] = 0.0
    return sum(np.sum(other * x) for other in others) + np.sum(same)


def views_are_not(x):
    z = x * x
    others = [z[:], z[...], z.reshape(-1), np.ravel(z), z.T, z.view() if hasattr(z, "view") else z[:], np.reshape(z, (2, 3)).T]
    z[1] = 5.0 * x[0]
    return sum(np.sum(other**2) for other in others)


def fill_and_setters(x):
    z = x * 2.0
    z.fill(x[0])
    z[1:3].fill(3.0)
    z[3] += x[1]
    return np.sum(z * x)


def unpacked(x):
    a, b, *rest = x
    rows = list(np.reshape(x, (2, 3)) * 2.0)
    first, second = np.reshape(x, (2, 3)) * 1.0
    first += second
    rows[0][0] = a
    return a * b + sum(rest) + np.sum(rows[0] * first) + np.sum(rows[1] * second)


def written_with_what_it_was(x):
    z = x * 1.0
    part = z[1:3]
    saved = part.copy()
    z[1:3] = part * part
    z[3:5] = part
    return np.sum(z * x) + np.sum(saved * part)


def parts_of_complex(x):
    z = x[:3] + 1j * x[3:]
    z.real[1] = x[0] * x[5]
    z.imag += x[:3]
    u = z * z
    u[...] = u.real  # at the same address
    total = np.sum(np.abs(u + z) ** 2)
    z[::-1].imag[0] *= x[2]
    np.real(z)[:] *= 2.0
    w = np.conj(z) * z * z
    w[1] = w[0] * 1j
    w.real[...] += x[3:]
    return total + np.sum(w.real * w.imag) + np.sum(np.abs(z)) + np.real(np.sum(z[[0, 0, 2]] * w))


def real_written_into_complex(x):
    z = np.zeros(3, complex) * x[0]
    z[0] = x[0]
    z[1:] = x[1:3] * (1 + 2j)
    z[[0, 1]] += x[3:5]
    z.imag = x[3:]
    return np.sum(np.abs(z * z)) + np.sum(np.imag(z**3))


PROGRAMS = [
    last_of_repeated,
    last_of_repeated_columns,
    sequences_as_indices,
    overlap,
    itself,
    transposed,
    column_major,
    diagonal,
    broadcast,
    sliding_windows,
    strided_slices,
    empty_and_zero_dimensional,
    zero_dimensional_writes,
    many_names,
    in_place_operators,
    through_out,
    added_at,
    copies_are_their_own,
    views_are_not,
    fill_and_setters,
    unpacked,
    written_with_what_it_was,
    parts_of_complex,
    real_written_into_complex,
]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_derivatives_agree_with_differences(f, differences):
    value, gradient = wg.value_and_grad(f)(X)
    assert value == f(X.copy())
    truth = differences(f, X)
    np.testing.assert_allclose(gradient, truth, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(wg.jacfwd(f)(X), truth, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(wg.jvp(f, (X,), (X,))[1], truth @ X, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_second_derivatives_agree_with_differences(f, differences):
    truth = differences(lambda t: wg.grad(f)(X + t * X[::-1]), 0.0)
    for name, product in {
        "tape over tape": wg.jacrev(wg.grad(f))(X) @ X[::-1],
        "dual over tape": wg.hvp(f)(X, X[::-1]),
        "push over tape": wg.hessian(f)(X) @ X[::-1],
        "tape over dual": wg.grad(lambda x: wg.jvp(f, (x,), (X[::-1],))[1])(X),
        "dual over dual": [wg.jvp(lambda x: wg.jvp(f, (x,), (X[::-1],))[1], (X,), (e,))[1] for e in np.eye(6)],
    }.items():
        np.testing.assert_allclose(product, truth, rtol=1e-6, atol=1e-6, err_msg=name)


def test_assignment_refuses_what_numpy_refuses():
    for program, error in [
        (lambda x: x.__setitem__(slice(0, 2), x[:3]), ValueError),
        (lambda x: x.__setitem__(9, 1.0), IndexError),
        (lambda x: np.broadcast_to(x, (2, 3)).__setitem__(0, 1.0), ValueError),
        (lambda x: np.diagonal(np.outer(x, x)).__setitem__(0, 1.0), ValueError),
        (lambda x: x.__iadd__(np.ones((2, 3))), ValueError),
    ]:
        with pytest.raises(error):
            program(np.ones(3))
        for derivative in (wg.grad, lambda f: lambda x: wg.jvp(f, (x,), (x,))):
            with pytest.raises(error):
                derivative(lambda x, program=program: program(x) or np.sum(x))(np.ones(3))


def test_a_refused_assignment_leaves_nothing_behind():
    def f(x):
        z = x * 1.0
        for index, v in [(slice(0, 2), x), (9, 1.0)]:
            try:
                z[index] = v
            except (ValueError, IndexError):
                continue
        return np.sum(z * z)

    np.testing.assert_array_equal(wg.grad(f)(np.array([1.0, 2.0, 3.0])), [2.0, 4.0, 6.0])
    assert wg.jvp(f, (np.array([1.0, 2.0, 3.0]),), (np.ones(3),))[1] == 12.0
