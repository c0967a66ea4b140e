"""Kinks, singular points and branches not taken: where a derivative must be chosen, or must not be spoilt."""

import numpy as np

X = np.array([-0.5, 0.3, 0.7])
ZERO = np.zeros(3)


def where_square_root(x=X):
    """`np.where(x > 0, np.sqrt(x), 0)`: no NaN from the branch not taken"""
    return np.sum(np.where(x > 0, np.sqrt(x), 0.0))


def where_logarithm(x=X):
    """`np.where(x > 0, x * np.log(x), 0)`: entropy"""
    return np.sum(np.where(x > 0, x * np.log(x), 0.0))


def where_sinc(x=np.array([0.0, 0.3, 1.2])):
    """`np.where(x == 0, 1, np.sin(x) / x)`, beside zero"""
    return np.sum(np.where(x == 0.0, 1.0, np.sin(x) / x)[1:] ** 2)


def where_division(x=X):
    """`np.where(x != 0, 1 / x, 0)`, `np.where(abs(x) > eps, ...)`"""
    y = np.maximum(x, 0.0)
    return np.sum(np.where(y != 0, 1.0 / y, 0.0))


def square_root_of_one_element(x=np.array([1.0, 0.0])):
    """`np.sqrt(x)[0]` beside a zero"""
    return np.sqrt(x[:1])[0] + np.sqrt(x + [0.0, 1.0])[1]


def selected_before_the_function(x=X):
    """`np.log(x[x > 0])`"""
    return np.sum(np.log(x[x > 0]))


def selected_after_the_function(x=X):
    """`np.log(x)[x > 0]`: what is not selected makes no NaN"""
    return np.sum(np.log(x)[x > 0])


def nansum_of_logarithms(x=X):
    """`np.nansum(np.log(x))`"""
    return np.nansum(np.log(x))


def norm_at_zero(x=ZERO, t=0.5):
    """`np.linalg.norm(x)` at zero, times what makes it smooth"""
    return np.linalg.norm(x) ** 2 + t


def distance_matrix(x=X):
    """pairwise distances, with zeros on the diagonal"""
    points = np.stack([x, x**2], axis=1)
    d = np.linalg.norm(points[:, None] - points[None], axis=-1)
    return np.sum(d**2) + np.sum(np.exp(-d))


def hypot_at_zero(x=ZERO, t=0.5):
    """`np.hypot(0, 0)`, squared"""
    return np.sum(np.hypot(x, x[::-1]) ** 2) + t**2


def absolute_value_squared(x=ZERO, t=0.5):
    """`np.abs(x) ** 2` and `np.abs(x) ** 3` at zero"""
    return np.sum(np.abs(x) ** 3) + np.sum(np.abs(x) ** 2) + t


def power_at_zero(x=np.array([0.0, 0.3])):
    """`x ** 2`, `x ** 3` at zero, `0.0 ** 0`"""
    return np.sum(x**2 + x**3 + x**0 + x**1)


def power_of_powers(x=np.array([0.0, 0.3]), n=2.5):
    """`x ** n` at zero, also by n"""
    return np.sum((x + 0.0) ** np.array([2.0, 3.0])) + 0.3**n


def product_with_zeros(x=np.array([0.0, 0.3, 0.7])):
    """`np.prod(x)` with a zero"""
    return np.prod(x) + np.prod(x[1:])


def product_with_two_zeros(x=np.array([0.0, 0.0, 0.7])):
    """`np.prod(x)` and `np.cumprod(x)` with two zeros"""
    return np.prod(x) + np.sum(np.cumprod(x + np.array([0.0, 0.0, 1.0])))


def deviation_of_equal_numbers(x=np.array([0.7, 0.7, 0.7])):
    """`np.var(x)` and `np.std(x) ** 2` of equal numbers"""
    return np.var(x) + np.std(x) ** 2 + np.sum(x)


def sinc_at_zero(x=np.array([0.0, 0.3])):
    """`np.sinc(0)`"""
    return np.sum(np.sinc(x) ** 2)


def arctan2_on_the_axes(x=np.array([0.0, 1.0])):
    """`np.arctan2(0, 1)`, `np.angle`"""
    return np.arctan2(x[0], x[1]) + np.arctan2(x[1], x[0]) + np.angle(x[1] + 1j * x[0])


