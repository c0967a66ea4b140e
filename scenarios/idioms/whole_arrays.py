"""Whole arrays: reductions, sorting and searching, sets, differences, transforms, statistics."""

import numpy as np

X = np.array([0.3, 0.7, -1.1, 0.9])
A = np.array([[1.2, 0.3, -0.4], [0.5, 2.1, 0.7]])


def reductions_with_axes(a=A):
    """`sum(axis=0)`, `mean(axis=1, keepdims=True)`, `prod`, `max(axis=)`"""
    centred = a - a.mean(axis=1, keepdims=True)
    return np.sum(centred.sum(axis=0) ** 2) + np.prod(a.max(axis=0)) + a.min(axis=(0, 1))


def standardised(a=A):
    """columns standardised: `(a - a.mean(0)) / a.std(0)`"""
    z = (a - a.mean(0)) / (a.std(0, ddof=1) + 0.1)
    return np.sum(z**3)


def statistics(x=X):
    """`np.var`, `np.std`, `np.median`, `np.percentile`, `np.quantile`, `np.average`"""
    return np.var(x) + np.std(x) * np.median(x) + np.percentile(x, 30) * np.quantile(x, 0.9) + np.average(x, weights=x**2)


def covariance(a=A):
    """`np.cov`, `np.corrcoef`"""
    return np.sum(np.cov(a)) + np.corrcoef(a)[0, 1]


def histogram(x=X):
    """`np.histogram(x)`: counts are piecewise constant"""
    counts, edges = np.histogram(x, bins=[-2.0, 0.0, 0.5, 2.0])
    return np.sum(counts * edges[:-1]) + np.sum(np.histogram([0.1, 0.2], bins=2, weights=x[:2])[0] ** 2)


def histogram_by_digitize(x=X):
    """`np.digitize`, `np.searchsorted`, `np.bincount`"""
    bins = np.digitize(x, [-0.5, 0.5])
    sums = np.bincount(bins, weights=x**2, minlength=3)
    return np.sum(sums**2) + x[np.searchsorted(np.sort(x), 0.5)]


def sorting(x=X):
    """`np.sort`, `np.argsort`, `x[np.argsort(x)[::-1]]`, `np.partition`"""
    order = np.argsort(x)
    return np.sort(x) @ np.arange(4.0) + np.sum(x[order[::-1]][:2] ** 2) + np.partition(x, 1)[0] * np.argsort(order)[0]


def lexsort(a=A):
    """`np.lexsort`, `np.take_along_axis`, `np.argmin(axis=)`"""
    best = np.argmin(a, axis=1)
    picked = np.take_along_axis(a, best[:, None], axis=1)
    return np.sum(picked**2) + np.sum(a[:, np.lexsort(a)] * np.arange(3.0))


def searching(x=X):
    """`np.argmax`, `np.nonzero`, `np.where(condition)`, `np.flatnonzero`, `np.argwhere`"""
    (positive,) = np.where(x > 0)
    return x[np.argmax(x)] ** 2 + np.sum(x[positive]) * x[np.flatnonzero(x < 0)[0]] + x[np.nonzero(x)[0][0]]


def unique(x=np.array([0.3, 0.7, 0.3])):
    """`np.unique(labels, return_inverse=True)`: sums by group"""
    labels, group = np.unique(["a", "b", "a"], return_inverse=True)
    sums = np.zeros(len(labels))
    np.add.at(sums, group, x**2)
    return np.prod(sums)


def group_by_masks(x=X):
    """sums by group, by masks: `{k: x[labels == k].mean() for k in ...}`"""
    labels = np.array([0, 1, 0, 1])
    means = {k: x[labels == k].mean() for k in np.unique(labels)}
    return means[0] * means[1]


def cumulative(x=X):
    """`np.cumsum`, `np.cumprod`, `np.diff`, `np.ediff1d`, `np.maximum.accumulate`"""
    running = np.maximum.accumulate(np.cumsum(x))
    return np.sum(running * np.cumprod(x)) + np.sum(np.diff(x, n=2) ** 2) + np.sum(np.ediff1d(x) ** 3)


def gradient_and_trapezoid(x=X):
    """`np.gradient(y, dx)`, `np.trapezoid(y, t)`"""
    t = np.linspace(0.0, 1.0, 4)
    return np.trapezoid(np.gradient(x, 0.1) ** 2, t) + np.trapezoid(np.sin(x), x)


def convolution(x=X):
    """`np.convolve`, `np.correlate`"""
    return np.sum(np.convolve(x, x[:2]) ** 2) + np.sum(np.correlate(x, [1.0, -1.0], mode="same") ** 3)


