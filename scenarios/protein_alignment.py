"""Expected score of a protein alignment with affine gaps, where all alignments count by their weight.

Gotoh (1982), "An improved algorithm for matching biological sequences", with sums in place of maxima as in Miyazawa (1995). Three
tables by recursion with memory; substitution scores by pairs of letters.
"""

import math

import numpy as np

FIRST, SECOND = "HEAGAW", "PAWHEA"
SCORES = {
    "AA": 5, "AE": -1, "AG": 0, "AH": -2, "AP": -1, "AW": -3, "EE": 6, "EG": -3, "EH": 0, "EP": -1, "EW": -3, "GG": 8, "GH": -2,
    "GP": -2, "GW": -3, "HH": 10, "HP": -2, "HW": -3, "PW": -4, "WW": 15,
}  # fmt: skip


def log_add(*terms):
    finite = [t for t in terms if t > -math.inf]
    if not finite:
        return -math.inf
    top = max(finite)
    return top + math.log(math.fsum(math.exp(t - top) for t in finite))


class Aligner:
    def __init__(self, scores, opening, extension, temperature):
        self.scores, self.opening, self.extension, self.temperature = scores, opening, extension, temperature
        self.memory = {}

    def pair(self, a, b):
        return self.scores["".join(sorted(a + b))] / self.temperature

    def table(self, kind, i, j):
        """log of the sum over alignments of the first i and j letters that end in a match, or a gap in either."""
        key = kind, i, j
        if key not in self.memory:
            self.memory[key] = self.compute(kind, i, j)
        return self.memory[key]

    def compute(self, kind, i, j):
        if i < 0 or j < 0:
            return -math.inf
        if kind == "match":
            if i == 0 and j == 0:
                return 0.0
            if i == 0 or j == 0:
                return -math.inf
            before = log_add(*(self.table(k, i - 1, j - 1) for k in ("match", "left", "up")))
            return before + self.pair(FIRST[i - 1], SECOND[j - 1])
        i, j = (i, j - 1) if kind == "left" else (i - 1, j)
        opened = self.table("match", i, j) - self.opening / self.temperature
        extended = self.table(kind, i, j) - self.extension / self.temperature
        return log_add(opened, extended)


def free_energy(scores, opening, extension, temperature):
    aligner = Aligner(scores, opening, extension, temperature)
    ends = [aligner.table(kind, len(FIRST), len(SECOND)) for kind in ("match", "left", "up")]
    return -temperature * np.logaddexp.reduce(ends)


program = free_energy
arguments = ({pair: float(score) for pair, score in SCORES.items()}, 8.0, 1.5, 2.5)
