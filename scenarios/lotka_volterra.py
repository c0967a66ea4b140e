"""Hares and lynxes: the Lotka-Volterra model, fitted to the pelts that the Hudson's Bay Company counted.

Source: the counts are those of C. Elton and M. Nicholson, J. Animal Ecology 11 (1942), in thousands, 1900 to 1910.
"""

from dataclasses import dataclass, field

import numpy as np

HARES = np.array([30.0, 47.2, 70.2, 77.4, 36.3, 20.6, 18.1, 21.4, 22.0, 25.4, 27.1])
LYNXES = np.array([4.0, 6.1, 9.8, 35.2, 59.4, 41.7, 19.0, 13.0, 8.3, 9.1, 7.4])


@dataclass(frozen=True)
class Rates:
    birth: float
    predation: float
    growth: float
    death: float


@dataclass(frozen=True)
class Model:
    rates: Rates
    start: np.ndarray
    steps_per_year: int = 6
    noise: dict = field(default_factory=lambda: {"hares": 0.25, "lynxes": 0.25})


def growth(population, rates):
    hares, lynxes = population
    return np.stack([hares * (rates.birth - rates.predation * lynxes), lynxes * (rates.growth * hares - rates.death)])


def simulate(model, years):
    population, history = model.start, [model.start]
    dt = 1.0 / model.steps_per_year
    for _ in range(years):
        for _ in range(model.steps_per_year):  # Heun's method, in logarithms, so that nobody becomes negative
            slope = growth(population, model.rates) / population
            ahead = population * np.exp(dt * slope)
            slope = 0.5 * (slope + growth(ahead, model.rates) / ahead)
            population = population * np.exp(dt * slope)
        history.append(population)
    return np.array(history)


def negative_log_likelihood(model):
    history = simulate(model, len(HARES) - 1)
    total = 0.0
    for counts, predicted, who in zip((HARES, LYNXES), history.T, ("hares", "lynxes")):
        z = (np.log(counts) - np.log(predicted)) / model.noise[who]
        total += np.sum(0.5 * z**2 + np.log(counts * model.noise[who]))
    return total


program = negative_log_likelihood
arguments = (Model(Rates(birth=0.55, predation=0.028, growth=0.024, death=0.8), np.array([33.0, 6.0])),)
