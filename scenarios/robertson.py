"""Robertson's stiff chemical kinetics by implicit Euler: Newton's method runs at each step until the residual is small.

The objective: how much of the intermediate product is there, summed over the logarithm of time?

Source: H. H. Robertson (1966), in E. Hairer and G. Wanner, Solving Ordinary Differential Equations II, Springer 1996, section IV.1.
"""

import numpy as np


def rates(y, k):
    a, b, c = y
    r1, r2, r3 = k[0] * a, k[1] * b * c, k[2] * b * b
    return np.array([-r1 + r2, r1 - r2 - r3, r3])


def jacobian(y, k):
    J = np.zeros((3, 3))
    J[0, 0] = -k[0]
    J[0, 1], J[0, 2] = k[1] * y[2], k[1] * y[1]
    J[1] = -J[0]
    J[1, 1] -= 2 * k[2] * y[1]
    J[2, 1] = 2 * k[2] * y[1]
    return J


def implicit_euler_step(y0, h, k, tol=1e-13):
    y = y0.copy()
    residual = y - y0 - h * rates(y, k)
    iterations = 0
    while np.linalg.norm(residual, np.inf) > tol:
        y -= np.linalg.solve(np.eye(3) - h * jacobian(y, k), residual)
        residual = y - y0 - h * rates(y, k)
        iterations += 1
        if iterations > 12:
            raise RuntimeError("Newton's method does not converge")
    return y


def intermediate(log_rates):
    k = np.exp(log_rates)
    y = np.array([1.0, 0.0, 0.0])
    h = 1e-3
    total = 0.0
    while h < 1e3:
        y = implicit_euler_step(y, h, k)
        total += 1e5 * y[1] * np.log(2.5)
        h *= 2.5
    return total + y[2]


program = intermediate
arguments = (np.log([0.04, 1e4, 3e7]),)
