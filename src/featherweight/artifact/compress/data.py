"""The learner's examples: read from a file or from Python, looked at, and cut into three parts.

The first part retrains, the second chooses, the third measures what was chosen and is not looked at before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from featherweight.errors import FileProblem, InputError

__all__ = ["LEAST", "Examples", "Parts", "examples", "split"]

LEAST = 100
"""Fewer examples than this cannot be cut into three parts that say anything."""

LEAST_APART = 40
"""Fewer examples than this in a part that the data keeps apart neither choose nor measure."""

NAMES = (("inputs", "labels"), ("x", "y"), ("X", "y"), ("images", "labels"), ("data", "targets"))
WANTED = "wanted inputs (n, …) and labels (n,)"
KINDS = ".npz, .pt, .pth or .safetensors"


@dataclass(frozen=True, eq=False)
class Examples:
    """inputs: (n, …). labels: (n,), int64: the number of the right class."""

    inputs: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, which: Tensor | slice) -> Examples:
        return Examples(self.inputs[which], self.labels[which])

    def to(self, device: torch.device | str) -> Examples:
        """The same on another device."""
        return Examples(self.inputs.to(device), self.labels.to(device))


@dataclass(frozen=True, eq=False)
class Parts:
    """Three parts without a common example. unseen: the second and third come from parts that the data keeps apart."""

    train: Examples
    validation: Examples
    held_out: Examples
    unseen: bool


def split(given: object, seed: int) -> Parts:
    """60% to retrain, 20% to choose, 20% held out, of every class.

    Data with a test part of its own retrains with all the rest, and one half of the test part chooses: a network knows
    the examples that it was trained on better than any smaller one will, which says nothing about others. A validation
    part chooses where there is one; all of the test part is then held out. given: see `examples`. Raises InputError,
    FileProblem.
    """
    everything, validation, test = examples(given)
    if len(everything) < LEAST:
        raise InputError(
            f"The data has {len(everything)} examples; wanted at least {LEAST}: a part retrains the network, a part "
            "chooses, a part measures."
        )
    if len(everything.labels.unique()) < 2:
        raise InputError("All labels of the data are alike; wanted at least two classes.")
    if validation and test:
        return Parts(everything, validation, test, True)
    apart = test or validation
    if apart:
        chooses, held_out, _ = (apart[rows] for rows in _shares(apart.labels, (0.5, 1.0), seed))
        return Parts(everything, chooses, held_out, True)
    train, chooses, held_out = (everything[rows] for rows in _shares(everything.labels, (0.6, 0.8), seed))
    return Parts(train, chooses, held_out, False)


def _shares(labels: Tensor, ends: tuple[float, float], seed: int) -> list[Tensor]:
    """Rows of three parts: of each class up to the first end, between both, and the rest."""
    generator, rows = torch.Generator().manual_seed(seed), ([], [], [])
    for label in labels.unique():
        own = (labels == label).nonzero()[:, 0]
        own = own[torch.randperm(len(own), generator=generator)]
        first, second = (round(end * len(own)) for end in ends)
        for part, chosen in zip(rows, (own[:first], own[first:second], own[second:]), strict=True):
            part.append(chosen)
    return [torch.cat(part).sort().values for part in rows]


def examples(given: object) -> tuple[Examples, Examples | None, Examples | None]:
    """Inputs and labels, and a validation part and a test part where the data has them.

    given: the path of a file (.npz, .pt or .safetensors) or a mapping with the arrays `inputs` and `labels`, maybe also
    `test_inputs` and `test_labels`, `validation_inputs` and `validation_labels`; a pair (inputs, labels) of tensors or
    arrays; a Dataset or DataLoader of pairs.
    Raises InputError, FileProblem.
    """
    if isinstance(given, str | Path):
        given = _read(Path(given))
    if isinstance(given, Mapping):
        return _of_mapping(given)
    if isinstance(given, Examples):
        given = (given.inputs, given.labels)
    if isinstance(given, tuple | list) and len(given) == 2 and all(hasattr(one, "shape") for one in given):
        return _examples(*given), None, None
    return _examples(*_collected(given)), None, None


def _of_mapping(given: Mapping) -> tuple[Examples, Examples | None, Examples | None]:
    for inputs, labels in NAMES:
        if inputs in given and labels in given:
            validation, test = (
                _apart(given, f"{part}_{inputs}", f"{part}_{labels}") for part in ("validation", "test")
            )
            return _examples(given[inputs], given[labels]), validation, test
    names = ", ".join(map(repr, list(given)[:8])) or "nothing"
    raise InputError(f"The data holds {names:.200}; wanted arrays of the names 'inputs' and 'labels'.")


def _apart(given: Mapping, inputs: str, labels: str) -> Examples | None:
    """A part of the data that is kept apart, if there is one; half of one, or next to nothing, is a mistake."""
    if inputs not in given and labels not in given:
        return None
    if inputs not in given or labels not in given:
        raise InputError(f"The data holds only one of {inputs!r} and {labels!r}; wanted both, or none of them.")
    part = _examples(given[inputs], given[labels])
    if len(part) < LEAST_APART:
        raise InputError(f"{inputs!r} has {len(part)} examples; wanted at least {LEAST_APART}, or none.")
    return part


def _read(path: Path) -> object:
    """What a data file holds. Nothing in it is run: no pickled object is taken."""
    ending = path.suffix.lower()
    if ending not in (".npz", ".pt", ".pth", ".safetensors"):
        raise InputError(f"Data comes in a file {KINDS}; got {path.name}. Save inputs and labels with numpy.savez.")
    if not path.is_file():
        raise FileProblem(f"There is no file {path}; wanted data in {KINDS}.")
    try:
        if ending == ".npz":
            with np.load(path, allow_pickle=False) as arrays:
                return dict(arrays)
        if ending == ".safetensors":
            from safetensors.torch import load_file

            return load_file(path)
        return torch.load(path, map_location="cpu", weights_only=True)
    except MemoryError as problem:
        raise FileProblem(f"The data in {path.name} needs more memory than there is here. Take fewer.") from problem
    except Exception as problem:  # three libraries, each with a zoo of its own
        reason = str(problem).strip().split("\n")[0]
        raise FileProblem(
            f"Could not read the data in {path.name} ({reason:.100}); wanted plain tensors or arrays 'inputs' and "
            "'labels'. Save it again."
        ) from problem


def _collected(given: object) -> tuple[Tensor, Tensor]:
    """All pairs of a Dataset, or all batches of a DataLoader, as two tensors."""
    if not isinstance(given, Iterable) and not hasattr(given, "__getitem__"):
        raise InputError(f"The data is {type(given).__name__}; {WANTED}, a Dataset, a DataLoader or a file's path.")
    batched = isinstance(given, torch.utils.data.DataLoader) and given.batch_size is not None
    sized = hasattr(given, "__len__") and hasattr(given, "__getitem__")
    source = (given[place] for place in range(len(given))) if sized and not batched else given
    inputs, labels = [], []
    for pair in source:
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise InputError(f"The data gives {type(pair).__name__} for one example; wanted pairs (inputs, label).")
        inputs.append(_tensor(pair[0]))
        labels.append(_tensor(pair[1]))
    if not inputs:
        raise InputError(f"The data has 0 examples; wanted at least {LEAST}.")
    try:
        return (torch.cat(inputs), torch.cat(labels)) if batched else (torch.stack(inputs), torch.stack(labels))
    except RuntimeError as problem:
        raise InputError(
            f"The examples are not of one shape ({str(problem).split(chr(10))[0]:.100}); pad or crop them to one."
        ) from problem


def _tensor(value: object) -> Tensor:
    try:
        return torch.as_tensor(value).detach().cpu()
    except (TypeError, ValueError, RuntimeError) as problem:
        many = isinstance(value, Mapping | tuple | list)
        what = "of text or objects" if hasattr(value, "dtype") else "that is no array of numbers"
        more = " Only networks of one input are compressed." if many else ""
        raise InputError(f"The data holds a {type(value).__name__} {what}; {WANTED}.{more}") from problem


def _many_labels(labels: Tensor) -> str:
    """What several labels for an example could be."""
    if labels.dim() < 2:
        return ""
    if labels.dim() == 2 and bool(((labels == 0) | (labels == 1)).all() and (labels.sum(1) == 1).all()):
        return ": of these, labels.argmax(1)"
    return ", one for a whole example: what labels each token or pixel is not compressed here"


def _examples(inputs: object, labels: object) -> Examples:
    inputs, labels = _tensor(inputs), _tensor(labels)
    if labels.dim() == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.dim() != 1 or inputs.dim() < 1 or len(inputs) != len(labels):
        raise InputError(
            f"Got inputs of shape {tuple(inputs.shape)} and labels of shape {tuple(labels.shape)}; {WANTED}, "
            f"the number of each example's class{_many_labels(labels)}."
        )
    if labels.is_floating_point() and not torch.equal(labels, labels.round()):
        raise InputError(
            "The labels are numbers with a fraction; wanted the number of each example's class: only classifiers are "
            "compressed. Retrain on bins of the target, or write the pipeline of lesson 13 with your own measure."
        )
    if len(labels) and labels.min() < 0:
        raise InputError(f"A label is {int(labels.min())}; wanted classes numbered from 0.")
    if inputs.dtype == torch.float64:
        inputs = inputs.float()
    if inputs.is_floating_point() and not torch.isfinite(inputs).all():
        raise InputError("The inputs hold NaN or infinity; wanted finite numbers: look for what made them.")
    return Examples(inputs.contiguous(), labels.long().contiguous())
