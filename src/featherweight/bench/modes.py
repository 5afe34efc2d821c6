"""What a lesson must survive: a mode runs it in its own way, and yields (cell, what happened) for what goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping

from nbformat import NotebookNode

from featherweight.authoring.names import made_and_used
from featherweight.bench import mistakes
from featherweight.bench.kernels import Kernel, Place, Ran, kernel
from featherweight.errors import FileProblem
from featherweight.exercises.missing_names import ADVICE
from featherweight.exercises.progress import FILE_NAME
from featherweight.exercises.records import parse

__all__ = ["BYTES", "MODES"]

BYTES = 12 * 2**30 // 10
"""What a lesson may take: 1.2 GB."""
DAMAGED = b'{"exercises": [{"name": "gradient_desc\x00\xff'
EMPTY = ("FEATHERWEIGHT_CACHE", "XDG_CACHE_HOME", "TORCH_HOME", "HF_HOME")
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "FEATHERWEIGHT_THREADS")

Problem = tuple[str, str]
Problems = Iterator[Problem]
Expected = Mapping[str, str]
Typed = Mapping[str, str]


def twice(at: Place) -> Problems:
    """Run All, and Run All again in the same kernel."""
    with kernel(at) as running:
        for time in ("", " the second time"):
            if not (yield from _run_all(running, at.cells, _untouched(at), note=time)):
                return


def restarted(at: Place) -> Problems:
    """The kernel starts anew in the middle: only the set-up is run again, then the rest; then as the advice says."""
    middle = _middle(at)
    with kernel(at) as running:
        if not (yield from _run_all(running, at.cells[:middle], _untouched(at))):
            return
    with kernel(at) as running:
        yield from _run_all(running, at.cells[: _set_up(at)])
        yield from _without_advice(running, at.cells[middle:])
        yield from _run_all(running, at.cells, _untouched(at), note=" after a restart")


def _without_advice(running: Kernel, cells: Iterable[NotebookNode]) -> Problems:
    """Run cells although those above have not run; what goes wrong other than by a NameError with advice.

    A cell that uses what one with that advice has left half made is not run: its learner has been told.
    """
    lost: set[str] = set()
    for cell in cells:
        made, used = made_and_used(cell.source)
        ran = None if used & lost else running.run(cell)
        if ran is None or ran.error:
            lost |= made
        if ran and ran.error and not (ran.error.startswith("NameError") and ADVICE in ran.told):
            yield cell.id, f"after a restart, with the set-up alone: {ran.error}, and no advice"
        if running.dead:
            return


def _middle(at: Place) -> int:
    """The number of the first exercise's cell in the second half, or of the cell in the middle."""
    half, exercises = len(at.cells) // 2, {each.name for each in at.exercises}
    return next((n for n, cell in enumerate(at.cells) if n >= half and cell.id in exercises), half)


def _set_up(at: Place) -> int:
    """How many cells stand before the first that does more than to import."""
    return 1 + next((n for n, cell in enumerate(at.cells) if "runtime.use_threads()" in cell.source), 0)


def out_of_order(at: Place) -> Problems:
    """After Run All each exercise, the last first, checked again, answered wrong, then right; then all cards again."""
    with kernel(at) as running:
        if not (yield from _run_all(running, at.cells, _untouched(at))):
            return
        for exercise in reversed(at.exercises):
            cell, check = at.cell(exercise.name), at.cell(f"check-{exercise.name}")
            yield from _checked(running, check, _untouched(at)[check.id])
            for answer in (mistakes.wrong, mistakes.right):
                source, verdict = answer(exercise)
                yield from _run_all(running, [cell], typed={cell.id: source})
                yield from _checked(running, check, verdict)
                yield from _checked(running, check, verdict)
            yield from _run_all(running, _section(at, check), note=" after a return to its exercise")
            if running.dead:
                return
        yield from _back_to_the_stub(running, at)


def _back_to_the_stub(running: Kernel, at: Place) -> Problems:
    for exercise in at.exercises[:1]:
        check = at.cell(f"check-{exercise.name}")
        yield from _run_all(running, [at.cell(exercise.name)])
        yield from _checked(running, check, _untouched(at)[check.id])
        yield from _run_all(running, _section(at, check), note=" after its exercise was emptied again")
    cards = [cell for cell in at.cells if "widget" in cell.metadata.get("tags", ())]
    yield from _run_all(running, cards, note=" at the end")


def _checked(running: Kernel, check: NotebookNode, verdict: str) -> Problems:
    return _run_all(running, [check], {check.id: verdict})


def _section(at: Place, check: NotebookNode) -> list[NotebookNode]:
    """The cells between a check and the next exercise."""
    exercises = {each.name for each in at.exercises}
    rest = at.cells[1 + at.cells.index(check) :]
    end = next((number for number, cell in enumerate(rest) if cell.id in exercises), len(rest))
    return list(rest[:end])


def wrong(at: Place) -> Problems:
    """Every exercise answered with a misconception: each is named, and the lesson ends."""
    return _answered(at, mistakes.wrong)