def moving_average(x=X):
    """a moving average by `np.cumsum`"""
    total = np.cumsum(np.insert(x, 0, 0.0))
    return np.sum(((total[2:] - total[:-2]) / 2) ** 2)


def fourier_odd_length(x=np.array([0.3, 0.7, -1.1])):
    """`np.fft.rfft`, `irfft` of an odd length"""
    z = np.fft.rfft(x)
    return np.sum(np.abs(z) ** 2) + np.sum(np.fft.irfft(z * np.array([1.0, 0.5]), n=3) ** 3)


def fourier_filter(x=X):
    """a filter: `irfft(rfft(x) * response)`"""
    frequencies = np.fft.rfftfreq(4, d=0.1)
    return np.sum(np.fft.irfft(np.fft.rfft(x) / (1.0 + frequencies * x[0] ** 2), 4) ** 2)


def fourier_in_two_dimensions(a=A):
    """`np.fft.fft2`, `ifft2`, `fftshift`"""
    return np.sum(np.abs(np.fft.fftshift(np.fft.fft2(a))) ** 3) + np.sum(np.fft.ifft2(np.fft.fft2(a) * 2.0).real ** 2)


def power_spectrum(x=X):
    """`np.abs(np.fft.fft(x * window)) ** 2`, `np.hanning`"""
    return np.sum(np.log(np.abs(np.fft.fft(x * np.hanning(6)[1:-1])) ** 2 + 1.0))


def comparisons_of_arrays(x=X):
    """`np.array_equal`, `np.isclose`, `(a == b).all()`, in a branch"""
    if np.array_equal(x, x.copy()) and (x == x).all() and not np.isclose(x, 0.0).any():
        return np.sum(x**2)
    return 0.0


def broadcasting(x=X):
    """`x[:, None] - x`, `x * scalar`, `a + column`"""
    d = x[:, None] - x
    return np.sum(d**2 * x) + np.sum(np.sin(d) * x[:, np.newaxis])


def shape_manipulation(a=A):
    """`a.T`, `a.reshape(3, 2)`, `np.transpose`, `np.rot90`, `a.ravel("F")`"""
    return np.sum(a.T @ a.reshape(2, 3)) + a.ravel("F")[1] * np.rot90(a)[0, 0] + np.transpose(a)[2, 1] + np.fliplr(a)[0, 0]


def triangles(a=A):
    """`np.triu`, `np.tril`, `np.diagonal`, `np.diag_indices`"""
    s = a.T @ a
    return np.sum(np.triu(s, 1) ** 2) + np.prod(np.diagonal(s)) + np.sum(s[np.triu_indices(3)])


def ufunc_methods(x=X):
    """`np.add.reduce`, `np.multiply.outer`, `np.add.accumulate`, `np.logaddexp.reduce`"""
    return np.add.reduce(x**2) + np.sum(np.multiply.outer(x, x) ** 2) + np.add.accumulate(x)[1] + np.logaddexp.reduce(x)


def add_reduceat(x=X):
    """`np.add.reduceat(x, starts)`"""
    return np.sum(np.add.reduceat(x, [0, 2]) ** 2)


def sum_of_a_list(x=X):
    """`np.sum([t**2 for t in x])`, `np.mean([...])`, `np.max([...])`"""
    return np.sum([t**2 for t in x]) * np.mean([np.sin(t) for t in x]) + np.max([x[0], x[1]])


def norm_of_a_list(x=X):
    """`np.linalg.norm([dx, dy])`, `np.dot([a, b], [c, d])`"""
    return np.linalg.norm([x[0] - x[1], x[2]]) + np.dot([x[0], x[1]], [x[2], 1.0])


def solve_of_lists(x=X):
    """`np.linalg.solve([[a, b], [c, d]], [e, f])`"""
    return np.linalg.solve([[x[0], 1.0], [1.0, x[2]]], [x[1], x[3]])[0]


def ufunc_of_a_list(x=X):
    """`np.sqrt([a, b])`, `np.maximum.reduce([x, y])`"""
    return np.sum(np.exp([x[0], x[1]])) + np.sum(np.maximum.reduce([x, x**2]))


def lists_of_lists_joined(x=X):
    """`np.concatenate([[x[0]], x])`, `np.stack([[a, b], [c, d]])`"""
    return np.sum(np.concatenate([[x[0]], x[1:], [1.0]]) ** 2)


def window_functions(x=X):
    """`np.hanning`, `np.kaiser`: constants"""
    return np.sum(np.hanning(4) * x) + np.sum(np.kaiser(4, 2.0) * x**2)


PROMISED = (
    fourier_odd_length,
    statistics,
    sorting,
)
