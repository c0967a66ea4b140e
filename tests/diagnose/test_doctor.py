"""wg.doctor: what it says of sound functions, and of sick ones, on which line; and that it never raises for them."""

import inspect
from dataclasses import dataclass

import numpy as np
import pytest

import wengert as wg
from wengert.diagnose.findings import SEVERITY
from wengert.extend import elementwise

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # what the functions themselves meet
A = np.array


def on(f, text):
    """The number of the line of f that holds this text."""
    lines, start = inspect.getsourcelines(f)
    (number,) = [start + k for k, line in enumerate(lines) if text in line]
    return number


def verdict(f, text, *args, **options):
    return wg.doctor(f, *args, **options)[on(f, text)].verdict


def notes(report, verdict):
    return " | ".join(str(f) for f in report.findings if f.verdict == verdict)


# --- sound functions --------------------------------------------------------------------------------------------------------


def smooth(x):
    y = np.sin(x) ** 2
    for k in range(3):
        y = y * np.exp(-0.1 * x) + k
    z = np.zeros(3)
    z[1:] = y[:2]
    return np.sum(z * y)


def test_a_sound_function_is_ok_and_proved_in_every_way():
    report = wg.doctor(smooth, A([0.3, 0.5, 0.7]), order=2)
    assert report.ok and not report.findings
    proved = {p.name: p for p in report.proofs}
    assert {p.status for p in report.proofs} == {"proved", "not applicable"}
    assert all(p.error < 1e-8 for p in report.proofs if p.status == "proved")
    assert proved["reverse"].error < 1e-9 and proved["adjoint"].error < 1e-14
    assert {"reverse over forward", "forward over reverse", "forward over forward", "reverse over reverse"} <= proved.keys()
    assert "drops imaginary parts" in proved["complex step"].detail  # z is an array of floats
    np.testing.assert_allclose(report.gradient, wg.grad(smooth)(A([0.3, 0.5, 0.7])))
    assert report.value == smooth(A([0.3, 0.5, 0.7]))


def test_each_line_has_its_share_of_the_list():
    report = wg.doctor(smooth, A([0.3, 0.5, 0.7]))
    assert [line.line.number for line in report.lines] == sorted(line.line.number for line in report.lines)
    loop = report[on(smooth, "y = y * np.exp")]
    assert (loop.calls, loop.nodes, loop.verdict, loop.source) == (12, 12, "ok", "y = y * np.exp(-0.1 * x) + k")
    assert 0.5 < loop.share < 1 and sum(line.share for line in report.lines) <= 1
    with pytest.raises(KeyError):
        report[on(smooth, "z = np.zeros(3)")]


def test_the_complex_step_proves_to_the_last_bits():
    report = wg.doctor(lambda x: np.sum(np.exp(x) * np.sqrt(x)), A([0.3, 0.5]))
    (step,) = [p for p in report.proofs if p.name == "complex step"]
    assert step.status == "proved" and step.error < 1e-15


@pytest.mark.parametrize(
    ("f", "why"),
    [
        (lambda x: np.sum(np.abs(x) * x), "absolute (test_doctor.py"),
        (lambda x: np.linalg.norm(x) * x[0], "linalg.norm"),
        (lambda x: np.sum(x.astype(complex).real * x), "real"),
        (lambda x: np.sum(np.floor(x) + x), "does not take complex numbers: TypeError"),
    ],
)
def test_where_the_complex_step_cannot_be_taken_it_says_why(f, why):
    (step,) = [p for p in wg.doctor(f, A([0.3, 0.5])).proofs if p.name == "complex step"]
    assert step.status == "not applicable" and why in step.detail


# --- all kinds of arguments and results -----------------------------------------------------------------------------------


@dataclass
class Point:
    x: float
    y: np.ndarray


class Model:
    def __init__(self, scale):
        self.scale = scale

    def loss(self, x):
        return np.sum(self.part(x))

    def part(self, x):
        return self.scale * x**2

    def __call__(self, x):
        return self.loss(x)


