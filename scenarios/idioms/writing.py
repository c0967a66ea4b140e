"""Arrays that are written: filled in loops, through slices, masks and index arrays, by `out=` and in place."""

import operator

import numpy as np

X = np.array([0.3, 0.7, 1.1])
Y = np.array([0.2, -0.4, 0.9, 1.3, -0.6])
A = np.array([[1.2, 0.3, -0.4], [0.5, 2.1, 0.7]])


def zeros_filled(x=X):
    """`np.zeros`, filled element by element"""
    y = np.zeros(3)
    for i in range(3):
        y[i] = np.sin(x[i]) * x[i - 1]
    return np.sum(y**2)


def empty_by_columns(x=X):
    """`np.empty`, filled column by column"""
    powers = np.empty((3, 4))
    for k in range(4):
        powers[:, k] = x**k
    return np.sum(powers @ np.array([1.0, -2.0, 0.5, 3.0]))


def zeros_like_filled(x=X):
    """`np.zeros_like(x)`, with its ends treated apart"""
    y = np.zeros_like(x)
    y[1:-1] = x[:-2] * x[2:]
    y[0], y[-1] = x[0] ** 2, x[-1] ** 3
    return np.sum(y)


def copy_and_add_to_slice(x=Y):
    """a copy, and `+=` on a slice of it"""
    y = x.copy()
    y[1:4] += 2.0 * x[:3]
    y[::2] *= x[::2]
    return np.sum(y**2)


def add_to_fancy_index(x=Y):
    """`+=` on an index array"""
    y = np.zeros(3)
    y[[0, 2]] += x[[1, 3]]
    y[np.array([1, 2])] += x[:2] ** 2
    return np.sum(y**3)


def add_to_repeated_index(x=Y):
    """`+=` on an index that repeats: NumPy keeps the last, so do we"""
    y = np.zeros(3)
    y[[0, 0, 1]] += x[:3] ** 2
    return np.sum(y * x[:3])


def set_where_mask(x=Y):
    """`x[mask] = value`"""
    y = x**2
    y[x < 0] = 0.0
    y[x > 1] = 1.0 + np.log(x[x > 1])
    return np.sum(y)


def add_where_mask(x=Y):
    """`x[mask] += array`"""
    y = x.copy()
    inside = np.abs(x) < 1
    y[inside] += np.sin(x[inside])
    y[~inside] /= 1.0 + x[~inside] ** 2
    return np.sum(y**2)


def negative_set_to_zero(x=Y):
    """rectified in place: `y[y < 0] = 0`"""
    y = np.sin(3 * x)
    y[y < 0] = 0
    return y @ x


def out_keyword(x=X):
    """`out=` of a ufunc, into a buffer made here"""
    buffer = np.empty_like(x)
    np.multiply(x, x, out=buffer)
    np.sin(buffer, out=buffer)
    np.add(buffer, x, out=buffer)
    return np.sum(buffer)


def out_positional(x=X):
    """`out` by position: `np.exp(x, y)`"""
    y = np.zeros(3)
    np.exp(x, y)
    np.subtract(y, x, y)
    return np.prod(y)


def out_of_a_reduction(x=A):
    """`out=` of `np.sum`, `np.dot` and `np.cumsum`"""
    rows, total = np.zeros(2), np.zeros((2, 2))
    np.sum(x, axis=1, out=rows)
    np.dot(x, x.T, out=total)
    steps = np.empty(3)
    np.cumsum(x[0], out=steps)
    return rows @ total @ rows + steps[-2]


def out_into_a_row(x=X):
    """`out=` a row of a table"""
    table = np.zeros((4, 3))
    table[0] = x
    for k in range(3):
        np.multiply(table[k], x, out=table[k + 1])
    return np.sum(table)


def ufunc_where_and_out(x=Y):
    """`np.log(x, where=x > 0, out=...)`"""
    y = np.log(x, where=x > 0, out=np.zeros_like(x))
    return np.sum(y * x)


def divide_where(x=Y):
    """safe division: `np.divide(a, b, out=np.zeros_like(a), where=b != 0)`"""
    b = np.maximum(x, 0.0)
    return np.sum(np.divide(x**2, b, out=np.zeros_like(x), where=b != 0))


