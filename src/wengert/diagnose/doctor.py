"""What is wrong with a gradient, told line by line of the user's code.

    print(wg.doctor(loss, params))

    loss: not ok (1 kink)
      reverse       proved to 3e-12 by differences along 3 random directions
      ...
      verdict   line         calls  list  source
      kink      model.py:12      1   33%  r = np.abs(x)
                absolute at a kink: the slope at 0 is 0, at [2] (1 of 5 elements)

It runs the function plainly, traced, and many times along random directions, and never raises for what the function does.
"""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from wengert import tree
from wengert.diagnose.examine import ExaminedTape, Examiner
from wengert.diagnose.findings import SEVERITY, SOUND, Finding, LineReport, Proof, Report, worst
from wengert.diagnose.proofs import bent, proofs, tried
from wengert.diagnose.reuse import UNSTEADY, Refused, plainly, said, unsteady
from wengert.diagnose.subject import Subject, fresh, inexact, parameter, titles, weight
from wengert.diff.arguments import Inputs, enter, plain
from wengert.diff.arguments import fresh as as_returned
from wengert.diff.calling import call
from wengert.diff.reverse import Outputs
from wengert.errors import InputError, function_name, user_line
from wengert.rules.vocabulary import bottom
from wengert.trace.nodes import Record
from wengert.trace.tape import Tape
from wengert.watch.guard import deed, scene
from wengert.watch.lines import Line, raised_at
from wengert.watch.notes import Notes


def doctor(f: Callable[..., Any], *args: Any, argnums: int | tuple[int, ...] = 0, order: int = 1) -> Report:
    """Examine the derivative of f at args, line by line: a report, to be printed or asked.

    It says whether the gradient is proved (by differences, by the complex step where f is analytic, forward mode against reverse
    mode; with `order=2` second derivatives too), and of each line what is remarkable: derivatives that are zero by rule, precision
    that is lost, kinks met exactly, ill-conditioned calls, NaN and infinity; and whether f overwrites its arguments, changes what it
    reads, or gives another value each time. Arguments and results may be containers; a result that is not one real number is given a
    random cotangent. f is called many times. `report.ok` is True if the gradient is proved and nothing was found but zeros by rule;
    `report.lines`, `.findings` and `.proofs` say all in fields.

    Raises InputError for arguments that cannot be differentiated; of what f raises, it tells.

    >>> import numpy as np, wengert as wg
    >>> def loss(x):
    ...     r = np.abs(x) * 2.0
    ...     return np.sum(r ** 1.5)
    >>> report = wg.doctor(loss, np.array([0.5, -1.0]))
    >>> report.ok
    True
    >>> report = wg.doctor(loss, np.array([0.5, np.nan]))
    >>> report.ok, report.verdicts()
    (False, {'nan': 1})
    """
    chosen = positions(f, args, argnums)
    args = tuple(float(a) if i in chosen and type(a) is int else a for i, a in enumerate(args))
    enter(Tape().lift, f, args, {}, chosen)  # refuses what has no derivative
    patient = Patient(f, args, chosen, argnums)
    try:
        patient.examine(order)
    except Refused as refused:
        patient.findings.append(refused.finding)
    return patient.report()


def positions(f: Any, args: tuple[Any, ...], argnums: Any) -> tuple[int, ...]:
    """The arguments by which f is differentiated, counted from the front."""
    if not callable(f):
        raise InputError(f"a function is to be examined, not {f!r}." + user_line())
    chosen = (argnums,) if isinstance(argnums, int) else tuple(argnums)
    if any(type(i) is not int or not -len(args) <= i < len(args) for i in chosen):
        raise InputError(
            f"argnums={argnums!r} are to be numbers of the {len(args)} arguments that {function_name(f)} was given." + user_line()
        )
    return tuple(i % len(args) for i in chosen)


