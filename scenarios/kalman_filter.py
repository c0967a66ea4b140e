"""Log-likelihood of a local linear trend model by the Kalman filter.

Level and slope wander; noisy measurements of the level arrive, some of them missing. The log-likelihood is a sum over one-step
prediction errors, Harvey (1989), "Forecasting, Structural Time Series Models and the Kalman Filter", section 3.4.
"""

import math
from dataclasses import dataclass

import numpy as np


@dataclass
class Parameters:
    """Standard deviations of the model, and where it starts."""

    level: float
    slope: float
    noise: float
    start: np.ndarray


MEASURED = [1.12, 1.31, None, 1.74, 2.22, 2.18, 2.61, None, None, 3.05, 3.44, 3.21, 3.82, 4.01, 4.25]


def predict(x, P, dt, q_level, q_slope):
    F = np.array([[1.0, dt], [0.0, 1.0]])
    Q = np.array(
        [
            [q_level**2 * dt + q_slope**2 * dt**3 / 3, q_slope**2 * dt**2 / 2],
            [q_slope**2 * dt**2 / 2, q_slope**2 * dt],
        ]
    )
    return F @ x, F @ P @ F.T + Q


def update(x, P, z, r):
    H = np.array([[1.0, 0.0]])
    innovation = z - H @ x
    S = H @ P @ H.T + r**2 * np.eye(1)
    K = P @ H.T @ np.linalg.inv(S)
    x = x + K @ innovation
    I_KH = np.eye(2) - K @ H
    P = I_KH @ P @ I_KH.T + r**2 * K @ K.T  # Joseph's form stays symmetric
    loglik = -0.5 * (float(innovation @ np.linalg.solve(S, innovation)) + math.log(float(S[0, 0])) + math.log(2 * math.pi))
    return x, P, loglik


def negative_log_likelihood(parameters, dt=1.0):
    x = np.array(parameters.start, dtype=float)
    P = np.zeros((2, 2))
    np.fill_diagonal(P, [0.5, 0.1])
    total = 0.0
    for z in MEASURED:
        x, P = predict(x, P, dt, parameters.level, parameters.slope)
        if z is None:
            continue
        x, P, loglik = update(x, P, z, parameters.noise)
        total += loglik
    return -total


program = negative_log_likelihood
arguments = (Parameters(level=0.2, slope=0.05, noise=0.3, start=np.array([1.0, 0.2])),)
