"""Shape and safety of a tokamak plasma from an analytic equilibrium.

Cerfon & Freidberg, "'One size fits all' analytic solutions to the Grad-Shafranov equation", Physics of Plasmas 17 (2010): seven
homogeneous solutions, whose weights follow from the shape at three points of the edge. Polynomials are dictionaries of powers.
"""

from collections import Counter

import numpy as np

# psi_k as {(power of x, power of log x, power of y): coefficient}
BASIS = [
    {(0, 0, 0): 1},
    {(2, 0, 0): 1},
    {(0, 0, 2): 1, (2, 1, 0): -1},
    {(4, 0, 0): 1, (2, 0, 2): -4},
    {(0, 0, 4): 2, (2, 0, 2): -9, (4, 1, 0): 3, (2, 1, 2): -12},
    {(6, 0, 0): 1, (4, 0, 2): -12, (2, 0, 4): 8},
    {(0, 0, 6): 8, (2, 0, 4): -140, (4, 0, 2): 75, (6, 1, 0): -15, (4, 1, 2): 180, (2, 1, 4): -120},
]


def d_dx(terms):
    out = Counter()
    for (p, l, q), c in terms.items():
        if p:
            out[p - 1, l, q] += c * p
        if l:
            out[p - 1, l - 1, q] += c * l
    return out


def d_dy(terms):
    return {(p, l, q - 1): c * q for (p, l, q), c in terms.items() if q}


def value(terms, x, y):
    return sum(c * x**p * np.log(x) ** l * y**q for (p, l, q), c in terms.items())


def conditions(terms, epsilon, kappa, delta):
    """What must vanish: flux, slopes and curvatures at the outer, inner and top points."""
    alpha = np.arcsin(delta)
    n1 = -((1 + alpha) ** 2) / (epsilon * kappa**2)
    n2 = (1 - alpha) ** 2 / (epsilon * kappa**2)
    n3 = -kappa / (epsilon * np.cos(alpha) ** 2)
    outer, inner, top = (1 + epsilon, 0.0), (1 - epsilon, 0.0), (1 - delta * epsilon, kappa * epsilon)
    x, yy, xx, y = d_dx(terms), d_dy(d_dy(terms)), d_dx(d_dx(terms)), d_dy(terms)
    yield value(terms, *outer)
    yield value(terms, *inner)
    yield value(terms, *top)
    yield value(x, *top)
    yield value(yy, *outer) + n1 * value(x, *outer)
    yield value(yy, *inner) + n2 * value(x, *inner)
    yield value(xx, *top) + n3 * value(y, *top)


def equilibrium(epsilon, kappa, delta, A):
    particular = {(4, 0, 0): (1 - A) / 8, (2, 1, 0): A / 2}
    columns = [list(conditions(terms, epsilon, kappa, delta)) for terms in BASIS]
    right = [-c for c in conditions(particular, epsilon, kappa, delta)]
    weights = np.linalg.solve(np.array(columns).T, np.array(right))
    total = Counter(particular)
    for w, terms in zip(weights, BASIS):
        for powers, c in terms.items():
            total[powers] += w * c
    return total


def figure_of_merit(epsilon, kappa, delta, A):
    """Shafranov's shift by Newton's method, and the elongation of the surfaces around the axis."""
    psi = equilibrium(epsilon, kappa, delta, A)
    first, second = d_dx(psi), d_dx(d_dx(psi))
    axis = 1.0 + 0.1 * epsilon
    for _ in range(8):
        axis -= value(first, axis, 0.0) / value(second, axis, 0.0)
    elongation = np.sqrt(value(second, axis, 0.0) / value(d_dy(d_dy(psi)), axis, 0.0))
    return (axis - 1) / epsilon + 0.1 * elongation - value(psi, axis, 0.0)


program = figure_of_merit
arguments = (0.32, 1.7, 0.33, -0.155)