class Patient:
    """A function at its arguments, and what has been found of it so far."""

    def __init__(self, f: Any, args: tuple[Any, ...], chosen: tuple[int, ...], argnums: Any) -> None:
        self.f = f
        self.args = args
        self.chosen = chosen
        self.argnums = argnums
        self.findings: list[Finding] = []
        self.proofs: list[Proof] = []
        self.examiner = Examiner()
        self.nodes: Counter[Line] = Counter()
        self.value: Any = None
        self.gradient: Any = None
        self.connected = False  # whether anything differentiable came from an argument

    # --- the examination ---

    def examine(self, order: int) -> None:
        self.value, steady, self.findings = plainly(self.f, self.args)
        if not steady:
            self.findings.append(Finding("changed", UNSTEADY, self.unsteady()))
        self.trace()
        self.findings += self.examiner.findings()
        if not self.connected:
            return
        if not steady:
            self.proofs.append(Proof("reverse", "not proved", "f gives another value at each call"))
            return
        self.prove(order)

    def unsteady(self) -> Line | None:
        try:
            return unsteady(self.f, self.args, self.chosen)
        except Exception:
            return None  # it is told by `trace`

    def trace(self) -> None:
        """Run f traced, and sweep its list back."""
        tape = ExaminedTape(self.examiner)
        new, _, inputs = enter(tape.lift, self.f, fresh(self.args), {}, self.chosen)
        try:
            y = call(self.f, new, {}, tape)
            outputs = Outputs(y, tape, self.f)
            value = plain(y, tape)
        except Exception as error:
            raise Refused(Finding("error", f"f raised when it was traced: {said(error)}", raised_at(error))) from error
        finally:
            self.nodes.update(tape.notes.lines.values())
            record = tape.finish()
        self.compare(value)
        self.unconnected_results(value, outputs)
        found = swept(record, outputs, inputs)
        self.unconnected_arguments(found)
        rebuilt = inputs.rebuild(as_returned(found, inputs.values))
        self.gradient = rebuilt[0] if isinstance(self.argnums, int) else tuple(rebuilt)
        self.findings += stayed_inside(tape.notes, self.examiner)

    def compare(self, value: Any) -> None:
        """The traced run has to give what the plain one gave."""
        ours, theirs = (tree.flatten(v)[0] for v in (value, self.value))
        for a, b in zip(ours, theirs, strict=False):
            if inexact(a) and inexact(b) and not alike(a, b):
                if not any(f.verdict == "changed" for f in self.findings):
                    self.findings.append(Finding("wrong", "the traced run gives another value than the plain one"))
                return

    def unconnected_results(self, value: Any, outputs: Outputs) -> None:
        names = titles(value, "the result")
        for name, r, v in zip(names, outputs.refs, outputs.values, strict=True):
            if r is None and inexact(v):
                self.findings.append(Finding("zero", f"{name} depends on no argument that is differentiated"))
        self.connected = any(r is not None for r in outputs.refs)

    def unconnected_arguments(self, found: list[Any]) -> None:
        names = [
            name
            for i in self.chosen
            for name, a in zip(
                titles(self.args[i], f"argument {i}{parameter(self.f, i)}"), tree.flatten(self.args[i])[0], strict=True
            )
            if inexact(a)
        ]
        for name, g in zip(names, found, strict=True):
            if g is None:
                self.findings.append(Finding("zero", f"the result does not depend on {name}"))
        self.connected = any(g is not None for g in found)

    def prove(self, order: int) -> None:
        try:
            subject = Subject.of(self.f, self.args, self.chosen)
            ways = tried(subject)
            bends = bent(subject, ways)
            self.proofs += proofs(subject, ways, self.examiner.functions, order, self.doubt(bends))
            self.weigh(bends, 0.0 if narrow(subject) else subject.tolerance() / 100)
        except Exception as error:
            self.proofs.append(Proof("reverse", "not proved", f"f raised beside its arguments: {said(error)}"))

    def doubt(self, bends: bool) -> str:
        """Why differences may disagree with a derivative that is right."""
        found = {f.verdict for f in self.findings}
        if bends or "kink" in found:
            return "a kink is met, where the derivative is a convention"
        return "digits are lost on the way, in differences too" if "ill" in found else ""

    def weigh(self, bends: bool, half: float) -> None:
        """Which findings show in the result: kinks, if it has one; lost digits, unless half of its own (`half`) are proved."""
        reach = [p.error if p.status == "proved" else None for p in self.proofs if p.name in ("reverse", "forward")]
        proved = all(e is not None for e in reach)
        sharp = all(e is not None and 0 < e <= half for e in reach)
        if bends and not any(f.verdict == "kink" for f in self.findings):
            self.findings.append(Finding("kink", "the result has a kink here: its slopes ahead and behind differ"))
        harmless = {v for v, no in (("kink", proved and not bends), ("ill", sharp)) if no}
        self.findings = [inside(f) if f.verdict in harmless else f for f in self.findings]

    # --- the report ---

    def report(self) -> Report:
        findings = tuple(sorted(self.findings, key=lambda f: SEVERITY.index(f.verdict)))
        ok = (
            self.connected
            and all(f.verdict in SOUND for f in findings)
            and all(p.status in ("proved", "not applicable") for p in self.proofs)
        )
        name = function_name(self.f)
        return Report(name, ok, tuple(self.lines(findings)), findings, tuple(self.proofs), self.value, self.gradient)

    def lines(self, findings: tuple[Finding, ...]) -> Iterator[LineReport]:
        """A report for each line that made traced values, or of which there is something to say."""
        total = sum(self.nodes.values()) or 1
        known = {f.line for f in findings if f.line is not None} | self.examiner.calls.keys()
        for line in sorted(known):
            own = tuple(f for f in findings if f.line == line)
            calls, nodes = self.examiner.calls[line], self.nodes[line]
            yield LineReport(line, worst(own), calls, nodes, nodes / total, own)


