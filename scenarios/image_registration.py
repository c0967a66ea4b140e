"""Register two images: by what shift, turn and brightness does one become the other? Bilinear interpolation at moved pixels.

Source: B. D. Lucas and T. Kanade, "An iterative image registration technique", IJCAI (1981); R. Szeliski, Computer Vision, 2nd edition,
Springer 2022, section 9.2.
"""

import numpy as np

SIZE = 12


def scene():
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    return np.exp(-12.0 * ((x - 0.4) ** 2 + 2.0 * (y - 0.55) ** 2)) + 0.4 * np.sin(5.0 * x) * np.cos(4.0 * y)


FIXED, MOVING = scene(), 1.1 * np.roll(scene(), 1, axis=1)


def bilinear(image, x, y):
    """The image at points between pixels; points outside take the nearest edge."""
    x, y = np.clip(x, 0.0, SIZE - 1.001), np.clip(y, 0.0, SIZE - 1.001)
    i, j = np.floor(y).astype(int), np.floor(x).astype(int)
    fy, fx = y - i, x - j
    return (
        image[i, j] * (1 - fy) * (1 - fx)
        + image[i + 1, j] * fy * (1 - fx)
        + image[i, j + 1] * (1 - fy) * fx
        + image[i + 1, j + 1] * fy * fx
    )


def warp(shape, shift, turn):
    rows, columns = np.indices(shape)
    middle = 0.5 * (SIZE - 1)
    x, y = columns - middle, rows - middle
    c, s = np.cos(turn), np.sin(turn)
    return c * x - s * y + middle + shift[0], s * x + c * y + middle + shift[1]


def dissimilarity(shift, turn, gain):
    x, y = warp(FIXED.shape, shift, turn)
    inside = (x > 0) & (x < SIZE - 1) & (y > 0) & (y < SIZE - 1)
    difference = (gain * bilinear(MOVING, x, y) - FIXED)[inside]
    weights = np.zeros_like(difference)
    large = np.abs(difference) > 0.1
    weights[~large] = 0.5 * difference[~large] ** 2
    weights[large] = 0.1 * (np.abs(difference[large]) - 0.05)  # Huber's
    return np.sum(weights) / np.count_nonzero(inside)


program = dissimilarity
arguments = (np.array([0.63, -0.27]), 0.05, 0.93)
