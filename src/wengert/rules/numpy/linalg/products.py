"""Powers and chains of products, and the other names that `numpy.linalg` has for NumPy's functions.

    np.linalg.multi_dot([A, B, C])      A @ (B @ C) or (A @ B) @ C, whichever multiplies less
"""

import functools
import operator

import numpy as np

from wengert.rules.declare import composite
from wengert.rules.vocabulary import laid_like


def matrix_power(a, n):
    """By squaring, as NumPy does it."""
    n = operator.index(n)
    if n < 0:
        a, n = np.linalg.inv(a), -n
    if n == 0:
        return laid_like(np.broadcast_to(np.eye(a.shape[-1], dtype=a.dtype), a.shape).copy(), a)
    if n == 3:
        return (a @ a) @ a
    result = None
    while n:
        n, odd = divmod(n, 2)
        if odd:
            result = a if result is None else result @ a
        a = a @ a if n else a
    return result


def multi_dot(arrays, *, out=None):
    """The product, in the order that takes the fewest multiplications (Cormen et al., Introduction to Algorithms, 14.2)."""
    first, last = np.ndim(arrays[0]), np.ndim(arrays[-1])
    if len(arrays) == 2:
        return np.dot(arrays[0], arrays[1])
    arrays = [arrays[0][None, :] if first == 1 else arrays[0], *arrays[1:-1], arrays[-1][:, None] if last == 1 else arrays[-1]]
    sizes = [arrays[0].shape[0], *(a.shape[1] for a in arrays)]

    @functools.cache
    def plan(i, j):
        """(cost, split) of the product of arrays i, ..., j - 1."""
        if j - i == 1:
            return 0, j
        return min((plan(i, k)[0] + plan(k, j)[0] + sizes[i] * sizes[k] * sizes[j], k) for k in range(i + 1, j))

    def product(i, j):
        k = plan(i, j)[1]
        return arrays[i] if j - i == 1 else np.dot(product(i, k), product(k, j))

    y = product(0, len(arrays))
    return y[0, 0] if first == last == 1 else np.ravel(y) if 1 in (first, last) else y


def cross(x1, x2, /, *, axis=-1):
    if np.shape(x1)[axis] != 3 or np.shape(x2)[axis] != 3:
        raise ValueError("Both input arrays must be (arrays of) 3-dimensional vectors")
    return np.cross(x1, x2, axis=axis)


def outer(x1, x2, /):
    if np.ndim(x1) != 1 or np.ndim(x2) != 1:
        raise ValueError("Input arrays must be one-dimensional")
    return np.outer(x1, x2)


composite(np.linalg.matrix_power, matrix_power)
composite(np.linalg.multi_dot, multi_dot)
composite(np.linalg.trace, lambda x, /, *, offset=0, dtype=None: np.trace(x, offset, axis1=-2, axis2=-1, dtype=dtype))
composite(np.linalg.diagonal, lambda x, /, *, offset=0: np.diagonal(x, offset, axis1=-2, axis2=-1))
composite(np.linalg.matrix_transpose, lambda x, /: np.swapaxes(x, -1, -2))
composite(np.linalg.cross, cross)
composite(np.linalg.outer, outer)
composite(np.linalg.matmul, lambda x1, x2, /: np.matmul(x1, x2))
composite(np.linalg.tensordot, lambda x1, x2, /, *, axes=2: np.tensordot(x1, x2, axes=axes))
composite(np.linalg.vecdot, lambda x1, x2, /, *, axis=-1: np.vecdot(x1, x2, axis=axis))
