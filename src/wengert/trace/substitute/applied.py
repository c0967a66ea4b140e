"""np.vectorize and np.frompyfunc while a function is traced: the user's function, element by element, of Python's own numbers.

Vectorized(pyfunc)(x, 2.0)      what np.vectorize(pyfunc) gives, for tensors too
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from wengert.errors import ConversionError, user_line
from wengert.rules.vocabulary import laid
from wengert.trace.dispatch import strides_of
from wengert.trace.substitute.create import asarray, gathered, made, plain, traced
from wengert.trace.substitute.numbers import pythons


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

        def call(items: list[Any]) -> Any:
            given = dict(zip(varying, items, strict=False)) | {k: a for k, a in enumerate(args) if k in real.excluded}
            return self.pyfunc(
                *(given[k] for k in range(len(args))),
                **kwargs | dict(zip(named, items[len(varying) :], strict=True)),
            )

        if 0 in shape:
            return real(*map(plain, args), **{k: plain(v) for k, v in kwargs.items()})
        if core is not None:
            results = [call([a[place] for a in arrays]) for place in np.ndindex(shape)]
            return joined(results, shape, real.otypes or types(results[0]), given_arrays)
        places, first = np.ndindex(shape), []
        kinds = real.otypes
        if kinds is None:  # NumPy asks once more, of numbers of its own, for the types
            tried = call([a[(0,) * len(shape)] for a in arrays])
            kinds = types(tried)
            if real.cache:
                first = [tried]
                next(places)
        results = first + [call([pythons(a[place]) for a in arrays]) for place in places]
        return joined(results, shape, kinds, given_arrays)


def types(result: Any) -> list[Any]:
    """The dtypes of one result, or of several in a tuple."""
    return [np.asarray(plain(y)).dtype for y in (result if isinstance(result, tuple) else (result,))]


def joined(results: list[Any], shape: tuple[int, ...], kinds: Any, arrays: list[Any]) -> Any:
    """The results of all places as one array, or as several where they are tuples."""
    if isinstance(results[0], tuple):
        return tuple(lying(array_of(list(r), shape, k), arrays) for r, k in zip(zip(*results, strict=True), kinds, strict=True))
    return lying(array_of(results, shape, kinds[0]), arrays)


def lying(y: Any, arrays: list[Any]) -> Any:
    """A result as it lies in the array that a ufunc makes for these operands."""
    if np.ndim(y) < 2 or np.shape(y) != np.broadcast_shapes(*map(np.shape, arrays)):
        return y
    strides = strides_of(tuple(arrays), y.dtype, "K")
    return y if y.strides == strides or not y.size else laid(y, strides)


def array_of(results: list[Any], shape: tuple[int, ...], kind: Any) -> Any:
    """The results of all places as one array of a type."""
    dtype = np.dtype(kind)
    values = np.asarray(plain(results), dtype)  # which refuses what is no such number
    if not traced(results):
        return made(values.reshape(shape + values.shape[1:]))
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
        self.f = f

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not traced(args) or kwargs:
            return self.real(*args, **kwargs)
        given = list(map(asarray, args))
        shape = np.broadcast_shapes(*map(np.shape, given))
        arrays = [np.broadcast_to(a, shape) for a in given]
        results = [self.f(*[pythons(a[place]) for a in arrays]) for place in np.ndindex(shape)]
        if not results:
            return self.real(*map(plain, args))
        if not shape:
            return results[0]
        several = isinstance(results[0], tuple)
        kinds = [np.asarray(plain(list(column))).dtype for column in (zip(*results, strict=True) if several else [results])]
        return joined(results, shape, kinds, given)
