"""Numbers that remember what was computed from them, and the way downhill they show.

    x, y = wg.track(2.0, name="x"), wg.track(3.0, name="y")
    z = x * y + np.sin(x)
    z.backward()
    x.grad, y.grad

A tutorial builds them as TrackedReal, each with a dictionary from its children to the local derivatives. That loses one
of the two edges from y to y*y, so the step downhill that it prints is wrong; the tour shows both, and why.
"""

import io
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

import wengert as wg
from wengert import plot
from wengert.optim import descend, gradient_descent
from wengert.tour.report import Figure, Row, Text, Watch, quietly, timed

VALUE = "6.909297426825682"
GRADIENT = ("2.5838531634528574", "2.0")
PRINTED = ("0.891939538826372", "0.8", "1.4182910542267546")
RIGHT = ("0.891939538826372", "0.6", "1.1382910542267546")
RATE = 0.2
SIZE = (8.0, 4.4)
DESCENTS = (
    ((1.5, -2.4), 34, ("-1.5093926577856644", "-6.876e-8")),
    ((1.8, -2.4), 16, ("3.9584455543395447", "-6.7707e-4")),
)
WHY = """\
The tutorial keeps the children of a number in a dictionary. y*y is one child of y along two edges, one for each factor,
and the second entry replaces the first: the derivative becomes y, where it is y + y. A step of 0.2 from y = 1 then ends
at 0.8, where it is 0.6, and g there at 1.418..., where it is 1.138...  A list of edges, as here, keeps both."""


def f(x: Any, y: Any) -> Any:
    """The function whose tree is shown."""
    return x * y + np.sin(x)


def g(point: Any) -> Any:
    """The function to descend."""
    x, y = point
    return y * y + np.sin(x)


def tour(watch: Watch = quietly) -> Iterator[Row | Text | Figure]:
    """The tree, a step, two descents."""
    (value, *gradient), seconds = timed(define_by_run)
    yield Row.of("f(2, 3)", VALUE, value, "published", seconds=seconds)
    yield Row.of("gradient of f", GRADIENT, gradient, "published", seconds=seconds)
    yield from trees()

    step, seconds = timed(descend, g, (1.0, 1.0), RATE)
    yield Row.of("a step of g from (1, 1), and g there", RIGHT, (*step, g(step)), "closed form", seconds=seconds)
    lost = step_with_a_dictionary(1.0, 1.0)
    yield Row.of("the same, one edge of y*y lost", PRINTED, (*lost, g(lost)), "published")
    yield Text("Why the tutorial prints 0.8 and 1.418...", WHY)

    paths = []
    for start, steps, end in watch(DESCENTS, "two descents"):
        path, seconds = timed(gradient_descent, g, start, RATE, steps)
        yield Row.of(f"{steps} steps from {start}", end, path[-1], "published", rtol=[1e-14, 1e-4], seconds=seconds)
        y = start[1] * (1 - 2 * RATE) ** steps
        yield Row.of(f"{start[1]} * 0.6**{steps}, their last y", f"{y:.12g}", path[-1][1], "closed form", rtol=1e-11)
        paths.append(np.array(path))
    yield from pictures(paths)


def pictures(paths: list[Any]) -> Iterator[Figure]:
    """The two ways down, at once and step by step."""
    names = [f"from {start}, {steps} steps".replace("-", "\N{MINUS SIGN}") for start, steps, _ in DESCENTS]
    shown: dict[str, Any] = {"names": names, "label": r"$g(x, y) = y^2 + \sin x$", "xlim": (-2.5, 5.5), "ylim": (-3.0, 1.5)}

    def height(x: Any, y: Any) -> Any:
        return g((x, y))

    def at_once(figure: Any) -> Any:
        return plot.contour_descent(height, paths, figure.subplots(), **shown)

    def step_by_step(figure: Any) -> Any:
        return plot.descent_animation(height, paths, figure, hold=5, **shown)

    yield Figure("descents.png", "two descents on g(x, y) = y*y + sin(x)", at_once, SIZE)
    yield Figure("descents.gif", "the same, step by step", step_by_step, SIZE)


def define_by_run() -> tuple[Any, Any, Any]:
    """f at (2, 3), and its two derivatives."""
    x, y = wg.track(2.0), wg.track(3.0)
    z = f(x, y)
    z.backward()
    return z.value, x.grad, y.grad


def trees() -> Iterator[Text]:
    """What was computed from x and from y, before and after the backward pass."""
    x, y = wg.track(2.0, name="x"), wg.track(3.0, name="y")
    a = x * y
    b = np.sin(x)
    z = a + b
    a.name, b.name, z.name = "a", "b", "z"
    yield Text("The tree of x, before the backward pass", tree_of(x))
    z.backward(retain=True)
    yield Text("After it", tree_of(x))
    yield Text("The tree of y, the second input: the same pass reached it", tree_of(y))


def tree_of(x: Any) -> str:
    """What `print_tree` prints."""
    page = io.StringIO()
    wg.print_tree(x, file=page)
    return page.getvalue().rstrip()


def step_with_a_dictionary(x: float, y: float) -> tuple[float, float]:
    """A step downhill of g as the tutorial takes it, its edges kept by their child."""
    edges_of_y = [("y*y", y), ("y*y", y)]  # the child, and its derivative by y: once for each factor
    kept = dict(edges_of_y)
    return x - RATE * math.cos(x), y - RATE * sum(kept.values())
