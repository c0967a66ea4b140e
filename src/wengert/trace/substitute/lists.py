"""NumPy's functions of lists that hold tensors: `np.mean(losses)`, `np.sqrt([x[0], x[1]])`.

    mean = OfLists(np.mean)      np.mean, which makes such a list an array first, as NumPy itself does of numbers

NumPy asks arrays and numbers whether they want to read a call, but not the items of a list: these it would convert.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from wengert.rules.vocabulary import bottom
from wengert.trace.substitute.create import gathered, traced
from wengert.trace.tensor import Number, Scalar, Tensor


def arrayed(a: Any) -> Any:
    """A list or tuple that holds tensors as an array; anything else as it is."""
    return gathered(a) if type(a) in LISTS and traced(a) else a


def items_arrayed(a: Any) -> Any:
    """A list of arrays, some of which are lists themselves."""
    return type(a)(map(arrayed, a)) if type(a) in LISTS else a


def keys_arrayed(a: Any) -> Any:
    """Of np.lexsort: a tuple, whose items NumPy asks, where those of a list are not asked."""
    return tuple(map(arrayed, a)) if type(a) in LISTS else a


def coordinates_arrayed(a: Any) -> Any:
    """Of np.histogramdd: a list of arrays stays one, since it means another thing than their stack; of numbers, an array."""
    lists = type(a) in LISTS and any([isinstance(b, list | tuple) or np.ndim(bottom(b)) for b in a])
    return items_arrayed(a) if lists else arrayed(a)


WAYS: dict[Callable[..., Any], Callable[[Any], Any]] = {
    np.block: lambda a: a,  # of lists in lists
    **dict.fromkeys((np.concatenate, np.stack, np.vstack, np.hstack, np.dstack, np.column_stack), items_arrayed),
    **dict.fromkeys((np.choose, np.select, np.linalg.multi_dot), items_arrayed),
    np.lexsort: keys_arrayed,
    np.histogramdd: coordinates_arrayed,
}
"""What becomes of a list where it is not one array."""


LISTS = frozenset((list, tuple))


class OfLists:
    """A function of NumPy that takes lists of tensors, too; in all else it is what it stands for, also to `isinstance` and `==`."""

    __slots__ = ("__weakref__", "real", "way")

    def __init__(self, real: Callable[..., Any]) -> None:
        self.real = real
        self.way = WAYS.get(real, arrayed)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not kwargs and not any([type(a) is list or type(a) is tuple for a in args]):
            return self.real(*args)  # 0.2 us a call, where np.sin of a number and its share of the sweep take 1.4
        return self.real(*map(self.way, args), **{k: v if k == "out" else self.way(v) for k, v in kwargs.items()})

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.real, name)
        return OfLists(value) if name in METHODS and isinstance(self.real, np.ufunc) else value

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return type(self.real)

    def __eq__(self, other: Any) -> bool:
        return other is self or other is self.real

    def __hash__(self) -> int:
        return hash(self.real)

    def __repr__(self) -> str:
        return repr(self.real)

    def __reduce__(self) -> Any:
        return the, (self.real,)


class OfOneOperand(OfLists):
    """A ufunc of one operand. It hands a tensor to its trace itself, as NumPy would by way of the protocol, 0.4 us later."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs:
            (x,) = args
            if type(x) is Number or type(x) is Tensor or type(x) is Scalar:
                return x._trace.unary(self.real, x)
        return super().__call__(*args, **kwargs)


def of_lists(f: Callable[..., Any]) -> OfLists:
    """A function of NumPy, that takes lists of tensors, too."""
    return OfOneOperand(f) if isinstance(f, np.ufunc) and f.nin == 1 else OfLists(f)


METHODS = frozenset(("reduce", "accumulate", "outer"))


def the(real: Any) -> Any:
    """What a function of lists is pickled as: the real one."""
    return real
