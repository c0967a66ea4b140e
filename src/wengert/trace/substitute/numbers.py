"""Python's numbers while a function is traced: `math`, `cmath`, `float` and `complex` take tensors.

sin = of_ufunc(math.sin, np.sin)     math.sin itself, its errors and its Python floats, with np.sin's derivative
float_(x)                            x itself, if it is a traced number
"""

import cmath
import functools
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from wengert.errors import ConversionError, user_line
from wengert.rules.declare import ROWS, TWINS, load, spelled
from wengert.rules.verbs import Elementwise
from wengert.rules.vocabulary import as_python, astype, bottom
from wengert.trace.dispatch import IN_FORCE, dispatch
from wengert.trace.operators import of_python
from wengert.trace.substitute.create import gathered, plain, traced
from wengert.trace.tensor import Number, Tensor


def of_math(real: Callable[..., Any], ours: Callable[..., Any]) -> Callable[..., Any]:
    """A function of `math`: of tensors, ours, after the real one has said what it thinks of their values."""
    if ours in UFUNCS:
        return of_ufunc(real, ours)

    @functools.wraps(real)
    def call(*args: Any, **kwargs: Any) -> Any:
        if not traced(args, *kwargs.values()):
            return real(*args, **kwargs)
        real(*map(plain, args), **kwargs)  # its errors are part of it: sqrt(-1), log(0), exp(1000)
        return pythons(ours(*map(number, args), **kwargs))

    return call


def of_ufunc(real: Callable[..., Any], ufunc: Any) -> Callable[..., Any]:
    """A function of `math` that has the derivative of a ufunc: a spelling of it, whose values are those of the real one."""

    @functools.wraps(real)
    def call(*args: Any) -> Any:
        if len(args) == 1 and type(args[0]) is Number:
            return args[0]._trace.unary(call, args[0])
        return dispatch(call, tuple(map(number, args)), {}) if traced(args) else real(*args)

    spelled(ufunc, call)
    return call


def pythons(y: Any) -> Any:
    """Results as Python's own numbers."""
    return tuple(map(pythons, y)) if isinstance(y, tuple) else of_python(y) if isinstance(y, Tensor) else as_python(y)


def of_iterables(real: Callable[..., Any], ours: Callable[..., Any]) -> Callable[..., Any]:
    """A function of `math` whose arguments may be generators, too."""

    @functools.wraps(real)
    def call(*args: Any, **kwargs: Any) -> Any:
        args = tuple(map(list, args))
        if not traced(args, *kwargs.values()):
            return real(*args, **kwargs)
        real(*map(plain, args), **{k: plain(v) for k, v in kwargs.items()})
        return ours(*args, **kwargs)

    return call


def of_special(real: Callable[..., Any]) -> Callable[..., Any]:
    """A function of `math` that SciPy has too: of tensors, its twin there."""

    @functools.wraps(real)
    def call(x: Any) -> Any:
        value = real(plain(x))
        if not traced(x):
            return value
        load("scipy.special")
        return pythons(TWINS.get(real, real)(number(x)))

    return call


def number(x: Any) -> Any:
    """A traced array of no dimension as a number; old versions of NumPy take any of one element."""
    value = bottom(x)
    if not isinstance(value, np.ndarray):
        return x
    if value.ndim:
        complex(value)  # NumPy's refusal
    return np.reshape(x, ())[()]


def log(x: Any, base: Any = math.e) -> Any:
    return natural_log(x) if base is math.e else natural_log(x) / natural_log(base)


def hypot(*coordinates: Any) -> Any:
    return np.linalg.norm(gathered(list(map(number, coordinates))))


def dist(p: list[Any], q: list[Any]) -> Any:
    return of_python(np.linalg.norm(gathered(p) - gathered(q)))


def prod(numbers: list[Any], *, start: Any = 1) -> Any:
    """Of numbers of NumPy one of NumPy, of Python's one of Python."""
    return functools.reduce(operator.mul, numbers, start)


def fsum(numbers: list[Any]) -> Any:
    """The sum, and what math.fsum is nearer to the true one."""
    y = of_python(np.sum(gathered(numbers, float)))
    return y + (math.fsum(plain(numbers)) - bottom(y))


def sumprod(p: list[Any], q: list[Any]) -> Any:
    return sum(map(operator.mul, p, q))


def nearest(x: Any, y: Any) -> Any:
    """IEEE remainder: to the nearest multiple of y."""
    z = x - y * round(bottom(x) / bottom(y))
    return z + (math.remainder(bottom(x), bottom(y)) - bottom(z))  # which is exact


def close(a: Any, b: Any, *, rel_tol: float = 1e-9, abs_tol: float = 0.0) -> bool:
    np.isclose(a, b, rel_tol, abs_tol)  # for the traces to know: its own answer differs, as it measures by b alone
    return math.isclose(bottom(a), bottom(b), rel_tol=rel_tol, abs_tol=abs_tol)


def cmath_log(z: Any, base: Any = None) -> Any:
    return np.log(z + 0j) if base is None else np.log(z + 0j) / np.log(base + 0j)


def of_complex(f: Callable[..., Any]) -> Callable[..., Any]:
    """A function of cmath: complex results of real numbers, too."""
    return lambda z: f(z + 0j)


