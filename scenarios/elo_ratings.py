"""Predictions of Elo ratings that follow the results, game by game.

A. Elo, "The Rating of Chessplayers" (1978), with an advantage for white and a factor that falls with experience. The mean
logarithmic score of the predictions is what one tunes factor and advantage by.
"""

from collections import defaultdict

import numpy as np

GAMES = [
    ("Ada", "Bob", 1.0), ("Cid", "Dee", 0.5), ("Bob", "Cid", 0.0), ("Dee", "Ada", 0.0), ("Ada", "Cid", 0.5), ("Bob", "Dee", 1.0),
    ("Cid", "Ada", 0.0), ("Dee", "Bob", 0.5), ("Eve", "Ada", 1.0), ("Bob", "Eve", 0.0), ("Eve", "Dee", 1.0), ("Cid", "Eve", 0.5),
    ("Ada", "Dee", 1.0), ("Cid", "Bob", 1.0), ("Eve", "Cid", 0.0), ("Ada", "Eve", 0.5),
]  # fmt: skip


def expected(difference):
    return 1.0 / (1.0 + 10.0 ** (-difference / 400.0))


def log_score(initial, factor, advantage, halving):
    names = sorted({name for white, black, _ in GAMES for name in (white, black)})
    index = {name: k for k, name in enumerate(names)}
    ratings = np.full(len(names), 1500.0)
    for name, rating in initial.items():
        ratings[index[name]] = rating
    played = defaultdict(int)
    losses = []
    for white, black, result in GAMES:
        w, b = index[white], index[black]
        e = expected(ratings[w] + advantage - ratings[b])
        losses.append(-(result * np.log(e) + (1 - result) * np.log(1 - e)))
        for player, change in ((white, result - e), (black, e - result)):
            ratings[index[player]] += factor * 0.5 ** (played[player] / halving) * change
            played[player] += 1
    return np.mean(losses)


program = log_score
arguments = ({"Ada": 1600.0, "Bob": 1450.0, "Cid": 1550.0}, 32.0, 35.0, 6.0)