KINDS = {
    "a number": (lambda x: x * x, (2.0,), 0),
    "a whole number": (lambda x: x * x, (2,), 0),
    "an array": (lambda x: np.sum(x * x), (A([1.0, 2.0]),), 0),
    "without axes": (lambda x: x * x, (np.ones(()),), 0),
    "an array of results": (lambda x: x * x, (A([1.0, 2.0]),), 0),
    "several arguments": (lambda x, y, n: np.sum(x * y) ** n, (A([1.0, 2.0]), 3.0, 2), (0, 1)),
    "the last argument": (lambda x, y: x * y, (1.0, 2.0), -1),
    "containers": (lambda p: {"a": p["a"] * p["b"][0], "n": 3}, ({"a": A([1.0, 2.0]), "b": [2.0], "name": "x"},), 0),
    "dataclasses": (lambda p: np.sum(p.x * p.y), (Point(2.0, A([1.0, 2.0])),), 0),
    "complex arguments": (lambda z: np.abs(z) ** 2 + np.real(z**2), (1.0 + 2.0j,), 0),
    "complex results": (lambda x: np.exp(1j * x), (A([0.3, 0.5]),), 0),
    "single precision": (lambda x: np.sum(np.sin(x) * x), (A([0.3, 0.5], np.float32),), 0),
    "a method": (Model(3.0).loss, (A([1.0, 2.0]),), 0),
    "an object": (Model(3.0), (A([1.0, 2.0]),), 0),
    "a function of NumPy": (np.prod, (A([1.0, 2.0]),), 0),
    "a gradient": (wg.grad(lambda x: np.sum(np.sin(x))), (A([1.0, 2.0]),), 0),
}


@pytest.mark.parametrize(("f", "args", "argnums"), KINDS.values(), ids=KINDS)
def test_it_takes_whatever_a_derivative_takes(f, args, argnums):
    report = wg.doctor(f, *args, argnums=argnums, order=2)
    assert report.ok, str(report)
    assert {p.status for p in report.proofs} <= {"proved", "not applicable"}
    assert all(len(line) <= 100 for line in str(report).splitlines())


@pytest.mark.parametrize(
    "call",
    [
        lambda: wg.doctor(3.0, 1.0),
        lambda: wg.doctor(np.sum, 1.0, argnums=1),
        lambda: wg.doctor(np.sum, "text"),
        lambda: wg.doctor(np.sum, A([1, 2])),
    ],
)
def test_what_cannot_be_examined_is_refused(call):
    with pytest.raises(wg.errors.InputError):
        call()


# --- zeros by rule ----------------------------------------------------------------------------------------------------------


def detached(x, y):
    a = np.floor(x) + x
    b = np.sign(x) + a
    c = x[np.argmax(x)]
    d = x.astype(int) * x
    e = wg.stop_gradient(x) * x
    g = x[int(x[0])] * x
    h = x * (x > 1.0)
    i = np.heaviside(x, 0.5) * x
    j = np.where(x > 1.0, x, 0.0) if np.all(x < 9.0) and len(x) > 0 and np.shape(x) else x
    return np.sum(a + b + c + d + e + g + h + i + j)


@pytest.mark.parametrize("line", "abcdeghi")
def test_lines_on_which_the_derivative_is_zero_by_rule(line):
    report = wg.doctor(detached, A([1.3, 2.4, 0.6]), 1.0, argnums=(0, 1))
    assert report[on(detached, f"    {line} = ")].verdict == "zero"


def test_what_is_no_zero_by_rule():
    report = wg.doctor(detached, A([1.3, 2.4, 0.6]), 1.0, argnums=0)
    assert report[on(detached, "    j = ")].verdict == "ok"
    assert "a comparison enters multiply as a number" in notes(report, "zero")
    assert "the result does not depend" not in notes(report, "zero")
    assert "the result does not depend on argument 1 (y)" in notes(wg.doctor(detached, A([1.3, 2.4]), 1.0, argnums=(0, 1)), "zero")


def test_a_function_that_is_detached_altogether_is_not_ok():
    report = wg.doctor(lambda x: np.floor(x), 1.5)
    assert not report.ok and "the result depends on no argument" in notes(report, "zero")
    report = wg.doctor(lambda x, y: np.sin(wg.stop_gradient(x)) + y, 1.5, 2.0)
    assert not report.ok and "depends on no argument" in notes(report, "zero")


def test_results_that_depend_on_nothing_are_named():
    report = wg.doctor(lambda x: {"a": x * 2.0, "b": [1.0, x]}, 1.5)
    assert report.ok and notes(report, "zero") == "the result['b'][0] depends on no argument that is differentiated"


# --- precision --------------------------------------------------------------------------------------------------------------


def narrow(x):
    a = x.astype(np.float32)
    b = np.zeros(3, np.float32)
    b[:] = x
    c = (x + 0j).astype(np.complex64)
    d = np.sum(x, dtype=np.float32)
    e = x * np.float32(2.0)
    return np.sum(a) + np.sum(b) + np.sum(np.real(c)) + d + np.sum(e)


