"""An American put on a binomial tree, priced backwards in place, and hedged by its own delta.

Cox, Ross & Rubinstein (1979), "Option pricing: a simplified approach"; the tree's parameters are as in Hull, "Options, Futures, and
Other Derivatives", chapter 13. Dividends are paid at a fixed step.
"""

import math

import numpy as np


def tree_of_prices(spot, up, steps, dividend, ex_step):
    """Price after n steps with j ups, in a triangle; after the dividend, a share of the price is gone."""
    prices = np.zeros((steps + 1, steps + 1))
    for n in range(steps + 1):
        paid = 1 - dividend if n >= ex_step else 1.0
        for j in range(n + 1):
            prices[n, j] = spot * paid * up ** (2 * j - n)
    return prices


def american_put(spot, strike, rate, volatility, dividend, expiry=0.75, steps=14):
    dt = expiry / steps
    up = math.exp(volatility * math.sqrt(dt))
    down = 1 / up
    growth = math.exp(rate * dt)
    p = (growth - down) / (up - down)
    if not 0 < p < 1:
        raise ValueError("steps are too long: there is arbitrage")
    prices = tree_of_prices(spot, up, steps, dividend, ex_step=steps // 2)
    values = np.maximum(strike - prices[steps], 0.0)
    delta = None
    for n in range(steps - 1, -1, -1):
        if n == 0:
            delta = (values[1] - values[0]) / (prices[1, 1] - prices[1, 0])
        values[: n + 1] = (p * values[1 : n + 2] + (1 - p) * values[: n + 1]) / growth
        exercise = strike - prices[n, : n + 1]
        early = exercise > values[: n + 1]
        values[: n + 1][early] = exercise[early]
    return values[0], delta


def hedged_position(spot, strike, rate, volatility, dividend):
    value, delta = american_put(spot, strike, rate, volatility, dividend)
    return value - delta * spot


program = hedged_position
arguments = (36.3, 40.1, 0.06, 0.31, 0.025)
