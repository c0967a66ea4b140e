"""A line through data with outliers: Tukey's biweight, its scale from the median of the residuals.

Huber & Ronchetti, "Robust Statistics" (2009), section 7.8; iteratively reweighted, from a start by Theil (1950) and Sen (1968).
"""

import itertools

import numpy as np

X = np.array([0.0, 0.7, 1.1, 2.0, 2.8, 3.1, 4.0, 4.6, 5.5])


def theil_sen(x, y):
    slopes = []
    for (x1, y1), (x2, y2) in itertools.combinations(zip(x, y), 2):
        slopes.append((y2 - y1) / (x2 - x1))
    slope = np.median(slopes)
    return np.median(y - slope * x), slope


def biweight(u):
    w = np.zeros_like(u)
    inside = np.abs(u) < 1
    w[inside] = (1 - u[inside] ** 2) ** 2
    return w


def fit(x, y, tuning, rounds=6):
    intercept, slope = theil_sen(x, y)
    for _ in range(rounds):
        r = y - intercept - slope * x
        scale = 1.4826 * np.median(np.abs(r - np.median(r)))
        w = biweight(r / (tuning * scale))
        xm, ym = np.average(x, weights=w), np.average(y, weights=w)
        slope = np.sum(w * (x - xm) * (y - ym)) / np.sum(w * (x - xm) ** 2)
        intercept = ym - slope * xm
    return intercept, slope, scale


def influence(y, tuning):
    """What is predicted beyond the data, and how sure of it one is."""
    intercept, slope, scale = fit(X, y, tuning)
    low, high = np.percentile(y - intercept - slope * X, [10, 90])
    return intercept + 7.0 * slope + 0.1 * np.log(scale) + 0.01 * (high - low)


program = influence
arguments = (np.array([0.2, 0.95, 1.2, 2.35, 2.7, 9.0, 4.3, 4.4, -1.0]), 4.685)
