"""Generated files on disk: what was generated last, whether someone has edited it since, and writing all or none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from featherweight import runtime
from featherweight.errors import FileProblem
from featherweight.exercises import workbook

__all__ = [
    "JOURNAL",
    "MANIFEST",
    "clear_journal",
    "edited",
    "fingerprint",
    "journal_bytes",
    "manifest_bytes",
    "read_manifest",
    "write_all",
]

MANIFEST = f"notebooks/{workbook.MANIFEST}"
"""For each generated file, relative to the project's root, the fingerprint of what was generated last."""


JOURNAL = "notebooks/.generating.json"
"""There while a build writes: for each file the fingerprints that it may have now. A killed build leaves it."""


def fingerprint(name: str, content: bytes) -> str:
    """A hash of what a reader of the notebook sees: kinds and sources of its cells, not outputs, counts or metadata.

    A notebook and its Jupytext twin have the same fingerprint; a damaged file has one of its own. Of a page it is all.
    """
    if name.endswith(".md"):
        return hashlib.sha256(content).hexdigest()
    try:
        return workbook.fingerprint(workbook.parse(content, name))
    except FileProblem:  # damaged: it is not what was generated
        return hashlib.sha256(b"damaged\n" + content).hexdigest()


def read_manifest(root: Path) -> dict[str, str]:
    """The manifest of what was generated last; empty where there is none or it is damaged."""
    return _read(root / MANIFEST)


def _read(path: Path) -> dict:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def journal_bytes(root: Path, files: Mapping[str, bytes]) -> bytes:
    """The journal of what is about to be written, beside what a build that was killed had noted."""
    known = _journal(root)
    marks = {name: [*known.get(name, []), fingerprint(name, content)] for name, content in files.items()}
    return manifest_bytes(known | marks)


def _journal(root: Path) -> dict[str, list]:
    return {name: marks for name, marks in _read(root / JOURNAL).items() if isinstance(marks, list)}


def clear_journal(root: Path) -> bool:
    """Remove the journal and the temporary files of a build that was killed; whether there was one."""
    path = root / JOURNAL
    if not path.exists():
        return False
    for name in [*_read(path), MANIFEST]:
        for temporary in (root / name).parent.glob(f".{Path(name).name}.????????"):
            temporary.unlink(missing_ok=True)
    path.unlink(missing_ok=True)
    return True


def manifest_bytes(manifest: Mapping) -> bytes:
    """The file of a manifest or journal."""
    return (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode("utf-8")


def edited(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """Which of `files` (name from root → new content) on disk hold neither that, nor what was generated last.

    A build that was killed had generated what its journal says.
    """
    manifest, journal = read_manifest(root), _journal(root)
    found = []
    for name, content in files.items():
        path = root / name
        if path.exists():
            today = fingerprint(name, path.read_bytes())
            if today not in (manifest.get(name), *journal.get(name, ()), fingerprint(name, content)):
                found.append(name)
    return found


def write_all(root: Path, files: Mapping[str, bytes]) -> None:
    """Write all files, readable by everyone, or none. Raises FileProblem when the file system refuses."""
    runtime.write_all(root, files, "free some space or make it writable, then build again.", mode=0o644)