def maximum_of_different_numbers(x=X):
    """`np.max`, `np.min`, `np.ptp`, `np.maximum`, `np.clip`: away from ties"""
    return np.max(x) * np.min(x) + np.ptp(x) + np.sum(np.maximum(x, 0.1) * np.clip(x, 0.0, 0.5))


def ties_that_are_shared(x=np.array([0.7, 0.7, 0.3])):
    """`np.max(x)` at a tie, made smooth by its square beside it"""
    return np.max(x) + np.min(x[:2]) + np.sum(x)


def clip_at_its_bounds(x=np.array([0.0, 0.5, 1.0])):
    """`np.clip(x, 0, 1)` at its bounds, times what vanishes there"""
    return np.sum(np.clip(x, 0.0, 1.0) * x * (1.0 - x))


def relu_squared_at_zero(x=np.array([0.0, 0.5, -0.5])):
    """`np.maximum(x, 0) ** 2` at zero"""
    return np.sum(np.maximum(x, 0.0) ** 2 * (1.0 + x))


def softplus_and_sigmoid_of_large_numbers(x=np.array([-700.0, 0.5, 700.0])):
    """`np.logaddexp(0, x)`, `1 / (1 + np.exp(-x))`, far out"""
    return np.sum(np.logaddexp(0.0, x)) * 1e-3 + np.sum(1.0 / (1.0 + np.exp(-x)))


def logsumexp_by_hand(x=np.array([800.0, 801.0, 0.0])):
    """log-sum-exp by hand: the maximum subtracted"""
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))


def logarithm_of_a_sum(x=np.array([-1000.0, 0.0])):
    """`np.log1p`, `np.expm1`, `np.logaddexp.reduce`"""
    return np.logaddexp.reduce(x) + np.sum(np.log1p(np.exp(x))) + np.expm1(x[1])


def huber(x=X):
    """Huber's loss: `np.where(abs(r) < d, 0.5 * r**2, d * (abs(r) - 0.5 * d))`"""
    r = np.abs(x - 0.2)
    return np.sum(np.where(r < 0.3, 0.5 * r**2, 0.3 * (r - 0.15)))


def smooth_step(x=X):
    """`np.clip` and a polynomial: smoothstep"""
    s = np.clip((x + 0.2) / 0.8, 0.0, 1.0)
    return np.sum(s * s * (3.0 - 2.0 * s))


def inverse_functions_inside_their_domain(x=X):
    """`np.arcsin(np.clip(x, -1, 1))`, `np.arccos`"""
    return np.sum(np.arcsin(np.clip(x, -1.0, 1.0))) + np.arccos(np.clip(x @ x, -1.0, 1.0))


def degenerate_eigenvalues(t=0.5):
    """the sum of the eigenvalues of a degenerate matrix: `np.linalg.eigvalsh`"""
    return np.sum(np.linalg.eigvalsh(t * np.eye(3)) ** 2)


def degenerate_singular_values(t=0.5):
    """`np.linalg.svd(..., compute_uv=False)` of a multiple of the identity"""
    return np.sum(np.linalg.svd(t * np.eye(3), compute_uv=False) ** 2) + np.linalg.norm(t * np.eye(3), "nuc")


def rank_deficient(x=X):
    """`np.linalg.norm(A)`, `np.linalg.pinv(A)` of a matrix of rank one"""
    a = np.outer(x, x)
    return np.sum(np.linalg.pinv(a) * a) + np.linalg.norm(a)


def conversion_in_unreached_code(x=X):
    """a conversion in code that is not reached"""
    if x[0] > 100:
        return float.fromhex("0x1p3") * np.asarray(list(map(str, x))).size
    return np.sum(x**2)


def underflow(x=np.array([1e-200, 2.0])):
    """numbers that underflow when squared: `np.hypot`, `np.linalg.norm`"""
    return np.hypot(x[0] + 3.0, x[1]) + np.linalg.norm(x)


# At a kink the derivative is a choice, and the second derivative that of the choice: these are held to the first alone.
FIRST_ORDER = (
    norm_at_zero,
    hypot_at_zero,
    absolute_value_squared,
    deviation_of_equal_numbers,
    clip_at_its_bounds,
    relu_squared_at_zero,
)


PROMISED = (
    where_square_root,
    where_logarithm,
    where_sinc,
    selected_after_the_function,
    norm_at_zero,
    product_with_zeros,
    product_with_two_zeros,
    deviation_of_equal_numbers,
    sinc_at_zero,
    degenerate_eigenvalues,
    degenerate_singular_values,
    ties_that_are_shared,
)
