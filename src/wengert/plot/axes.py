"""Axes and figures to draw on: those that were given, or new ones."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NEEDED = "wengert.plot needs Matplotlib: pip install 'wengert[plot]'"


def axes_or_new(ax: "Axes | None") -> Any:
    """The axes given, or those of a new figure of pyplot. Raises ModuleNotFoundError where Matplotlib is missing."""
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ModuleNotFoundError:
        raise ModuleNotFoundError(NEEDED) from None
    return plt.subplots(layout="constrained")[1]


def figure_or_new(figure: "Figure | None", width: float, height: float) -> Any:
    """The figure given, or a new one of that size in inches, which belongs to the caller alone: pyplot does not know it."""
    if figure is not None:
        return figure
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise ModuleNotFoundError(NEEDED) from None
    return Figure(figsize=(width, height), layout="compressed")  # made for maps of one scale


def settle(figure: Any) -> None:
    """Lay a figure out once and for all, so that its axes stand still while what is on them moves."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
