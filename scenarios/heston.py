"""European calls in Heston's model by integration of its characteristic function, against quoted prices.

S. Heston (1993), in the formulation without branch cuts of Albrecher, Mayer, Schoutens & Tistaert, "The little Heston trap" (2007).
"""

from dataclasses import dataclass

import numpy as np


@dataclass
class Heston:
    v0: float
    kappa: float
    theta: float
    sigma: float
    rho: float

    def log_characteristic(self, u, t):
        """log E exp(i u log(S/F))"""
        b = self.kappa - self.rho * self.sigma * u * 1j
        d = np.sqrt(b**2 + self.sigma**2 * (u * 1j + u**2))
        g = (b - d) / (b + d)
        decay = np.exp(-d * t)
        C = self.kappa * self.theta / self.sigma**2 * ((b - d) * t - 2 * np.log((1 - g * decay) / (1 - g)))
        D = (b - d) / self.sigma**2 * (1 - decay) / (1 - g * decay)
        return C + D * self.v0


NODES, WEIGHTS = np.polynomial.legendre.leggauss(32)
U = 30.0 * (NODES + 1.0)
DU = 30.0 * WEIGHTS
QUOTES = [(0.5, 0.9, 0.128), (0.5, 1.0, 0.0655), (0.5, 1.1, 0.027), (1.5, 0.8, 0.242), (1.5, 1.0, 0.115), (1.5, 1.25, 0.037)]


def call(model, expiry, strike):
    """Lewis (2001): 1 - sqrt(K)/pi * integral of Re(exp(-i u k) phi(u - i/2)) / (u**2 + 1/4), for forward 1."""
    phi = np.exp(model.log_characteristic(U - 0.5j, expiry))
    integrand = (np.exp(-1j * U * np.log(strike)) * phi).real / (U**2 + 0.25)
    return 1.0 - np.sqrt(strike) / np.pi * (DU @ integrand)


def misfit(model):
    errors = np.array([call(model, expiry, strike) - price for expiry, strike, price in QUOTES])
    feller = 2 * model.kappa * model.theta - model.sigma**2
    return 1e4 * errors @ errors + np.exp(-20 * feller)


program = misfit
arguments = (Heston(v0=0.05, kappa=1.4, theta=0.06, sigma=0.45, rho=-0.65),)
