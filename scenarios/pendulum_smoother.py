"""Extended Kalman filter and Rauch-Tung-Striebel smoother for a pendulum seen through the sine of its angle.

S. Sarkka, "Bayesian Filtering and Smoothing" (2013), examples 5.1 and 9.1. The result is how far the smoothed path, with its
covariances, lies from a given one: the quantity that one tunes noise levels and gravity by.
"""

import numpy as np

DT = 0.1
STEPS = 12
GAUSS = np.array([0.3, -0.8, 1.1, 0.2, -0.5, 0.9, -1.2, 0.4, 0.1, -0.3, 0.7, -0.6])
TRUE = 1.2 * np.cos(3.0 * DT * np.arange(1, STEPS + 1))
MEASURED = np.sin(TRUE) + 0.1 * GAUSS


class PendulumSmoother:
    def __init__(self, gravity, q, r):
        self.gravity = gravity
        self.R = r
        self.Q = q * np.array([[DT**3 / 3, DT**2 / 2], [DT**2 / 2, DT]])
        self.means = np.zeros((STEPS, 2))
        self.covariances = np.empty((STEPS, 2, 2))
        self.predicted = []

    def f(self, x):
        return np.array([x[0] + x[1] * DT, x[1] - self.gravity * np.sin(x[0]) * DT])

    def jacobian(self, x):
        F = np.eye(2)
        F[0, 1] = DT
        F[1, 0] = -self.gravity * np.cos(x[0]) * DT
        return F

    def forward(self, m, P):
        for k in range(STEPS):
            F = self.jacobian(m)
            m = self.f(m)
            P = F @ P @ F.T
            P += self.Q
            self.predicted.append((m, P, F))
            H = np.zeros(2)
            H[0] = np.cos(m[0])
            S = H.dot(P).dot(H) + self.R
            K = P.dot(H) / S
            m = m + K * (MEASURED[k] - np.sin(m[0]))
            P = P - np.outer(K, K) * S
            self.means[k] = m
            self.covariances[k] = P

    def backward(self):
        """Smooth in place, from the end."""
        for k in reversed(range(STEPS - 1)):
            m_minus, P_minus, F = self.predicted[k + 1]
            G = np.linalg.solve(P_minus, F @ self.covariances[k]).T
            self.means[k] += G @ (self.means[k + 1] - m_minus)
            self.covariances[k] += G @ (self.covariances[k + 1] - P_minus) @ G.T


def misfit(gravity, spectral_density, variance, start):
    smoother = PendulumSmoother(gravity, spectral_density, variance)
    smoother.forward(start, 0.1 * np.eye(2))
    smoother.backward()
    error = smoother.means[:, 0] - TRUE
    spread = smoother.covariances[:, 0, 0]
    return np.mean(error**2 / spread + np.log(spread))


program = misfit
arguments = (9.81, 0.01, 0.1, np.array([1.6, 0.0]))
