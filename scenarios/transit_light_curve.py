"""A planet crosses its star: the light curve with a limb-darkened disc, as a likelihood of its shape.

Mandel & Agol, "Analytic light curves for planetary transit searches", Astrophys. J. 580 (2002), equation 1 for the overlap of two
discs; limb darkening by rings of discs. Outside the transit the formula has no value: there its NaN is not taken.
"""

import numpy as np

TIMES = np.linspace(-2.1, 2.1, 15)
FLUX = np.array([1.0, 1.001, 0.9995, 0.998, 0.993, 0.9885, 0.987, 0.9865, 0.987, 0.988, 0.9935, 0.9985, 1.0, 0.9995, 1.0005])


def overlap(d, big, small):
    """Area that two discs at distances d have in common, for small < big."""
    with np.errstate(invalid="ignore"):
        a = np.arccos((d**2 + small**2 - big**2) / (2 * d * small))
        b = np.arccos((d**2 + big**2 - small**2) / (2 * d * big))
        kite = 0.5 * np.sqrt((-d + small + big) * (d + small - big) * (d - small + big) * (d + small + big))
        partial = small**2 * a + big**2 * b - kite
    return np.select([d >= big + small, d <= big - small], [0.0, np.pi * small**2], default=partial)


def light_curve(t, radius, impact, duration, u):
    d = np.hypot(2 * np.sqrt(1 - impact**2) * t / duration, impact)
    edges = np.sqrt(np.linspace(0.3, 1.0, 4))
    brightness = 1 - u * (1 - np.sqrt(1 - (0.93 * edges) ** 2))
    steps = np.append(-np.diff(brightness), brightness[-1])
    blocked, total = np.zeros_like(t), 0.0
    for edge, step in zip(edges, steps):
        blocked += step * overlap(d, edge, radius)
        total += step * np.pi * edge**2
    return 1 - blocked / total


def deviance(radius, impact, duration, u, noise):
    residuals = (FLUX - light_curve(TIMES, radius, impact, duration, u)) / noise
    return np.sum(residuals**2) + 2 * len(FLUX) * np.log(noise)


program = deviance
arguments = (0.11, 0.33, 2.9, 0.45, 0.001)
