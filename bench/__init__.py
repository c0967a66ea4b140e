"""Benchmarks: the same programs differentiated by Wengert and by its peers, timed in one run.

From the root of the repository: `python -m bench --only W1,W4`; README.md says the rest.
"""