def narrow(subject: Subject) -> bool:
    """Whether it is of single precision: differences are taken in double precision, and do not see what single loses."""
    return any(np.finfo(np.result_type(x)).eps > np.finfo(float).eps for x in subject.xs)


def inside(finding: Finding) -> Finding:
    """A finding that is to be known of, and no fault."""
    return dataclasses.replace(finding, verdict="ok", note=f"{finding.note}; it does not show in the result")


def alike(a: Any, b: Any) -> bool:
    """Whether two results are equal but for the order of additions."""
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-6, equal_nan=True)


def swept(record: Record, outputs: Outputs, inputs: Inputs) -> list[Any]:
    """The cotangents of the inputs, None where nothing arrived."""
    seeds = [(r, cotangent(v), None) for r, v in zip(outputs.refs, outputs.values, strict=True) if r is not None]
    try:
        with np.errstate(all="ignore"):
            return record.pull(seeds).at([t.place for t in inputs.tensors])
    except Exception as error:
        raise Refused(Finding("error", f"the reverse sweep raised {said(error)}", raised_at(error))) from error


def cotangent(y: Any) -> Any:
    """1 for a real number, random numbers for anything else."""
    plain = bottom(y)
    if np.ndim(plain) == 0 and not np.iscomplexobj(plain):
        return np.ones((), np.result_type(plain))[()]
    return weight(plain, np.random.default_rng(1))


def stayed_inside(notes: Notes, examiner: Examiner) -> Iterator[Finding]:
    """NaN and infinity that were made and did not come through."""
    told = {id(origin.root) for origin, _ in examiner.origins}
    for origin in {id(o): o for o, _ in notes.trouble.values()}.values():
        if origin.how == "made" and id(origin.root) not in told and origin.root is origin:
            yield Finding("ok", f"{deed(origin)}, which does not come through: {scene(origin)}", origin.line, origin.function)
