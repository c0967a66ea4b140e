"""Arrays from nothing, from numbers, from lists and from each other."""

import numpy as np
from numpy import zeros as blank

X = np.array([0.3, 0.7, 1.1])


def array_of_elements(x=X):
    """`np.array([x[0], x[1]])`"""
    return np.sum(np.array([x[0], 2.0 * x[1], 3.0, x[2] ** 2]) ** 2)


def array_of_rows(x=X):
    """`np.array([[x[0], 0], [1, x[1]]])`"""
    return np.linalg.det(np.array([[x[0], -x[1]], [1.0, x[2]]]))


def array_of_arrays(x=X):
    """`np.array([x, x**2])`, and of a list comprehension"""
    return np.sum(np.array([x, x**2]) @ np.array([x * k for k in range(3)]))


def list_then_array(x=X):
    """a list, appended to, then `np.array`"""
    path = []
    position = x[0]
    for k in range(5):
        position = position + 0.1 * np.sin(x[1] * k)
        path.append(position)
    return np.sum(np.array(path) ** 2)


def list_of_lists_then_array(x=X):
    """a list of lists, appended to, then `np.asarray(...)`"""
    rows = []
    for a in x:
        rows.append([])
        for b in x:
            rows[-1].append(a * b + 1.0)
    return np.linalg.det(np.asarray(rows) + np.eye(3))


def array_of_generator(x=X):
    """`np.array(list(generator))`, `np.fromiter(generator, float)`"""
    return np.sum(np.fromiter((a * b for a in x for b in x), float)) + np.sum(np.array(list(map(np.sin, x))))


def zip_to_array(x=X):
    """`np.array(list(zip(a, b)))`, `np.array([*x, 1.0])`"""
    return np.sum(np.array(list(zip(x, x[::-1], strict=True))) ** 3) + np.prod(np.array([*x, 2.0]))


def asarray_and_kin(x=X):
    """`np.asarray(x)`, `asanyarray`, `ascontiguousarray`, `asfortranarray`, `np.array(x)`"""
    y = np.asarray(x) * np.array(x, dtype=float, ndmin=2) + np.ascontiguousarray(x[::2])[0]
    return np.sum(np.asfortranarray(y) * np.asanyarray(x) ** 2)


def asarray_of_a_scalar(x=0.7):
    """`np.asarray(t)`, `np.atleast_1d(t)` of a number"""
    y = np.asarray(x) ** 2
    return np.atleast_1d(x)[0] * y


def renamed_import(x=X):
    """`from numpy import zeros as blank`"""
    y = blank(2)
    y[1] = x[0] * x[1]
    return np.sum(y**2) + x[2]


def local_import(x=X):
    """`import numpy as np` inside the function"""
    import numpy
    from numpy import empty

    y = empty(3)
    y[:] = x**2
    return numpy.sum(y)


def eye_and_diag(x=X):
    """`np.eye`, `np.identity`, `np.diag`, `np.tri`, written into"""
    a = np.eye(3)
    a[0, 1:] = x[:2]
    b = np.diag(x) + np.identity(3) * x[0] + np.tri(3)
    return np.linalg.det(a @ b)


def linspace_between(x=X):
    """`np.linspace(x[0], x[1], n)`"""
    grid = np.linspace(x[0], x[1], 5)
    return np.sum(np.sin(grid) * grid)


def logspace_between(x=X):
    """`np.logspace(x[0], x[1], n)`, `np.geomspace`"""
    return np.sum(np.logspace(x[0], x[1], 4)) + np.sum(np.geomspace(x[0], x[2], 4))


def arange_from(x=X):
    """`np.arange(x[0], stop, step)`"""
    return np.sum(np.arange(x[0], 2.0, 0.5) ** 2) + np.sum(x[1] * np.arange(3))


def grid(x=X):
    """`np.meshgrid`, of a grid scaled by what is differentiated by"""
    a, b = np.meshgrid(x[0] * np.linspace(0, 1, 3), x[1] * np.arange(2.0), indexing="ij")
    return np.sum(np.hypot(a + 1.0, b) * x[2])


def mgrid_and_indices(x=X):
    """`np.mgrid`, `np.ogrid`, `np.indices`"""
    i, j = np.mgrid[0:2, 0:3]
    a, b = np.ogrid[0:1:3j, 0:1:2j]
    return np.sum(x[0] ** i * x[1] ** j) + np.sum(np.exp(x[2] * (a + b))) + np.sum(x * np.indices((3,))[0])


def mgrid_with_traced_bounds(x=X):
    """`np.mgrid[x[0]:x[1]:5j]`"""
    return np.sum(np.mgrid[x[0] : x[1] : 5j] ** 2)


def full_and_full_like(x=X):
    """`np.full(shape, x[0])`, `np.full_like(x, x[1])`"""
    return np.sum(np.full((2, 2), x[0]) ** 2) + np.sum(np.full_like(x, x[1]) * x)


