"""An epidemic in two age groups, with a lockdown and a vaccination day, against reported deaths.

Kermack & McKendrick (1927), with an exposed class; the state is a dataclass with arithmetic of its own, stepped by Heun's method.
"""

import math
from dataclasses import dataclass, field, replace

import numpy as np

CONTACTS = np.array([[2.0, 0.5], [0.5, 1.0]])
REPORTED = np.array([0.0, 0.1, 0.3, 0.6, 1.0, 1.4, 1.7])


@dataclass(frozen=True)
class State:
    S: np.ndarray
    E: np.ndarray
    I: np.ndarray
    R: np.ndarray
    deaths: float = 0.0

    def __add__(self, other):
        return State(self.S + other.S, self.E + other.E, self.I + other.I, self.R + other.R, self.deaths + other.deaths)

    def __rmul__(self, factor):
        return State(factor * self.S, factor * self.E, factor * self.I, factor * self.R, factor * self.deaths)

    @property
    def alive(self):
        return self.S + self.E + self.I + self.R


@dataclass
class Disease:
    beta: float
    incubation: float = 4.0
    recovery: float = 6.0
    fatality: list = field(default_factory=lambda: [0.002, 0.02])

    def rate(self, s, contacts):
        force = self.beta * contacts @ (s.I / s.alive)
        infected, sick, ended = force * s.S, s.E / self.incubation, s.I / self.recovery
        dying = ended * np.array(self.fatality)
        return State(-infected, infected - sick, sick - ended, ended - dying, dying.sum())


def lockdown(strength):
    def apply(s, contacts):
        return s, contacts * (1 - strength)

    return apply


def vaccination(share):
    def apply(s, contacts):
        moved = share * s.S * np.array([0.2, 1.0])
        return replace(s, S=s.S - moved, R=s.R + moved), contacts

    return apply


def simulate(disease, infected, events, days=36, dt=1.0):
    population = np.array([700.0, 300.0])
    seed = np.array([infected, 0.0])
    s = State(population - seed, np.zeros(2), seed, np.zeros(2))
    contacts, week = CONTACTS, []
    for day in range(days + 1):
        if day in events:
            s, contacts = events[day](s, contacts)
        if day % 6 == 0:
            week.append(s.deaths)
        k1 = disease.rate(s, contacts)
        k2 = disease.rate(s + dt * k1, contacts)
        s = s + (dt / 2) * (k1 + k2)
    return week


def misfit(disease, infected, strength, share):
    deaths = simulate(disease, infected, {12: lockdown(strength), 20: vaccination(share)})
    total = 0.0
    for modelled, reported in zip(deaths, REPORTED):
        total += (math.log(modelled + 0.1) - math.log(reported + 0.1)) ** 2
    return total


program = misfit
arguments = (Disease(beta=0.21), 8.0, 0.4, 0.3)
