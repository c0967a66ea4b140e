"""Four tutorials' systems, run through this library: their numbers beside ours.

    for item in SYSTEMS["c"].tour(): print(item)

`wengert tour` prints them as tables. Every number is computed when it runs; each system is also a short program in the
folder `examples` of the repository.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wengert.tour import arrays, layers, learning, modes, network, pullbacks, tracked
from wengert.tour.report import Figure, Row, Text, Watch, quietly

__all__ = ["SYSTEMS", "Figure", "Row", "System", "Text", "Watch", "quietly"]

Item = Row | Text | Figure


@dataclass(frozen=True)
class System:
    """What one tutorial is about, and the parts that go through it."""

    title: str
    parts: tuple[Callable[[Watch], Iterator[Item]], ...]

    def tour(self, watch: Watch = quietly) -> Iterator[Item]:
        """Rows, texts and figures, as they are computed; `watch` shows how far long work is."""
        for part in self.parts:
            yield from part(watch)


SYSTEMS = {
    "a": System("Pullbacks on a tape: seven steps, two results; a relu network", (pullbacks.tour, network.tour)),
    "b": System(
        "Tracked numbers and arrays: x*y + sin(x); y*y + sin(x), gone down and learned", (tracked.tour, arrays.tour, learning.tour)
    ),
    "c": System("Reverse and forward: exp(x1) - x1*x2 + cos(x2)", (modes.tour,)),
    "d": System("Edges, a tape and layers: 2yx**2 + xy + 3; a model that is trained", (layers.tour,)),
}
