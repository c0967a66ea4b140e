"""The command `wengert` (the extra `cli`).

    wengert tour                              four tutorials' systems: their numbers beside ours
    wengert tour --only b,d --out figures
    wengert coverage numpy.linalg             which functions are differentiated, and how
    wengert --version

Typer, Rich and Matplotlib are imported by the functions that need them, so that a missing one is said in a sentence.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from wengert import __version__, coverage
from wengert.tour import SYSTEMS, Figure, Row, System, Text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from typer import Typer

NEEDED = "The command `wengert` needs Typer and Rich: pip install 'wengert[cli]'"
COLUMNS = ("what", "known", "ours", "agree", "time", "known from")
PAGE = """\
# What is differentiated

Made from the rows by `python -m wengert coverage --markdown > docs/coverage.md`, with {libraries}.

- **derivative**: the verb by which the function is declared ([how a rule is written](how-a-rule-is-written.md) has
  them all); *not yet* where there is none for a reason, *missing* where there is none so far. A traced value is then
  an error, which says what to write instead; in *plain Python*, where that calls what has no row.
- **modes**: *both*, forward and reverse, or *zero*, where the result is piecewise constant.
- **batched**: how a batch goes through it: by *broadcast*ing, along an *axis*, *stacked* as matrices are, or in a
  *loop*.

{table}
"""
NARROWEST = 100  # a page or a pipe has no width of its own


def main() -> None:
    """Run the command; without its extra, say what to install."""
    try:
        import rich  # noqa: F401
        import typer  # noqa: F401
    except ModuleNotFoundError:
        sys.exit(NEEDED)
    app()()


def app() -> "Typer":
    """The Typer application, made anew."""
    import typer

    application = typer.Typer(
        help="Automatic differentiation of NumPy code.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )

    def say_version(wanted: bool) -> None:
        if wanted:
            typer.echo(__version__)
            raise typer.Exit

    @application.callback()
    def wengert(
        version: Annotated[
            bool, typer.Option("--version", callback=say_version, is_eager=True, help="Print the version and stop.")
        ] = False,
    ) -> None: ...

    @application.command()
    def tour(
        out: Annotated[
            Path | None, typer.Option(metavar="DIR", file_okay=False, help="Draw the figures into this folder (PNG and GIF).")
        ] = None,
        only: Annotated[str, typer.Option(metavar="LETTERS", help="The systems to run.")] = ",".join(SYSTEMS),
    ) -> None:
        """Run four tutorials' systems: their numbers beside ours, and the time they took.

        Ends with 1 if a number disagrees.
        """
        try:
            letters = chosen(only)
            if out is not None:
                prepare(out)
        except (ValueError, ModuleNotFoundError, OSError) as trouble:
            raise typer.BadParameter(str(trouble)) from None
        raise typer.Exit(run_tour(letters, out))

    @application.command(name="coverage")
    def table(
        names: Annotated[list[str] | None, typer.Argument(metavar="NAME", help="A module, or a function of it.")] = None,
        markdown: Annotated[bool, typer.Option("--markdown", help="Write a page in Markdown.")] = False,
    ) -> None:
        """Say which functions of NumPy and scipy.special are differentiated, and how."""
        version_of_scipy = scipy_version()
        try:
            lines = coverage(*names or ())
        except ValueError as trouble:
            raise typer.BadParameter(str(trouble)) from None
        typer.echo(page(lines.to_markdown(), version_of_scipy) if markdown else str(lines))

    return application


def scipy_version() -> str | None:
    """The version of SciPy, with its special functions at hand; None where it is not installed."""
    try:
        import scipy.special
    except ModuleNotFoundError:
        return None
    return str(scipy.__version__)


def page(table: str, scipy: str | None) -> str:
    """The table with what its columns say; docs/coverage.md is this page."""
    libraries = f"NumPy {np.__version__}" + (f" and SciPy {scipy}" if scipy else "")
    return PAGE.format(libraries=libraries, table=table).rstrip()


def chosen(only: str) -> list[str]:
    """The letters of the systems that were asked for, each once, in their order."""
    asked = {letter.strip().lower() for letter in only.split(",") if letter.strip()}
    if not asked or asked - SYSTEMS.keys():
        strange = ", ".join(sorted(asked - SYSTEMS.keys())) or "nothing"
        raise ValueError(f"--only {strange}: the systems are {', '.join(SYSTEMS)}.")
    return [letter for letter in SYSTEMS if letter in asked]


def prepare(out: Path) -> None:
    """A folder to draw into, and Matplotlib to draw with: missed before the work, not after."""
    try:
        import matplotlib  # noqa: F401
    except ModuleNotFoundError:
        raise ModuleNotFoundError("--out draws with Matplotlib: pip install 'wengert[plot]'") from None
    out.mkdir(parents=True, exist_ok=True)


def run_tour(letters: list[str], out: Path | None) -> int:
    """Go through the systems, print and draw; 0 if every row agrees, else 1."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, NARROWEST)
    results: list[tuple[str, Row]] = []
    drawn: list[str] = []
    for letter in letters:
        rows, texts, figures = collect(SYSTEMS[letter], console)
        show(console, letter, rows, texts)
        results += [(letter, row) for row in rows]
        drawn += draw_all(figures, out, console) if out is not None else []
    if out is not None:
        say(console, "\n".join(f"Drawn: {line}" for line in drawn or ["nothing, these systems have no figures"]))
    return judge(console, results)


