"""What tests look at in a drawn figure: its frames, and its colours at a point."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from PIL import Image


def frames_of(animation, path, look):
    """Save an animation as a GIF, and what `look()` sees after each of its frames."""
    seen = []
    animation.save(path, writer="pillow", fps=10, dpi=50, progress_callback=lambda k, n: seen.append(look()))
    return seen


def pictures_in(path):
    """How many different pictures follow one another in a GIF, and for how many milliseconds in all."""
    with Image.open(path) as gif:
        assert gif.format == "GIF"
        gif.load()
        durations = []
        for k in range(gif.n_frames):
            gif.seek(k)
            durations.append(gif.info["duration"])
        return len(durations), sum(durations)


def shows(ax, surface, rng, n=40):
    """Whether at random points of a map stands the colour of the surface's height there, as the map's own scale has it."""
    pixels = rendered(ax.figure)
    (contours,) = [c for c in ax.collections if hasattr(c, "levels")]
    x, y = (low + (high - low) * rng.uniform(0.05, 0.95, n) for low, high in (ax.get_xlim(), ax.get_ylim()))
    heights = surface(x, y)
    edges = np.min(np.abs(heights[:, None] - contours.levels), axis=1)
    clear = edges > 0.2 * np.diff(contours.levels)[0]  # next to a line the colour is a blend
    assert clear.sum() > n / 3
    bands = np.clip(np.searchsorted(contours.levels, heights) - 1, 0, len(contours.levels) - 2)
    for u, v, band in zip(x[clear], y[clear], bands[clear], strict=True):
        column, row = ax.transData.transform((u, v))
        here = pixels[int(pixels.shape[0] - row), int(column), :3] / 255
        middle = (contours.levels[band] + contours.levels[band + 1]) / 2
        if not np.allclose(here, to_rgb(contours.cmap(contours.norm(middle))), atol=0.02):
            return False
    return True


def rendered(figure):
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())
