"""A bilateral filter, and how close it brings a noisy image to the clean one.

Tomasi & Manduchi (1998), "Bilateral filtering for gray and color images". The window is walked offset by offset over a padded
image; two sums are kept in place.
"""

import numpy as np

ROWS, COLUMNS = np.mgrid[0:7, 0:8]
CLEAN = np.where(ROWS + COLUMNS > 6, 1.0, 0.2)
NOISE = 0.1 * np.random.default_rng(1).normal(size=CLEAN.shape)


def bilateral(image, sigma_space, sigma_range, radius=2):
    padded = np.pad(image, radius, mode="reflect")
    h, w = image.shape
    numerator = np.zeros_like(image)
    denominator = np.zeros_like(image)
    for dy in range(-radius, radius + 1):
        for dx in range(-radius, radius + 1):
            if dy * dy + dx * dx > radius * radius:
                continue
            shifted = padded[radius + dy : radius + dy + h, radius + dx : radius + dx + w]
            near = np.exp(-(dy**2 + dx**2) / (2 * sigma_space**2))
            weight = near * np.exp(-((shifted - image) ** 2) / (2 * sigma_range**2))
            numerator += weight * shifted
            denominator += weight
    numerator /= denominator
    return numerator


def psnr(a, b):
    return 10 * np.log10(1.0 / np.mean((a - b) ** 2))


def quality(image, sigma_space, sigma_range):
    smoothed = bilateral(bilateral(image, sigma_space, sigma_range), sigma_space, 0.5 * sigma_range)
    return psnr(smoothed, CLEAN)


program = quality
arguments = (CLEAN + NOISE, 1.3, 0.35)
