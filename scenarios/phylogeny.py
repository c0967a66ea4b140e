"""Likelihood of a phylogenetic tree by Felsenstein's pruning, with rates that differ among sites.

Felsenstein (1981), "Evolutionary trees from DNA sequences"; the substitution model is that of Hasegawa, Kishino & Yano (1985), the
rates are the categories of Yang (1994). Trees are nested tuples, branch lengths a dictionary.
"""

import numpy as np

TREE = ((("human", "chimp"), "gorilla"), ("gibbon", "macaque"))
SEQUENCES = {
    "human": "ACGTTAGCCA",
    "chimp": "ACGTTAGCTA",
    "gorilla": "ACGCTAGACA",
    "gibbon": "ATGCTGGACA",
    "macaque": "GTGCTG-ACC",
}
BASES = "ACGT"


def rate_matrix(kappa, frequencies):
    Q = np.tile(frequencies, (4, 1))
    for i, j in [(0, 2), (2, 0), (1, 3), (3, 1)]:  # transitions: A-G and C-T
        Q[i, j] *= kappa
    np.fill_diagonal(Q, 0.0)
    Q -= np.diag(Q.sum(axis=1))
    return Q / -(frequencies @ np.diag(Q))


def transition(Q, frequencies, t):
    """expm(Q t), symmetrised so that its spectrum is real."""
    root = np.sqrt(frequencies)
    w, U = np.linalg.eigh(root[:, None] * Q / root)
    return (U * np.exp(w * t)) @ U.T * root / root[:, None]


def name(node):
    return node if isinstance(node, str) else "(" + ",".join(map(name, node)) + ")"


def partial(node, branches, P):
    """p(tips below | base here), an array (site, base)."""
    if isinstance(node, str):
        tips = np.ones((len(SEQUENCES[node]), 4))
        for site, base in enumerate(SEQUENCES[node]):
            if base in BASES:
                tips[site] = 0.0
                tips[site, BASES.index(base)] = 1.0
        return tips
    product = 1.0
    for child in node:
        product = product * (partial(child, branches, P) @ P(branches[name(child)]).T)
    return product


def negative_log_likelihood(branches, kappa, weights, rates):
    frequencies = np.exp(weights) / np.exp(weights).sum()
    Q = rate_matrix(kappa, frequencies)
    per_site = 0.0
    for rate in rates / np.mean(rates):
        per_site = per_site + partial(TREE, branches, lambda t: transition(Q, frequencies, rate * t)) @ frequencies
    return -np.log(per_site / len(rates)).sum()


program = negative_log_likelihood
arguments = (
    {
        "human": 0.06,
        "chimp": 0.07,
        "gorilla": 0.1,
        "gibbon": 0.2,
        "macaque": 0.3,
        "(human,chimp)": 0.05,
        "((human,chimp),gorilla)": 0.12,
        "(gibbon,macaque)": 0.11,
    },
    2.5,
    np.array([0.1, -0.2, 0.0, 0.3]),
    np.array([0.4, 1.3]),
)
