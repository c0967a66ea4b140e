"""Random numbers: drawn as they are, and drawn with parameters that are differentiated by."""

import numpy as np

X = np.array([0.3, 0.7, 1.1])


def noise_of_a_generator(x=X):
    """`rng.standard_normal(n)`, scaled: the reparametrised draw"""
    rng = np.random.default_rng(3)
    return np.mean((x[0] + x[1] * rng.standard_normal(10)) ** 2)


def legacy_seed(x=X):
    """`np.random.seed`, `np.random.randn`"""
    np.random.seed(3)
    return np.sum(np.random.randn(3) * x) ** 2


def legacy_random_state(x=X):
    """`np.random.RandomState(3).rand`"""
    state = np.random.RandomState(3)
    return np.sum(state.rand(3) * x**2)


def uniform_of_plain_bounds(x=X):
    """`rng.uniform(0, 1, n)`, `rng.integers`, `rng.choice(n)`"""
    rng = np.random.default_rng(3)
    batch = rng.choice(3, 2, replace=False)
    return np.sum(x[batch] ** 2) + np.sum(rng.uniform(0, 1, 3) * x) + x[rng.integers(3)]


def normal_with_traced_parameters(x=X):
    """`rng.normal(mean, deviation, n)` with traced parameters"""
    rng = np.random.default_rng(3)
    return np.mean(rng.normal(x[0], x[1], 10) ** 2)


def legacy_normal_with_traced_parameters(x=X):
    """`np.random.normal(mean, deviation, n)` with traced parameters"""
    np.random.seed(3)
    return np.mean(np.random.normal(x[0], x[1], 10) ** 2)


def uniform_with_traced_bounds(x=X):
    """`rng.uniform(low, high, n)` with traced bounds"""
    rng = np.random.default_rng(3)
    return np.mean(rng.uniform(x[0], x[2], 10) ** 2)


def exponential_with_a_traced_scale(x=X):
    """`rng.exponential(scale, n)`"""
    rng = np.random.default_rng(3)
    return np.mean(rng.exponential(x[0], 10))


def gamma_with_a_traced_shape(x=X):
    """`rng.gamma(shape, size=n)` with a traced shape"""
    rng = np.random.default_rng(3)
    return np.mean(rng.gamma(x[0], size=5)) * x[1]


def gamma_with_a_traced_shape_instead(x=X):
    """the inverse of the distribution at uniform draws: `scipy.special.gammaincinv(shape, u)`, here Weibull's"""
    rng = np.random.default_rng(3)
    return np.mean((-np.log(rng.random(5))) ** (1.0 / x[0])) * x[1]


def poisson_with_a_traced_rate(x=X):
    """`rng.poisson(rate, n)`: whole numbers"""
    rng = np.random.default_rng(3)
    return np.mean(rng.poisson(x[0], 5)) * x[1]


def poisson_with_a_traced_rate_instead(x=X):
    """the expectation, or the score: `counts * log(rate) - rate`, at counts that were drawn before"""
    counts = np.random.default_rng(3).poisson(0.3, 5)
    return np.mean(counts * np.log(x[0]) - x[0]) * x[1]


def multivariate_normal(x=X):
    """`rng.multivariate_normal(mean, covariance)` with traced parameters"""
    rng = np.random.default_rng(3)
    return np.sum(rng.multivariate_normal(x, np.diag(x)) ** 2)


def choice_of_traced_values(x=X):
    """`rng.choice(x, 2)`"""
    rng = np.random.default_rng(3)
    return np.sum(rng.choice(x, 2) ** 2)


def choice_with_traced_probabilities(x=X):
    """`rng.choice(n, p=x)`"""
    rng = np.random.default_rng(3)
    return x[rng.choice(3, p=x / np.sum(x))] ** 2


def choice_with_traced_probabilities_instead(x=X):
    """the expectation: `p @ values`"""
    return (x / np.sum(x)) @ x**2


def permutation_of_traced_values(x=X):
    """`rng.permutation(x)`"""
    rng = np.random.default_rng(3)
    return rng.permutation(x) @ np.array([1.0, 2.0, 4.0])


def shuffle_of_traced_values(x=X):
    """`rng.shuffle(y)` of a vector, in place"""
    y = x.copy()
    np.random.default_rng(3).shuffle(y)
    return y @ np.array([1.0, 2.0, 4.0])


def shuffle_of_a_table(x=X):
    """`rng.shuffle(table)` of rows, in place"""
    table = np.outer(x, x)
    np.random.default_rng(3).shuffle(table)
    return np.sum(table * np.arange(9.0).reshape(3, 3))


def shuffle_of_a_list(x=X):
    """`rng.shuffle(list_of_traced)`, `random.shuffle`"""
    values = [t**2 for t in x]
    np.random.default_rng(3).shuffle(values)
    return values[0] + 2.0 * values[1] * values[2]


def stochastic_gradient_descent(x=X):
    """minibatches by `rng.permutation(n)`, in a loop"""
    rng = np.random.default_rng(3)
    data = rng.standard_normal((8, 3))
    w = x.copy()
    for _ in range(2):
        for i in rng.permutation(8).reshape(4, 2):
            w -= 0.05 * data[i].T @ (data[i] @ w - 1.0)
    return np.sum(w**2)


def random_walk(x=X):
    """a random walk: `np.cumsum(drift + spread * rng.normal(size=n))`"""
    rng = np.random.default_rng(3)
    path = np.cumsum(x[0] + x[1] * rng.normal(size=20))
    return np.mean(np.maximum(path - x[2], 0.0))


def metropolis(x=X):
    """Metropolis steps: `if rng.random() < ratio`"""
    rng = np.random.default_rng(3)
    place = x[0]
    for _ in range(10):
        proposal = place + x[1] * rng.standard_normal()
        if rng.random() < np.exp(-(proposal**2) + place**2):
            place = proposal
    return place**2


def bootstrap(x=X):
    """a bootstrap: `x[rng.integers(n, size=(b, n))].mean(axis=1)`"""
    rng = np.random.default_rng(3)
    return np.std(x[rng.integers(3, size=(5, 3))].mean(axis=1))


def dropout(x=X):
    """dropout: `mask = rng.random(n) < p`"""
    rng = np.random.default_rng(3)
    keep = rng.random(3) < 0.5
    return np.sum(x * keep / 0.5) ** 2


def gumbel(x=X):
    """Gumbel noise, softmax with a temperature"""
    rng = np.random.default_rng(3)
    z = (np.log(x) + rng.gumbel(size=3)) / 0.5
    e = np.exp(z - z.max())
    return np.sum(e / e.sum() * np.arange(3))
