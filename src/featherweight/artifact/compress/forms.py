"""What a file may hold: a whole network as data, or where its steps cannot be told, its numbers alone.

A file of numbers needs the network's own code, and can take nothing out of it: no layer is folded, no channel deleted.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, nn

from featherweight.artifact import Codes, Plain, encode, encode_weights, load, load_weights
from featherweight.artifact.architecture import trace
from featherweight.artifact.compress.shape import folded, without_dead
from featherweight.artifact.rebuilding import Recipe
from featherweight.errors import InputError

__all__ = ["Numbers", "Whole", "recipe_of"]

HOW = 'pass the file of its class, --code FILE.py (in Python code=), and how it is made, --make "Net()" (make=).'


@dataclass(frozen=True)
class Whole:
    """A file with the network in it."""

    recipe = None

    def names(self, network: nn.Module, some: Tensor) -> set[str]:
        """Of the tensors that the file holds."""
        return set(trace(network, (some,)).names.values())

    def smaller(self, network: nn.Module, some: Tensor) -> nn.Module:
        """The network without what it can do without."""
        return without_dead(folded(network, some), some)

    def encode(self, network: nn.Module, parts: Mapping[str, Plain | Codes], example: Tensor) -> bytes:
        """The file; what is read from it predicts as the network does."""
        return encode(network, parts, (example,))

    def load(self, path: Path, network: nn.Module, limit: int) -> nn.Module:
        """What the file holds."""
        return load(path, limit)


@dataclass(frozen=True)
class Numbers:
    """A file of numbers alone. recipe: the code that makes its network."""

    recipe: Recipe

    def names(self, network: nn.Module, some: Tensor) -> set[str]:
        """Of the tensors that the file holds."""
        return set(network.state_dict())

    def smaller(self, network: nn.Module, some: Tensor) -> nn.Module:
        """The network: its own code makes it as it is."""
        return network

    def encode(self, network: nn.Module, parts: Mapping[str, Plain | Codes], example: Tensor) -> bytes:
        """The file; what is read from it are the numbers."""
        return encode_weights(network, parts)

    def load(self, path: Path, network: nn.Module, limit: int) -> nn.Module:
        """A copy of the network with what the file holds."""
        filled = copy.deepcopy(network)
        filled.load_state_dict(load_weights(path, limit))
        return filled.eval()


def recipe_of(model: nn.Module, code: str | Path | None, make: str | None) -> Recipe:
    """How a fresh process makes a network like this one. Raises InputError where that is not known.

    code: the file of its class, else where Python found it; make: the expression, else the class called with nothing.
    """
    kind = type(model)
    if make is None and kind.__module__.partition(".")[0] == "torch":
        raise InputError(f"{kind.__name__} is torch's own and does not say how it was made; {HOW}")
    module, folder = (Path(code).stem, str(Path(code).parent)) if code is not None else _home(kind)
    recipe = Recipe(module, folder, make or f"{kind.__qualname__}()")
    try:
        recipe.names  # noqa: B018 - parses it
    except SyntaxError as problem:
        raise InputError(f"make is {make!r:.100}, which is no Python expression; wanted such as Net(10).") from problem
    return recipe


def _home(kind: type) -> tuple[str, str]:
    """The module of a class and the folder that it is imported from."""
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    if kind.__module__ == "__main__" or not file:
        raise InputError(f"{kind.__name__} is defined in a script or a notebook; {HOW}")
    deep = len(kind.__module__.split(".")) - (Path(file).stem != "__init__")
    return kind.__module__, str(Path(file).resolve().parents[deep])
