"""Run a solved notebook in a kernel of its own, and keep what its tagged cells print."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from featherweight.authoring.notebook import OUTPUT_TAG
from featherweight.errors import LessonError

__all__ = ["CELL_SECONDS", "ENVIRONMENT", "executed", "output_problems", "run"]

CELL_SECONDS = 120
"""Per cell; a whole lesson may compute for 60 s, and a busy machine is slower."""
ENVIRONMENT = {
    "FEATHERWEIGHT_DEVICE": "cpu",
    "FEATHERWEIGHT_PROGRESS": "off",
    "FEATHERWEIGHT_STRICT": "1",
    "FEATHERWEIGHT_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""How lessons run when they are built: every check must pass, nothing is recorded, one thread."""


def run(name: str, notebook: NotebookNode, folder: Path, seconds: int = CELL_SECONDS) -> dict[str, list]:
    """Execute a copy of `notebook` in `folder`; return the outputs of its tagged cells by id.

    seconds: the limit for one cell. Raises LessonError that names the lesson, the cell and the error in one line.
    """
    copy = executed(name, notebook, folder, seconds)
    tagged = [cell for cell in copy.cells if OUTPUT_TAG in cell.metadata.get("tags", ())]
    found = {cell.id: list(cell.get("outputs", ())) for cell in tagged}
    if problem := next(output_problems(name, copy, found), None):
        raise LessonError(problem)
    return found


def executed(name: str, notebook: NotebookNode, folder: Path, seconds: int = CELL_SECONDS) -> NotebookNode:
    """A copy of `notebook`, executed in `folder`, with all outputs and the state of its widgets.

    seconds: the limit for one cell. Raises LessonError that names the lesson, the cell and the error in one line.
    """
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    copy = nbformat.from_dict(notebook)
    started: list[NotebookNode] = []
    client = _client(copy, folder, seconds, lambda cell, cell_index: started.append(cell))
    try:
        with ThreadPoolExecutor(1) as alone:  # this thread may have a loop that runs
            alone.submit(asyncio.run, client.async_execute(env={**os.environ, **ENVIRONMENT})).result()
    except CellExecutionError as problem:
        raise LessonError(f"{_where(name, started)}: {problem.ename}: {_one_line(problem.evalue)}") from None
    except CellTimeoutError:
        raise LessonError(f"{_where(name, started)}: still running after {seconds} s; make it shorter.") from None
    except DeadKernelError:
        raise LessonError(f"{_where(name, started)}: the kernel died, out of memory perhaps.") from None
    return copy


def _client(notebook: NotebookNode, folder: Path, seconds: int, on_cell_start: Callable):
    from nbclient import NotebookClient

    return NotebookClient(
        notebook,
        timeout=seconds,
        kernel_name="python3",
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=on_cell_start,
    )


def output_problems(name: str, notebook: NotebookNode, outputs: Mapping[str, list]) -> Iterator[str]:
    """What is wrong with the outputs of tagged cells: none stored, or something else than printed text."""
    for cell in notebook.cells:
        if OUTPUT_TAG not in cell.metadata.get("tags", ()):
            continue
        if not outputs.get(cell.id):
            yield f"{name}, cell {cell.id}: tagged {OUTPUT_TAG} and has no stored output; print something and build."
        for output in outputs.get(cell.id, ()):
            if not _is_text(output):
                kind = output.get("name", output["output_type"])
                yield f"{name}, cell {cell.id}: tagged {OUTPUT_TAG} and its output is {kind}; wanted printed text only."


def _is_text(output: Mapping) -> bool:
    if output["output_type"] == "stream":
        return output["name"] == "stdout"
    return output["output_type"] == "execute_result" and list(output["data"]) == ["text/plain"]


def _where(name: str, started: list[NotebookNode]) -> str:
    if not started:
        return f"{name}, before the first cell"
    return f"{name}, cell {started[-1].id} ({started[-1].source.partition(chr(10))[0][:50]!r})"


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\x1b\[[0-9;]*m", "", text)).strip()[:500]
