"""A function beside what imitates it: two maps on one scale of colours, and their difference.

    compare_surfaces(lambda x, y: x**3 - y**2, network).savefig("network.png")

Matplotlib is imported when a figure is made, not before.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from wengert.plot.axes import figure_or_new
from wengert.plot.maps import DIFFERENCES, Range, Surface, draw_map, frame_map, levels_of, sampled

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def compare_surfaces(
    f: Surface,
    model: Surface,
    figure: "Figure | None" = None,
    *,
    names: tuple[str, str] = ("f(x, y)", "model"),
    xlim: Range = (-1.0, 1.0),
    ylim: Range = (-1.0, 1.0),
    points: int = 100,
) -> "Figure":
    """Draw f and a model of it side by side on one scale of colours, and the model less f on a scale of its own.

    Both work on whole arrays of x and y, and are asked on a grid of points x points. `names` are their titles. Returns
    the figure, a new one if none is given; it must be empty.

    >>> figure = compare_surfaces(lambda x, y: x * y, lambda x, y: 0.9 * x * y, names=("xy", "0.9 xy"), points=20)
    >>> [ax.get_title() for ax in figure.axes[:3]]
    ['xy', '0.9 xy', '0.9 xy less xy']
    """
    figure = figure_or_new(figure, 11, 3.8)
    X, Y, true = sampled(f, xlim, ylim, points)
    _, _, ours = sampled(model, xlim, ylim, points)
    left, middle, right = figure.subplots(1, 3, sharex=True, sharey=True)
    levels = levels_of(true, ours)
    for ax, surface, name in ((left, true, names[0]), (middle, ours, names[1])):
        contours = draw_map(ax, X, Y, surface, levels)
        ax.set_title(name)
    figure.colorbar(contours, ax=[left, middle], label="height")
    with np.errstate(invalid="ignore"):  # inf less inf is blank
        draw_difference(figure, right, X, Y, ours - true)
    right.set_title(f"{names[1]} less {names[0]}")
    for ax in (left, middle, right):
        frame_map(ax, X, Y)
        ax.label_outer()
    return figure


def draw_difference(figure: Any, ax: Any, X: np.ndarray, Y: np.ndarray, difference: np.ndarray) -> None:
    """A map whose middle colour is zero."""
    contours = draw_map(ax, X, Y, difference, levels_of(difference, -difference), colors=DIFFERENCES)
    figure.colorbar(contours, ax=ax, label="difference in height")