def add_at(x=Y):
    """`np.add.at`, with an index that repeats"""
    bins = np.zeros(3)
    np.add.at(bins, [0, 1, 0, 2, 0], x**2)
    return np.sum(bins**2)


def subtract_at(x=Y):
    """`np.subtract.at`"""
    bins = np.ones(3)
    np.subtract.at(bins, [0, 1, 0, 2, 0], x**2)
    return np.sum(bins**2)


def multiply_at(x=Y):
    """`np.multiply.at`"""
    bins = np.ones(3)
    np.multiply.at(bins, [0, 1, 0, 2, 0], x)
    return np.sum(bins)


def maximum_at(x=Y):
    """`np.maximum.at`"""
    bins = np.zeros(3)
    np.maximum.at(bins, [0, 1, 0, 2, 0], x)
    return np.sum(bins**2)


def scatter_by_bincount(x=Y):
    """`np.bincount(index, weights=x)`"""
    return np.sum(np.bincount([0, 1, 0, 2, 0], weights=x**2) ** 2)


def fill_method(x=X):
    """`y.fill(value)`"""
    y = np.empty(4)
    y.fill(x[0] * x[1])
    y[1] = x[2]
    return np.prod(y)


def full_then_written(x=X):
    """`np.full` with a value that is differentiated by, then written"""
    y = np.full((2, 2), x[0])
    y[0, 1] += x[1]
    return np.linalg.det(y + np.diag(x[1:]))


def ellipsis_and_newaxis(x=A):
    """`y[..., 0]`, `y[None]`, `y[:, np.newaxis]`"""
    y = np.zeros((2, 1, 3))
    y[..., 0] = x[:, None, 0]
    y[:, 0, 1:] = x[:, :2] ** 2
    return np.sum(y[np.newaxis] ** 2 * x[:, np.newaxis])


def set_by_tuple_of_arrays(x=X):
    """`y[rows, columns] = x`"""
    y = np.zeros((3, 3))
    y[[0, 1, 2], [2, 0, 1]] = x
    y[np.diag_indices(3)] = x**2
    y[np.ix_([0, 1], [1, 2])] += x[0]
    return np.linalg.det(y + np.eye(3))


def set_triangle(x=Y):
    """a triangular matrix by `np.tril_indices`"""
    root = np.zeros((2, 2))
    root[np.tril_indices(2)] = x[:3]
    root[np.diag_indices(2)] = np.exp(root[np.diag_indices(2)])
    return np.sum((root @ root.T) ** 2)


def set_diagonal(x=X):
    """`np.fill_diagonal` and `y.flat[::n + 1] = x`"""
    y = np.outer(x, x)
    np.fill_diagonal(y, 0.0)
    y.flat[::4] += x
    return np.sum(y**3)


def put_and_place(x=X):
    """`np.put`, `np.place`, `np.copyto`, `np.putmask`"""
    y = np.zeros(5)
    np.put(y, [1, 3], x[:2])
    np.place(y, y == 0, x[2:])
    np.copyto(y[:2], x[1:])
    np.putmask(y, y > 1, y * y)
    return np.sum(y**2)


def put_method(x=X):
    """`y.put(indices, values)`"""
    y = np.zeros(5)
    y.put([1, 3], x[:2] ** 2)
    return np.sum(y**2 * np.arange(5.0)) + x[2]


def put_along_axis(x=A):
    """`np.put_along_axis` of what `np.argsort` gave"""
    order = np.argsort(x, axis=1)
    y = np.zeros_like(x)
    np.put_along_axis(y, order, np.take_along_axis(x, order[:, ::-1], axis=1) ** 2, axis=1)
    return np.sum(y * x)


def all_in_place_operators(x=X):
    """`+=`, `-=`, `*=`, `/=`, `**=`, `//=`, `%=` on an array"""
    y = x.copy()
    y += x
    y -= 0.5
    y *= x
    y /= 2.0 + x
    y **= 2
    y += 3 * x
    z = y.copy()
    z //= 0.47
    y %= 0.83
    return np.sum(y + z * x)


