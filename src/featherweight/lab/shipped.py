"""Results that come with the package, as JSON beside the script that makes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from featherweight.errors import FileProblem

__all__ = ["read", "tuples", "with_rows"]

Found = TypeVar("Found")


def read(file: Path, build: Callable[..., Found]) -> Found:
    """What `build` makes of the file's JSON. Raises FileProblem where the file is missing or damaged."""
    try:
        return build(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise FileProblem(
            f"{file.name} cannot be read ({problem}); wanted the file that came with the package: install it again."
        ) from problem


def tuples(value):
    """JSON data with tuples in place of its lists."""
    if isinstance(value, dict):
        return {key: tuples(part) for key, part in value.items()}
    return tuple(map(tuples, value)) if isinstance(value, list) else value


def with_rows(results: Callable[..., Found], row: Callable) -> Callable[[dict], Found]:
    """A `build` for `read`: results whose `rows` have names, each row made by `row`."""
    return lambda found: results(**found | {"rows": {name: row(**each) for name, each in found["rows"].items()}})
