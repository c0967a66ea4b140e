"""Harris' corner response of an image: Gaussian blur, Sobel's operator by slices, structure tensor.

Harris & Stephens (1988), "A combined corner and edge detector"; Sobel (1968). One buffer serves for all products, as in code that
has to run on small machines.
"""

import numpy as np


def gaussian_kernel(sigma, radius):
    k = np.arange(-radius, radius + 1)
    weights = np.exp(-0.5 * (k / sigma) ** 2)
    return weights / weights.sum()


def blur(image, kernel):
    """Separable: along rows, then along columns, edges repeated."""
    r = len(kernel) // 2
    for axis in (0, 1):
        width = [(0, 0), (0, 0)]
        width[axis] = (r, r)
        padded = np.pad(image, width, mode="edge")
        image = np.apply_along_axis(lambda line: np.convolve(line, kernel, mode="valid"), axis, padded)
    return image


def sobel(image, out_x, out_y):
    p = np.pad(image, 1, mode="symmetric")
    np.subtract(p[1:-1, 2:], p[1:-1, :-2], out=out_x)
    out_x *= 2
    out_x += p[:-2, 2:] - p[:-2, :-2]
    out_x += p[2:, 2:]
    out_x -= p[2:, :-2]
    np.subtract(p[2:, 1:-1], p[:-2, 1:-1], out=out_y)
    np.multiply(out_y, 2.0, out=out_y)
    out_y += p[2:, :-2] - p[:-2, :-2] + p[2:, 2:] - p[:-2, 2:]


def cornerness(image, sigma, k):
    gx, gy = np.empty_like(image), np.empty_like(image)
    sobel(blur(image, gaussian_kernel(0.8, 1)), gx, gy)
    window = gaussian_kernel(sigma, 2)
    work = np.empty_like(image)
    tensor = np.empty((3, *image.shape))
    for component, (a, b) in enumerate([(gx, gx), (gx, gy), (gy, gy)]):
        np.multiply(a, b, out=work)
        tensor[component] = blur(work, window)
    xx, xy, yy = tensor
    response = xx * yy - xy**2 - k * (xx + yy) ** 2
    return np.log(np.sum(np.exp(response / 50.0)))  # a smooth maximum


Y, X = np.mgrid[0:9, 0:9] / 4.0
program = cornerness
arguments = (np.tanh(2 * (X - 0.8)) * np.tanh(2 * (Y - 1.1)) + 0.1 * np.sin(5 * X + 3 * Y), 1.0, 0.05)
