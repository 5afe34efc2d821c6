"""python -m featherweight.artifact FILE.fw INPUTS.npy … [--output PREDICTIONS.npy]: a .fw file's predictions."""

import argparse
import sys

import numpy as np
import torch

from featherweight.artifact.reading import LIMIT, load
from featherweight.errors import FeatherweightError, InputError

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Decode a file and predict; returns the exit status, 1 with one line on stderr where that cannot be done."""
    parser = argparse.ArgumentParser("python -m featherweight.artifact", description=__doc__)
    parser.add_argument("file")
    parser.add_argument("inputs", nargs="+", help="one .npy file for each input of the network")
    parser.add_argument("--output", help="write the predictions to this .npy file, in place of printing the classes")
    parser.add_argument("--limit", type=int, default=LIMIT, help="bytes that the network's tensors may take")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        found = load(given.file, given.limit)(*map(_array, given.inputs))
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


def _array(path: str) -> torch.Tensor:
    try:
        return torch.from_numpy(np.load(path, allow_pickle=False))
    except (OSError, ValueError, TypeError) as problem:
        raise InputError(f"{path} is no .npy file of numbers: {problem}. Write it with numpy.save.") from problem


if __name__ == "__main__":
    sys.exit(main())