def ones_like_and_empty_like(x=X):
    """`np.ones_like`, `np.empty_like`, of traced and of plain arrays"""
    y = np.ones_like(x)
    y[0] = x[1]
    z = np.empty_like(y, shape=(2,))
    z[:] = y[:2] * x[2]
    return np.sum(z**2)


def stacks(x=X):
    """`np.stack`, `vstack`, `hstack`, `dstack`, `column_stack`, `concatenate`"""
    a = np.vstack([x, x**2]) @ np.column_stack([x, np.ones(3)])
    b = np.hstack([x, [1.0], x[:1]]) * np.concatenate([x[:2], np.zeros(1), x[1:]])
    return np.sum(a) * np.sum(b) + np.sum(np.stack([x, x], axis=1) ** 3) + np.dstack([x, x]).sum()


def block(x=X):
    """`np.block`"""
    a = np.outer(x, x)
    return np.linalg.det(np.block([[a + np.eye(3), x[:, None]], [x[None], np.ones((1, 1))]]))


def r_and_c(x=X):
    """`np.r_[0, x, 1]`, `np.c_[x, x**2]`"""
    return np.sum(np.r_[0.0, x, 1.0] ** 2) + np.sum(np.c_[x, x**2] ** 2)


def tile_and_repeat(x=X):
    """`np.tile`, `np.repeat`, `np.kron`, `np.outer`"""
    return np.sum(np.tile(x, (2, 2)) ** 2) + np.sum(np.repeat(x, [1, 2, 0]) ** 3) + np.sum(np.kron(x, np.outer(x, x)) ** 2)


def vander_and_toeplitz(x=X):
    """`np.vander`, a Toeplitz matrix by indices"""
    i = np.arange(3)
    return np.linalg.det(np.vander(x, 3)) + np.linalg.det(x[np.abs(i[:, None] - i)])


def fromfunction(x=X):
    """`np.fromfunction(lambda i, j: ..., shape)`"""
    return np.sum(np.fromfunction(lambda i, j: x[0] ** i * np.cos(j * x[1]), (3, 2)))


def polynomials(x=X):
    """`np.polyval`, `np.polyfit`"""
    return np.polyval(x, 1.5) + np.sum(np.polyfit(np.arange(3.0), x, 1) ** 2)


def poly1d(x=X):
    """`np.poly1d(x)(t)`"""
    return np.poly1d(x)(1.5)


def polynomial_class(x=X):
    """`np.polynomial.Polynomial(x)(t)`"""
    return np.polynomial.Polynomial(x)(1.5)


def polynomial_class_instead(x=X):
    """`np.polyval(x[::-1], t)`"""
    return np.polyval(x[::-1], 1.5)


def chebyshev(x=X):
    """`np.polynomial.chebyshev.chebval(t, x)`"""
    return np.polynomial.chebyshev.chebval(0.4, x)


def chebyshev_instead(x=X):
    """`np.cos(np.arange(n) * np.arccos(t)) @ x`"""
    return np.cos(np.arange(3) * np.arccos(0.4)) @ x


def vectorize(x=X):
    """`np.vectorize(f)(x)`"""

    def capped(t):
        return t**2 if t < 1 else 2 * t - 1

    return np.sum(np.vectorize(capped)(x))


def vectorize_decorator(x=X):
    """`@np.vectorize`"""

    @np.vectorize
    def area(a, b):
        return a * b if a > b else 0.5 * a * b

    return np.sum(area(x, x[:, None]))


def piecewise_and_select(x=X):
    """`np.piecewise`, `np.select`, `np.choose`"""
    y = np.piecewise(x, [x < 0.5, x >= 0.5], [lambda t: t**2, lambda t: np.exp(t)])
    z = np.select([x < 0.5, x < 1.0], [x**3, np.sin(x)], default=0.5)
    return np.sum(y * z) + np.sum(np.choose([0, 1, 0], [x, x**2]))


def apply_along_axis(x=X):
    """`np.apply_along_axis(f, 1, a)`"""
    return np.sum(np.apply_along_axis(lambda row: row / np.sqrt(row @ row), 1, np.outer(x, [1.0, 2.0]) + x[0]))


def frompyfunc(x=X):
    """`np.frompyfunc(f, 2, 1)(a, b)`"""
    return np.sum(np.frompyfunc(lambda a, b: a * np.cos(b), 2, 1)(x, x[::-1]))


def interp(x=X):
    """`np.interp`: in the place, and in the table"""
    return np.interp(x[0], [0.0, 0.5, 1.0], x) + np.interp(0.4, [0.0, 1.0], x[1:])


PROMISED = (
    array_of_elements,
    array_of_rows,
    list_then_array,
    renamed_import,
    full_and_full_like,
)
