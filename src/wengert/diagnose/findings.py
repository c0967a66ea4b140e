"""What the doctor finds, and how it is told: findings, lines of code, proofs, and the report.

report = wg.doctor(f, x)
print(report)               a table, at most 100 columns wide
report.ok, report.lines, report.proofs, report.findings
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from wengert.watch.lines import Line

Verdict = Literal["error", "nan", "wrong", "changed", "ill", "kink", "float32", "zero", "ok"]
Status = Literal["proved", "not proved", "wrong", "not applicable"]
SEVERITY: tuple[Verdict, ...] = ("error", "nan", "wrong", "changed", "ill", "kink", "float32", "zero", "ok")
"""From the worst on."""

SOUND: frozenset[Verdict] = frozenset(("zero", "ok"))
"""What leaves a report ok: zeros by rule are derivatives, too."""

WIDTH = 100
SHOWN = 40  # lines of code without findings, beyond which they are only counted


@dataclass(frozen=True)
class Finding:
    """One thing that was found, on one line or on none in particular."""

    verdict: Verdict
    note: str
    line: Line | None = None
    function: str = ""
    index: tuple[int, ...] | None = None  # of the first element
    count: int = 0  # of such elements, in the call where it was first met
    size: int = 0  # of all elements
    times: int = 1  # of calls in which it was met

    def __str__(self) -> str:
        where = "" if self.index is None or not self.size else position(self.index, self.count, self.size)
        return f"{self.note}{where}{f' [{self.times} times]' if self.times > 1 else ''}"


def position(index: tuple[int, ...], count: int, size: int) -> str:
    if not index:
        return ""
    return f", at [{', '.join(map(str, index))}] ({count} of {size} element{'s' if size > 1 else ''})"


@dataclass(frozen=True)
class LineReport:
    """One line of the user's code that made traced values."""

    line: Line
    verdict: Verdict  # the worst of its findings
    calls: int  # of functions, that it made on traced values
    nodes: int  # that it put on the list
    share: float  # of the whole list
    findings: tuple[Finding, ...] = ()

    @property
    def source(self) -> str:
        return self.line.text


@dataclass(frozen=True)
class Proof:
    """One way in which the derivative was tried."""

    name: str
    status: Status
    detail: str
    error: float | None = None  # the relative error up to which it is proved

    def __str__(self) -> str:
        return f"{self.status}{' ' if self.status == 'proved' else ', '}{self.detail}"


@dataclass(frozen=True)
class Report:
    """What `doctor` returns. `ok`: the gradient is proved, and nothing was found but zeros by rule."""

    function: str
    ok: bool
    lines: tuple[LineReport, ...]
    findings: tuple[Finding, ...]  # all of them, those of lines included
    proofs: tuple[Proof, ...]
    value: Any = field(default=None, compare=False)
    gradient: Any = field(default=None, compare=False)  # of the result, for a random cotangent if that is not one real number

    def verdicts(self) -> dict[Verdict, int]:
        """How many findings there are of each kind, the worst first."""
        counts = {verdict: sum(f.verdict == verdict for f in self.findings) for verdict in SEVERITY}
        return {verdict: n for verdict, n in counts.items() if n}

    def __getitem__(self, number: int) -> LineReport:
        """The report of a line, by its number in the file."""
        for line in self.lines:
            if line.line.number == number:
                return line
        raise KeyError(f"no traced value was made on line {number}")

    def __str__(self) -> str:
        return "\n".join(text(self))

    def __repr__(self) -> str:
        return str(self)


def text(report: Report) -> Iterator[str]:
    """The report, line by line."""
    found = ", ".join(f"{n} {verdict}" for verdict, n in report.verdicts().items() if verdict != "ok")
    yield f"{report.function}: {'ok' if report.ok else 'not ok'}{f' ({found})' if found else ''}"
    loose = [(proof.name, str(proof)) for proof in report.proofs]
    loose += [(finding.verdict, str(finding)) for finding in report.findings if finding.line is None]
    width = max((len(name) for name, _ in loose), default=0)
    for name, said in loose:
        yield from wrapped(f"  {name:{width}}  ", said)
    if report.lines:
        yield from table(report)


def table(report: Report) -> Iterator[str]:
    """The lines of code: a row each, and under it what was found there."""
    shown = [line for line in report.lines if line.findings or len(report.lines) <= SHOWN]
    places = [line.line.place for line in shown]
    width = max(map(len, [*places, "line"]))
    calls = max(len(str(line.calls)) for line in report.lines)
    calls = max(calls, len("calls"))
    yield ""
    yield f"  {'verdict':8}  {'line':{width}}  {'calls':>{calls}}  {'list':>4}  source"
    for line, place in zip(shown, places, strict=True):
        row = f"  {line.verdict:8}  {place:{width}}  {line.calls:>{calls}}  {line.share:>4.0%}  "
        yield row + textwrap.shorten(line.source, max(20, WIDTH - len(row)), placeholder=" ...")
        for finding in line.findings:
            yield from wrapped("            ", str(finding))
    if len(shown) < len(report.lines):
        yield f"  and {len(report.lines) - len(shown)} lines more, all of them ok"


def wrapped(start: str, words: str) -> list[str]:
    return textwrap.wrap(words, WIDTH, initial_indent=start, subsequent_indent=" " * len(start), break_long_words=False) or [start]


def worst(findings: tuple[Finding, ...]) -> Verdict:
    return min((f.verdict for f in findings), key=SEVERITY.index, default="ok")