def judge(console: "Console", results: list[tuple[str, Row]]) -> int:
    """Say whether all rows agree, or which do not; the exit code."""
    failed = [f"{letter}: {row.what}" for letter, row in results if not row.agrees]
    if failed:
        say(console, f"{len(failed)} of {len(results)} rows disagree: " + "; ".join(failed), "bold red")
        return 1
    say(console, f"All {len(results)} rows agree.", "bold green")
    return 0


def say(console: "Console", text: str, style: str = "") -> None:
    """Print a line as it is: not marked up, not coloured by guesses, not broken."""
    console.print(printable(text, console), style=style, markup=False, highlight=False, soft_wrap=True)


def collect(system: System, console: "Console") -> tuple[list[Row], list[Text], list[Figure]]:
    """Run one system, with a bar for what takes long where somebody watches."""
    with bars(console) as progress:
        items = list(system.tour(lambda steps, description: progress.track(steps, description=description)))
    rows = [item for item in items if isinstance(item, Row)]
    texts = [item for item in items if isinstance(item, Text)]
    return rows, texts, [item for item in items if isinstance(item, Figure)]


def show(console: "Console", letter: str, rows: list[Row], texts: list[Text]) -> None:
    """Print the table of one system, and what there is to read under it."""
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=f"{letter}) {SYSTEMS[letter].title}", title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for name in COLUMNS:
        numeric = name in ("known", "ours", "time")
        table.add_column(name, justify="right" if numeric else "left", no_wrap=numeric, overflow="fold")
    for row in rows:
        verdict = "[green]yes[/]" if row.agrees else "[bold red]NO[/]"
        table.add_row(*map(escape, (row.what, row.known, row.ours)), verdict, duration(row.seconds), escape(row.source))
    console.print(table)
    for text in texts:
        say(console, text.title, "bold")
        say(console, text.body + "\n")


def printable(text: str, console: Any) -> str:
    """A text in the characters that the output can show: a tree has branches, an old terminal may not."""
    return text.encode(console.encoding, "replace").decode(console.encoding)


def duration(seconds: float | None) -> str:
    """A time with three digits and a unit that suits it.

    >>> duration(0.0000254), duration(1.5), duration(None)
    ('25.4 us', '1.5 s', '')
    """
    if seconds is None:
        return ""
    units = {"s": 1.0, "ms": 1e-3, "us": 1e-6}
    unit = next((unit for unit, size in units.items() if seconds >= size), "us")
    return f"{seconds / units[unit]:.3g} {unit}"


def draw_all(figures: list[Figure], out: Path, console: "Console") -> list[str]:
    """Draw figures into files, with a bar for each; a line for each that says where it is, and what it shows."""
    with bars(console) as progress:
        return [f"{draw(figure, out, progress)}, {figure.shows}" for figure in figures]


def draw(figure: Figure, out: Path, progress: "Progress") -> Path:
    """Save one figure, without a display: a picture, or the frames of an animation."""
    from matplotlib.animation import PillowWriter
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    path = out / figure.name
    task = progress.add_task(f"drawing {path.name}", total=1)
    canvas = Canvas(figsize=figure.size, layout="compressed")
    FigureCanvasAgg(canvas)
    drawn = figure.draw(canvas)
    if path.suffix == ".gif":
        drawn.save(
            path, PillowWriter(fps=8), dpi=100, progress_callback=lambda k, n: progress.update(task, completed=k + 1, total=n)
        )
    else:
        canvas.savefig(path, dpi=150)
    return path


def bars(console: "Console") -> "Progress":
    """Bars that vanish when the work is done, shown where somebody watches."""
    from rich.progress import Progress

    return Progress(console=console, transient=True, disable=not console.is_terminal)
