"""Partial likelihood of Cox's proportional hazards, with Efron's correction for ties, and the hazard that goes with it.

Cox (1972); Efron (1977); Therneau & Grambsch, "Modeling Survival Data" (2000), chapter 3. Patients at risk are a suffix of the
sorted list.
"""

import numpy as np

TIMES = np.array([6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0, 6.0, 9.0, 10.0, 11.0, 17.0])
DIED = np.array([1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], dtype=bool)
COVARIATES = np.random.default_rng(13).normal(size=(14, 3))


def negative_partial_likelihood(beta, penalty):
    order = np.lexsort((~DIED, TIMES))
    times, died, X = TIMES[order], DIED[order], COVARIATES[order]
    eta = X @ beta
    risk = np.exp(eta - eta.max())
    at_risk = np.cumsum(risk[::-1])[::-1]
    loglik, hazard, cumulative = 0.0, 0.0, np.zeros_like(eta)
    for t in np.unique(times):
        events = (times == t) & died
        ties = events.sum()
        first = np.argmax(times == t)
        if ties:
            tied = risk[events].sum()
            denominators = at_risk[first] - np.arange(ties) / ties * tied
            loglik += (eta - eta.max())[events].sum() - np.log(denominators).sum()
            hazard += np.sum(1 / denominators)
        cumulative[times == t] = hazard
    martingale = died - cumulative * risk
    return -loglik + penalty * np.linalg.norm(beta) + 0.01 * martingale @ martingale


program = negative_partial_likelihood
arguments = (np.array([0.3, -0.5, 0.8]), 0.4)