NAMES = """
acos acosh asin asinh atan atanh cbrt cos cosh degrees exp exp2 expm1 fabs fmod frexp ldexp log10 log1p log2 modf pow radians
sin sinh sqrt tan tanh copysign isfinite isinf isnan
"""
NUMPYS = {"acos": "arccos", "acosh": "arccosh", "asin": "arcsin", "asinh": "arcsinh", "atan": "arctan", "atanh": "arctanh"}

UFUNCS = frozenset(f for f in vars(np).values() if isinstance(f, np.ufunc) and type(ROWS.get(f)) is Elementwise)
natural_log = of_ufunc(math.log, np.log)

MATH: dict[str, Callable[..., Any]] = {
    **{name: getattr(np, NUMPYS.get(name, name)) for name in NAMES.split() if hasattr(math, name)},
    "pow": np.power,
    "atan2": np.arctan2,
    "log": log,
    "hypot": hypot,
    "remainder": nearest,
    "isclose": close,
}
ITERABLES: dict[str, Callable[..., Any]] = {"dist": dist, "prod": prod, "fsum": fsum, "sumprod": sumprod}
CMATH: dict[str, Callable[..., Any]] = {
    **{name: of_complex(getattr(np, NUMPYS.get(name, name))) for name in NAMES.split() if hasattr(cmath, name)},
    "log": cmath_log,
    "phase": np.angle,
    "polar": lambda z: (np.abs(z), np.angle(z)),
    "rect": lambda r, phi: r * np.exp(1j * phi),
}


# --- float and complex ------------------------------------------------------------------------------------------------------


class Standing(type):
    """The class of a class that stands for another: equal to it, of the same instances, and a dtype."""

    real: type
    converted: Any

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if traced(args) or cls is Type:
            return cls.converted(*args, **kwargs)
        value: Any = cls.real(*args, **kwargs)
        if args and isinstance(args[0], str | bytes) and hasattr(cls, "dtype") and np.isfinite(value):
            refuse_text(args[0])
        return value

    def __instancecheck__(cls, x: Any) -> bool:
        return isinstance(x, cls.real)

    def __subclasscheck__(cls, other: type) -> bool:
        return issubclass(other.real if type(other) is Standing else other, cls.real)

    def __eq__(cls, other: Any) -> bool:
        return other is cls or other is cls.real

    def __hash__(cls) -> int:
        return hash(cls.real)

    def __getattr__(cls, name: str) -> Any:
        return getattr(cls.real, name)  # float.fromhex, float.__name__

    def __repr__(cls) -> str:
        return repr(cls.real)


class Float(metaclass=Standing):
    """float, of tensors too."""

    real = float
    dtype = np.dtype(float)
    __match_args__ = ("real",)  # `case float(q)`: of a float, its real part is itself

    @staticmethod
    def converted(x: Any) -> Any:
        float(bottom(x))  # which refuses what is not one real number
        return of_python(number(x))


def refuse_text(text: Any) -> None:
    """Refuse a number that is read from a text in a function that has made texts of traced values."""
    trace = IN_FORCE.get()
    if trace and trace.known is not None and trace.known.written:
        raise ConversionError(
            f"a number was read from a text ({text!r}) in a function that writes traced values as text, and it may be one of these,"
            " which has lost its derivative. Use the value itself, and np.round(x, 3), which is piecewise constant, to round it; read"
            " what is no traced value before, or outside." + user_line()
        )


class Complex(metaclass=Standing):
    """complex, of tensors too."""

    real = complex
    dtype = np.dtype(complex)

    @staticmethod
    def converted(real: Any = 0.0, imag: Any = 0.0) -> Any:
        complex(*map(bottom, (real, imag)))
        real, imag = number(real), number(imag)
        z = real + 1j * imag if traced(imag) or imag != 0 else real + 0j
        return of_python(z if z.dtype == complex else astype(z, complex))


class PlainType(metaclass=Standing):
    """type, which says of a tensor what it stands for."""

    real = type

    @staticmethod
    def converted(x: Any) -> type:
        return type(bottom(x)) if isinstance(x, Tensor) else type(x)


class Type(metaclass=Standing):
    """The same, in code where float and complex are stand-ins: `type(x) is float`."""

    real = type

    @staticmethod
    def converted(*args: Any) -> Any:
        kind = type(bottom(args[0])) if len(args) == 1 else type(*args)
        return Float if kind is float else Complex if kind is complex else kind


for standing in (Float, Complex, PlainType, Type):
    standing.__name__ = standing.__qualname__ = standing.real.__name__
    standing.__module__ = "builtins"


def of_numpy(real: type) -> Standing:
    """np.float64 or one of its kin, of tensors too."""
    dtype = np.dtype(real)

    def converted(x: Any = 0.0, *imag: Any) -> Any:
        real(*map(plain, (x, *imag)))
        if imag:
            return np.positive(Complex.converted(x, *imag))
        x = gathered(x) if isinstance(x, list | tuple) else x
        if type(bottom(x)) in (float, complex):
            x = np.positive(x)  # as NumPy's number
        y = x if x.dtype == dtype and isinstance(bottom(x), np.generic) else astype(x, dtype)
        return y if y.ndim else y[()]

    return Standing(real.__name__, (), {"real": real, "dtype": dtype, "converted": staticmethod(converted)})


NUMPYS_TYPES = (np.float16, np.float32, np.float64, np.longdouble, np.complex64, np.complex128, np.clongdouble)
