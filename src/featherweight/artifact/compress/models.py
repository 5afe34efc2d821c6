"""The learner's network: read from a file, and looked at before any time is spent on it."""

from __future__ import annotations

import copy
import importlib.util
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from featherweight.artifact.compress.data import Examples
from featherweight.errors import FileProblem, InputError

__all__ = ["checked", "logits", "read_model"]

BATCH = 256
EXPORTED = "holds an exported program, which has no layers any more; torch.save the module that it was made of."


def read_model(path: str | Path, code: str | Path | None = None) -> nn.Module:
    """The module that `torch.save(model, path)` wrote. Loading it runs code of the file: only for files of your own.

    code: the .py file where its classes are defined, if Python does not find them by itself. Raises FileProblem,
    InputError.
    """
    path = Path(path)
    if not path.is_file():
        raise FileProblem(f"There is no file {path}; wanted a network that torch.save(model, {path.name!r}) wrote.")
    names = _classes(Path(code)) if code is not None else {}
    main = sys.modules["__main__"]
    before = {name: vars(main)[name] for name in names if name in vars(main)}
    vars(main).update(names)  # a class of a script or a notebook was pickled as a class of __main__
    try:
        return _module(_loaded(path), path.name)
    finally:
        for name in names:
            vars(main).pop(name, None)
        vars(main).update(before)


def _loaded(path: Path) -> object:
    """What a file holds."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it is TorchScript, or of another version: said later, or no matter
            return torch.load(path, map_location="cpu", weights_only=False)
    except (AttributeError, ModuleNotFoundError) as problem:
        raise InputError(
            f"{path.name} needs a class that Python does not find here ({problem}); "
            "pass the file where it is defined: --code FILE.py."
        ) from problem
    except MemoryError as problem:
        raise FileProblem(f"{path.name} needs more memory than there is here. Use a larger machine.") from problem
    except (Exception, SystemExit) as problem:  # unpickling can raise anything, and end the program
        if path.suffix == ".pt2":
            raise InputError(f"{path.name} {EXPORTED}") from problem
        reason = str(problem).strip().split("\n")[0]
        raise FileProblem(
            f"Could not read {path.name} ({reason:.100}); wanted a network that torch.save(model, FILE) wrote."
        ) from problem


def _classes(path: Path) -> dict[str, object]:
    """What a Python file defines; its module stays loaded under its own name."""
    if not path.is_file():
        raise FileProblem(f"There is no file {path}; wanted the Python file that defines the network's classes.")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None:
        raise InputError(f"--code got {path.name}; wanted a Python file, FILE.py.")
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(path.stem)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except BaseException as problem:
        sys.modules.pop(path.stem)
        if before is not None:
            sys.modules[path.stem] = before
        if not isinstance(problem, Exception):
            raise
        reason = f"{type(problem).__name__}: {problem}".split("\n")[0]
        raise InputError(f"{path.name} cannot be run ({reason:.120}); mend it, or pass another --code.") from problem
    return {name: value for name, value in vars(module).items() if not name.startswith("__")}


def _module(found: object, name: str) -> nn.Module:
    if isinstance(found, torch.jit.ScriptModule):
        raise InputError(
            f"{name} holds a TorchScript program, which cannot be trained; save the module it was made of."
        )
    if isinstance(found, nn.Module):
        return found
    if isinstance(found, Mapping) and any(isinstance(value, Tensor) for value in found.values()):
        raise InputError(
            f"{name} holds tensors only, a state_dict without the network; "
            "load it into your model and write that: torch.save(model, FILE)."
        )
    if isinstance(found, torch.export.ExportedProgram):
        raise InputError(f"{name} {EXPORTED}")
    if isinstance(found, Mapping):
        raise InputError(_of_checkpoint(found, name))
    raise InputError(f"{name} holds a {type(found).__name__}; wanted a network that torch.save(model, FILE) wrote.")


def _of_checkpoint(found: Mapping, name: str) -> str:
    """What to do about a mapping of several things."""
    networks = [key for key, value in found.items() if isinstance(value, nn.Module)]
    if networks:
        return f"{name} holds a network among other things; write it alone: torch.save(found[{networks[0]!r}], FILE)."
    names = ", ".join(repr(key)[:40] for key in list(found)[:6]) or "nothing"
    return f"{name} holds {names} and no network; load its weights into your model and torch.save(model, FILE)."


def checked(model: object, some: Examples, largest: int) -> nn.Module:
    """A copy of the model in evaluation mode, on the CPU, that has been tried on some examples. Raises InputError.

    largest: of all labels.
    """
    if not isinstance(model, nn.Module):
        raise InputError(f"The model is {type(model).__name__}; wanted a torch.nn.Module.")
    try:
        network = copy.deepcopy(model).cpu().eval().requires_grad_(False)
    except Exception as problem:
        raise InputError(
            f"The model cannot be copied ({str(problem)[:100]}); wanted a module for copy.deepcopy."
        ) from problem
    if not any(parameter.is_floating_point() for parameter in network.parameters()):
        raise InputError("The model has no parameters; there is nothing to compress.")
    for parameter in network.parameters():
        parameter.requires_grad_(parameter.is_floating_point())
    found = logits(network, some.inputs)
    shape = tuple(found.shape)
    if found.dim() != 2 or shape[0] != len(some) or shape[1] < 2:
        raise InputError(
            f"For {len(some)} examples the model gives a tensor of shape {shape}; wanted ({len(some)}, classes): one "
            "score for each class, of a classifier."
        )
    if largest >= shape[1]:
        raise InputError(f"A label is {largest}, but the model has {shape[1]} classes, 0 to {shape[1] - 1}.")
    if not torch.isfinite(found).all():
        raise InputError("The model predicts NaN or infinity for some examples; train it again before compressing it.")
    return network


def _advice(network: nn.Module, some: Tensor, reason: str) -> str:
    """What may help a model that does not take its inputs."""
    kinds = {one.dtype for one in network.parameters() if one.is_floating_point()}
    if some.is_floating_point() and some.dtype not in kinds:
        return f". Its parameters are {', '.join(map(str, kinds))}: save model.float()."
    if "missing" in reason and "argument" in reason:
        return ". Only networks of one input are compressed: wrap it in one that takes a single tensor apart."
    return "" if reason.endswith(".") else "."


@torch.no_grad()
def logits(network: nn.Module, inputs: Tensor, batch: int = BATCH) -> Tensor:
    """(n, classes): predictions in evaluation mode, on the network's own device, brought to the CPU."""
    was_training = network.training
    network.eval()
    home = next((tensor.device for tensor in network.parameters()), torch.device("cpu"))
    found = []
    for some in inputs.split(batch):
        try:
            result = network(some.to(home))
        except (RuntimeError, TypeError, ValueError, IndexError, AssertionError, AttributeError) as problem:
            reason = str(problem).strip().split("\n")[0]
            raise InputError(
                f"The model cannot take the inputs, {some.dtype} of shape {tuple(some.shape)}: {reason:.160}"
                f"{_advice(network, some, reason)}"
            ) from problem
        if not isinstance(result, Tensor):
            raise InputError(f"The model gives a {type(result).__name__}; wanted one tensor of scores, (n, classes).")
        found.append(result.float().cpu())
    network.train(was_training)
    return torch.cat(found)