def right(at: Place) -> Problems:
    """Every exercise answered right: the lesson goes on with the learner's own functions."""
    return _answered(at, mistakes.right)


def raising(at: Place) -> Problems:
    """Every answer raises."""
    return _answered(at, mistakes.raising)


def hanging(at: Place) -> Problems:
    """Every answer hangs, until its check gives up; that after one second here, which the learner waits ten for."""
    return _answered(at, mistakes.hanging, {"FEATHERWEIGHT_CHECK_SECONDS": "1"})


def threads(at: Place) -> Problems:
    """OMP_NUM_THREADS and its kin are not set: torch computes on one thread all the same."""
    with kernel(at, dict.fromkeys(THREADS)) as running:
        if (yield from _run_all(running, at.cells, _untouched(at))):
            ran = running.run(at.cells[-1], "import torch; torch.get_num_threads()")
            if ran.said.strip() != "1":
                yield ran.cell, f"torch computes on {ran.said.strip() or ran.error} threads; wanted 1"


def memory(at: Place) -> Problems:
    """No process of the lesson can allocate more than 1.2 GB."""
    with kernel(at, most_bytes=BYTES) as running:
        yield from _run_all(running, at.cells, _untouched(at))


def offline(at: Place) -> Problems:
    """On a machine without a network, that of bubblewrap, whose caches are empty."""
    caches = {name: str(at.folder / "cache") for name in EMPTY}
    with kernel(at, caches, box=("--unshare-net",)) as running:
        yield from _run_all(running, at.cells, _untouched(at))


def read_only(at: Place) -> Problems:
    """In a folder that cannot be written, with right answers to record: it says so once."""
    told = f"Progress is not saved in {FILE_NAME}"
    with kernel(at, box=("--ro-bind", str(at.folder), str(at.folder))) as running:
        yield from _run_all(running, at.cells, *_typed(at, mistakes.right), allowed=told)
    if (at.folder / FILE_NAME).exists():
        yield "", f"{FILE_NAME} is there; wanted a folder that cannot be written"


def damaged(at: Place) -> Problems:
    """Beside a progress file that cannot be read: it is kept, a new one is whole, and the lesson ends."""
    file = at.folder / FILE_NAME
    file.write_bytes(DAMAGED)
    with kernel(at) as running:
        yield from _run_all(running, at.cells, *_typed(at, mistakes.right), allowed=FILE_NAME)
    if not any(path != file and path.is_file() and path.read_bytes() == DAMAGED for path in at.folder.rglob("*")):
        yield "", f"the damaged {FILE_NAME} is not kept"
    try:
        passed = {row.name for row in parse(file.read_bytes(), FILE_NAME).exercises if row.state == "passed"}
    except FileProblem as problem:
        yield "", str(problem)
        return
    for exercise in at.exercises:
        if exercise.name not in passed:
            yield f"check-{exercise.name}", f"its pass is not in the new {FILE_NAME}"


def _untouched(at: Place) -> dict[str, str]:
    return {f"check-{each.name}": f"{each.name}: not started" for each in at.exercises}


def _typed(at: Place, answer: Callable) -> tuple[Expected, Typed]:
    answers = {exercise.name: answer(exercise) for exercise in at.exercises}
    verdicts = {f"check-{name}": verdict for name, (_, verdict) in answers.items()}
    return verdicts, {name: source for name, (source, _) in answers.items()}


def _answered(at: Place, answer: Callable, changes: Mapping | None = None) -> Problems:
    with kernel(at, changes) as running:
        yield from _run_all(running, at.cells, *_typed(at, answer))


def _run_all(
    running: Kernel,
    cells: Iterable[NotebookNode],
    expected: Expected | None = None,
    typed: Typed | None = None,
    note: str = "",
    allowed: str | None = None,
) -> Generator[Problem, None, bool]:
    """Run cells in order, as Run All does: up to the first error. Gives back whether all have run.

    expected: check cell → what its verdict must say. typed: exercise → its text. allowed: what stderr may begin with.
    """
    for cell in cells:
        if running.dead:  # which is found already
            return False
        ran = running.run(cell, (typed or {}).get(cell.id))
        yield from ((cell.id, f"{what}{note}") for what in _wrong_with(ran, (expected or {}).get(cell.id, ""), allowed))
        if ran.error:
            return False
    return True


def _wrong_with(ran: Ran, verdict: str, allowed: str | None) -> Iterator[str]:
    if ran.error:
        yield ran.error
        return
    if verdict not in ran.said:
        yield f"said {_short(ran.said)!r}; wanted {verdict!r}"
    if ran.complaints and (allowed is None or allowed not in ran.complaints):
        yield f"complains: {_short(ran.complaints)}"


def _short(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()[:200]


MODES: dict[str, Callable[[Place], Problems]] = {
    mode.__name__.replace("_", "-"): mode
    for mode in (
        twice, restarted, out_of_order, wrong, right, raising, hanging, threads, memory, offline, read_only, damaged
    )
}  # fmt: skip
"""Name → mode."""
