"""Steepest descent with momentum, one gradient at a time.

>>> opt = SGD(rate=0.25, momentum=0.5)
>>> params = {"w": 1.0}
>>> state = opt.init(params)
>>> params, state = opt.step(params, {"w": 2.0}, state)
>>> params
{'w': np.float64(0.5)}
"""

from dataclasses import dataclass
from typing import Any

from wengert import tree
from wengert.optim.downhill import ascents, at_rest, checked_fraction, checked_rate, downhill


@dataclass(frozen=True, slots=True)
class SGD:
    """velocity = momentum * velocity + gradient;  params = params - rate * velocity.

    The state is the velocity, a container like the parameters. Gradients may come from a part of the data, which is
    what the S, for stochastic, means. Raises ValueError for a rate that is negative, infinite or NaN, and for a
    momentum outside [0, 1); StructureError where gradients do not fit the parameters.

    >>> import numpy as np
    >>> import wengert as wg
    >>> opt, x = SGD(rate=0.1, momentum=0.5), np.array([1.0, -2.0])
    >>> state = opt.init(x)
    >>> for _ in range(50):
    ...     x, state = opt.step(x, wg.grad(lambda x: np.sum(x**2))(x), state)
    >>> bool(np.max(np.abs(x)) < 1e-6)
    True
    """

    rate: float
    momentum: float = 0.0

    def __post_init__(self) -> None:
        checked_rate(self.rate)
        checked_fraction("momentum", self.momentum)

    def init(self, params: Any) -> Any:
        """The state before the first step: at rest."""
        return tree.map(at_rest, params)

    def step(self, params: Any, grads: Any, state: Any) -> tuple[Any, Any]:
        """Parameters and state after one step; where the gradient is None, both stay. No argument is changed."""
        ascent = ascents(params, grads)
        velocity = tree.map(lambda p, v, g: v if g is None else self.momentum * v + g, params, state, ascent)
        moving = tree.map(lambda p, v, g: None if g is None else v, params, velocity, ascent)
        return downhill(params, moving, checked_rate(self.rate)), velocity
