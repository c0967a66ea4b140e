"""np.vectorize and np.frompyfunc while a function is traced: the user's function, element by element.

Vectorized(pyfunc)(x, 2.0)      what np.vectorize(pyfunc) gives, for tensors too
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from wengert.errors import ConversionError, user_line
from wengert.rules.vocabulary import bottom, laid
from wengert.trace.dispatch import strides_of
from wengert.trace.substitute.create import asarray, gathered, made, plain, traced


class Vectorized:
    """np.vectorize(pyfunc, otypes, doc, excluded, cache, signature), which asks the real one unless something is traced."""

    def __init__(self, pyfunc: Callable[..., Any] = np._NoValue, *args: Any, **kwargs: Any) -> None:  # type: ignore[assignment]
        self.real: Any = pyfunc if isinstance(pyfunc, np.vectorize) else np.vectorize(pyfunc, *args, **kwargs)
        self.pyfunc: Any = self.real.pyfunc

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        real = self.real
        if self.pyfunc is np._NoValue:  # a decorator with options: @np.vectorize(otypes=...)
            return Vectorized(real(*args, **kwargs))
        varying = [k for k in range(len(args)) if k not in real.excluded]
        named = [k for k in kwargs if k not in real.excluded]
        core = real._in_and_out_core_dims
        given_arrays = arrays = [asarray(a) for a in (*(args[k] for k in varying), *(kwargs[k] for k in named))]
        ranks = [0] * len(arrays) if core is None else [len(dims) for dims in core[0]]
        shape = np.broadcast_shapes(*(np.shape(a)[: np.ndim(a) - rank] for a, rank in zip(arrays, ranks, strict=True)))
        arrays = [np.broadcast_to(a, shape + np.shape(a)[np.ndim(a) - rank :]) for a, rank in zip(arrays, ranks, strict=True)]

        def at(place: tuple[int, ...]) -> Any:
            items = [a[place] for a in arrays]
            given = dict(zip(varying, items, strict=False)) | {k: a for k, a in enumerate(args) if k in real.excluded}
            return self.pyfunc(
                *(given[k] for k in range(len(args))),
                **kwargs | dict(zip(named, items[len(varying) :], strict=True)),
            )

        results = [at(place) for place in np.ndindex(shape)]
        if not results:
            return real(*map(plain, args), **{k: plain(v) for k, v in kwargs.items()})
        if isinstance(results[0], tuple):
            kinds = real.otypes or [None] * len(results[0])
            return tuple(
                lying(joined(list(r), shape, k), given_arrays) for r, k in zip(zip(*results, strict=True), kinds, strict=True)
            )
        return lying(joined(results, shape, real.otypes[0] if real.otypes else None), given_arrays)


def lying(y: Any, arrays: list[Any]) -> Any:
    """A result as it lies in the array that a ufunc makes for these operands."""
    if np.ndim(y) < 2 or np.shape(y) != np.broadcast_shapes(*map(np.shape, arrays)):
        return y
    strides = strides_of(tuple(arrays), y.dtype, "K")
    return y if y.strides == strides or not y.size else laid(y, strides)


def joined(results: list[Any], shape: tuple[int, ...], kind: Any) -> Any:
    """The results of all places as one array, of the type asked for or else that of the first."""
    dtype = np.asarray(bottom(results[0])).dtype if kind is None else np.dtype(kind)
    if not traced(results):
        results_ = np.asarray(results, dtype)
        return made(results_.reshape(shape + results_.shape[1:]))
    if dtype.kind in "biu":
        raise ConversionError(
            f"np.vectorize takes the type of its results from the first, {dtype}, in which traced values would be cut to whole numbers."
            " Give it otypes=[float], or return a float." + user_line()
        )
    y = gathered(results, dtype)
    return np.reshape(y, shape + np.shape(y)[1:])


class FromPyFunc:
    """np.frompyfunc(f, nin, nout), with arrays of tensors where the real one gives arrays of objects."""

    def __init__(self, f: Callable[..., Any], /, nin: int, nout: int, **rest: Any) -> None:
        self.real = np.frompyfunc(f, nin, nout, **rest)
        self.nin, self.nout = nin, nout
        self.looped = Vectorized(f)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.looped(*args) if traced(args) and not kwargs else self.real(*args, **kwargs)
