"""Exact Gaussian likelihood of an ARMA(2, 1) process by the innovations algorithm.

Brockwell & Davis, "Time Series: Theory and Methods" (1991), propositions 5.2.2 and 5.3.1. The autocovariances follow from the
coefficients of the process' infinite moving average.
"""

import numpy as np

SERIES = np.array([0.5, 0.9, 0.2, -0.6, -1.1, -0.4, 0.3, 1.2, 0.8, 0.1, -0.9, -0.7, 0.4, 0.6])


def autocovariances(phi, theta, lags, terms=60):
    """gamma(0), ..., gamma(lags - 1) for unit noise."""
    psi = np.zeros(terms)
    psi[0] = 1.0
    for j in range(1, terms):
        if j <= len(theta):
            psi[j] = theta[j - 1]
        for i, p in enumerate(phi):
            if j - i - 1 >= 0:
                psi[j] += p * psi[j - i - 1]
    return np.array([psi[: terms - h] @ psi[h:] for h in range(lags)])


def innovations(gamma):
    """Coefficients theta[n, j] and errors v[n] of the best linear one-step predictors."""
    n = len(gamma)
    theta = np.zeros((n, n))
    v = np.empty(n)
    v[0] = gamma[0]
    for m in range(1, n):
        for k in range(m):
            partial = gamma[m - k]
            for j in range(k):
                partial -= theta[k, k - j] * theta[m, m - j] * v[j]
            theta[m, m - k] = partial / v[k]
        v[m] = gamma[0] - np.sum(theta[m, 1 : m + 1][::-1] ** 2 * v[:m])
    return theta, v


def deviance(phi, theta, sigma):
    coefficients, v = innovations(autocovariances(phi, theta, len(SERIES)))
    predicted = np.zeros_like(SERIES)
    for m in range(1, len(SERIES)):
        errors = SERIES - predicted
        predicted[m] = coefficients[m, 1 : m + 1] @ errors[m - 1 :: -1]
    v = v * sigma**2
    return np.sum(np.log(2 * np.pi * v) + (SERIES - predicted) ** 2 / v)


program = deviance
arguments = ([0.9, -0.5], [0.3], 0.6)