def in_place_operators_on_a_slice(x=Y):
    """the same on a slice"""
    y = x.copy()
    y[1:3] += x[3:]
    y[::2] *= 2.0
    y[-2:] -= y[:2]
    y[:2] /= 1.5
    y[1:4] **= 2
    return np.sum(y**2)


def in_place_operators_on_a_mask(x=Y):
    """the same on a mask"""
    y = x.copy()
    m = x > 0
    y[m] **= 2
    y[m] -= x[m]
    y[~m] *= -3.0
    y[~m] /= x[~m] ** 2
    return np.sum(y**2)


def in_place_operators_on_an_index_array(x=Y):
    """the same on an index array"""
    y = x.copy()
    i = [4, 0, 2]
    y[i] *= x[:3]
    y[i] -= 1.0
    y[i] **= 3
    y[i] /= 2.0 + x[i] ** 2
    return np.sum(y)


def in_place_matmul(x=X):
    """`@=`"""
    rotation = np.array([[np.cos(x[0]), -np.sin(x[0])], [np.sin(x[0]), np.cos(x[0])]])
    points = np.outer(x[1:], [1.0, 2.0])
    points @= rotation
    return np.sum(points**3)


def in_place_on_an_argument(x=X):
    """`x *= 2` on an argument: the caller's array stays as it is"""
    x *= 2.0
    x[0] = x[1] * x[2]
    return np.sum(x**2)


def in_place_functions_of_operator(x=X):
    """`operator.iadd`, `operator.setitem`"""
    y = operator.iadd(x.copy(), x**2)
    operator.setitem(y, 0, x[2])
    return np.sum(y**2)


def swap_elements(x=X):
    """swapped elements: `x[i], x[j] = x[j], x[i]`"""
    y = x.copy()
    y[0], y[2] = y[2], y[0]
    y[[0, 1]] = y[[1, 0]]
    return y @ np.array([1.0, 2.0, 4.0]) ** 2


def shift_in_place(x=Y):
    """a history that is shifted: `h[1:] = h[:-1]`, which overlap"""
    history = np.zeros(3)
    for k in range(5):
        history[1:] = history[:-1]
        history[0] = x[k] ** 2
    return history @ np.array([3.0, 2.0, 1.0])


def stencil_in_place(x=Y):
    """a stencil in a loop, in place"""
    u = x.copy()
    for _ in range(4):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1]) + 0.1 * u[i] ** 2
    return np.sum(u**2)


def recurrence(x=X):
    """a recurrence: `y[k] = f(y[k - 1], y[k - 2])`"""
    y = np.zeros(8)
    y[0], y[1] = x[0], x[1]
    for k in range(2, 8):
        y[k] = x[2] * np.sin(y[k - 1]) + 0.3 * y[k - 2]
    return y[-1] + y[4] ** 2


def triangular_solve_by_hand(x=X):
    """back substitution by hand"""
    a = np.triu(np.outer(x, x)) + np.eye(3)
    y = np.zeros(3)
    for i in reversed(range(3)):
        y[i] = (x[i] - a[i, i + 1 :] @ y[i + 1 :]) / a[i, i]
    return np.sum(y**2)


def gaussian_elimination(x=A):
    """Gaussian elimination in place, with pivoting"""
    a = x[:, :2].copy() + 0.5
    b = x[:, 2].copy()
    n = 2
    for k in range(n):
        p = k + np.argmax(np.abs(a[k:, k]))
        if p != k:
            a[[k, p]] = a[[p, k]]
            b[[k, p]] = b[[p, k]]
        for i in range(k + 1, n):
            factor = a[i, k] / a[k, k]
            a[i, k:] -= factor * a[k, k:]
            b[i] -= factor * b[k]
    return b[1] / a[1, 1]


def cholesky_by_hand(x=X):
    """a Cholesky factor by hand"""
    a = np.outer(x, x) + np.diag(1.0 + x**2)
    root = np.zeros_like(a)
    for i in range(3):
        for j in range(i + 1):
            s = a[i, j] - np.sum(root[i, :j] * root[j, :j])
            root[i, j] = np.sqrt(s) if i == j else s / root[j, j]
    return np.sum(np.log(np.diag(root))) + root[2, 0]


