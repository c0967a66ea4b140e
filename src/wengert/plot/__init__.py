"""Figures of descents and trainings, on Matplotlib's axes (the extra `plot`).

    ax = contour_descent(lambda x, y: y * y + np.sin(x), [gradient_descent(...)])
    ax = loss_curve(losses, ax=ax)

Axes go in, Axes come out: without `ax`, each function makes a new figure with `matplotlib.pyplot`. Nothing here shows
or saves; that is `plt.show()` and `ax.figure.savefig(...)`, as always.
"""

from wengert.plot.descent import contour_descent
from wengert.plot.loss import loss_curve

__all__ = ["contour_descent", "loss_curve"]