def test_lines_that_lose_precision():
    report = wg.doctor(narrow, A([1.3, 2.4, 0.6]))
    found = {line.source[0] for line in report.lines if line.verdict == "float32"}
    assert found == {"a", "b", "c", "d"} and not report.ok
    assert "float64 is written into an array of float32" in notes(report, "float32")
    assert not wg.doctor(narrow, A([1.3, 2.4, 0.6], np.float32)).verdicts()


# --- kinks ------------------------------------------------------------------------------------------------------------------


def bent(x):
    a = np.abs(x)
    b = np.maximum(x, 0.0)
    if x[1] > 1.0:
        b = b * x[1]
    return np.sum(a + 2.0 * b)


def test_kinks_met_exactly_have_their_element_and_convention():
    report = wg.doctor(bent, A([0.5, 1.0, 0.0, 0.0]))
    (found,) = report[on(bent, "np.abs")].findings
    assert (found.verdict, found.index, found.count, found.size) == ("kink", (2,), 2, 4)
    assert str(found) == "absolute at a kink: the slope at 0 is 0, at [2] (2 of 4 elements)"
    assert "share the derivative" in str(report[on(bent, "np.maximum")].findings[0])
    assert "the branch that was taken" in str(report[on(bent, "if x[1]")].findings[0])
    assert not report.ok


def test_beside_kinks_all_is_well():
    assert wg.doctor(bent, A([0.5, 1.5, 0.3, -0.2])).ok


def test_a_kink_that_does_not_show_is_noted_only():
    report = wg.doctor(lambda x: np.sum(np.abs(x) ** 2), A([0.5, 0.0]))
    assert report.ok and "it does not show in the result" in notes(report, "ok")


def test_a_kink_of_a_function_that_nobody_knows_is_found_by_its_slopes():
    @wg.primitive
    def ramp(x):
        return np.where(np.real(x) > 0, 3.0 * x, x)

    elementwise(ramp, lambda y, x: 2.0)
    report = wg.doctor(lambda x: ramp(x) * 2.0, 0.0)
    assert not report.ok and "the result has a kink here" in notes(report, "kink")


# --- lost digits -------------------------------------------------------------------------------------------------------------

ILL = {
    "log1p": (lambda x: np.log(1.0 + x), 1e-10, "np.log1p(x)"),
    "expm1": (lambda x: np.exp(x) - 1.0, 1e-10, "np.expm1(x)"),
    "1 - cos": (lambda x: 1.0 - np.cos(x), 1e-5, "2 * np.sin(x / 2)**2"),
    "sqrt - 1": (lambda x: np.sqrt(1.0 + x) - 1.0, 1e-10, "x / (np.sqrt(1 + x) + 1)"),
    "variance": (lambda x: np.mean(x**2) - np.mean(x) ** 2, A([1e6, 1e6 + 1.0]), "np.var(x)"),
    "1 - tanh": (lambda x: 1.0 - np.tanh(x), 12.0, "2 / (np.exp(2 * x) + 1)"),
    "a difference": (lambda x: ((x + 1e9) - 1e9) ** 2, 1e-3, "subtract cancels: the result is 5e-13"),
    "a sum": (lambda x: np.sqrt(np.sum(A([1e10, 1.0, -1e10]) * x)), A([0.3, 0.5, 0.3]), "sum cancels: 10 digits"),
    "sin of a huge number": (np.sin, 1e12, "sin amplifies relative errors by"),
    "a huge power": (lambda x: x**1e9, 1.0 + 1e-9, "power amplifies relative errors by 1e+09: 9 digits"),
    "underflow": (lambda x: x * 1e-200 * x, 1e-200, "underflows to 0"),
    "solve": (lambda x: np.linalg.solve(A([[1.0, 1.0], [1.0, 1.0 + 1e-10]]) * x[0], x)[0], A([1.0, 2.0]), "condition number 4e+10"),
    "inv": (lambda x: np.sum(np.linalg.inv(np.diag(x))), A([1.0, 1e-9]), "condition number 1e+09"),
    "slogdet": (lambda x: np.linalg.slogdet(A([[1.0, 1.0], [1.0, 1.0 + 1e-10]]) * x)[1], 1.5, "condition number 4e+10"),
    "cholesky": (lambda x: np.sum(np.linalg.cholesky(np.diag(x))), A([1.0, 1e-9]), "condition number 1e+09"),
    "eigh": (lambda x: np.linalg.eigh(A([[1.0, x], [x, 1.0 + 1e-9]]))[1][0, 0] ** 2, 1e-9, "two eigenvalues are 2e-09 apart"),
    "eigvalsh": (lambda x: np.linalg.eigvalsh(np.diag(x))[0], A([1.0, 1.0]), "eigenvalues coincide"),
    "svd": (lambda x: np.linalg.svd(np.diag(x))[1][0], A([1.0, 1.0 + 1e-9]), "two singular values are 1e-09 apart"),
    "single precision": (lambda x: np.log(np.float32(1.0) + x), np.float32(1e-4), "4 digits are lost; np.log1p(x)"),
}


