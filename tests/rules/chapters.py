"""Chapters: a file of rows, and the samples that prove them.

    CHAPTER = Chapter("numpy.exponential", elementwise="exp log sin", calls=[call(np.sum, real(2, 3), axis=1)])

Elementwise rows prove themselves, with operands from their `domain`; so do operators, with the samples of the functions they spell.
All else has a table of calls in its chapter's test file. What a chapter must hold is listed there, and nowhere taken from the rows.
"""

import operator
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from tests.rules.laws import laws_of
from tests.rules.samples import Draw, Sample, domains, named

from wengert.rules.declare import ROWS, Constant, Elementwise, Row, row_of


@dataclass(frozen=True)
class Chapter:
    """A module of `wengert.rules`, what it must declare, and the calls that prove it."""

    name: str
    elementwise: str = ""  # the names of the functions that are proved by their domain
    calls: list[Sample] = field(default_factory=list)
    also: list[Sample] = field(default_factory=list)  # more calls, of functions whose row is made when they are called
    library: ModuleType = np

    @property
    def rows(self) -> dict[Any, Row]:
        """The functions whose row stands here, spellings included."""
        return {f: row for f, row in ROWS.items() if row.where.split(":")[0] == f"wengert.rules.{self.name}"}

    @property
    def listed(self) -> dict[Any, Row | None]:
        """The functions that must have a row here, and the one that they have."""
        functions = [getattr(self.library, name) for name in self.elementwise.split()] + [sample.f for sample in self.calls]
        return {f: ROWS.get(f) for f in functions}

    def samples(self) -> list[Sample]:
        tabled = {sample.f for sample in self.calls}
        drawn = [sample for f, row in self.rows.items() for sample in by_domain(f, row, tabled)]
        known = [sample for sample in self.calls + self.also if has_row(sample.f)]
        called = {sample.f for sample in drawn + known}
        return [*drawn, *known, *(sample for f in self.rows if f not in called for sample in spelled_samples(f, known))]

    def proofs(self) -> list[Any]:
        """(law, sample) for each sample, as parameters of a test."""
        return [pytest.param(law, s, id=f"{s}-{law.__name__}") for s in self.samples() for law in laws_of(s)]

    def complaints(self) -> list[str]:
        """What has no row, no sample, or stands in the wrong chapter."""
        proved, here, listed = {sample.f for sample in self.samples()}, self.rows, self.listed
        missing = [f"{named(f)} has no row" for f, row in listed.items() if row is None]
        strays = [f"{named(f)} is declared at {row.where}" for f, row in listed.items() if row is not None and f not in here]
        unproved = [f"{named(f)} has no sample: add a call to the table" for f in here if f not in proved]
        spellings = {f for f in here if is_operator(f)}
        unlisted = [f"{named(f)} is not listed in this chapter's test" for f in here if f not in listed and f not in spellings]
        return missing + strays + unproved + unlisted


def has_row(f: Any) -> bool:
    try:
        return bool(row_of(f))
    except NotImplementedError:
        return False


def is_operator(f: Any) -> bool:
    return getattr(f, "__module__", "") == operator.add.__module__ or f is divmod


def by_domain(f: Any, row: Row, tabled: set[Any]) -> Iterator[Sample]:
    """A call with operands from the row's domain; an operand without partial is drawn and held, unless a table says better."""
    if isinstance(row, Elementwise) and (None not in row.partials or f not in tabled):
        pairs = zip(domains(row), row.partials, strict=True)
        yield Sample(f, tuple(Draw((2, 3), *d, active=p is not None) for d, p in pairs), {}, auto=True)
    elif isinstance(row, Constant) and isinstance(row.f, np.ufunc) and (f is row.f or is_operator(f)):
        yield Sample(f, tuple(Draw((2, 3)) for _ in range(row.f.nin)), {})


def spelled_samples(f: Any, known: list[Sample]) -> Iterator[Sample]:
    """For an operator, the calls of the function that it spells."""
    if is_operator(f):
        yield from (replace(sample, f=f) for sample in known if sample.row is ROWS[f] and not sample.kwargs)
