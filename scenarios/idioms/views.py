"""Views: what shares memory with what, and writes that are seen through both."""

import numpy as np

X = np.array([0.3, 0.7, 1.1, -0.5])
A = np.array([[1.2, 0.3, -0.4], [0.5, 2.1, 0.7]])


def slice_then_write(x=X):
    """a slice, written: the whole sees it"""
    y = x**2
    v = y[1:3]
    v[:] = v * x[:2]
    return np.sum(y**2)


def write_then_read_slice(x=X):
    """the whole, written: the slice sees it"""
    y = x**2
    v = y[1:3]
    y[1] = x[3] ** 3
    return v[0] * v[1]


def transpose_written(x=A):
    """`v = y.T; v[0] = ...`"""
    y = x.copy()
    v = y.T
    v[0] = x[:, 1] ** 2
    return np.sum(y * x)


def reshape_written(x=A):
    """`v = y.reshape(-1)`, written: a view where NumPy gives one"""
    y = x * 2.0
    v = y.reshape(-1)
    v[1::2] *= x.ravel()[1::2]
    return np.sum(y**2)


def reshape_of_a_transpose_is_a_copy(x=A):
    """`y.T.reshape(-1)`, written: a copy where NumPy gives one"""
    y = x * 2.0
    v = y.T.reshape(-1)
    v[:3] = x[0] ** 2
    return np.sum(y**2) + np.sum(v**3)


def ravel_and_flatten(x=A):
    """`ravel` is a view, `flatten` a copy"""
    y = x + 1.0
    y.ravel()[0] = x[1, 1] ** 2
    y.flatten()[1] = 100.0
    return np.sum(y**2)


def diagonal_view(x=X):
    """the diagonal as a strided slice: `y.ravel()[::n + 1] += x`"""
    y = np.outer(x, x)
    y.ravel()[::5] += x**2
    return np.sum(y**2)


def einsum_diagonal_view(x=X):
    """`np.einsum("ii->i", y)[:] = x`, a view that can be written"""
    y = np.outer(x, x)
    np.einsum("ii->i", y)[:] = x
    return np.sum(y**2)


def view_of_a_view(x=X):
    """views of views, written at each depth"""
    y = np.outer(x, x)
    rows = y[1:]
    block = rows[:2, ::2]
    corner = block[1]
    corner *= x[:2]
    block[0] += 1.0
    rows[-1] = x
    return np.sum(y**2)


def reversed_view(x=X):
    """a reversed view, accumulated into"""
    y = x.copy()
    back = y[::-1]
    for i in range(1, 4):
        back[i] += 0.5 * back[i - 1] ** 2
    return np.sum(y * x)


def overlapping_slices(x=X):
    """slices that overlap: `y[1:] += y[:-1]`"""
    y = x**2
    y[1:] += y[:-1]
    y[:-1] -= 0.5 * y[1:]
    return np.sum(y**2)


def sliding_window(x=X):
    """`np.lib.stride_tricks.sliding_window_view(x, 2)`"""
    windows = np.lib.stride_tricks.sliding_window_view(x, 2)
    return np.sum(windows[:, 0] * np.exp(windows[:, 1]))


def as_strided(x=X):
    """`np.lib.stride_tricks.as_strided(x, ...)`"""
    step = x.strides[0]
    windows = np.lib.stride_tricks.as_strided(x, shape=(3, 2), strides=(step, step))
    return np.sum(windows[:, 0] * windows[:, 1])


def broadcast_to_read(x=X):
    """`np.broadcast_to`, `np.broadcast_arrays`, `np.expand_dims`"""
    a, b = np.broadcast_arrays(x[:, None], np.expand_dims(x[:3], 0))
    return np.sum(np.broadcast_to(x, (2, 4)) ** 2) + np.sum(a * b**2)


def swapaxes_and_moveaxis(x=A):
    """`swapaxes`, `moveaxis`, `squeeze`, `atleast_3d`, written"""
    y = np.repeat(x[None], 2, axis=0)
    np.swapaxes(y, 0, 2)[1] += x.T[0]
    np.moveaxis(y, -1, 0)[0] *= 2.0
    np.squeeze(y[:1])[1] = x[0]
    return np.sum(y**2)


def rows_of_a_matrix(x=A):
    """`for row in y: row /= row.sum()`"""
    y = x**2
    for row in y:
        row /= row.sum()
    return np.sum(y * x)


