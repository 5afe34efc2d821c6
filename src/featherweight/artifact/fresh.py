"""Predictions of a .fw file from a fresh Python that knows nothing but the file, the inputs and the reader."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

import featherweight
from featherweight.artifact.reading import LIMIT
from featherweight.artifact.rebuilding import Recipe
from featherweight.errors import ArtifactProblem

__all__ = ["NoPredictions", "predictions"]


class NoPredictions(ArtifactProblem):
    """The fresh process has failed. said: its line."""

    def __init__(self, path: str | os.PathLike, said: str) -> None:
        super().__init__(f"{path} gives no predictions in a fresh process: {said}")
        self.said = said


def predictions(
    path: str | os.PathLike,
    inputs: Tensor | Sequence[Tensor],
    seconds: float = 120,
    limit: int = LIMIT,
    recipe: Recipe | None = None,
) -> Tensor:
    """What the network in a file predicts for a batch, computed in a process of its own on one thread.

    seconds: it is ended after so long. limit: as `load` has it. recipe: of a file of numbers alone, the code that makes
    its network, which is run in that process. Raises ArtifactProblem, with the line of that process.
    """
    given = [inputs] if isinstance(inputs, Tensor) else inputs
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{folder}/input_{number}.npy" for number in range(len(given))]
        for name, one in zip(names, given, strict=True):
            np.save(name, one.detach().cpu().numpy())
        command = [sys.executable, "-m", "featherweight.artifact", str(Path(path).resolve()), *names]
        command += ["--output", f"{folder}/output.npy", "--limit", str(limit)]
        if recipe is not None:
            home = str(Path(recipe.folder).resolve())
            command += [f"--make={recipe.make}", f"--module={recipe.module}", f"--folder={home}"]
        try:
            done = subprocess.run(
                command, check=False, cwd=folder, env=_home(), capture_output=True, text=True, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            raise ArtifactProblem(
                f"{path} has not been decoded and run in {seconds:g} seconds. Use fewer examples or a smaller network."
            ) from None
        if done.returncode:
            said = done.stderr.strip().split("\n")[-1] or f"its process ended with status {done.returncode}"
            raise NoPredictions(path, said)
        return torch.from_numpy(np.load(f"{folder}/output.npy", allow_pickle=False))


def _home() -> dict[str, str]:
    """This environment, in which the same featherweight is found."""
    package = str(Path(featherweight.__file__).parents[1])
    return os.environ | {"PYTHONPATH": os.pathsep.join([package, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)}
