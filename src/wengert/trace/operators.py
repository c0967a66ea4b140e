"""Python's operators and ndarray's methods, on tensors: each is a call of the function with the same meaning.

Operators stay operators (`operator.mul`, not `np.multiply`), so that Python floats stay as weak as they are in plain code.
"""

import builtins
import math
import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from wengert.errors import ConversionError, InputError, MissingAttributeError, WriteError, user_line
from wengert.rules.numpy.writing import write_in_turn
from wengert.rules.vocabulary import Traced, as_python, astype, bottom, in_order, order_of
from wengert.trace.dispatch import SET, dispatch, write_in_place

Method = Callable[..., Any]
FACE = frozenset(("value", "grad", "name"))  # what tensors of define-by-run have besides
MEMORY_ITSELF = frozenset(("data", "ctypes"))  # through which tensors that come later could be overwritten unseen


def binary(f: Method) -> tuple[Method, Method]:
    """x * y, and its reflected form."""

    def forward(x: Any, y: Any) -> Any:
        return x._trace.binary(f, x, y)

    def reflected(x: Any, y: Any) -> Any:
        return x._trace.binary(f, y, x)

    return forward, reflected


def unary(f: Method) -> Method:
    def call(x: Any) -> Any:
        return x._trace.unary(f, x)

    return call


def in_place(f: Method) -> Method:
    """x += y: an array is written, a scalar gives way to a new one, as in NumPy."""

    def augmented(x: Any, y: Any) -> Any:
        result = f(x, y)
        if not isinstance(bottom(x), np.ndarray):
            return result
        if not np.can_cast(result.dtype, x.dtype, "same_kind"):
            raise TypeError(f"Cannot cast {f.__name__} output from {result.dtype} to {x.dtype} with casting rule 'same_kind'")
        x[...] = result
        return x

    return augmented


def method(f: Method) -> Method:
    def call(x: Any, *args: Any, **kwargs: Any) -> Any:
        return f(x, *args, **kwargs)

    return call


def plainly(name: str) -> property:
    """An attribute that has no derivative: what the value says."""
    return property(lambda x: getattr(bottom(x), name))


def of_python(x: Any) -> Any:
    """A traced number as Python's own, which divides by zero and takes roots of negative numbers as Python does."""
    return dispatch(as_python, (x,), {}) if isinstance(bottom(x), np.generic) else x


def asked(x: Any, how: str = "asked") -> Any:
    """A value without its traces, which take note how it was asked for (trace/course.py): what follows may depend on it."""
    while isinstance(x, Traced):
        if not x.constant:
            setattr(x._trace.course, how, True)
        x = x.primal
    return x


