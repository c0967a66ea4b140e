"""dtypes: single precision, integers, booleans, complex numbers, and arrays that are no plain arrays."""

import numpy as np

X = np.array([0.3, 0.7, 1.1])
SINGLE = np.array([0.3, 0.7, 1.1], dtype=np.float32)


def single_precision(x=SINGLE):
    """float32 in, float32 out"""
    return np.sum(np.sin(x) ** 2 * np.float32(2.0))


def single_with_double(x=SINGLE):
    """float32 beside float64"""
    return np.sum(x * np.array([1.0, 2.0, 3.0]) ** 2)


def cast_to_double(x=SINGLE):
    """`x.astype(float)`, `np.float64` results of float32 arguments"""
    return np.sum(x.astype(float) ** 2)


def single_buffer(x=SINGLE):
    """`np.zeros_like(x)` and `np.empty(3, np.float32)`, filled"""
    y = np.empty(3, np.float32)
    y[:] = x**2
    z = np.zeros_like(x)
    z[1:] = y[:-1]
    return np.sum(z * y)


def weak_numbers(x=SINGLE):
    """Python numbers beside float32: `2.0 * x + 1`"""
    return np.sum(2.0 * x + 1 - x / 3) * x[0]


def half_precision(x=SINGLE.astype(np.float16)):
    """float16 in, float16 out"""
    return np.sum(x * x + x / 3)


def long_double(x=X):
    """`np.longdouble`"""
    return np.sum(x.astype(np.longdouble) ** 2).astype(float)


