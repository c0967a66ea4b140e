"""The rows of NumPy, one chapter a file. Importing this package declares them all."""

from wengert.rules.numpy import (
    arithmetic,
    creation,
    differences,
    exponential,
    fft,
    functional,
    indexing,
    linalg,
    logic,
    polynomials,
    products,
    reductions,
    sets,
    shape,
    sorting,
    statistics,
)

__all__ = [
    "arithmetic",
    "creation",
    "differences",
    "exponential",
    "fft",
    "functional",
    "indexing",
    "linalg",
    "logic",
    "polynomials",
    "products",
    "reductions",
    "sets",
    "shape",
    "sorting",
    "statistics",
]
