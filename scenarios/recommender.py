"""Matrix factorisation by alternating least squares: the error on ratings held out, by regularisation and first factors.

Zhou, Wilkinson, Schreiber & Pan (2008), "Large-scale parallel collaborative filtering for the Netflix prize"; each user and each
film in turn, in place.
"""

import numpy as np

RATINGS = np.array(
    [
        [5.0, 3.0, np.nan, 1.0, 4.0],
        [4.0, np.nan, 2.0, 1.0, np.nan],
        [1.0, 1.0, np.nan, 5.0, 2.0],
        [np.nan, 1.0, 5.0, 4.0, np.nan],
    ]
)
HELD_OUT = [(0, 2, 2.0), (1, 4, 4.0), (2, 2, 4.0), (3, 0, 1.0)]


def solve_rows(factors, others, ratings, weight):
    for row, given in enumerate(ratings):
        known = ~np.isnan(given)
        V = others[known]
        A = V.T @ V + weight * known.sum() * np.eye(V.shape[1])
        factors[row] = np.linalg.solve(A, V.T @ given[known])


def factorise(users, films, weight, rounds=3):
    users, films = users.copy(), films.copy()
    centred = RATINGS - np.nanmean(RATINGS)
    for _ in range(rounds):
        solve_rows(users, films, centred, weight)
        solve_rows(films, users, centred.T, weight)
    return users, films


def held_out_error(users, films, weight):
    users, films = factorise(users, films, weight)
    errors = [np.nanmean(RATINGS) + users[u] @ films[f] - rating for u, f, rating in HELD_OUT]
    return np.sqrt(np.mean(np.square(errors)))


RNG = np.random.default_rng(21)
program = held_out_error
arguments = (RNG.normal(size=(4, 2)), RNG.normal(size=(5, 2)), 0.3)