def integer_arithmetic_on_indices(x=X):
    """index arithmetic: `(i + 1) % n`, `i // 2`, `np.arange`"""
    i = np.arange(3)
    return np.sum(x[(i + 1) % 3] * x[i - 1] * (i // 2 + 1)) + x[-1] ** int(i[2])


def integer_weights(x=X):
    """integers beside the numbers: `x * np.arange(3)`, `x ** 2`, `2 ** x`"""
    return np.sum(x * np.arange(3)) + np.sum(x ** np.arange(3)) + np.sum(2**x)


def integer_buffer(x=X):
    """`np.zeros(3, dtype=int)`, filled with floats: NumPy cuts them"""
    counts = np.zeros(3, dtype=int)
    counts[:] = 5.0 * x
    return np.sum(counts * x)


def integer_buffer_instead(x=X):
    """`np.floor(...)`, or `dtype=float`"""
    counts = np.floor(5.0 * x)
    return np.sum(counts * x)


def integer_array_then_written(x=X):
    """`np.array([1, 2, 3])`, written: NumPy cuts what is written"""
    y = np.array([1, 2, 3])
    y[0] = x[2] * 3
    return np.sum(y * x)


def cast_to_integers(x=X):
    """`x.astype(int)`: piecewise constant"""
    return np.sum((4.0 * x).astype(int) * x)


def floor_divide(x=X):
    """`//` and `%` of floats"""
    return np.sum(x // 0.25 * x + x % 0.4)


def boolean_arithmetic(x=X):
    """`(x > 0.5) * x`, `mask.sum()`, `np.count_nonzero`"""
    mask = x > 0.5
    return np.sum(mask * x**2) * mask.sum() + np.count_nonzero(mask) * x[0] + (~mask).astype(float) @ x


def rounding_functions(x=X):
    """`np.floor`, `np.rint`, `np.sign`, `np.heaviside`: piecewise constant"""
    return np.sum(np.floor(3 * x) * x + np.rint(2.2 * x) * np.sign(x - 0.5) * x + np.heaviside(x - 0.6, 0.5) * x**2)


def complex_exponential(x=X):
    """`np.exp(1j * x)`, `np.abs`, `np.angle`, `.real`, `.imag`"""
    z = np.exp(1j * x) * x
    return np.sum(np.abs(z + 1.0)) + np.sum(np.angle(z)) + np.sum(z.real * z.imag)


def complex_buffer(x=X):
    """`np.zeros(3, dtype=complex)`, filled"""
    z = np.zeros(3, dtype=complex)
    for k in range(3):
        z[k] = x[k] + 1j * x[k - 1] ** 2
    return np.sum(np.abs(z) ** 2) + np.sum(z * z.conj()).real + np.vdot(z, z).real


def complex_state(x=X):
    """a quantum state: Hermitian matrices, `conj().T`, `np.vdot`"""
    h = np.array([[x[0], 1j * x[1]], [-1j * x[1], x[2]]])
    state = np.array([1.0, 1j * x[0]]) / np.sqrt(1.0 + x[0] ** 2)
    assert np.allclose(h, h.conj().T)
    return np.vdot(state, h @ state).real


def complex_roots(x=X):
    """`np.roots`, `np.sqrt(x + 0j)`"""
    return np.sum(np.abs(np.roots(x)) ** 2) + np.sqrt(-x[0] + 0j).imag


def complex_argument(z=np.array([0.3 + 0.4j, 1.0 - 0.5j])):
    """a complex argument"""
    return np.sum(np.abs(z) ** 2 * z.real) + np.sum(np.sin(z)).imag


def complex_written_into_real(x=X):
    """complex numbers into a real array: NumPy warns and drops the imaginary part"""
    y = np.zeros(3)
    y[:] = (x * (1.0 + 2.0j)).real
    return np.sum(y**2)


def nan_functions(x=X):
    """`np.nansum`, `np.nanmean`, `np.nanmax` of data with holes"""
    data = np.array([1.0, np.nan, 2.0])
    y = data * x
    return np.nansum(y**2) + np.nanmean(y) * np.nanmax(y)


def infinities(x=X):
    """`np.inf` as the start of a minimum"""
    best = np.inf
    for t in x:
        best = min(best, (t - 0.6) ** 2)
    return best + np.min(np.where(x > 0.5, x, np.inf))


def object_array(x=X):
    """an array of objects: `np.array([...], dtype=object)`"""
    y = np.array([x[0], x[1]], dtype=object)
    return np.sum(y**2)


def object_array_instead(x=X):
    """floats: `np.array([x[0], x[1]])`"""
    y = np.array([x[0], x[1]])
    return np.sum(y**2)


def object_array_of_arrays(x=X):
    """ragged rows: `rows = np.empty(2, dtype=object); rows[0] = x`"""
    rows = np.empty(2, dtype=object)
    rows[0], rows[1] = x, x[:2] ** 2
    return np.sum(rows[0]) * np.sum(rows[1])


def matrix_class(x=X):
    """`np.asmatrix(x)`"""
    a = np.asmatrix(np.outer(x, x))
    return np.sum(np.asarray(a * a))


def matrix_class_instead(x=X):
    """arrays and `@`"""
    a = np.outer(x, x)
    return np.sum(a @ a)


def plain_matrix(x=X):
    """a constant `np.matrix` beside the numbers"""
    a = np.matrix([[1.0, 2.0, 3.0]])
    return np.sum(np.asarray(a * x[:, None]))


def plain_matrix_instead(x=X):
    """a constant array"""
    a = np.array([[1.0, 2.0, 3.0]])
    return np.sum(a @ x[:, None])


def masked_array(x=X):
    """`np.ma.masked_array(x, mask)`"""
    return np.ma.masked_array(x, mask=[False, True, False]).sum()


def masked_array_instead(x=X):
    """`np.sum(x, where=~mask)`, or `x[~mask]`"""
    return np.sum(x, where=~np.array([False, True, False]))


def masked_data(x=X):
    """masked data beside the numbers"""
    data = np.ma.masked_greater(np.array([1.0, 5.0, 2.0]), 3.0)
    return (data * x).sum()


def masked_data_instead(x=X):
    """the data and its mask: `np.where(mask, 0.0, data)`"""
    data = np.ma.masked_greater(np.array([1.0, 5.0, 2.0]), 3.0)
    return np.sum(data.filled(0.0) * x)


def recarray(x=X):
    """`np.rec.fromarrays([x, y])`"""
    table = np.rec.fromarrays([x, x**2], names="a,b")
    return np.sum(table.a * table.b)


def recarray_instead(x=X):
    """a dict, a named tuple, a dataclass of arrays"""
    table = {"a": x, "b": x**2}
    return np.sum(table["a"] * table["b"])


def memmap(x=X):
    """plain data by `memoryview`, `np.frombuffer`"""
    data = np.frombuffer(memoryview(np.array([1.0, 2.0, 3.0]).tobytes()))
    return np.sum(data * x)


def finfo(x=X):
    """`np.finfo(x.dtype).eps`, `np.result_type(x)`, `np.can_cast`"""
    eps = np.finfo(x.dtype).eps
    assert np.result_type(x, 1.0) == np.float64 and np.can_cast(x.dtype, complex) and np.issubdtype(x.dtype, np.floating)
    return np.sum(np.sqrt(x**2 + eps))


def promote_by_dtype(x=X):
    """`np.zeros(3, dtype=x.dtype)`, `np.empty(x.shape, x.dtype)`"""
    y = np.zeros(x.shape, dtype=x.dtype)
    y[...] = np.cos(x)
    return np.sum(y**2)


PROMISED = (
    single_precision,
    complex_exponential,
    integer_arithmetic_on_indices,
)
