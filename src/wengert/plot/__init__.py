"""Figures of descents, trainings and surfaces, on Matplotlib (the extra `plot`).

    ax = contour_descent(lambda x, y: y * y + np.sin(x), [gradient_descent(...)])
    ax = loss_curve(losses, ax=ax)
    compare_surfaces(f, network).savefig("network.png")
    descent_animation(f, [path]).save("descent.gif", writer="pillow")
    training_animation(f, training()).save("learning.gif", writer="pillow")

Axes go in, Axes come out: without `ax`, the first two make a new figure with `matplotlib.pyplot`. What fills a whole figure takes
`figure=`, or makes one that pyplot does not know, and returns it, or its animation. Nothing here shows or saves; that is
`plt.show()` and `savefig` or `save`, as always. The colours are told apart by colour-blind eyes, and in print.
"""

from wengert.plot.descent import contour_descent, descent_animation
from wengert.plot.loss import loss_curve
from wengert.plot.surfaces import compare_surfaces
from wengert.plot.training import training_animation

__all__ = ["compare_surfaces", "contour_descent", "descent_animation", "loss_curve", "training_animation"]
