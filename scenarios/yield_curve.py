"""Discount factors bootstrapped from deposits and swaps, and the value of a bond that lies between them.

Hull, "Options, Futures, and Other Derivatives", sections 4.7 and 7.6; Hagan & West (2006) for linear interpolation of log
discounts.
"""

import math

import numpy as np


class Curve:
    """Maturities and discount factors, in order; linear in the logarithm."""

    def __init__(self):
        self.times, self.discounts = [0.0], [1.0]

    def add(self, time, discount):
        place = int(np.searchsorted(self.times, time))
        self.times.insert(place, time)
        self.discounts.insert(place, discount)

    def __call__(self, time):
        k = min(max(int(np.searchsorted(self.times, time)), 1), len(self.times) - 1)
        t0, t1 = self.times[k - 1], self.times[k]
        w = (time - t0) / (t1 - t0)
        return math.exp((1 - w) * math.log(self.discounts[k - 1]) + w * math.log(self.discounts[k]))


def swap_value(curve, rate, years):
    """Par minus what the fixed leg is worth."""
    return 1.0 - curve(years) - rate * sum(curve(t) for t in range(1, years + 1))


def with_point(curve, time, discount):
    longer = Curve()
    longer.times, longer.discounts = curve.times + [time], curve.discounts + [discount]
    return longer


def bootstrap(deposits, swaps):
    curve = Curve()
    for time, rate in sorted(deposits.items()):
        curve.add(time, 1.0 / (1.0 + rate * time))
    for years, rate in sorted(swaps.items()):
        low = curve.discounts[-1] * 0.9
        high = curve.discounts[-1]
        while abs(high - low) > 1e-14:  # secant: the years without a quote in between need more than one step
            f_low = swap_value(with_point(curve, years, low), rate, years)
            f_high = swap_value(with_point(curve, years, high), rate, years)
            low, high = high, high - f_high * (high - low) / (f_high - f_low)
        curve.add(years, high)
    return curve


def bond(deposits, swaps, coupon):
    curve = bootstrap(deposits, swaps)
    dates = np.arange(0.25, 5.0, 0.5)
    payments = np.full(len(dates), 0.5 * coupon)
    payments[-1] += 1.0
    return payments @ np.array([curve(t) for t in dates])


program = bond
arguments = (
    {0.25: 0.021, 0.5: 0.0225, 1.0: 0.024},
    {2: 0.0255, 3: 0.0268, 5: 0.029},
    0.03,
)
