"""Adaptive Simpson quadrature, by recursion: the period of a pendulum of large amplitude.

The substitution sin(theta / 2) = k sin(phi) gives Legendre's complete integral; a second integral is a sharp resonance, which makes the
recursion go deep in one place. `known` is by Gauss's arithmetic-geometric mean.

Source: J. N. Lyness, "Notes on the adaptive Simpson quadrature routine", J. ACM 16 (1969).
"""

import math

import numpy as np


def simpson(f, a, fa, b, fb):
    m = 0.5 * (a + b)
    fm = f(m)
    return m, fm, (b - a) / 6.0 * (fa + 4.0 * fm + fb)


def adaptive(f, a, fa, b, fb, whole, m, fm, tol, depth):
    lm, flm, left = simpson(f, a, fa, m, fm)
    rm, frm, right = simpson(f, m, fm, b, fb)
    delta = left + right - whole
    if depth <= 0 or abs(delta) <= 15 * tol:
        return left + right + delta / 15
    return adaptive(f, a, fa, m, fm, left, lm, flm, tol / 2, depth - 1) + adaptive(
        f, m, fm, b, fb, right, rm, frm, tol / 2, depth - 1
    )


def integrate(f, a, b, tol=1e-5):
    fa, fb = f(a), f(b)
    m, fm, whole = simpson(f, a, fa, b, fb)
    return adaptive(f, a, fa, b, fb, whole, m, fm, tol, 12)


def period(amplitude, length, g=9.81):
    k = math.sin(0.5 * amplitude)
    quarter = integrate(lambda phi: 1.0 / math.sqrt(1.0 - (k * math.sin(phi)) ** 2), 0.0, 0.5 * math.pi)
    return 4.0 * math.sqrt(length / g) * quarter


def resonance(place, width):
    return integrate(lambda w: width / ((w - place) ** 2 + width**2), 0.0, 1.0)


def both(amplitude, length, place, width):
    return period(amplitude, length) + resonance(place, width)


def by_the_mean(amplitude, length, place, width, g=9.81):
    a, b = 1.0, math.cos(0.5 * amplitude)
    while abs(a - b) > 1e-15:
        a, b = 0.5 * (a + b), math.sqrt(a * b)
    return 2.0 * math.pi * math.sqrt(length / g) / a + np.arctan((1.0 - place) / width) + np.arctan(place / width)


program = both
arguments = (1.9, 0.7, 0.31, 0.05)
known = by_the_mean(*arguments)
accuracy = 1e-6
