"""Formants of a sound: linear prediction by Levinson and Durbin, then the spectrum's envelope.

Makhoul (1975), "Linear prediction: a tutorial review"; Levinson's recursion adds a reversed view of the coefficients to themselves.
"""

import numpy as np

ORDER = 6
BANDS = np.array([0.15, 0.4, 0.8, 1.2, 1.9, 2.6])
TARGET = np.array([1.5, 2.9, -1.2, 0.4, -2.0, -2.4])


def windowed(signal):
    n = np.arange(len(signal))
    return signal * (0.54 - 0.46 * np.cos(2 * np.pi * n / (len(signal) - 1)))


def autocorrelation(signal, lags):
    return np.correlate(signal, signal, mode="full")[len(signal) - 1 :][:lags]


def levinson(r, order):
    """Coefficients of the predictor, reflection coefficients, and the error that is left."""
    a = np.zeros(order + 1)
    a[0] = 1.0
    reflections = np.zeros(order)
    error = r[0]
    for k in range(1, order + 1):
        gamma = -np.dot(a[:k], r[k:0:-1]) / error
        a[: k + 1] += gamma * a[: k + 1][::-1]
        reflections[k - 1] = gamma
        error *= 1.0 - gamma**2
    return a, reflections, error


def envelope(a, gain, omega):
    A = np.exp(-1j * np.outer(omega, np.arange(len(a)))) @ a
    return 0.5 * np.log(gain) - np.log(np.abs(A))


def distance(signal, whitening):
    r = autocorrelation(windowed(signal), ORDER + 1)
    r[0] *= 1 + whitening
    a, reflections, error = levinson(r, ORDER)
    barrier = -np.log1p(-(reflections**2)).sum()
    return np.mean((envelope(a, error, BANDS) - TARGET) ** 2) + 0.01 * barrier


T = np.arange(32)
program = distance
arguments = (np.sin(0.4 * T) + 0.6 * np.cos(1.3 * T + 0.5) + 0.2 * np.random.default_rng(1).normal(size=32), 1e-3)
