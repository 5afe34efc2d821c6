"""Put the release's workbooks into a learner's folder, each where it is missing; what is there is never overwritten.

A workbook is a notebook and its .py twin, and is copied whole or not at all: beside a notebook that someone has
written in, a fresh twin would be the newer of the two. The folder's `generated.json` says of each workbook what was
copied, so that a later release can tell that it brings other text, and the learner's commands what is untouched.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from featherweight import runtime
from featherweight.errors import InputError

__all__ = ["SHIPPED", "provide"]

SHIPPED = Path(__file__).parents[1] / "notebooks"
"""The workbooks in an installed package; in a checkout there is no such folder, and nothing is copied."""
MANIFEST = "generated.json"


def provide(folder: Path, shipped: Path = SHIPPED) -> list[str]:
    """Copy what is missing, all of it or nothing; returns what was done and what was left, a line each.

    Raises InputError where `folder` is no folder, and FileProblem where it cannot be written.
    """
    if not shipped.is_dir():
        return []
    _refuse_a_file(folder)
    names = sorted(path.stem for path in shipped.glob("*.ipynb"))
    missing = [name for name in names if not _is_there(folder, name)]
    if missing and folder.is_dir() and any(folder.glob("*.ipynb")) and not os.access(folder, os.W_OK):
        missing = []  # the notebooks of a read-only folder can be read all the same
    if missing:
        _copy(missing, shipped, folder)
    return list(_said(missing, [name for name in names if name not in missing], shipped, folder))


def _refuse_a_file(folder: Path) -> None:
    for place in (folder, *folder.parents):
        if os.path.lexists(place) and not os.path.isdir(place):
            raise InputError(f"{place} is no folder; wanted one for the workbooks: name another with --dir.")


def _is_there(folder: Path, name: str) -> bool:
    return any(os.path.lexists(folder / f"{name}{suffix}") for suffix in (".ipynb", ".py"))


def _copy(names: list[str], shipped: Path, folder: Path) -> None:
    """Write these workbooks and what the folder's manifest says of them. If it fails, a folder made here goes."""
    files = {
        f"{name}{suffix}": (shipped / f"{name}{suffix}").read_bytes() for name in names for suffix in (".ipynb", ".py")
    }
    known = _manifest(folder)
    if known is not None:
        marks = _released(shipped)
        copied = {key: mark for key, mark in marks.items() if Path(key).stem in names or not known}
        files[MANIFEST] = (json.dumps(known | copied, indent=1, sort_keys=True) + "\n").encode("utf-8")
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        runtime.write_all(folder, files, "nothing was copied: free some space or choose a writable folder with --dir.")
    except BaseException:
        for place in made:
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()
        raise


def _manifest(folder: Path) -> dict[str, str] | None:
    """What a folder's manifest says of workbooks; empty where there is none, None where a file is something else."""
    if not os.path.lexists(folder / MANIFEST):
        return {}
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) and all(isinstance(key, str) for key in content) else None


def _released(shipped: Path) -> dict[str, str]:
    """File name → fingerprint of the workbooks of this release."""
    return {key: mark for key, mark in (_manifest(shipped) or {}).items() if key.startswith("notebooks/")}


def _said(copied: list[str], left: list[str], shipped: Path, folder: Path) -> Iterator[str]:
    if copied:
        beside = f"; {_count(left)} already there, left as found" if left else ""
        yield f"Copied {_count(copied)} to {folder}{beside}."
    for name in left:
        if problem := _damage(folder / f"{name}.ipynb"):
            yield f"{name}.ipynb {problem} and is left as found; move it and its .py away for a fresh one."
    known = _manifest(folder)
    if known is None:
        yield (
            f"{MANIFEST} in {folder} is not the book's and is left as found; without it `featherweight resume` "
            "cannot tell an untouched workbook: move it away."
        )
    elif changed := _of_another_release(left, _released(shipped), known):
        yield (
            f"This release has other text for {_count(changed)} of yours ({', '.join(changed)}); yours stay as they "
            "are. For today's: `featherweight lab --dir NEW`, and then in NEW "
            f'`featherweight resume "{folder / changed[0]}.ipynb"` takes your answers over.'
        )


def _count(names: list[str]) -> str:
    return f"{len(names)} workbook{'s' if len(names) != 1 else ''}"


def _damage(notebook: Path) -> str:
    """What is wrong with a notebook that will not open, or "". One that only its twin stands for is no damage."""
    if not os.path.lexists(notebook):
        return ""
    try:
        content = json.loads(notebook.read_bytes())
        return "" if isinstance(content, dict) and "cells" in content else "holds no notebook"
    except OSError as problem:
        return f"cannot be read ({problem.strerror})"
    except (ValueError, RecursionError):
        return "is not a whole notebook"


def _of_another_release(names: list[str], today: Mapping[str, str], then: Mapping[str, str]) -> list[str]:
    """The workbooks that were copied by a release whose text was another."""
    keys = {name: f"notebooks/{name}.ipynb" for name in names}
    return [name for name, key in keys.items() if key in then and then[key] != today.get(key)]
