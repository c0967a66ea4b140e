"""Held-out error of a logistic regression that is fitted by iteratively reweighted least squares.

McCullagh & Nelder, "Generalized Linear Models" (1989), section 2.5. The fit stops when the step is small; ridge and case weights
are what one would like to choose.
"""

import numpy as np

RNG = np.random.default_rng(4)
DESIGN = np.column_stack([np.ones(20), RNG.normal(size=(20, 2))])
OUTCOMES = (DESIGN @ [0.3, 1.2, -0.8] + RNG.logistic(size=20) > 0).astype(float)
HELD_OUT = np.column_stack([np.ones(6), RNG.normal(size=(6, 2))])
HELD_OUT_OUTCOMES = np.array([1.0, 0.0, 1.0, 1.0, 0.0, 0.0])


def expit(x):
    """Without overflow on either side."""
    x = np.asarray(x)
    positive = x >= 0
    p = np.empty_like(x)
    p[positive] = 1 / (1 + np.exp(-x[positive]))
    e = np.exp(x[~positive])
    p[~positive] = e / (1 + e)
    return p


def fit(X, y, case_weights, ridge, tolerance=1e-12, limit=30):
    beta = np.zeros(X.shape[1])
    penalty = np.diag(np.r_[0.0, np.repeat(ridge, X.shape[1] - 1)])
    for _ in range(limit):
        p = expit(X @ beta)
        w = case_weights * p * (1 - p)
        step = np.linalg.solve(X.T @ (w[:, None] * X) + penalty, X.T @ (case_weights * (y - p)) - penalty @ beta)
        beta += step
        if np.abs(step).max() < tolerance:
            break
    else:
        raise RuntimeError("no convergence")
    return beta


def held_out_deviance(case_weights, ridge):
    beta = fit(DESIGN, OUTCOMES, case_weights, ridge)
    p = expit(HELD_OUT @ beta)
    chosen = np.where(HELD_OUT_OUTCOMES == 1, p, 1 - p)
    return -2 * np.sum(np.log(chosen))


program = held_out_deviance
arguments = (np.linspace(0.5, 1.5, 20), 0.7)
