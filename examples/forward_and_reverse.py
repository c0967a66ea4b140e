"""Forward and reverse mode on exp(x1) - x1*x2 + cos(x2), written out by hand and by the library.

Forward mode carries a derivative beside each value, by one input at a time: two inputs, two passes. Reverse mode goes
through the list once, then back once, and has both.
"""

import math

import numpy as np

import wengert as wg


def f(x1, x2):
    return np.exp(x1) - x1 * x2 + np.cos(x2)


def forward_by_hand(x1, x2, t1, t2):
    """Each value v with its tangent t: how it changes when (x1, x2) moves along (t1, t2)."""
    v3, t3 = math.exp(x1), math.exp(x1) * t1
    v4, t4 = x1 * x2, t1 * x2 + x1 * t2
    v5, t5 = math.cos(x2), -math.sin(x2) * t2
    v6, t6 = v3 - v4, t3 - t4
    v7, t7 = v6 + v5, t6 + t5
    return v7, t7


def reverse_by_hand(x1, x2):
    """The values v forward, then their cotangents g backward: how the result changes with each."""
    v3 = math.exp(x1)
    v4 = x1 * x2
    v5 = math.cos(x2)
    v6 = v3 - v4
    v7 = v6 + v5
    g7 = 1.0
    g6, g5 = g7, g7
    g3, g4 = g6, -g6
    g2 = g5 * -math.sin(x2) + g4 * x1  # x2 is used twice: two parts
    g1 = g4 * x2 + g3 * v3
    return v7, (g1, g2)


point = 2.0, 4.0
VALUE, GRADIENT = -1.2645875219329614, (3.3890560989306504, -1.2431975046920718)

value, gradient = wg.value_and_grad(f, argnums=(0, 1))(*point)
print("value                     ", value)
print("gradient, one reverse pass", *gradient)
np.testing.assert_allclose((value, *gradient), (VALUE, *GRADIENT), rtol=1e-14)

value, by_hand = reverse_by_hand(*point)
np.testing.assert_allclose((value, *by_hand), (VALUE, *GRADIENT), rtol=1e-14)

slopes = []
for direction in ((1.0, 0.0), (0.0, 1.0)):
    value, slope = wg.jvp(f, point, direction)
    print("forward along", direction, "  ", slope)
    np.testing.assert_allclose((value, slope), forward_by_hand(*point, *direction), rtol=1e-14)
    slopes.append(slope)
np.testing.assert_allclose(slopes, GRADIENT, rtol=1e-14)