@pytest.mark.parametrize(("f", "x", "said"), ILL.values(), ids=ILL)
def test_lines_that_lose_digits(f, x, said):
    report = wg.doctor(f, x)
    assert not report.ok and said in notes(report, "ill"), str(report)
    assert "ill" in {line.verdict for line in report.lines}


def test_differences_that_lose_digits_disprove_nothing():
    report = wg.doctor(lambda x: 1e9 * np.log(1.0 + 1e-9 * x), 1.5)
    assert report.proofs[0].status == "not proved" and "digits are lost on the way" in report.proofs[0].detail


def test_lost_digits_that_do_not_show_are_noted_only():
    report = wg.doctor(lambda x: np.sum(x[1:] - x[:-1]), A([1.0, 1.0 + 1e-9, 2.0]))
    assert report.ok and "9 digits are lost; it does not show in the result" in notes(report, "ok")


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: np.log1p(x), 1e-10),
        (lambda x: np.expm1(x), 1e-10),
        (lambda x: np.var(x), A([1e6, 1e6 + 1.0])),
        (lambda x: np.sum(x - np.max(x) * 1.0) + np.sum(x**2), A([1.0, 3.0])),
        (lambda x: np.linalg.solve(A([[2.0, 1.0], [1.0, 2.0]]), x)[0], A([1.0, 2.0])),
        (lambda x: np.sum(np.exp(-(x**2))), A([50.0, 1.0])),
        (lambda x: np.sum(x * 0.0) + np.sum(x), A([1.0, 2.0])),
    ],
)
def test_what_loses_none_is_not_blamed(f, x):
    assert "ill" not in wg.doctor(f, x).verdicts()


# --- NaN and infinity ---------------------------------------------------------------------------------------------------------


def broken(x):
    y = np.sqrt(x)
    z = np.log(x - 1.0)
    return np.sum(np.where(x > 1.0, z, y))


def test_what_comes_through_and_what_does_not():
    report = wg.doctor(broken, A([0.0, 2.0]))
    assert report[on(broken, "np.sqrt")].verdict == "nan"
    assert "the derivative of sqrt made inf in the reverse sweep, and the gradient is inf" in notes(report, "nan")
    assert "log made nan, which does not come through" in str(report[on(broken, "np.log")].findings[0])
    assert not report.ok
    assert wg.doctor(broken, A([0.5, 2.0])).ok


def test_a_value_that_is_nan_is_told_once_with_its_remedy():
    report = wg.doctor(lambda x: np.sum(x * np.log(x)), A([0.0, 2.0]))
    assert report.verdicts() == {"nan": 1} and "scipy.special.xlogy" in notes(report, "nan")
    report = wg.doctor(lambda x: np.sum(x * x), A([np.nan, 2.0]))
    assert "an input holds nan" in notes(report, "nan")


# --- functions that are not one function ---------------------------------------------------------------------------------------

BUFFER = np.zeros(3)
STATE = {"calls": 0.0}
RANDOM = np.random.default_rng()


def overwriting(x, y):
    y = y * 2.0
    x[0] = 3.0
    return np.sum(x * y)


def buffered(x):
    total = 0.0
    for k in range(3):
        BUFFER[:] = k
        total = total + np.sum(BUFFER * x)
    return total


def counting(x):
    y = x * x
    STATE["calls"] += 1.0
    return np.sum(y * STATE["calls"])


def drawing(x):
    y = np.sin(x)
    z = y + RANDOM.normal()
    return np.sum(z * z)


def test_an_argument_that_is_overwritten():
    x = A([1.0, 2.0])
    report = wg.doctor(overwriting, x, 2.0)
    assert report[on(overwriting, "x[0] = 3.0")].verdict == "changed" and not report.ok
    assert "f writes into argument 0 (x)" in notes(report, "changed")
    assert x.tolist() == [1.0, 2.0]


