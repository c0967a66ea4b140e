"""Seven steps with two results, which a tutorial differentiates by tensors that keep pullback closures on a tape.

    y, pull = wg.vjp(seven_steps, 1.0, 2.0, np.pi / 2)
    pull((1.0, 0.0)), pull((0.0, 1.0))          # the two rows of the Jacobian

The tutorial computed in single precision, hence its last digits, and its -4.4e-8 where the derivative is cos(pi/2) = 0.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

import wengert as wg
from wengert.tour.report import FLOAT32, Row, Watch, quietly, timed

POINT = (1.0, 2.0, np.pi / 2)
VALUES = ("5.9772587", "4.694528")
OF_X9 = ("10.681277", "5.3406386", "-3.8052409")
OF_X10 = ("8.3890562", "1.8472641", "0")
OF_X10_IN_FLOAT32 = "-4.4e-8"


def seven_steps(x1: Any, x2: Any, x3: Any) -> tuple[Any, Any]:
    """The tutorial's program: x9 and x10."""
    x4 = x1 * x2
    x5 = np.sin(x3)
    x6 = np.exp(x4)
    x7 = x4 * x5
    x8 = x6 + x7
    x9 = x8 / x3
    x10 = x8 / x2
    return x9, x10


def tour(watch: Watch = quietly) -> Iterator[Row]:
    """Values, and one pull for each row of the Jacobian, in double and in single precision."""
    (y, pull), seconds = timed(wg.vjp, seven_steps, *POINT)
    yield Row.of("x9 and x10", VALUES, y, "published", rtol=FLOAT32, seconds=seconds)
    row, seconds = timed(pull, (1.0, 0.0))
    yield Row.of("x9 by x1, x2, x3", OF_X9, row, "published", rtol=FLOAT32, seconds=seconds)
    row, seconds = timed(pull, (0.0, 1.0))
    yield Row.of("x10 by x1, x2, x3", OF_X10, row, "published", rtol=FLOAT32, atol=1e-16, seconds=seconds)
    row, seconds = timed(single_precision)
    yield Row.of("x10 by x3, in float32", OF_X10_IN_FLOAT32, row[2], "published", rtol=0.01, seconds=seconds)
    rows, seconds = timed(wg.jacobian(seven_steps, argnums=(0, 1, 2)), *POINT)
    yield Row.of("both rows at once", closed_form(), np.array(rows), "closed form", atol=1e-15, seconds=seconds)


def single_precision() -> Any:
    """The row of x10 where every number is a float32: cos(pi/2) is then not quite 0."""
    x1, x2, x3 = (np.float32(x) for x in POINT)
    _, pull = wg.vjp(seven_steps, x1, x2, x3)
    return pull((np.float32(0), np.float32(1)))


def closed_form() -> np.ndarray:
    """The Jacobian of (exp(x1 x2) + x1 x2 sin(x3)) / (x3, x2), differentiated on paper."""
    x1, x2, x3 = POINT
    e, s, c = math.exp(x1 * x2), math.sin(x3), math.cos(x3)
    x8, by_x1, by_x2, by_x3 = e + x1 * x2 * s, x2 * (e + s), x1 * (e + s), x1 * x2 * c
    return np.array([[by_x1 / x3, by_x2 / x3, by_x3 / x3 - x8 / x3**2], [by_x1 / x2, by_x2 / x2 - x8 / x2**2, by_x3 / x2]])