def unpacked_rows(x=A):
    """`first, second = y`, and a write into one"""
    y = x.copy()
    first, second = y
    first *= second
    return np.sum(y**2)


def enumerate_columns(x=A):
    """`for j, column in enumerate(y.T)`"""
    y = np.zeros((2, 3))
    for j, column in enumerate(y.T):
        column[:] = x[:, j] ** (j + 1)
    return np.sum(y)


def split_views(x=X):
    """`np.split`, `np.hsplit`, `np.array_split`: views, written"""
    y = x**2
    left, right = np.split(y, 2)
    left += right
    np.array_split(y, 3)[0][0] = x[3]
    return np.sum(y**2)


def real_and_imaginary_views(x=X):
    """`z.real` and `z.imag`, written"""
    z = np.zeros(2, dtype=complex)
    z.real = x[:2]
    z.imag[:] = x[2:]
    return np.sum(np.abs(z**2) * np.angle(z))


def flat(x=A):
    """`y.flat[k] = value`, and `for v in y.flat`"""
    y = x.copy()
    y.flat[1] = x[1, 1] ** 2
    y.flat[[0, 5]] = x[0, :2]
    return sum(v**2 for v in y.flat)


def change_shape_in_place(x=X):
    """`y.shape = (2, 2)`"""
    y = x * 2.0
    y.shape = (2, 2)
    return np.linalg.det(y)


def change_shape_in_place_instead(x=X):
    """`y = y.reshape(2, 2)`"""
    y = x * 2.0
    y = y.reshape(2, 2)
    return np.linalg.det(y)


def base_is_shared(x=X):
    """`np.shares_memory(a, b)`, `y.base is x`"""
    y = x * 2.0
    v = y[1:]
    if np.shares_memory(y, v) and np.may_share_memory(v, y):
        v *= 3.0
    return np.sum(y**2)


def attribute_base(x=X):
    """`v.base`"""
    y = x * 2.0
    v = y[1:]
    return np.sum((y if v.base is None else v.base) ** 2)


def view_method(x=X):
    """`y.view()`, written"""
    y = x * 2.0
    v = y.view()
    v[0] = x[1] ** 2
    return np.sum(y**2)


def view_as_complex(x=X):
    """`y.view(complex)`: other numbers in the same memory"""
    y = x * 2.0
    z = y.view(complex)
    return np.sum(np.abs(z) ** 2 * z.real)


def view_as_complex_instead(x=X):
    """`y[::2] + 1j * y[1::2]`"""
    y = x * 2.0
    z = y[::2] + 1j * y[1::2]
    return np.sum(np.abs(z) ** 2 * z.real)


def advanced_index_is_a_copy(x=X):
    """`y[[0, 1]]` is a copy: writing into it leaves `y`"""
    y = x**2
    part = y[[0, 1]]
    part *= 100.0
    return np.sum(y) + part[0]


def view_of_an_argument(x=X):
    """a view of an argument, written"""
    first = x[:2]
    first[0] = x[3] ** 2
    return np.sum(x**2)


def view_returned_by_a_helper(x=X):
    """a helper returns a view, and the caller writes into it"""

    def interior(u):
        return u[1:-1]

    y = x**2
    interior(y)[:] *= x[1:-1]
    interior(interior(np.pad(y, 1)))[0] += 1.0
    return np.sum(y)


def buffers_swapped(x=X):
    """two buffers, swapped: `old, new = new, old`"""
    old, new = x.copy(), np.empty_like(x)
    for _ in range(3):
        new[1:-1] = old[1:-1] + 0.25 * (old[2:] - 2 * old[1:-1] + old[:-2])
        new[0], new[-1] = old[0], old[-1]
        old, new = new, old
    return np.sum(old**3)


def views_in_a_tuple(x=X):
    """state in one vector, named parts as views"""
    state = np.zeros(4)
    position, speed = state[:2], state[2:]
    position[:], speed[:] = x[:2], x[2:]
    for _ in range(3):
        position += 0.1 * speed
        speed -= 0.1 * position**3
    return np.sum(state**2)


PROMISED = (
    slice_then_write,
    write_then_read_slice,
    transpose_written,
    reshape_written,
    reshape_of_a_transpose_is_a_copy,
    view_of_a_view,
    overlapping_slices,
)
