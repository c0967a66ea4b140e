"""Likelihood of returns under the asymmetric GARCH model of Glosten, Jagannathan and Runkle (Journal of Finance 48, 1993).

Bad news moves tomorrow's variance more than good news. Plain Python numbers, one day after the other.
"""

import math

import numpy as np

PRICES = np.array([100.0, 100.3, 99.5, 100.0, 101.4, 99.3, 99.5, 99.1, 101.0, 99.7, 100.3, 100.4, 100.2, 101.1, 98.1, 100.3, 99.2])
RETURNS = 100 * np.diff(np.log(PRICES))


def variances(returns, mean, omega, alpha, gamma, beta):
    """The conditional variance of each day, starting from the long run's."""
    persistence = alpha + beta + 0.5 * gamma
    if persistence >= 1.0:
        raise ValueError("the variance is not stationary")
    sigma2 = omega / (1.0 - persistence)
    for r in returns:
        yield sigma2
        shock = r - mean
        news = alpha + gamma if shock < 0 else alpha
        sigma2 = omega + news * shock**2 + beta * sigma2


def negative_log_likelihood(mean, omega, alpha, gamma, beta, degrees):
    """Student's t shocks, scaled to unit variance."""
    total = 0.0
    constant = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2) - 0.5 * math.log(math.pi * (degrees - 2))
    for r, sigma2 in zip(RETURNS, variances(RETURNS, mean, omega, alpha, gamma, beta)):
        z2 = (r - mean) ** 2 / sigma2
        total -= constant - 0.5 * math.log(sigma2) - (degrees + 1) / 2 * math.log1p(z2 / (degrees - 2))
    return total


program = negative_log_likelihood
arguments = (0.05, 0.2, 0.06, 0.12, 0.75, 6.0)
