"""How a loss falls.

    ax = loss_curve(losses, name="Adam")

Matplotlib is imported when a figure is made, not before.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from wengert.plot.axes import axes_or_new
from wengert.plot.maps import LINES

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def loss_curve(losses: Iterable[float], ax: "Axes | None" = None, *, name: str | None = None) -> "Axes":
    """Draw losses over steps, with a logarithmic axis where all are above zero.

    Returns the axes, new ones if none were given. Call it again with the same axes to compare runs by name.

    >>> from matplotlib.figure import Figure
    >>> ax = loss_curve([1.0, 0.1, 0.01], Figure().subplots())
    >>> ax.get_yscale()
    'log'
    """
    values = np.asarray([float(loss) for loss in losses])
    ax = axes_or_new(ax)
    ax.plot(values, label=name, color=LINES[len(ax.lines) % len(LINES)])
    ax.set(xlabel="step", ylabel="loss", yscale="log" if np.all(values > 0) else "linear")
    ax.grid(visible=True, alpha=0.3)
    if name is not None:
        ax.legend()
    return ax
