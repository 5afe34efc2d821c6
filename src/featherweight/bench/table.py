"""BENCHMARKS.md, from what is kept in BENCHMARKS.json and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from featherweight.bench.kept import Kept
from featherweight.bench.row import Row

__all__ = ["TABLE_NAME", "document", "table"]

TABLE_NAME = "BENCHMARKS.md"
HEAD = ("what", "measured", "compared with", "ratio", "goal", "")
OPENING = """# Benchmarks

Everything that the book says is fast or small, measured, with what it is compared with. `make bench` measures again and
writes this file and BENCHMARKS.json, which has the same numbers; `featherweight bench --only PART` renews one part.

- A time is the fastest of several, for whatever disturbs a machine only ever adds to it.
- A ratio is the measured ÷ what it is compared with, both from the same run, in turns: the median of the turns and, in
  brackets, their 10th to 90th percentile.
- A goal is one that the book or its design sets. A row that misses its goal says **falls short**. "–" means that there
  is nothing to compare with, or no goal, and why."""


def document(parts: Mapping[str, Kept]) -> str:
    """The whole file. parts: by name, in the order in which they are shown."""
    machines = _machines(parts.values())
    blocks = [OPENING, _summary(parts.values())]
    for number, machine in enumerate(machines, 1):
        title = "## Machine" + (f" {number}" if len(machines) > 1 else "")
        blocks.append("\n".join([title, "", *(f"- {name}: {text}" for name, text in machine.items())]))
    for name, part in parts.items():
        where = f" on machine {machines.index(part.machine) + 1}" if len(machines) > 1 else ""
        measured = f"`{part.command}`, {part.date}, {part.seconds:.0f} s{where}."
        blocks += [f"## {part.title}", f"{part.about} Part `{name}`: {measured}", table(part.rows)]
    return "\n\n".join(blocks) + "\n"


def table(rows: Sequence[Row]) -> str:
    """A Markdown table with a line for each row, no cell of which is empty."""
    lines = [_line(HEAD), "|---|--:|---|---|---|---|"]
    for row in rows:
        *cells, verdict = (cell.replace("|", "\\|") for cell in row.cells)
        lines.append(_line([*cells, f"**{verdict}**" if verdict in ("falls short", "not measured") else verdict]))
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _summary(parts: Iterable[Kept]) -> str:
    rows = [row for part in parts for row in part.rows]
    judged = [row for row in rows if row.allowed is not None and row.measured is not None]
    short = [row for row in judged if not row.within]
    lines = [f"{len(rows)} rows, {len(judged)} with a goal: {len(judged) - len(short)} met, {len(short)} fall short."]
    lines += ["", *(f"- Falls short: {row.what}: {_judged(row)}." for row in short)]
    lines += [f"- {row.what}: {row.note}." for row in rows if row.measured is None]
    return "\n".join(lines).rstrip()


def _judged(row: Row) -> str:
    _, value, beside, share, goal, _ = row.cells
    return f"{share} of {beside}; goal {goal}" if row.of_ratio else f"{value}; goal {goal}"


def _machines(parts: Iterable[Kept]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for part in parts:
        if part.machine not in found:
            found.append(part.machine)
    return found
