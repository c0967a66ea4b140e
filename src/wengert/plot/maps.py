"""A function of two numbers as a map: filled contours, in colours that everybody can tell apart.

    X, Y, Z = sampled(f, (-1, 1), (-1, 1), points=100)
    contours = draw_map(ax, X, Y, Z, levels_of(Z))

The colours stay apart in a black-and-white print and for colour-blind eyes. Those of the maps are sequential and diverging ones of
ColorBrewer (C. Brewer, colorbrewer2.org), whose lightness is in order; those of lines are of M. Okabe and K. Ito, "Color Universal
Design" (2008), which B. Wong tells in Nature Methods 8, 441 (2011).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

Range = tuple[float, float]
Surface = Callable[[Any, Any], Any]

HEIGHTS = "YlGnBu"  # light is low: what lies in a valley is seen best
DIFFERENCES = "PuOr"  # light is none
LINES = ("#D55E00", "#000000", "#CC79A7", "#0072B2")  # vermilion, black, purple, blue


def sampled(f: Surface, xlim: Range, ylim: Range, points: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y and f(x, y) on a grid, as float64[points, points] each; f works on whole arrays."""
    X, Y = np.meshgrid(np.linspace(*xlim, points), np.linspace(*ylim, points))
    return X, Y, np.array(np.broadcast_to(f(X, Y), X.shape), float)


def levels_of(*surfaces: np.ndarray, count: int = 12) -> np.ndarray:
    """About that many round numbers from the lowest to the highest of the surfaces; what is not finite does not count."""
    from matplotlib.ticker import MaxNLocator

    heights = np.concatenate([Z[np.isfinite(Z)] for Z in surfaces])
    low, high = (float(heights.min()), float(heights.max())) if len(heights) else (0.0, 0.0)
    return np.asarray(MaxNLocator(count).tick_values(low, high) if low < high else (low - 0.5, low + 0.5))


def draw_map(
    ax: Any, X: np.ndarray, Y: np.ndarray, Z: np.ndarray, levels: np.ndarray, *, colors: str = HEIGHTS, extend: str = "neither"
) -> Any:
    """Fill the contours of a surface; blank where it is not finite, and beyond the levels, unless `extend` is "both"."""
    contours = ax.contourf(X, Y, np.ma.masked_invalid(Z), levels=levels, cmap=colors, extend=extend)
    contours.set(edgecolor="face", linewidth=0.3)  # else a hair of background shows between two colours in print
    return contours


def frame_map(ax: Any, X: np.ndarray, Y: np.ndarray) -> None:
    """Name the axes of a map, and give both one scale where their ranges allow it, so that a circle is round."""
    ax.set(xlabel="x", ylabel="y", xlim=(X[0, 0], X[0, -1]), ylim=(Y[0, 0], Y[-1, 0]))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter("{x:g}")  # 1, not 1.00
    width, height = np.ptp(X), np.ptp(Y)
    if max(width, height) <= 4 * min(width, height):
        ax.set_aspect("equal")
