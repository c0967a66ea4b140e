"""The Poisson equation on a circle by the fast Fourier transform, on an odd number of points, with a filter.

The inverse problem: which source of two humps gives a potential like the measured one?

Source: C. Canuto, M. Y. Hussaini, A. Quarteroni and T. A. Zang, Spectral Methods, Springer 2006, chapter 2.
"""

import numpy as np

N = 21
L = 2.0 * np.pi


def solve_poisson(source):
    """u with -u'' = source, both with mean zero."""
    f_hat = np.fft.rfft(source)
    k = 2.0 * np.pi * np.fft.rfftfreq(len(source), d=L / len(source))
    u_hat = np.zeros_like(f_hat)
    u_hat[1:] = f_hat[1:] / k[1:] ** 2
    return np.fft.irfft(u_hat, n=len(source))


def derivative(u, sharpness):
    """u' with the highest waves damped."""
    k = np.fft.rfftfreq(u.size, d=1.0 / u.size)
    damping = np.exp(-sharpness * (k / k.max()) ** 8)
    return np.fft.irfft(1j * k * damping * np.fft.rfft(u), u.size)


def misfit(humps, sharpness):
    x = np.arange(N) * L / N
    source = np.zeros(N)
    for place, strength in humps:
        source += strength * np.exp(2.0 * (np.cos(x - place) - 1.0))
    source -= source.mean()
    u = solve_poisson(source)
    field = -derivative(u, sharpness)
    spectrum = np.abs(np.fft.rfft(u)[1:6]) ** 2 / N
    return np.sum((field - 0.2 * np.sin(x)) ** 2) / N + np.log(np.sum(spectrum))


program = misfit
arguments = ([(1.0, 0.8), (3.7, -0.5)], 3.0)