class Operators:
    """What a tensor answers besides NumPy's protocols; all of it leads to `trace.unary`, `trace.binary` or `dispatch`."""

    __slots__ = ()

    __add__, __radd__ = binary(operator.add)
    __sub__, __rsub__ = binary(operator.sub)
    __mul__, __rmul__ = binary(operator.mul)
    __truediv__, __rtruediv__ = binary(operator.truediv)
    __floordiv__, __rfloordiv__ = binary(operator.floordiv)
    __mod__, __rmod__ = binary(operator.mod)
    __pow__, __rpow__ = binary(operator.pow)
    __matmul__, __rmatmul__ = binary(operator.matmul)
    __divmod__, __rdivmod__ = binary(divmod)

    __iadd__, __isub__ = in_place(operator.add), in_place(operator.sub)
    __imul__, __itruediv__ = in_place(operator.mul), in_place(operator.truediv)
    __ifloordiv__, __imod__ = in_place(operator.floordiv), in_place(operator.mod)
    __ipow__, __imatmul__ = in_place(operator.pow), in_place(operator.matmul)

    __lt__, __gt__ = binary(operator.lt)
    __le__, __ge__ = binary(operator.le)
    __eq__, __ne__ = binary(operator.eq)[0], binary(operator.ne)[0]

    def __hash__(self) -> int:
        raise ConversionError(
            "a traced value was used as a key (of a dict, a set, a cache), where its derivative would be lost."
            " Use a key that is not traced, or wg.stop_gradient(x) for the value alone." + user_line()
        )

    __neg__, __pos__, __abs__ = unary(operator.neg), unary(operator.pos), unary(operator.abs)

    def __array_namespace__(self, *, api_version: Any = None) -> Any:
        """NumPy, for code written to the array API standard."""
        return bottom(self).__array_namespace__(api_version=api_version) if isinstance(bottom(self), np.ndarray) else np

    # --- items ---

    def __getitem__(self: Any, index: Any) -> Any:
        return self._trace.item(self, index)

    def __setitem__(self, index: Any, v: Any) -> None:
        write_in_place(SET, self, index, v)

    def __len__(self) -> int:
        return len(bottom(self))

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __contains__(self: Any, v: Any) -> bool:
        return bool(np.any(self == v))

    def item(self: Any, *index: Any) -> Any:
        """The element at a (flat or full) index, as Python's number: still traced, so that its derivative is not lost."""
        if type(bottom(self)) in (float, complex):
            return self
        plain = bottom(self)
        plain.item(*index)  # NumPy's own errors for what is not one element
        if plain.size == 1:
            return of_python(self if isinstance(plain, np.generic) else np.reshape(self, -1)[0])
        while isinstance(index, tuple) and len(index) == 1:
            (index,) = index
        place: Any = index
        if not isinstance(place, tuple):
            place = tuple(map(int, np.unravel_index(place % plain.size, plain.shape)))
        return of_python(self[place])

    def tolist(self: Any) -> Any:
        """Nested lists of traced elements."""
        return [row.tolist() if np.ndim(bottom(row)) else row.item() for row in self] if np.ndim(bottom(self)) else self.item()

    # --- what is piecewise constant: Python's own number or truth value ---

    def __bool__(self) -> bool:
        return bool(asked(self))

    def __int__(self) -> int:
        return int(asked(self))

    def __trunc__(self) -> int:
        return math.trunc(asked(self))

    def __floor__(self) -> int:
        return math.floor(asked(self))

    def __ceil__(self) -> int:
        return math.ceil(asked(self))

    def __round__(self, digits: int | None = None) -> Any:
        return round(asked(self, "asked" if digits is None else "rounded"), digits)

    # --- text and copies ---

    def __repr__(self) -> str:
        return f"Tensor({bottom(self)!s})" if self._trace.has_face else repr(asked(self, "written"))

    def __str__(self) -> str:
        return str(asked(self, "written"))

    def __format__(self, spec: str) -> str:
        return format(asked(self, "written"), spec)

    def __copy__(self: Any) -> Any:
        return np.copy(self) if isinstance(bottom(self), np.ndarray) else self

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return self.__copy__()

    def __reduce__(self: Any) -> Any:
        if self.constant:
            return np.array, (np.array(self.primal),)
        raise ConversionError(
            "a traced value cannot be pickled: its trace lives in this process alone. Pickle wg.stop_gradient(x), its value."
            + user_line()
        )

    # --- methods with NumPy's functions behind them ---

    all, any, argmax, argmin = method(np.all), method(np.any), method(np.argmax), method(np.argmin)
    argpartition, argsort = method(np.argpartition), method(np.argsort)
    cumprod, cumsum, prod, sum = method(np.cumprod), method(np.cumsum), method(np.prod), method(np.sum)
    diagonal, trace, dot = method(np.diagonal), method(np.trace), method(np.dot)
    max, mean, min, std, var = method(np.max), method(np.mean), method(np.min), method(np.std), method(np.var)
    nonzero, searchsorted, round = method(np.nonzero), method(np.searchsorted), method(np.round)
    choose, put = method(np.choose), method(np.put)
    ravel, repeat, squeeze, swapaxes, take = (
        method(np.ravel),
        method(np.repeat),
        method(np.squeeze),
        method(np.swapaxes),
        method(np.take),
    )

    def compress(self: Any, condition: Any, axis: int | None = None, out: Any = None) -> Any:
        return np.compress(condition, self, axis, out)

    def reshape(self: Any, *shape: Any, **kwargs: Any) -> Any:
        if not shape and not kwargs:
            bottom(self).reshape()  # as NumPy refuses it
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, **kwargs)

    def transpose(self: Any, *axes: Any) -> Any:
        return np.transpose(self, axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None)

    def conjugate(self: Any, out: Any = None) -> Any:
        """Itself, not a copy, where it is real: as in NumPy."""
        return np.conjugate(self, out=out) if out is not None or np.iscomplexobj(bottom(self)) else self

    conj = conjugate

    def astype(self: Any, dtype: Any, order: Any = "K", casting: Any = "unsafe", subok: Any = True, copy: Any = True) -> Any:
        """np.astype, and what the method takes besides; NumPy refuses what it has not, asked on nothing."""
        if order == "K" and casting == "unsafe":
            return astype(self, dtype, copy=copy)
        np.empty(0, self.dtype).astype(dtype, order, casting, subok, copy)
        y = astype(self, dtype, copy=copy)
        return y if order == "K" else in_order(y, order_of(self) if order == "A" else order)

    def clip(self: Any, min: Any = None, max: Any = None, **options: Any) -> Any:
        return np.clip(self, min, max, **options)

    def copy(self: Any, order: Any = "C") -> Any:
        """In C order, where np.copy keeps the order: as in NumPy. A number, which nothing can write into, is its own copy."""
        return np.copy(self, order) if isinstance(bottom(self), np.ndarray) else self

    def flatten(self: Any, order: Any = "C") -> Any:
        return np.copy(np.ravel(self, order))

    def fill(self, v: Any) -> None:
        self[...] = v

    def sort(self: Any, axis: int = -1, **options: Any) -> None:
        """In place, as ndarray's."""
        self[...] = np.sort(self, axis, **options)

    def partition(self: Any, kth: Any, axis: int = -1, **options: Any) -> None:
        """In place, as ndarray's."""
        self[...] = np.partition(self, kth, axis, **options)

    def view(self: Any, dtype: Any = np._NoValue, type: Any = None) -> Any:
        """Another array of the same memory, in the same dtype: what has a derivative. A number is its own view."""
        wanted = dtype if type is None else type
        if isinstance(wanted, builtins.type) and issubclass(wanted, np.ndarray):
            if wanted is np.ndarray:
                return self.viewed()
            raise InputError(
                f"a traced value was to become a {wanted.__name__}, an ndarray with rules of its own that the derivative would not"
                " follow. Use it as it is." + user_line()
            )
        if dtype is np._NoValue or np.dtype(dtype) == self.dtype:
            return self.viewed()
        raise MissingAttributeError(
            f"a traced value ({self.dtype}{list(self.shape)}) has no view in another dtype, whose bits have no derivative."
            " Convert it: x.astype(dtype); of pairs of numbers and complex ones, x[..., ::2] + 1j * x[..., 1::2], or"
            " np.stack([z.real, z.imag], axis=-1)." + user_line()
        )

    def viewed(self: Any) -> Any:
        return self[...] if isinstance(bottom(self), np.ndarray) else self

    def setflags(self: Any, *args: Any, **flags: Any) -> None:
        bottom(self).setflags(*args, **flags)

    def resize(self: Any, *shape: Any, refcheck: bool = True) -> None:
        """An array whose memory changes its size would leave its views, and the trace, behind."""
        raise WriteError(
            "a traced array cannot be resized in place. Write x = x.reshape(shape), np.pad for more elements, or x[:n] for fewer."
            + user_line()
        )

    @property
    def flat(self: Any) -> "Flat":
        return Flat(self)

    @flat.setter
    def flat(self: Any, v: Any) -> None:
        Flat(self)[:] = v

    def __getattr__(self: Any, name: str) -> Any:
        """Of the memory, and of an array that holds no tensor, what the value says; else a word on what to write."""
        plain = bottom(self)
        if name in FACE:
            raise AttributeError(
                f"a traced value has no attribute {name!r} in a function that is differentiated, as an array has none: it is for"
                " values made from wg.track(x). wg.stop_gradient(x) is the value alone." + user_line()
            )
        if not hasattr(plain, name):
            return getattr(plain, name)  # its own refusal
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        if self.constant and name not in MEMORY_ITSELF:
            return getattr(plain, name)
        raise MissingAttributeError(
            f"a traced value has no {name}, which {type(plain).__name__} has. Write it with NumPy's functions, or use"
            " wg.stop_gradient(x) for the value alone." + user_line()
        )

    flags, itemsize, nbytes, strides, is_integer = map(plainly, ("flags", "itemsize", "nbytes", "strides", "is_integer"))

    @property
    def T(self: Any) -> Any:
        return np.transpose(self)

    @property
    def mT(self: Any) -> Any:
        return np.swapaxes(self, -1, -2) if self.ndim > 1 else bottom(self).mT  # NumPy's refusal

    @property
    def real(self: Any) -> Any:
        return np.real(self)

    @real.setter
    def real(self: Any, v: Any) -> None:
        np.real(self)[...] = v

    @property
    def imag(self: Any) -> Any:
        return np.imag(self)

    @imag.setter
    def imag(self: Any, v: Any) -> None:
        np.imag(self)[...] = v


class Flat:
    """x.flat: the elements in C order, read and written by number, or one after another."""

    def __init__(self, x: Any) -> None:
        self.base = x
        self.index = 0  # of the next

    @property
    def coords(self) -> tuple[int, ...]:
        """Where the next element stands."""
        return tuple(map(int, np.unravel_index(self.index, np.shape(bottom(self.base)))))

    def places(self, index: Any) -> tuple[Any, ...]:
        shape = np.shape(bottom(self.base))
        return np.unravel_index(np.arange(math.prod(shape))[index], shape)

    def __getitem__(self, index: Any) -> Any:
        return self.base[self.places(index)]

    def __setitem__(self, index: Any, v: Any) -> None:
        if isinstance(index, int | np.integer) and (isinstance(v, list | tuple) or np.ndim(bottom(v))):
            np.empty(1).flat[0] = [0.0]  # as NumPy refuses an array in the place of a number
        write_in_turn(self.base, np.arange(len(self))[index], v)

    def __len__(self) -> int:
        return int(np.size(bottom(self.base)))

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if self.index >= len(self):
            raise StopIteration
        self.index += 1
        return self[self.index - 1]

    def copy(self) -> Any:
        return self.base.flatten()
