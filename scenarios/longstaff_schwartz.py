"""An American put by least squares on simulated paths, with numbers drawn beforehand.

Longstaff & Schwartz (2001), "Valuing American options by simulation", section 1: where the option is in the money, the value of
going on is a quadratic in the price.
"""

import numpy as np

PATHS, STEPS = 40, 6
NORMAL = np.random.default_rng(6).standard_normal((PATHS, STEPS))


def simulate(spot, rate, volatility, dt):
    log_returns = (rate - 0.5 * volatility**2) * dt + volatility * np.sqrt(dt) * NORMAL
    return spot * np.exp(np.cumsum(log_returns, axis=1))


def continuation(x, future):
    """A quadratic fitted to discounted cash flows, at the same prices."""
    basis = np.vander(x, 3)
    coefficients, *_ = np.linalg.lstsq(basis, future, rcond=None)
    return basis.dot(coefficients)


def price(spot, strike, rate, volatility, expiry=1.0):
    dt = expiry / STEPS
    paths = simulate(spot, rate, volatility, dt)
    discount = np.exp(-rate * dt)
    cash = np.clip(strike - paths[:, -1], 0, None)
    for k in range(STEPS - 2, -1, -1):
        cash *= discount
        now = paths[:, k]
        inside = now < strike
        if np.count_nonzero(inside) < 4:
            continue
        going_on = continuation(now[inside] / strike, cash[inside])
        exercise = strike - now[inside]
        cash[inside] = np.where(exercise > going_on, exercise, cash[inside])
    value = discount * cash
    error = value.std(ddof=1) / np.sqrt(PATHS)
    return value.mean() + 0.1 * error  # a bid that allows for the noise


program = price
arguments = (1.02, 1.1, 0.05, 0.25)
