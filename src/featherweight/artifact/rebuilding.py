"""A network that its own Python code makes, filled with the numbers of a file."""

import ast
import builtins
import importlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from featherweight.artifact.reading import LIMIT
from featherweight.artifact.weights import load_weights
from featherweight.errors import InputError

__all__ = ["Recipe", "rebuilt"]


HOW = 'Make it as it was made: --make "Net(10)" (in Python make=).'


@dataclass(frozen=True)
class Recipe:
    """How a network is made. module: of its code, as it is imported; folder: where from; make: a Python expression."""

    module: str
    folder: str
    make: str

    @property
    def names(self) -> list[str]:
        """What the expression uses of the module, in the order of the alphabet."""
        tree = ast.parse(self.make, mode="eval")
        return sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - set(dir(builtins)))


def rebuilt(path: str | os.PathLike, recipe: Recipe, limit: int = LIMIT) -> nn.Module:
    """The network, in evaluation mode. This runs the code of the recipe. Raises InputError, ArtifactProblem."""
    network, tensors = _made(recipe), load_weights(path, limit)
    try:
        network.load_state_dict(tensors)
    except Exception as problem:
        reason = " ".join(str(problem).split())
        raise InputError(f"{recipe.make} makes a network with other tensors: {reason:.160}. {HOW}") from problem
    return network.eval()


def _made(recipe: Recipe) -> nn.Module:
    folder = str(Path(recipe.folder).resolve())
    sys.path.insert(0, folder)
    try:
        module = importlib.import_module(recipe.module)
        network = eval(compile(recipe.make, "make", "eval"), vars(module))
    except Exception as problem:
        reason = f"{type(problem).__name__}: {problem}".split("\n")[0]
        raise InputError(f"{recipe.make} of {recipe.module} makes no network ({reason:.160}). {HOW}") from problem
    finally:
        sys.path.remove(folder)
    if not isinstance(network, nn.Module):
        raise InputError(f"{recipe.make} of {recipe.module} gives {type(network).__name__}; wanted a torch.nn.Module.")
    return network