def gram_schmidt(x=A):
    """Gram-Schmidt, row by row"""
    q = x.copy()
    for i in range(len(q)):
        for j in range(i):
            q[i] -= (q[i] @ q[j]) * q[j]
        q[i] /= np.linalg.norm(q[i])
    return np.sum(q[1] * np.array([1.0, 2.0, 3.0]))


def table_of_results(x=X):
    """a structured table: one row a step"""
    table = np.zeros((5, 3))
    position, speed = x[0], x[1]
    for k in range(5):
        table[k] = [0.1 * k, position, speed]
        position, speed = position + 0.1 * speed, speed - 0.1 * x[2] * position
    return np.sum(table[:, 1] ** 2) + table[-1, 2]


def structured_array(x=X):
    """a structured array: `z["position"] = x`"""
    z = np.zeros(3, dtype=[("position", float), ("mass", float)])
    z["position"] = x
    return np.sum(z["position"] ** 2)


def structured_array_instead(x=X):
    """a dict of arrays: `z = {"position": x, "mass": ...}`"""
    z = {"position": x, "mass": np.zeros(3)}
    return np.sum(z["position"] ** 2)


def write_into_a_list_of_arrays(x=X):
    """arrays in a list, each written"""
    layers = [np.zeros(2) for _ in range(3)]
    for k, layer in enumerate(layers):
        layer[0] = x[k]
        layer[1] += x[k - 1] ** 2
    return sum(np.prod(layer) for layer in layers)


def delete_insert_append(x=Y):
    """`np.delete`, `np.insert`, `np.append`"""
    y = np.append(np.delete(x, 2), x[0] ** 2)
    y = np.insert(y, 1, x[1] * x[2])
    return np.sum(y**2 * np.arange(6.0))


def resize_and_pad(x=X):
    """`np.resize`, `np.pad`, `np.roll`, `np.flip`"""
    y = np.pad(x, (1, 2), mode="edge") * np.resize(x, 6)
    return np.sum(np.roll(y, 2) * np.flip(y)) + np.sum(np.pad(x, 1, constant_values=2.0))


def resize_method(x=X):
    """`y.resize(n)`, in place"""
    y = x * 2.0
    y.resize(5)
    return np.sum(y**2)


def resize_method_instead(x=X):
    """`np.pad(y, (0, 2))`, or `np.resize`"""
    y = np.pad(x * 2.0, (0, 2))
    return np.sum(y**2)


def sort_in_place(x=Y):
    """`y.sort()`, in place"""
    y = x.copy()
    y.sort()
    return y @ np.arange(5.0)


def partition_in_place(x=Y):
    """`y.partition(k)`, in place"""
    y = x**2
    y.partition(2)
    return y[2] + np.sum(y[:2])


def read_only(x=X):
    """an array that is locked: `y.flags.writeable = False`"""
    y = x * 2.0
    y.flags.writeable = False
    return np.sum(y**2)


def setflags(x=X):
    """`y.setflags(write=False)`"""
    y = x * 2.0
    y.setflags(write=False)
    return np.sum(y**2)


def nditer_readwrite(x=X):
    """`for e in np.nditer(y, op_flags=["readwrite"])`"""
    y = x.copy()
    with np.nditer(y, op_flags=["readwrite"]) as elements:
        for e in elements:
            e[...] = 2.0 * e
    return np.sum(y**2)


def nditer_readwrite_instead(x=X):
    """`for i in np.ndindex(y.shape): y[i] = ...`"""
    y = x.copy()
    for i in np.ndindex(y.shape):
        y[i] = 2.0 * y[i]
    return np.sum(y**2)


def ndenumerate(x=A):
    """`for index, value in np.ndenumerate(x)`"""
    total = 0.0
    for (i, j), value in np.ndenumerate(x):
        total += (i + 1) * value ** (j + 1)
    return total


PROMISED = (
    zeros_filled,
    empty_by_columns,
    copy_and_add_to_slice,
    add_to_fancy_index,
    set_where_mask,
    out_keyword,
    add_at,
    all_in_place_operators,
    in_place_on_an_argument,
    stencil_in_place,
)
