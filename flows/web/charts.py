"""Pictures as SVG, drawn by matplotlib, which is imported with the first one.

Texts stay texts: whoever looks has the fonts for them. A picture is shown as an image, where
nothing in it can do anything. One accent for what is counted, two where two are compared, and those
differ in form too.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DRAWING = threading.Lock()
"""matplotlib keeps its settings in one place for all threads."""
_LONGEST_NAME = 34
_MARKED = 31
"""Steps up to which each is marked on a line."""
_FONT, _FONTS = b"'DejaVu Sans'", b"system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans'"
"""What matplotlib measures texts by, and what they are shown in."""
_DOTS = 100
"""Dots of a picture per inch."""


@dataclass(frozen=True, slots=True)
class Series:
    """A name, and a number for each step."""

    name: str
    values: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.values)


@dataclass(frozen=True, slots=True)
class Multiples:
    """Several series over the same steps, one below the other in one measure."""

    title: str
    steps: tuple[date, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Two series over the same steps in one field."""

    title: str
    steps: tuple[date, ...]
    one: Series
    other: Series


@dataclass(frozen=True, slots=True)
class Bar:
    """A number with its name, and how much of it is of the first kind."""

    name: str
    value: int
    part: int


@dataclass(frozen=True, slots=True)
class Bars:
    """Numbers side by side."""

    title: str
    bars: tuple[Bar, ...]
    parts: tuple[str, str] | None = None
    """What the rest of each is, and what the part is; None where there are no parts."""


Drawing = Multiples | Lines | Bars


@dataclass(frozen=True, slots=True)
class Look:
    """How it is drawn."""

    dark: bool = False
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class _Colours:
    ink: str
    soft: str
    line: str
    blue: str
    pale: str
    red: str


_LIGHT = _Colours("#1c1b19", "#5c5953", "#dedad2", "#0b5a99", "#a9c8e2", "#a63f06")
_DARK = _Colours("#e7e4dd", "#a5a29b", "#33373d", "#85bdf2", "#3a5570", "#f2a372")


def size_of(drawing: Drawing, look: Look) -> tuple[int, int]:
    """Width and height in pixels."""
    width = 340 if look.narrow else 720
    if isinstance(drawing, Multiples):  # two stand side by side
        width = 340 if look.narrow else 600
        return width, 34 + (50 if look.narrow else 42) * max(1, len(drawing.series))
    if isinstance(drawing, Lines):
        return width, 220 if look.narrow else 260
    legend = 30 if drawing.parts else 6
    return width, legend + (40 if look.narrow else 28) * max(1, len(drawing.bars))


@lru_cache(maxsize=256)
def svg(drawing: Drawing, look: Look) -> bytes:
    """The picture."""
    import matplotlib  # noqa: PLC0415 - takes long to import
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    width, height = size_of(drawing, look)
    settings: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "pressclip",
        "font.family": "sans-serif",
        "font.size": 9,
        "text.parse_math": False,
    }
    with _DRAWING, matplotlib.rc_context(settings):
        figure = Figure(figsize=(width / _DOTS, height / _DOTS), dpi=_DOTS)
        figure.patch.set_alpha(0)
        _draw(figure, drawing, _DARK if look.dark else _LIGHT, look)
        buffer = io.BytesIO()
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(buffer, metadata={"Date": None, "Title": drawing.title})
    return buffer.getvalue().replace(_FONT, _FONTS)


def _draw(figure: Figure, drawing: Drawing, colours: _Colours, look: Look) -> None:
    if isinstance(drawing, Multiples):
        _draw_multiples(figure, drawing, colours, look)
    elif isinstance(drawing, Lines):
        _draw_lines(figure, drawing, colours, look)
    else:
        _draw_bars(figure, drawing, colours, look)


def _draw_multiples(figure: Figure, drawing: Multiples, colours: _Colours, look: Look) -> None:
    """Names stand above their row where there is no room beside it."""
    if not drawing.series or not drawing.steps:
        return
    rows = len(drawing.series)
    height = figure.get_figheight() * _DOTS
    grid = figure.subplots(rows, 1, sharex=True, sharey=True, squeeze=False)
    fields: list[Axes] = list(grid[:, 0])
    figure.subplots_adjust(
        left=0.01 if look.narrow else 0.22,
        right=0.9,
        top=1 - (18 if look.narrow else 6) / height,
        bottom=26 / height,
        hspace=0.9 if look.narrow else 0.35,
    )
    most = max(max(one.values) for one in drawing.series)
    edges = [at - 0.5 for at in range(len(drawing.steps) + 1)]
    for field, one in zip(fields, drawing.series, strict=True):
        field.stairs(one.values, edges, fill=True, color=colours.blue, linewidth=0)
        field.set_ylim(0, max(most, 1) * 1.02)
        field.set_xlim(edges[0], edges[-1])
        _bare(field, colours)
        if look.narrow:
            field.set_title(_short(one.name), loc="left", fontsize=8.5, color=colours.ink, pad=1)
        else:
            name: dict[str, Any] = {"ha": "right", "va": "center", "color": colours.ink}
            field.text(-0.015, 0.4, _short(one.name), transform=field.transAxes, **name)
        total: dict[str, Any] = {"ha": "left", "va": "center", "color": colours.soft}
        field.text(1.012, 0.4, str(one.total), transform=field.transAxes, **total)
    _mark_time(fields[-1], drawing.steps, colours, look)


