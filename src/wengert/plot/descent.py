"""A function of two numbers as a map, and the ways down it.

    ax = contour_descent(g, [path, other], names=["from the left", "from the right"])

Matplotlib is imported when a figure is made, not before.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from wengert.plot.axes import axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Range = tuple[float, float]


def contour_descent(
    f: Callable[[Any, Any], Any],
    paths: Iterable[Any],
    ax: "Axes | None" = None,
    *,
    names: Sequence[str] | None = None,
    xlim: Range | None = None,
    ylim: Range | None = None,
    points: int = 200,
) -> "Axes":
    """Draw filled contours of f(x, y), and each path over them: a dot a step, a ring at its start, a star at its end.

    f works on whole arrays of x and y. A path is what `wengert.optim.gradient_descent` returns for a pair (x, y): a
    list of pairs, or an array float64[steps + 1, 2]. The map reaches a little beyond all paths, unless xlim and ylim
    say otherwise. Returns the axes, new ones if none were given; points that are not finite are left out.

    >>> import numpy as np
    >>> from matplotlib.figure import Figure
    >>> ax = contour_descent(lambda x, y: x**2 + y**2, [[(2.0, 1.0), (1.0, 0.5), (0.5, 0.25)]], Figure().subplots())
    >>> [ax.get_xlabel(), ax.get_ylabel(), len(ax.lines)]
    ['x', 'y', 3]
    """
    ways = [as_way(path) for path in paths]
    names = [f"{len(way) - 1} steps" for way in ways] if names is None else list(names)
    ax = axes_or_new(ax)
    everywhere = np.concatenate([way[np.isfinite(way).all(axis=1)] for way in ways]) if ways else np.empty((0, 2))
    x = np.linspace(*(xlim or around(everywhere[:, 0])), points)
    y = np.linspace(*(ylim or around(everywhere[:, 1])), points)
    X, Y = np.meshgrid(x, y)
    contours = ax.contourf(X, Y, f(X, Y), levels=20, cmap="RdYlBu_r")
    ax.figure.colorbar(contours, ax=ax)
    for k, (way, name) in enumerate(zip(ways, names, strict=True)):
        color = ("black", "tab:purple", "tab:green", "tab:brown")[k % 4]
        ax.plot(*way.T, ".-", color=color, linewidth=1, label=name)
        ax.plot(*way[0], "o", color=color, fillstyle="none", markersize=10)
        ax.plot(*way[-1], "*", color=color, markersize=14)
    if ways:
        ax.legend()
    ax.set(xlabel="x", ylabel="y", xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    return ax


def as_way(path: Any) -> np.ndarray:
    """A path as an array of pairs."""
    way = np.asarray(path, float)
    if way.ndim != 2 or way.shape[1] != 2 or not len(way):
        raise ValueError(f"a path is a sequence of pairs (x, y), this has the shape {way.shape}.")
    return way


def around(values: np.ndarray) -> Range:
    """A range a fifth wider on both sides than the values', and never empty."""
    if not len(values):
        return -1.0, 1.0
    low, high = float(values.min()), float(values.max())
    margin = (high - low) / 5 or 1.0
    return low - margin, high + margin
