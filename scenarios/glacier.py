"""A glacier on its bed: the shallow ice approximation in one dimension, from the ice that is there today.

Ice creeps by Glen's law, falls as snow above the equilibrium line and melts below. How much is left, by softness and climate?

Source: R. Greve and H. Blatter, Dynamics of Ice Sheets and Glaciers, Springer 2009, chapter 5.
"""

import numpy as np

GLEN = 3
x = np.linspace(0.0, 10.0, 21)  # km
bed = 1.6 - 0.12 * x + 0.03 * np.sin(2.0 * x)  # km
ice_today = 0.2 * np.maximum(0.0, 1.0 - (x / 6.0) ** 2)


def balance(surface, climate):
    """Snow or melt a year, by height; at most so much snow."""
    b = climate["gradient"] * (surface - climate["equilibrium"])
    b[b > climate["most"]] = climate["most"]
    return b


def flow(ice, softness):
    surface = bed + ice
    slope = (surface[1:] - surface[:-1]) / (x[1] - x[0])
    thickness = 0.5 * (ice[1:] + ice[:-1])
    return -softness * thickness ** (GLEN + 2) * np.abs(slope) ** (GLEN - 1) * slope


def march(softness, climate, years=60.0, dt=3.0):
    ice = np.copy(ice_today)
    t = 0.0
    while t < years:
        flux = flow(ice, softness)
        ice[1:-1] -= dt * (flux[1:] - flux[:-1]) / (x[1] - x[0])
        ice += dt * balance(bed + ice, climate)
        ice[ice < 0.0] = 0.0
        ice[0] = ice[1]
        t += dt
    return ice


def remaining(softness, climate):
    ice = march(softness, climate)
    return np.trapezoid(ice, x) + ice.max()


program = remaining
arguments = (60.0, {"gradient": 0.006, "equilibrium": 1.25, "most": 0.0015})
