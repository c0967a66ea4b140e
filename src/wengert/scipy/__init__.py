"""SciPy with derivatives: modules of the same names, whose functions take traced values too."""
