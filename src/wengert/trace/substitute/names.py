"""What stands for what, by identity: `from numpy import zeros as nul` is caught as `np.zeros` is.

stand_in(np.zeros)      create's, or None for what stays as it is
stand_in(np)            a module that has everything of NumPy, and ours in the place of some
"""

import cmath
import concurrent.futures
import math
import threading
import types
from collections.abc import Collection
from typing import Any

import numpy as np

from wengert.rules.declare import ROWS, TWINS
from wengert.trace.substitute import attributes, create, generators, numbers, threads
from wengert.trace.substitute.applied import FromPyFunc, Vectorized
from wengert.trace.substitute.lists import of_lists

# NumPy's functions whose result is a new array, and those that have a definition of ours (create.py)
MADE = """
zeros ones empty eye identity tri linspace logspace geomspace copy zeros_like ones_like empty_like diag diagflat tile repeat
where cumsum cumprod concatenate concat stack vstack hstack dstack column_stack block outer fromfunction vander pad kron meshgrid
floor ceil trunc rint round around fix sign floor_divide hanning hamming blackman bartlett kaiser
"""
OURS = """
array asarray asanyarray ascontiguousarray asfortranarray asarray_chkfinite require iterable ndenumerate full full_like arange fromiter
piecewise
"""
DEFINED = (np.apply_along_axis, np.apply_over_axes)  # which call functions of the user, where tensors may be


TABLE: dict[int, tuple[Any, Any]] = {}
"""id of an object -> (the object, what stands for it)."""

QUIET: set[int] = set()
"""Ids of those that are what they stand for, but of lists: nothing to tell a user of (explain.py)."""

REAL: dict[int, Any] = {}
"""id of what stands for an object -> that object."""


def stand(real: Any, ours: Any) -> None:
    TABLE[id(real)] = real, ours
    REAL[id(ours)] = real


def original(x: Any) -> Any:
    """What a stand-in stands for; anything else is itself."""
    return REAL.get(id(x), x)


def stand_in(real: Any) -> Any:
    """What stands for an object, such as np.zeros, in functions that are differentiated; None for what stays as it is.

    >>> import math
    >>> stand_in(math.sin)(0.0), stand_in(math.pi)
    (0.0, None)
    """
    found = TABLE.get(id(real))
    if found is not None and found[0] is real:
        return found[1]
    if type(real) in generators.GENERATORS:
        return generators.Drawing(real)
    if type(real) is types.MethodType and type(real.__self__) in generators.GENERATORS:  # np.random.normal
        return getattr(generators.Drawing(real.__self__), real.__name__)
    return TWINS.get(real) if isinstance(real, FUNCTIONS) else None


def shown(a: Any) -> Any:
    """An argument or attribute, as code that is differentiated is to see it: what stands for a generator, or a module of NumPy."""
    new = stand_in(a) if type(a) in SHOWN else None
    return a if new is None else new


SHOWN = frozenset((*generators.GENERATORS, types.ModuleType))
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, np.ufunc)


def module(real: types.ModuleType, apart: Collection[str] = ()) -> types.ModuleType:
    """A module with all names of another, and stand-ins for some, not for those apart. Those that come later (twins) are found, too."""
    ours = types.ModuleType(real.__name__, real.__doc__)
    for name, value in vars(real).items():
        new = None if name in apart else stand_in(value)
        if new is not None or real is np or not isinstance(value, FUNCTIONS):
            ours.__dict__[name] = value if new is None else new

    def late(name: str) -> Any:
        value = getattr(real, name)
        new = None if name in apart else stand_in(value)
        return value if new is None else new

    ours.__dict__["__getattr__"] = late
    return ours


for name in MADE.split():
    if hasattr(np, name):
        stand(getattr(np, name), create.making(of_lists(getattr(np, name))))
for name in OURS.split():
    stand(getattr(np, name), getattr(create, name))
stand(np.lib.stride_tricks.as_strided, create.as_strided)
for f in DEFINED:
    stand(f, create.definition_of(f))
for library, functions, way in (
    (math, numbers.MATH, numbers.of_math),
    (math, numbers.ITERABLES, numbers.of_iterables),
    (cmath, numbers.CMATH, numbers.of_math),
):
    for name, ours in functions.items():
        if hasattr(library, name):
            stand(getattr(library, name), way(getattr(library, name), ours))
for name in ("erf", "erfc", "gamma", "lgamma"):
    stand(getattr(math, name), numbers.of_special(getattr(math, name)))
stand(np.r_, create.Joining(np.r_, 0, 1, -1))
stand(np.c_, create.Joining(np.c_, -1, 2, 0))
stand(np.vectorize, Vectorized)
stand(np.frompyfunc, FromPyFunc)
stand(float, numbers.Float)
stand(complex, numbers.Complex)
stand(type, numbers.Type)
stand(hasattr, attributes.has)
stand(getattr, attributes.get)
stand(threading.Thread, threads.Thread)
stand(concurrent.futures.ThreadPoolExecutor, threads.Pool)
for name in ("ranf", "sample"):  # functions, not methods of its generator
    stand(getattr(np.random, name), create.making(getattr(np.random, name)))
stand(np.random.default_rng, generators.seeding(np.random.default_rng))
stand(np.random.Generator, generators.Generator)
stand(np.random.RandomState, generators.RandomState)
for f in [f for library in (np, np.linalg, np.fft) for f in vars(library).values() if callable(f) and f in ROWS]:
    if id(f) not in TABLE:
        stand(f, of_lists(f))
        QUIET.add(id(f))
LIBRARIES = (np.linalg, np.fft, np.lib.stride_tricks, np.lib, np.random, np, math, cmath, threading, concurrent.futures, concurrent)
for library in LIBRARIES:
    stand(library, module(library))


def with_types(apart: Collection[str] = ()) -> types.ModuleType:
    """The stand-in of NumPy that has stand-ins of its types, too: for code that calls them, np.float64(x), and compares none."""
    ours = module(np, apart)
    stands = {t: numbers.of_numpy(t) for t in numbers.NUMPYS_TYPES}
    ours.__dict__.update({name: stands[t] for name, t in vars(np).items() if isinstance(t, type) and t in stands})
    return ours


TYPED = with_types()
