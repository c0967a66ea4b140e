"""Random generators while a function is traced: their draws take traced parameters (draws.py says which, and how).

rng = Drawing(np.random.default_rng(0))
rng.normal(mu, sigma)                        of traced mu: traced, and the number that the generator draws
isinstance(rng, np.random.Generator)         True; in all else it is the generator, too
"""

import copy
import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from wengert.trace.dispatch import highest, uncovered
from wengert.trace.substitute.create import made
from wengert.trace.substitute.draws import WAYS, refuse
from wengert.trace.substitute.numbers import Standing

GENERATORS = frozenset((np.random.Generator, np.random.RandomState))


class Drawing:
    """What stands for a generator: itself in all it does, but its draws take traced parameters."""

    __slots__ = ("apart", "real")

    def __init__(self, real: Any) -> None:
        self.real = real
        self.apart: Any = None

    def twin(self) -> Any:
        """A generator that will draw what this one will. Made once: to copy a RandomState takes as long as 10,000 draws."""
        real, apart = self.real, self.apart
        if apart is None or type(apart._bit_generator) is not type(real._bit_generator):
            self.apart = apart = copy.deepcopy(real)
        elif type(real) is np.random.Generator:
            apart.bit_generator.state = real.bit_generator.state
        else:
            apart.set_state(real.get_state(legacy=False))
        return apart

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """What isinstance asks second."""
        return type(self.real)

    def __getattr__(self, name: str) -> Any:
        member = getattr(self.real, name)
        return functools.partial(drawn, self, name) if callable(member) else member

    @property
    def capsule(self) -> Any:
        """By this and `lock`, np.random.default_rng takes it, and goes on in the same stream: in SciPy, say."""
        return self.real._bit_generator.capsule

    @property
    def lock(self) -> Any:
        return self.real._bit_generator.lock

    def __eq__(self, other: object) -> bool:
        return bool(self.real == real_of(other))

    def __hash__(self) -> int:
        return hash(self.real)

    def __repr__(self) -> str:
        return repr(self.real)

    def __reduce__(self) -> Any:
        return self.real.__reduce__()

    def __copy__(self) -> "Drawing":
        return Drawing(copy.copy(self.real))

    def __deepcopy__(self, memo: Any) -> "Drawing":
        return Drawing(copy.deepcopy(self.real, memo))


def drawing(a: Any) -> Any:
    """What stands for a generator; anything else is itself."""
    return Drawing(a) if type(a) in GENERATORS else a


def real_of(a: Any) -> Any:
    """The generator of what stands for one; anything else is itself."""
    return a.real if type(a) is Drawing else a


def seeding(make: Callable[..., Any]) -> Callable[..., Any]:
    """np.random.default_rng, or a class of generators."""

    @functools.wraps(make, updated=())
    def call(*args: Any, **kwargs: Any) -> Any:
        return drawing(make(*map(real_of, args), **{k: real_of(v) for k, v in kwargs.items()}))

    return call


class Seeded(Standing):
    """The class of a class that stands for one of generators."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return seeding(cls.real)(*args, **kwargs)


class Generator(metaclass=Seeded):
    """np.random.Generator."""

    real = np.random.Generator


class RandomState(metaclass=Seeded):
    """np.random.RandomState."""

    real = np.random.RandomState


def drawn(rng: Drawing, name: str, *args: Any, **kwargs: Any) -> Any:
    """rng.name(*args, **kwargs)."""
    if highest((*args, *kwargs.values())) is not None:
        way: Callable[..., Any] = WAYS.get(name, refuse)
        return way(rng, name, *args, **kwargs)
    y = getattr(rng.real, name)(*map(uncovered, args), **{k: uncovered(v) for k, v in kwargs.items()})
    if name == "spawn":
        return list(map(drawing, y))
    return next((a for a in (*args, *kwargs.values()) if uncovered(a) is y), made(y))  # an argument: that of out=
