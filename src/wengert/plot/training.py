"""A model that learns a function of two numbers, frame by frame.

    training_animation(g, training(), xlim=(-3, 3)).save("learning.gif", writer="pillow", fps=8)

where `training` is a generator: it takes some steps, and yields (step, loss, model).

Matplotlib is imported when a figure is made, not before.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from wengert.plot.axes import figure_or_new, settle
from wengert.plot.maps import LINES, Range, Surface, draw_map, frame_map, levels_of, sampled

if TYPE_CHECKING:
    from matplotlib.animation import FuncAnimation
    from matplotlib.figure import Figure


def training_animation(
    f: Surface,
    training: Iterable[tuple[int, float, Surface]],
    figure: "Figure | None" = None,
    *,
    steps: int | None = None,
    names: tuple[str, str] = ("f(x, y)", "model"),
    xlim: Range = (-1.0, 1.0),
    ylim: Range = (-1.0, 1.0),
    points: int = 60,
    interval: int = 120,
) -> "FuncAnimation":
    """Draw f, what a model makes of it after some steps, on one scale of colours, and its loss so far.

    `training` yields (step, loss, model) for each frame: a list of what was, or a generator that trains while it is
    drawn, since a frame is asked for when its turn comes. f and model work on whole arrays of x and y. The curve has
    the width of `steps`, or grows with what there is. A frame lasts `interval` milliseconds. The figure, a new one if
    none is given, must be empty. `to_jshtml()` shows the animation in a notebook, `save("learning.gif",
    writer="pillow")` writes it to a file.

    >>> def training():
    ...     for k in range(4):
    ...         yield k, 0.25**k, lambda x, y, k=k: (1 - 0.5**k) * x * y
    >>> animation = training_animation(lambda x, y: x * y, training(), points=10)
    >>> animation.to_jshtml().count("data:image/png")
    4
    """
    figure = figure_or_new(figure, 11, 3.4)
    from matplotlib.animation import FuncAnimation

    left, middle, right = figure.subplots(1, 3)
    X, Y, true = sampled(f, xlim, ylim, points)
    levels = levels_of(true)
    figure.colorbar(draw_map(left, X, Y, true, levels, extend="both"), ax=[left, middle], label="height")
    surface = [draw_map(middle, X, Y, true, levels, extend="both")]
    for ax, name in ((left, names[0]), (middle, f"{names[1]}, step 0")):
        frame_map(ax, X, Y)
        ax.set_title(name)
    middle.set_ylabel("")
    curve = empty_curve(right, steps)
    settle(figure)

    def show(frame: tuple[int, float, Surface]) -> list[Any]:
        step, loss, model = frame
        surface.pop().remove()
        surface.append(draw_map(middle, X, Y, sampled(model, xlim, ylim, points)[2], levels, extend="both"))
        middle.set_title(f"{names[1]}, step {step}")
        lengthen(curve, step, loss)
        return [*surface, middle.title, curve]

    return FuncAnimation(figure, show, training, interval=interval, cache_frame_data=False)


def empty_curve(ax: Any, steps: int | None) -> Any:
    """A curve of losses that has yet to begin, on a logarithmic axis."""
    (curve,) = ax.plot([], [], color=LINES[3], marker="o", markersize=3)
    ax.set(xlabel="step", ylabel="loss", yscale="log", title="loss so far", xlim=(0, steps) if steps else None)
    ax.set_ylim(1e-3, 1.0)  # keeps room for the widest numbers
    ax.yaxis.tick_right()
    ax.yaxis.set_label_position("right")
    ax.grid(visible=True, alpha=0.3)
    return curve


def lengthen(curve: Any, step: int, loss: float) -> None:
    """Add a step; of a curve that is further already, since the animation has begun again, keep what was before."""
    steps, losses = map(np.asarray, curve.get_data())
    before = steps < step
    steps, losses = np.append(steps[before], step), np.append(losses[before], loss)
    curve.set_data(steps, losses)
    curve.axes.set_ylim(decades(losses))
    curve.axes.relim()
    curve.axes.autoscale_view(scaley=False)


def decades(losses: np.ndarray) -> tuple[float, float]:
    """The powers of ten around losses, so that an axis seldom changes."""
    positive = losses[np.isfinite(losses) & (losses > 0)]
    if not len(positive):
        return 0.1, 1.0
    low, high = np.floor(np.log10(positive.min())), np.ceil(np.log10(positive.max()))
    return float(10.0**low), float(10.0 ** max(high, low + 1))
