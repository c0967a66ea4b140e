"""Orbits of two planets from the radial velocities of their star.

Murray & Correia (2010), "Keplerian orbits and dynamics of exoplanets"; Kepler's equation by Newton's method, for those times alone
that have not converged (Danby, 1988, for the start).
"""

import numpy as np

TIMES = np.array([0.0, 11.0, 19.5, 33.1, 47.0, 58.2, 71.9, 83.0, 97.7, 110.4, 126.0, 140.3])
VELOCITIES = np.array([12.1, 3.5, -16.8, 30.5, 1.0, -20.1, -14.9, 25.0, -9.3, -2.2, 35.6, -8.8])
INSTRUMENT = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])


def eccentric_anomaly(M, e):
    M = np.mod(M, 2 * np.pi)
    E = M + 0.85 * e * np.sign(np.sin(M))
    active = np.ones(M.shape, dtype=bool)
    for _ in range(20):
        Ea = E[active]
        step = (Ea - e * np.sin(Ea) - M[active]) / (1 - e * np.cos(Ea))
        E[active] -= step
        active[active] = np.abs(step) > 1e-14
        if not active.any():
            break
    return E


def velocity(t, planet):
    period, K, e, omega, start = (planet[name] for name in ("period", "K", "e", "omega", "start"))
    E = eccentric_anomaly(2 * np.pi * (t - start) / period, e)
    nu = 2 * np.arctan2(np.sqrt(1 + e) * np.sin(E / 2), np.sqrt(1 - e) * np.cos(E / 2))
    return K * (np.cos(nu + omega) + e * np.cos(omega))


def negative_log_likelihood(planets, offsets, jitter):
    model = offsets[INSTRUMENT]
    for planet in planets:
        model += velocity(TIMES, planet)
    variance = 1.5**2 + jitter[INSTRUMENT] ** 2
    return 0.5 * np.sum((VELOCITIES - model) ** 2 / variance + np.log(2 * np.pi * variance))


program = negative_log_likelihood
arguments = (
    [
        {"period": 30.2, "K": 24.0, "e": 0.35, "omega": 0.8, "start": 3.0},
        {"period": 84.0, "K": 9.0, "e": 0.1, "omega": -1.1, "start": 20.0},
    ],
    np.array([1.0, -0.5]),
    np.array([3.0, 4.0]),
)
