"""Rays through a doublet of two glasses by Snell's law, surface by surface: the size of the spot at the focus.

Rays that miss an aperture or are totally reflected are lost. The objective is minimised over the curvatures by an optical designer.

Source: W. T. Welford, Aberrations of Optical Systems, Hilger 1986, chapter 4.
"""

import math

import numpy as np


class Surface:
    def __init__(self, curvature, thickness, index, aperture=1.2):
        self.c, self.t, self.n, self.aperture = curvature, thickness, index, aperture


def intersect(y, z, dy, dz, c):
    """Where a ray meets a sphere of curvature c whose vertex is at the origin; None if it misses."""
    if abs(c) < 1e-12:
        s = -z / dz
        return y + s * dy, 0.0
    b = dz - c * (y * dy + z * dz)
    a = c * (y * y + z * z) - 2.0 * z
    discriminant = b * b - c * a
    if discriminant < 0.0:
        return None
    s = a / (b + math.sqrt(discriminant))
    return y + s * dy, z + s * dz


def refract(dy, dz, ny, nz, ratio):
    """The direction behind the surface with normal (ny, nz); None for total reflection."""
    cos_in = dy * ny + dz * nz
    sin2 = ratio**2 * (1.0 - cos_in**2)
    if sin2 > 1.0:
        return None
    k = math.sqrt(1.0 - sin2) - ratio * cos_in
    return ratio * dy + k * ny, ratio * dz + k * nz


def trace(y, angle, surfaces):
    z, dy, dz, n = -1.0, math.sin(angle), math.cos(angle), 1.0
    for surface in surfaces:
        hit = intersect(y, z, dy, dz, surface.c)
        if hit is None or abs(hit[0]) > surface.aperture:
            return None
        y, z = hit
        ny, nz = -surface.c * y, 1.0 - surface.c * z
        out = refract(dy, dz, ny, nz, n / surface.n)
        if out is None:
            return None
        (dy, dz), n = out, surface.n
        z -= surface.t
    return y - z * dy / dz


def spot_size(curvatures, thicknesses, focus):
    c1, c2, c3 = curvatures
    surfaces = [Surface(c1, thicknesses[0], 1.517), Surface(c2, thicknesses[1], 1.649), Surface(c3, focus, 1.0)]
    surfaces.append(Surface(0.0, 0.0, 1.0, aperture=5.0))
    total = 0.0
    for angle in (0.0, 0.03):
        heights = [trace(y, angle, surfaces) for y in np.linspace(-1.3, 1.3, 9)]
        arrived = np.array([h for h in heights if h is not None])
        assert 3 <= len(arrived) < 9
        total += np.sqrt(np.mean((arrived - np.mean(arrived)) ** 2))
    return total


program = spot_size
arguments = (np.array([0.16, -0.22, -0.07]), [0.4, 0.25], 9.5)
