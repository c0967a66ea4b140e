"""exp(x1) - x1*x2 + cos(x2) at (2, 4): one reverse pass gives both derivatives, forward mode needs a pass for each.

    wg.value_and_grad(f, argnums=(0, 1))(2.0, 4.0)
    wg.jvp(f, (2.0, 4.0), (1.0, 0.0))           # the value, and the derivative by x1

A tutorial writes both passes by hand, and compares them with the large libraries, as is done here where they are.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

import wengert as wg
from wengert.tour.peers import compared
from wengert.tour.report import Row, Text, Watch, quietly, timed

POINT = (2.0, 4.0)
VALUE = "-1.2645875219329614"
GRADIENT = ("3.3890560989306504", "-1.2431975046920718")


def f(x1: Any, x2: Any, m: Any = np) -> Any:
    """The tutorial's function; m is the module whose functions do the work."""
    return m.exp(x1) - x1 * x2 + m.cos(x2)


def by_hand(x1: float, x2: float) -> tuple[float, float]:
    """The gradient on paper."""
    return math.exp(x1) - x2, -x1 - math.sin(x2)


def tour(watch: Watch = quietly) -> Iterator[Row | Text]:
    """Both modes, and the peers."""
    (value, gradient), seconds = timed(wg.value_and_grad(f, argnums=(0, 1)), *POINT)
    yield Row.of("f(2, 4)", VALUE, value, "published", seconds=seconds)
    yield Row.of("gradient, one reverse pass", GRADIENT, gradient, "published", seconds=seconds)
    passes = [timed(wg.jvp, f, POINT, direction) for direction in ((1.0, 0.0), (0.0, 1.0))]
    slopes = tuple(tangent for (_, tangent), _ in passes)
    yield Row.of("gradient, two forward passes", GRADIENT, slopes, "published", seconds=sum(s for _, s in passes))
    yield Row.of("gradient, on paper", by_hand(*POINT), gradient, "closed form")
    peers = ("JAX", "PyTorch", "TensorFlow")
    yield from compared("f and gradient", f, POINT, (value, gradient), peers, watch=watch)
