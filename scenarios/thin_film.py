"""An anti-reflection coating: light through a stack of thin films, by products of complex 2 x 2 matrices.

The objective is the mean reflectance over the visible spectrum, by the thicknesses of the films; the substrate absorbs a little.

Source: H. A. Macleod, Thin-Film Optical Filters, 5th edition, CRC 2018, chapter 2.
"""

import numpy as np

MGF2, ZRO2 = 1.38, 2.1
WAVELENGTHS = np.linspace(0.42, 0.68, 7)


def film(n, thickness, wavelength):
    delta = 2.0 * np.pi * n * thickness / wavelength
    c, s = np.cos(delta), np.sin(delta)
    return np.array([[c, 1j * s / n], [1j * n * s, c]])


def reflectance(thicknesses, absorption, wavelength):
    substrate = 1.52 - 1j * absorption
    M = np.eye(2, dtype=complex)
    for n, d in zip((MGF2, ZRO2, MGF2), thicknesses):
        M = M @ film(n, d, wavelength)
    B, C = M @ np.array([1.0, substrate])
    r = (B - C) / (B + C)
    return abs(r) ** 2


def mean_reflectance(thicknesses, absorption):
    R = np.zeros(len(WAVELENGTHS))
    for k, wavelength in enumerate(WAVELENGTHS):
        R[k] = reflectance(thicknesses, absorption, wavelength)
    return R.mean()


program = mean_reflectance
arguments = (np.array([0.09, 0.12, 0.05]), 0.02)
