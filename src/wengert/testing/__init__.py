"""Tests for derivatives, of your own functions and of your own rules.

from wengert.testing import check
check(energy, np.array([0.3, 0.7]))        both modes, first and second order, against differences
"""

from wengert.diagnose.differences import Estimate, differences
from wengert.testing.check import check

__all__ = ["Estimate", "check", "differences"]
