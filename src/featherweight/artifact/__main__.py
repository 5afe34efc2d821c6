"""python -m featherweight.artifact FILE.fw INPUTS.npy … [--output PREDICTIONS.npy]: a .fw file's predictions.

For a file of numbers alone also --module NAME --folder FOLDER --make "Net()": the code that makes its network.
"""

import argparse
import sys

import numpy as np
import torch

from featherweight.artifact.reading import LIMIT, load
from featherweight.artifact.rebuilding import Recipe, rebuilt
from featherweight.errors import FeatherweightError, InputError

__all__ = ["main"]

PIECE = 1024


def main(arguments: list[str] | None = None) -> int:
    """Decode a file and predict; returns the exit status, 1 with one line on stderr where that cannot be done."""
    parser = argparse.ArgumentParser("python -m featherweight.artifact", description=__doc__)
    parser.add_argument("file")
    parser.add_argument("inputs", nargs="+", help="one .npy file for each input of the network")
    parser.add_argument("--output", help="write the predictions to this .npy file, in place of printing the classes")
    parser.add_argument("--limit", type=int, default=LIMIT, help="bytes that the network's tensors may take")
    parser.add_argument("--make", help="of a file of numbers alone: the expression that makes its network")
    parser.add_argument("--module", default="", help="of a file of numbers alone: the module of its code")
    parser.add_argument("--folder", default=".", help="of a file of numbers alone: where that module is imported from")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        found = _predicted(_network(given), list(map(_array, given.inputs)))
        if not isinstance(found, torch.Tensor):
            raise InputError(f"This network has {len(found)} outputs; only one can be written.")
    except FeatherweightError as problem:
        print(problem, file=sys.stderr)
        return 1
    if given.output:
        np.save(given.output, found.numpy())
    else:
        print(*(found.argmax(1) if found.dim() == 2 else found).tolist(), sep="\n")
    return 0


def _network(given: argparse.Namespace) -> torch.nn.Module:
    if given.make is None:
        return load(given.file, given.limit)
    return rebuilt(given.file, Recipe(given.module, given.folder, given.make), given.limit)


@torch.no_grad()
def _predicted(network: torch.nn.Module, inputs: list[torch.Tensor]) -> object:
    """Many examples are predicted in pieces: what lies between two layers must fit into memory."""
    if len({one.shape[:1] for one in inputs}) > 1 or len(inputs[0]) <= PIECE:
        return network(*inputs)
    pieces = zip(*(one.split(PIECE) for one in inputs), strict=True)
    found = [network(*piece) for piece in pieces]
    return torch.cat(found) if isinstance(found[0], torch.Tensor) else found[0]


def _array(path: str) -> torch.Tensor:
    try:
        return torch.from_numpy(np.load(path, allow_pickle=False))
    except (OSError, ValueError, TypeError) as problem:
        raise InputError(f"{path} is no .npy file of numbers: {problem}. Write it with numpy.save.") from problem


if __name__ == "__main__":
    sys.exit(main())
