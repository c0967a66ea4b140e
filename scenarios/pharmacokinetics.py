"""Two-compartment pharmacokinetics with absorption and repeated doses: the likelihood of measured concentrations.

Gibaldi & Perrier, "Pharmacokinetics" (1982), chapter 2: sums of exponentials by superposition over the doses so far.
"""

import numpy as np

DOSES = [(0.0, 100.0, "oral"), (12.0, 100.0, "oral"), (20.0, 40.0, "bolus"), (24.0, 60.0, "oral")]
SAMPLES = [(1.0, 2.3), (2.5, 2.9), (6.0, 2.1), (11.5, 1.0), (14.0, 3.6), (20.5, 4.1), (23.9, 1.9), (27.0, 3.4), (36.0, 1.2)]


def hybrid_rates(cl, v1, q, v2):
    k10, k12, k21 = cl / v1, q / v1, q / v2
    total = k10 + k12 + k21
    root = np.sqrt(total**2 - 4 * k10 * k21)
    return (total + root) / 2, (total - root) / 2, k21


def unit_response(t, route, p):
    alpha, beta, k21 = hybrid_rates(p["CL"], p["V1"], p["Q"], p["V2"])
    if route == "bolus":
        a = (alpha - k21) / (alpha - beta) / p["V1"]
        b = (k21 - beta) / (alpha - beta) / p["V1"]
        return a * np.exp(-alpha * t) + b * np.exp(-beta * t)
    ka = p["ka"]
    scale = ka * p["F"] / p["V1"]
    a = scale * (k21 - alpha) / ((ka - alpha) * (beta - alpha))
    b = scale * (k21 - beta) / ((ka - beta) * (alpha - beta))
    return a * np.exp(-alpha * t) + b * np.exp(-beta * t) - (a + b) * np.exp(-ka * t)


def concentration(time, p):
    given = ((amount, time - start, route) for start, amount, route in DOSES if start <= time)
    return sum(amount * unit_response(since, route, p) for amount, since, route in given)


def negative_log_posterior(typical, eta, omega, sigma):
    """Logs of the typical values, one subject's deviations from some, their standard deviation, and a proportional error."""
    p = {name: np.exp(value + eta.get(name, 0.0)) for name, value in typical.items()}
    p["F"] = p["F"] / (1 + p["F"])
    times, measured = np.array(SAMPLES).T
    predicted = np.array([concentration(t, p) for t in times])
    spread = sigma * predicted
    fit = np.sum(np.log(spread) + 0.5 * ((measured - predicted) / spread) ** 2)
    deviations = np.array(list(eta.values()))
    return fit + 0.5 * np.sum((deviations / omega) ** 2) + len(eta) * np.log(omega)


program = negative_log_posterior
arguments = (
    {"CL": np.log(2.1), "V1": np.log(15.0), "Q": np.log(1.2), "V2": np.log(20.0), "ka": np.log(0.9), "F": 1.2},
    {"CL": 0.1, "V1": -0.2},
    0.3,
    0.15,
)
