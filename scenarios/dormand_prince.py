"""Van der Pol's oscillator by the adaptive method of Dormand and Prince, with rejected steps; where is it at the end?

Source: E. Hairer, S. P. Norsett and G. Wanner, Solving Ordinary Differential Equations I, 2nd edition, Springer 1993, section II.4.
"""

import numpy as np

C = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1]
A = [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
]
B5 = np.array([35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0])
B4 = np.array([5179 / 57600, 0, 7571 / 16695, 393 / 640, -92097 / 339200, 187 / 2100, 1 / 40])


class StepTooSmall(RuntimeError):
    pass


def dopri5(f, t, y, t_end, rtol=1e-4, atol=1e-6, h=0.4):
    """Integrate y' = f(t, y) from t to t_end. Returns the state at the end, and the numbers of accepted and rejected steps."""
    accepted = rejected = 0
    while t < t_end:
        h = min(h, t_end - t)
        if h < 1e-10:
            raise StepTooSmall(f"at t = {t}")
        k = np.empty((7, y.size))
        for s in range(7):
            dy = sum((a * k[j] for j, a in enumerate(A[s])), np.zeros(y.size))
            k[s] = f(t + C[s] * h, y + h * dy)
        y_new = y + h * (B5 @ k)
        scale = atol + rtol * np.maximum(np.abs(y), np.abs(y_new))
        error = np.sqrt(np.mean((h * ((B5 - B4) @ k) / scale) ** 2))
        if error <= 1.0:
            t, y = t + h, y_new
            accepted += 1
        else:
            rejected += 1
        h *= min(5.0, max(0.2, 0.9 * error**-0.2))
    return y, accepted, rejected


def final_state(mu, start):
    def van_der_pol(t, y):
        return np.array([y[1], mu * (1 - y[0] ** 2) * y[1] - y[0]])

    y, accepted, rejected = dopri5(van_der_pol, 0.0, start, 2.0)
    assert accepted >= 5 and rejected >= 1
    return y[0] ** 2 + 0.1 * y[1]


program = final_state
arguments = (2.0, np.array([2.0, 0.4]))
