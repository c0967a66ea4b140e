"""Adam: each entry has a step of its own, scaled by how large its gradients have been.

    >>> opt = Adam(rate=0.1)
    >>> params = [1.0, 1000.0]
    >>> params, state = opt.step(params, [2.0, 2000.0], opt.init(params))
    >>> [round(float(p), 6) for p in params]
    [0.9, 999.9]

Source: D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR (2015), algorithm 1.
"""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from wengert import tree
from wengert.optim.downhill import ascents, at_rest, checked_fraction, checked_rate, downhill, kind


class AdamState(NamedTuple):
    """The number of steps taken, and the running means of the gradients and of their squares."""

    taken: int
    mean: Any
    square: Any


@dataclass(frozen=True, slots=True)
class Adam:
    """params = params - rate * m / (sqrt(s) + epsilon), m and s the running means of the gradient and of its square.

    The means forget at the rates `betas`, and both are corrected for having begun at zero. The state is an `AdamState`.
    Raises ValueError for a rate that is negative, infinite or NaN, for betas outside [0, 1), and for an epsilon that
    is not above zero; StructureError where gradients do not fit the parameters.

    >>> import numpy as np
    >>> import wengert as wg
    >>> opt, x = Adam(rate=0.1), np.array([1.0, -2.0])
    >>> state = opt.init(x)
    >>> for _ in range(300):
    ...     x, state = opt.step(x, wg.grad(lambda x: np.sum(x**4 + x**2))(x), state)
    >>> bool(np.max(np.abs(x)) < 1e-3)
    True
    """

    rate: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        checked_rate(self.rate)
        for beta in self.betas:
            checked_fraction("a beta", beta)
        if not 0 < self.epsilon < math.inf:  # 0 would turn an entry without gradient into 0/0
            raise ValueError(f"epsilon is {self.epsilon}, and must be a finite number above zero.")

    def init(self, params: Any) -> AdamState:
        """The state before the first step."""
        rest = tree.map(at_rest, params)
        return AdamState(0, rest, tree.map(square, rest))

    def step(self, params: Any, grads: Any, state: AdamState) -> tuple[Any, AdamState]:
        """Parameters and state after one step; where the gradient is None, both stay. No argument is changed."""
        (b, c), n, ascent = self.betas, state.taken + 1, ascents(params, grads)
        mean = tree.map(lambda p, m, g: blend(b, m, g), params, state.mean, ascent)
        spread = tree.map(lambda p, s, g: blend(c, s, square(g)), params, state.square, ascent)

        def direction(p: Any, g: Any, m: Any, s: Any) -> Any:
            return None if g is None else m / (1 - b**n) / (np.sqrt(s / (1 - c**n)) + self.epsilon)

        stepped = downhill(params, tree.map(direction, params, ascent, mean, spread), checked_rate(self.rate))
        return stepped, AdamState(n, mean, spread)


def blend(memory: float, old: Any, new: Any) -> Any:
    """A running mean, unchanged where nothing came."""
    return old if new is None else memory * old + (1 - memory) * new


def square(g: Any) -> Any:
    """|g|**2, real also for complex g."""
    if g is None:
        return None
    return np.real(g * np.conj(g)) if kind(g) == "c" else g * g
