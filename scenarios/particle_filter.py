"""Likelihood of a stochastic volatility model by a particle filter with fixed random numbers.

Kim, Shephard & Chib (1998) for the model; Malik & Pitt (2011) for resampling that is continuous in the parameters: sorted
particles, and linear interpolation of their cumulative weights.
"""

import numpy as np

PARTICLES = 12
RNG = np.random.default_rng(15)
RETURNS = np.array([0.4, -1.1, 0.2, 2.3, -0.7, 0.1, -0.3, 1.4])
SHOCKS = RNG.standard_normal((len(RETURNS), PARTICLES))
UNIFORM = (np.arange(PARTICLES) + RNG.uniform(size=(len(RETURNS), 1))) / PARTICLES


def resample(particles, weights, u):
    """Inverse of the piecewise linear distribution function that has half of each weight on either side."""
    order = np.argsort(particles)
    x, w = particles[order], weights[order]
    middle = np.cumsum(w) - 0.5 * w
    return np.interp(u, middle, x)


def negative_log_likelihood(theta):
    mu, phi, sigma = theta["mu"], np.tanh(theta["persistence"]), np.exp(theta["log_sigma"])
    h = mu + sigma / np.sqrt(1 - phi**2) * SHOCKS[0]
    loglik = 0.0
    for t, y in enumerate(RETURNS):
        if t > 0:
            h = mu + phi * (h - mu) + sigma * SHOCKS[t]
        log_weights = -0.5 * (np.log(2 * np.pi) + h + y**2 * np.exp(-h))
        top = log_weights.max()
        weights = np.exp(log_weights - top)
        loglik += top + np.log(weights.mean())
        h = resample(h, weights / weights.sum(), UNIFORM[t])
    return -loglik


program = negative_log_likelihood
arguments = ({"mu": -0.2, "persistence": 1.3, "log_sigma": -0.9},)