def _draw_lines(figure: Figure, drawing: Lines, colours: _Colours, look: Look) -> None:
    field = figure.subplots()
    height = figure.get_figheight() * _DOTS
    figure.subplots_adjust(
        left=0.1 if look.narrow else 0.05, right=0.97, top=1 - 30 / height, bottom=26 / height
    )
    places = range(len(drawing.steps))
    one, other = drawing.one, drawing.other
    field.plot(places, one.values, color=colours.blue, linewidth=2, label=_label(one))
    field.plot(
        places, other.values, color=colours.red, linewidth=2, linestyle=(0, (4, 1.5)),
        label=_label(other), marker="o" if len(places) <= _MARKED else None, markersize=3.5,
    )  # fmt: skip
    field.set_ylim(bottom=0)
    _bare(field, colours)
    field.grid(axis="y", color=colours.line, linewidth=0.8)
    field.set_axisbelow(True)
    field.yaxis.set_major_locator(_whole_numbers())
    field.tick_params(axis="y", labelleft=True)
    _legend(field, colours)
    _mark_time(field, drawing.steps, colours, look)


def _draw_bars(figure: Figure, drawing: Bars, colours: _Colours, look: Look) -> None:
    if not drawing.bars:
        return
    field = figure.subplots()
    height = figure.get_figheight() * _DOTS
    top = 1 - (26 if drawing.parts else 2) / height
    left = 0.01 if look.narrow else 0.26
    figure.subplots_adjust(left=left, right=0.9, top=top, bottom=2 / height)
    places = range(len(drawing.bars))
    values = [bar.value for bar in drawing.bars]
    thick = 0.42 if look.narrow else 0.62
    rest = colours.pale if drawing.parts else colours.blue
    field.barh(places, values, height=thick, color=rest, label=(drawing.parts or ("",))[0])
    if drawing.parts:
        parts = [bar.part for bar in drawing.bars]
        field.barh(places, parts, height=thick, color=colours.blue, label=drawing.parts[1])
        _legend(field, colours)
    field.set_ylim(len(places) - 0.5, -0.7 if look.narrow else -0.5)
    field.set_xlim(0, max(*values, 1))
    _bare(field, colours)
    field.spines["bottom"].set_visible(False)
    for place, bar in enumerate(drawing.bars):
        count: dict[str, Any] = {"ha": "left", "va": "center", "color": colours.soft}
        field.annotate(
            f"{bar.value:,}", (bar.value, place), (5, 0), textcoords="offset points", **count
        )
        name: dict[str, Any] = {"color": colours.ink, "textcoords": "offset points"}
        if look.narrow:
            field.annotate(_short(bar.name), (0, place), (0, 8), ha="left", va="bottom", **name)
        else:
            field.annotate(_short(bar.name), (0, place), (-8, 0), ha="right", va="center", **name)


def _bare(field: Axes, colours: _Colours) -> None:
    field.patch.set_alpha(0)
    for side in ("top", "left", "right"):
        field.spines[side].set_visible(False)
    field.spines["bottom"].set_color(colours.line)
    field.tick_params(
        left=False, labelleft=False, bottom=False, labelbottom=False, colors=colours.soft
    )


def _mark_time(field: Axes, steps: Sequence[date], colours: _Colours, look: Look) -> None:
    """Some steps by their day; the year stands with the last, unless there are several."""
    count = min(len(steps), 3 if look.narrow else 5)
    one_year = steps[0].year == steps[-1].year
    places = sorted({round(at * (len(steps) - 1) / max(count - 1, 1)) for at in range(count)})
    days = [
        f"{steps[at].day} {steps[at]:%b}" if one_year and at != places[-1]
        else f"{steps[at].day} {steps[at]:%b %Y}"
        for at in places
    ]  # fmt: skip
    field.set_xticks(places, days)
    field.tick_params(axis="x", labelbottom=True, colors=colours.soft, labelsize=8)
    labels = field.get_xticklabels()
    if len(labels) > 1:
        labels[0].set_horizontalalignment("left")
        labels[-1].set_horizontalalignment("right")


def _legend(field: Axes, colours: _Colours) -> None:
    legend = field.legend(
        loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, frameon=False, borderaxespad=0.2
    )
    for text in legend.get_texts():
        text.set_color(colours.ink)


def _whole_numbers() -> Any:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - as above

    return MaxNLocator(nbins=5, integer=True)


def _label(series: Series) -> str:
    return f"{_short(series.name)} ({series.total})"


def _short(name: str) -> str:
    """A name that fits, and that matplotlib does not take for a hidden label."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    plain = plain.lstrip("_") or "?"
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[: _LONGEST_NAME - 1]}…"
