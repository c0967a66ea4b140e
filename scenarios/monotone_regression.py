"""Isotonic regression by pooling adjacent violators, and its distance from a curve of doses.

Barlow, Bartholomew, Bremner & Brunk (1972), "Statistical Inference under Order Restrictions". Blocks are kept on a stack, and
merged while they are out of order.
"""

import numpy as np

DOSES = np.array([0.1, 0.3, 0.5, 1.0, 1.5, 2.5, 4.0, 6.0, 9.0, 12.0])


def pool(values, weights):
    blocks = []
    for v, w in zip(values, weights):
        blocks.append([v, w, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            v2, w2, n2 = blocks.pop()
            last = blocks[-1]
            last[0] = (last[0] * last[1] + v2 * w2) / (last[1] + w2)
            last[1] += w2
            last[2] += n2
    means, sizes = [b[0] for b in blocks], [b[2] for b in blocks]
    return np.repeat(means, sizes)


def hill(dose, top, half, slope):
    return top / (1 + (half / dose) ** slope)


def distance(responses, weights, curve):
    fitted = pool(responses, weights)
    model = hill(DOSES, *curve)
    jumps = np.diff(fitted)
    roughness = np.sum(np.log1p(jumps[jumps > 0] ** 2))
    return np.average((fitted - model) ** 2, weights=weights) + 0.1 * roughness


program = distance
arguments = (
    np.array([0.05, 0.12, 0.09, 0.31, 0.42, 0.40, 0.37, 0.71, 0.88, 0.86]),
    np.array([1.0, 2.0, 1.0, 1.5, 1.0, 0.5, 2.0, 1.0, 1.0, 1.2]),
    (0.95, 2.7, 1.3),
)
