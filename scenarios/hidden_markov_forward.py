"""Log-likelihood of a hidden Markov model by the forward algorithm in log space.

Rabiner (1989), "A tutorial on hidden Markov models", equations 18-21; Gaussian emissions. Probabilities come from unconstrained
numbers by a softmax of each row.
"""

import numpy as np

OBSERVED = np.array([0.1, -0.3, 1.9, 2.2, 1.7, -0.1, 0.4, 3.1, 2.0, 2.4, 0.2, -0.5])


def log_softmax(a):
    shifted = a - a.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def emission_table(observed, means, log_scales):
    """log p(y[t] | state), an array (time, state)."""
    scales = np.exp(log_scales)
    z = (observed[:, np.newaxis] - means) / scales
    z *= z
    z += np.log(2 * np.pi)
    z *= -0.5
    return z - log_scales


def forward(log_start, log_transition, log_emission):
    steps, states = log_emission.shape
    alpha = np.full((steps, states), -np.inf)
    alpha[0] = log_start + log_emission[0]
    for t in range(1, steps):
        for j in range(states):
            alpha[t, j] = np.logaddexp.reduce(alpha[t - 1] + log_transition[:, j]) + log_emission[t, j]
    return alpha


def backward(log_transition, log_emission):
    beta = np.zeros_like(log_emission)
    for t in range(len(beta) - 2, -1, -1):
        beta[t] = np.logaddexp.reduce(log_transition + log_emission[t + 1] + beta[t + 1], axis=1)
    return beta


def negative_log_likelihood(params):
    log_transition = log_softmax(params["transition"])
    log_emission = emission_table(OBSERVED, params["means"], params["log_scales"])
    alpha = forward(log_softmax(params["start"]), log_transition, log_emission)
    likelihood = np.logaddexp.reduce(alpha[-1])
    posterior = np.exp(alpha + backward(log_transition, log_emission) - likelihood)
    entropy = -np.sum(posterior * np.log(posterior))
    return -likelihood + 0.01 * entropy  # how sure the states are counts a little


program = negative_log_likelihood
arguments = (
    {
        "start": np.array([0.2, -0.1, 0.3]),
        "transition": np.array([[1.0, 0.1, -0.5], [0.3, 1.2, 0.0], [-0.2, 0.4, 0.9]]),
        "means": np.array([0.0, 2.0, 2.9]),
        "log_scales": np.array([-0.7, -0.6, -0.2]),
    },
)