def test_a_buffer_that_changes_while_it_runs():
    BUFFER[:] = 0.0
    report = wg.doctor(buffered, np.ones(3))
    assert "BUFFER, which f reads, changed while f ran" in notes(report, "changed") and not report.ok


def test_counters_and_random_numbers_are_found_with_their_line():
    for f, text in ((counting, "y * STATE"), (drawing, "RANDOM.normal()")):
        report = wg.doctor(f, A([1.0, 2.0]))
        assert report[on(f, text)].verdict == "changed" and not report.ok
        assert "two calls with the same arguments give different values" in notes(report, "changed")
        assert [(p.name, p.status) for p in report.proofs] == [("reverse", "not proved")]


def test_results_of_another_shape_each_time():
    calls = []

    def growing(x):
        calls.append(1)
        return [x * 1.0] * len(calls)

    report = wg.doctor(growing, 2.0)
    assert not report.ok and "two calls with the same arguments" in notes(report, "changed")


# --- errors, and wrong derivatives ----------------------------------------------------------------------------------------------


def raising(x):
    y = x * 2.0
    return y[7]


def untraceable(x):
    y = x * 2.0
    z = y.view(np.int64)
    return np.sum(z)


def test_an_error_comes_first_with_its_line():
    for f, text, said in (
        (raising, "return y[7]", "f itself raised IndexError"),
        (untraceable, "y.view", "f raised when it was traced: MissingAttributeError"),
    ):
        report = wg.doctor(f, A([1.0, 2.0]))
        assert not report.ok and report.findings[0].verdict == "error"
        assert said in report.findings[0].note and report[on(f, text)].verdict == "error"


def test_f_that_leaves_its_domain_beside_its_arguments():
    def picky(x):
        if x != 1.0:
            raise ValueError("1 alone")
        return x * x

    report = wg.doctor(picky, 1.0)
    assert not report.ok and "f raised beside its arguments" in report.proofs[0].detail


def test_a_wrong_rule_is_found():
    @wg.primitive
    def cube(x):
        return x**3

    elementwise(cube, lambda y, x: 3.03 * x**2)
    report = wg.doctor(lambda x: np.sum(cube(x)), A([1.0, 2.0]))
    assert not report.ok
    assert {p.name: p.status for p in report.proofs} == {
        "reverse": "wrong",
        "forward": "wrong",
        "adjoint": "proved",
        "complex step": "wrong",
    }


def test_noise_and_jumps_prove_nothing():
    def noisy(x):
        return np.sum(np.sin(x)) + 1e-3 * np.sin(1e9 * np.sum(wg.stop_gradient(x)))

    report = wg.doctor(noisy, A([1.0, 2.0]))
    reverse = report.proofs[0]
    assert not report.ok and reverse.status == "not proved" and "noisy" in reverse.detail


# --- the report -------------------------------------------------------------------------------------------------------------


def test_the_report_reads_so():
    lines = str(wg.doctor(bent, A([0.5, 1.5, 0.0]))).splitlines()
    assert lines[0] == "bent: not ok (2 kink)"
    assert lines[1].startswith("  reverse       ") and lines[3].startswith("  adjoint       proved to ")
    header = next(line for line in lines if "verdict" in line)
    assert header.split() == ["verdict", "line", "calls", "list", "source"]
    row = next(line for line in lines if "np.abs" in line)
    assert row.split()[:3] == ["kink", f"test_doctor.py:{on(bent, 'np.abs')}", "1"]
    assert all(len(line) <= 100 for line in lines)


def test_long_programs_are_told_line_by_line():
    def loop(x):
        y = x
        for _ in range(3000):
            y = y * 0.999 + 0.001
        return y

    report = wg.doctor(loop, 1.5)
    assert report.ok and len(str(report).splitlines()) < 12
    assert report[on(loop, "y = y * 0.999")].calls == 6000


def test_many_lines_are_counted_where_there_is_nothing_to_say():
    source = "def f(x):\n" + "".join(f"    x = x * 1.{k}\n" for k in range(60)) + "    return x\n"
    space = {}
    exec(compile(source, "many.py", "exec"), space)
    report = wg.doctor(space["f"], 1.5)
    assert len(report.lines) == 60 and "and 60 lines more, all of them ok" in str(report)


def test_verdicts_are_ordered_by_weight():
    report = wg.doctor(detached, A([1.3, 0.0, 1.0]), 1.0)
    weights = [SEVERITY.index(f.verdict) for f in report.findings]
    assert weights == sorted(weights) and weights[0] == SEVERITY.index("kink")
