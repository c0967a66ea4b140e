"""Linear algebra, one chapter a file: what `numpy.linalg` has, of matrices that are stacked along leading axes.

    norms        sizes and condition numbers
    solutions    of regular systems: inverses and determinants with them
    factors      Cholesky and QR
    spectra      eigenvalues and eigenvectors
    singular     singular values, and what is made of them: pseudo-inverses and least squares
    phases       those of complex vectors, as LAPACK leaves them
    products     powers, chains, and the other names of NumPy's functions

Cotangents pair as Re(sum(g * t)), so transposes carry no conjugation of their own: where the literature, which pairs by conj(g), writes
A^H for a complex A, read A^T here.

Sources:
    Giles     M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic differentiation" (2008)
    M&N       J. Magnus and H. Neudecker, "Matrix Differential Calculus" (3rd ed., 2007)
    P&P       K. Petersen and M. Pedersen, "The Matrix Cookbook" (2012)
    Murray    I. Murray, "Differentiation of the Cholesky decomposition", arXiv:1602.07527 (2016)
    G&P       G. Golub and V. Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems" (1973)
    W&L       S. Walter and L. Lehmann, "Algorithmic differentiation of linear algebra functions", arXiv:1001.1654 (2010)
"""

from wengert.rules.numpy.linalg import factors, norms, phases, products, singular, solutions, spectra

__all__ = ["factors", "norms", "phases", "products", "singular", "solutions", "spectra"]
