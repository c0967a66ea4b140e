"""Implied volatilities by Newton's method, and the misfit of a stochastic-volatility-inspired smile to them.

Black & Scholes (1973); Manaster & Koehler (1982) for the start; Gatheral (2004) for the smile, w(k) = a + b (rho (k - m) + hypot(k
- m, s)).
"""

import math
from collections import namedtuple

import numpy as np

Quote = namedtuple("Quote", "strike price")
Smile = namedtuple("Smile", "a b rho m s")


def normal_cdf(x):
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def normal_pdf(x):
    return math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)


def call_and_vega(forward, strike, expiry, sigma):
    """Undiscounted."""
    root = sigma * math.sqrt(expiry)
    d1 = math.log(forward / strike) / root + 0.5 * root
    return forward * normal_cdf(d1) - strike * normal_cdf(d1 - root), forward * normal_pdf(d1) * math.sqrt(expiry)


def implied_volatility(price, forward, strike, expiry, tolerance=1e-13, limit=50):
    sigma = max(math.sqrt(2.0 * abs(math.log(forward / strike)) / expiry), 0.1)
    for _ in range(limit):
        model, vega = call_and_vega(forward, strike, expiry, sigma)
        change = (model - price) / vega
        sigma -= change
        if abs(change) < tolerance:
            return sigma
    raise ArithmeticError(f"no implied volatility for {price}")


def misfit(forward, expiry, quotes, smile):
    implied = [implied_volatility(quote.price, forward, quote.strike, expiry) for quote in quotes]
    k = np.log([quote.strike / forward for quote in quotes]) - smile.m
    variance = smile.a + smile.b * (smile.rho * k + np.hypot(k, smile.s))
    return np.sqrt(np.mean((np.array(implied) - np.sqrt(variance / expiry)) ** 2))


program = misfit
arguments = (
    100.0,
    0.5,
    [Quote(90.0, 13.4), Quote(95.0, 9.9), Quote(101.0, 6.4), Quote(110.0, 2.9), Quote(120.0, 1.15)],
    Smile(0.04, 0.2, -0.4, 0.05, 0.2),
)
