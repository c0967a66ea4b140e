"""Axes to draw on: those that were given, or new ones."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def axes_or_new(ax: "Axes | None") -> Any:
    """The axes given, or those of a new figure of pyplot. Raises ModuleNotFoundError where Matplotlib is missing."""
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ModuleNotFoundError:
        raise ModuleNotFoundError("wengert.plot needs Matplotlib: pip install 'wengert[plot]'") from None
    return plt.subplots(layout="constrained")[1]
