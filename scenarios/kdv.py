"""Two solitons of the Korteweg-de Vries equation, pseudo-spectrally with an integrating factor.

u_t + 6 u u_x + u_xxx = 0 on a periodic interval; what is left of the first wave's crest after they have met?

Source: L. N. Trefethen, Spectral Methods in MATLAB, SIAM 2000, program 27.
"""

import numpy as np

N = 24
HALF = 10.0
x = HALF * (2.0 * np.arange(N) / N - 1.0)
k = np.pi / HALF * np.concatenate([np.arange(0, N // 2), [0], np.arange(-N // 2 + 1, 0)])
ik3 = 1j * k**3


def soliton(speed, place):
    return 0.5 * speed / np.cosh(0.5 * np.sqrt(speed) * (x - place)) ** 2


def evolve(u, t_end, steps):
    v = np.fft.fft(u)
    dt = t_end / steps
    g = -3.0j * dt * k
    E = np.exp(0.5 * dt * ik3)
    E2 = E**2
    for _ in range(steps):
        a = g * np.fft.fft(np.real(np.fft.ifft(v)) ** 2)
        b = g * np.fft.fft(np.real(np.fft.ifft(E * (v + a / 2))) ** 2)
        c = g * np.fft.fft(np.real(np.fft.ifft(E * v + b / 2)) ** 2)
        d = g * np.fft.fft(np.real(np.fft.ifft(E2 * v + E * c)) ** 2)
        v = E2 * v + (E2 * a + 2 * E * (b + c) + d) / 6
    return np.real(np.fft.ifft(v))


def crest(speeds, places):
    u = evolve(sum(soliton(c, p) for c, p in zip(speeds, places)), 0.2, 8)
    weights = np.maximum(u, 0.0) ** 4
    return np.sum(weights * x) / np.sum(weights) + u.max()


program = crest
arguments = (np.array([2.0, 0.9]), np.array([-4.0, 1.0]))
