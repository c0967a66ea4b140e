"""A function of two numbers as a map, and the ways down it: all at once, or step by step.

    ax = contour_descent(g, [path, other], names=["from the left", "from the right"])
    descent_animation(g, [path, other]).save("descents.gif", writer="pillow", fps=8)

Matplotlib is imported when a figure is made, not before.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from wengert.plot.axes import axes_or_new, figure_or_new, settle
from wengert.plot.maps import LINES, Range, Surface, draw_map, frame_map, levels_of, sampled

if TYPE_CHECKING:
    from matplotlib.animation import FuncAnimation
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def contour_descent(
    f: Surface,
    paths: Iterable[Any],
    ax: "Axes | None" = None,
    *,
    names: Sequence[str] | None = None,
    label: str = "f(x, y)",
    xlim: Range | None = None,
    ylim: Range | None = None,
    points: int = 200,
) -> "Axes":
    """Draw filled contours of f(x, y), and each path over them: a dot a step, a ring at its start, a star at its end.

    f works on whole arrays of x and y. A path is what `wengert.optim.gradient_descent` returns for a pair (x, y): a
    list of pairs, or an array float64[steps + 1, 2]. The map reaches a little beyond all paths, unless xlim and ylim
    say otherwise. `label` names f beside its colours. Returns the axes, new ones if none were given; points that are
    not finite are left out.

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
    X, Y, Z = sampled(f, xlim or around(everywhere[:, 0]), ylim or around(everywhere[:, 1]), points)
    contours = draw_map(ax, X, Y, Z, levels_of(Z))
    ax.figure.colorbar(contours, ax=ax, label=label)
    for k, (way, name) in enumerate(zip(ways, names, strict=True)):
        draw_way(ax, way, name, LINES[k % len(LINES)], "os^D"[k % 4])
    if ways:
        ax.legend(framealpha=1.0, title="ring: start, star: end", title_fontsize="small")
    frame_map(ax, X, Y)
    return ax


def draw_way(ax: Any, way: np.ndarray, name: str, color: str, marker: str) -> None:
    """A path, its start and its end: three lines, edged with white so that they are seen on any colour."""
    from matplotlib.patheffects import Normal, Stroke

    edged = [Stroke(linewidth=3.5, foreground="white"), Normal()]
    ax.plot(*way.T, color=color, marker=marker, markersize=4, linewidth=1.5, label=name, path_effects=edged)
    ax.plot(*way[0], "o", color=color, fillstyle="none", markersize=11, markeredgewidth=1.5, path_effects=edged)
    ax.plot(*way[-1], "*", color=color, markersize=15, markeredgecolor="white")


def descent_animation(
    f: Surface,
    paths: Iterable[Any],
    figure: "Figure | None" = None,
    *,
    hold: int = 10,
    interval: int = 120,
    **drawn: Any,
) -> "FuncAnimation":
    """What `contour_descent` draws, step by step: frame k shows each path up to its step k, and a star where it is.

    A path that is shorter than others waits at its end; when all are there, the picture stands for `hold` more frames.
    A frame lasts `interval` milliseconds. Further keywords (names, label, xlim, ylim, points) are those of
    `contour_descent`. The figure, a new one if none is given, must be empty. `to_jshtml()` shows the animation in a
    notebook, `save("descents.gif", writer="pillow")` writes it to a file.

    >>> animation = descent_animation(lambda x, y: x**2 + y**2, [[(2.0, 1.0), (1.0, 0.5), (0.5, 0.25)]], hold=0)
    >>> page = animation.to_jshtml()
    >>> page.count("data:image/png")
    3
    """
    ways = [as_way(path) for path in paths]
    figure = figure_or_new(figure, 7, 5)
    from matplotlib.animation import FuncAnimation

    ax = contour_descent(f, ways, figure.subplots(), **drawn)
    lines = list(ax.lines)
    last = max(map(len, ways), default=1) - 1
    ax.set_title(f"step 0 of {last}")
    settle(figure)
    fix_legend(ax)

    def show(k: int) -> list[Any]:
        for way, line, star in zip(ways, lines[::3], lines[2::3], strict=True):
            line.set_data(*way[: k + 1].T)
            star.set_data(*way[min(k, len(way) - 1), :, None])
        ax.set_title(f"step {k} of {last}")
        return [*lines, ax.title]

    return FuncAnimation(figure, show, [*range(last + 1), *[last] * hold], interval=interval)


def fix_legend(ax: Any) -> None:
    """Keep a legend where it found room, since the lines that it avoided are about to move."""
    if (legend := ax.get_legend()) is not None:
        box = legend.get_window_extent().transformed(ax.transAxes.inverted())
        legend.set_loc((box.x0, box.y0))


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
