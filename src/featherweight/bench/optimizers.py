"""One Adam step on ten million float32 parameters, in five ways and compiled, beside what the memory allows.

All forms take turns in one run on one thread, and each is given its fastest call: what disturbs a machine only ever
adds. The clock counts the processor's time, of all threads, so that waiting behind another program does not count.
Before that our fast forms must agree with the clear lines, or nothing is timed.

The limit: an ideal step fetches a parameter, its gradient and both moments, and puts back all but the gradient: 28
bytes. Divided by the bandwidth of a copy, that is the time below which no form can go. A copy of n bytes reads n and
writes n, so it counts 2n. The one that sets the limit writes where it has read (`neg_`), as an optimizer does; a copy
to another place is shown beside it, and is slower because a processor fetches what it is about to overwrite.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from tempfile import TemporaryDirectory

import torch
from torch import Tensor

from featherweight.bench.repeats import ratio, turns
from featherweight.bench.row import Row, missing, number
from featherweight.errors import FeatherweightError, MissingTool
from featherweight.optimizers.adaptive import adam_step
from featherweight.optimizers.flat import FlatAdam

__all__ = ["Form", "check_equal", "compiled_form", "flat_form", "step_rows"]

SETTINGS = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
BYTES_MOVED = 28
CLOCK = time.perf_counter if sys.platform == "win32" else time.process_time  # the latter ticks in 16 ms on Windows
TURN_SECONDS = 0.05
CHECKED_STEPS = 3
TOLERANCE = 1e-6  # a few roundings of float32 at weights of about 1; a step is 1,000 times as long
# Compute 1 − β**t once a step, not once an element; compile in this process; leave nothing outside the cache's folder.
OPTIONS = {"realize_opcount_threshold": 0, "compile_threads": 1, "cpp_cache_precompile_headers": False}
CACHE = "TORCHINDUCTOR_CACHE_DIR"
FUSED_GOALS = {"flat": 3.0, "clear lines, compiled": 1.1}
WHY = {"clear lines": "written to be read", "": "torch's own forms"}


@dataclass(frozen=True)
class Form:
    """A way to take Adam's step: `step()` changes `parameters`, by `gradients`."""

    parameters: list[Tensor]
    gradients: list[Tensor]
    step: Callable[[], object]


def step_rows(matrices: int = 10, size: int = 1000, rounds: int = 25) -> Iterator[Row]:
    """Milliseconds of a step on `matrices` of `size` × `size`, ratios with their goals, and the memory's limit.

    Raises FeatherweightError when a fast form differs from the clear lines.
    """
    with one_thread(), compiler_cache():
        g = torch.Generator().manual_seed(0)
        starts, gradients = ([torch.randn(size, size, generator=g) for _ in range(matrices)] for _ in range(2))
        ours = {"clear lines": clear_form(starts, gradients), "flat": flat_form(starts, gradients)}
        compiling = _row_of_compiling(ours, starts, gradients)
        check_equal(ours)
        actions = {name: form.step for name, form in ours.items()} | torch_steps(starts, gradients)
        del starts
        seconds = turns(actions | copies(matrices * size**2), rounds, TURN_SECONDS, CLOCK)
    yield from _rows(seconds, matrices * size**2, list(actions))
    yield compiling


def clear_form(starts: list[Tensor], gradients: list[Tensor]) -> Form:
    """`adam_step` for one matrix after the other, as a learner writes it: every tensor is a new one."""
    parameters, steps = list(starts), count(1)
    moments = [[torch.zeros_like(start)] * 2 for start in starts]

    def step() -> None:
        number = next(steps)
        for index, gradient in enumerate(gradients):
            answer = adam_step(parameters[index], gradient, *moments[index], number, **SETTINGS)
            parameters[index], *moments[index] = answer

    return Form(parameters, gradients, step)


def flat_form(starts: list[Tensor], gradients: list[Tensor]) -> Form:
    """`FlatAdam`, with a copy of the gradients in its buffer."""
    parameters = [torch.nn.Parameter(start.clone()) for start in starts]
    betas = SETTINGS["beta1"], SETTINGS["beta2"]
    optimizer = FlatAdam(parameters, SETTINGS["learning_rate"], betas, SETTINGS["epsilon"])
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad.copy_(gradient)
    return Form(parameters, [parameter.grad for parameter in parameters], optimizer.step)


def compiled_form(starts: list[Tensor], gradients: list[Tensor]) -> Form:
    """The clear lines under torch.compile, compiled here, their results put back where they came from.

    Raises MissingTool without a C++ compiler that works.
    """
    lines, steps = torch.compile(_lines_in_place, options=OPTIONS), count(1)
    parameters = [start.clone() for start in starts]
    moments = [[torch.zeros_like(start), torch.zeros_like(start)] for start in starts]

    def step() -> None:
        number = torch.tensor(next(steps), dtype=torch.float64)  # as a tensor, so that a new one compiles nothing
        for parameter, gradient, pair in zip(parameters, gradients, moments, strict=True):
            lines(parameter, gradient, *pair, number)

    _compile(lines, starts[0].shape)
    return Form(parameters, gradients, step)


def torch_steps(starts: list[Tensor], gradients: list[Tensor]) -> dict[str, Callable[[], object]]:
    """PyTorch's three forms; they share their weights and moments, to save memory."""
    parameters = [torch.nn.Parameter(start.clone()) for start in starts]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = gradient
    forms = {"loop": {"foreach": False}, "foreach": {"foreach": True}, "fused": {"fused": True}}
    optimizers = {name: torch.optim.Adam(parameters, lr=1e-3, **form) for name, form in forms.items()}
    optimizers["fused"].step()
    for optimizer in optimizers.values():
        optimizer.state = optimizers["fused"].state
    return {name: optimizer.step for name, optimizer in optimizers.items()}


def copies(numbers: int) -> dict[str, Callable[[], object]]:
    """A copy of so many float32 onto itself, signs flipped, and one to another place."""
    here, there = torch.ones(numbers), torch.ones(numbers)
    return {"copy in place": here.neg_, "copy to another place": lambda: there.copy_(here)}


def check_equal(forms: dict[str, Form]) -> None:
    """Take a few steps by gradients that turn round each time. Raises FeatherweightError unless all equal the first."""
    clear = next(iter(forms.values()))
    for _ in range(CHECKED_STEPS):
        for form in forms.values():
            form.step()
        for gradient in {id(one): one for form in forms.values() for one in form.gradients}.values():
            gradient.mul_(-0.5)
    for name, form in forms.items():
        pairs = zip(form.parameters, clear.parameters, strict=True)
        worst = torch.stack([(mine.detach() - right).abs().max() for mine, right in pairs]).max().item()
        if not worst <= TOLERANCE:
            raise FeatherweightError(
                f"Adam, {name}: differs from the clear lines by {worst:.2g} after {CHECKED_STEPS} steps; "
                f"wanted at most {TOLERANCE:g}. Mend it: a wrong step is not timed."
            )


@contextmanager
def one_thread() -> Iterator[None]:
    """One intra-op thread inside the block, whatever the environment says."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def compiler_cache() -> Iterator[None]:
    """torch.compile keeps its files in a temporary folder inside the block; they are gone after it."""
    before = os.environ.get(CACHE)
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ[CACHE] = folder
        try:
            yield
        finally:
            del os.environ[CACHE]
            if before is not None:
                os.environ[CACHE] = before


def _lines_in_place(parameter: Tensor, gradient: Tensor, first_moment: Tensor, second_moment: Tensor, step) -> None:
    answer = adam_step(parameter, gradient, first_moment, second_moment, step, **SETTINGS)
    for old, new in zip((parameter, first_moment, second_moment), answer, strict=True):
        old.copy_(new)


def _compile(lines: Callable, shape: torch.Size) -> None:
    """A first call on ones, which compiles."""
    from torch._dynamo.exc import BackendCompilerFailed
    from torch._inductor.exc import CppCompileError, InvalidCxxCompiler

    try:
        lines(*(torch.ones(shape) for _ in range(4)), torch.tensor(1, dtype=torch.float64))
    except BackendCompilerFailed as problem:
        if not isinstance(problem.inner_exception, CppCompileError | InvalidCxxCompiler):
            raise
        raise MissingTool("not measured: no C++ compiler that works") from problem


def _row_of_compiling(ours: dict[str, Form], starts: list[Tensor], gradients: list[Tensor]) -> Row:
    """Add the compiled form to `ours` where there is a compiler; says how long that took, or why there is none."""
    start = time.perf_counter()
    try:
        ours["clear lines, compiled"] = compiled_form(starts, gradients)
    except MissingTool as problem:
        return missing("Adam step, clear lines, compiled", problem)
    return Row("compiling Adam's clear lines", time.perf_counter() - start, "s", why="once in a process")


def _rows(seconds: dict[str, list[float]], parameters: int, forms: list[str]) -> Iterator[Row]:
    """What `step_rows` has measured."""
    limits = [BYTES_MOVED / 8 * one for one in seconds["copy in place"]]
    for name in forms:
        goal = (
            {"allowed": FUSED_GOALS[name], "of_ratio": True} if name in FUSED_GOALS else {"why": WHY.get(name, WHY[""])}
        )
        if name != "fused":
            yield _beside(name, "fused", seconds, **goal)
    for name in ("loop", "foreach"):
        yield _beside("flat", name, seconds, allowed=1, of_ratio=True)
    for name in ("loop", "foreach"):
        yield _beside("fused", name, seconds, why="torch's own forms")
    beside = f"the memory's limit, {number(1000 * min(limits))} ms"
    share = ratio(seconds["fused"], limits)
    yield Row(
        "Adam step, torch's fused", 1000 * min(seconds["fused"]), "ms", beside=beside, ratio=share, why="torch's own"
    )
    for name in (name for name in seconds if name.startswith("copy")):
        rate = 2 * 4 * parameters / min(seconds[name]) / 1e9
        yield Row(f"bandwidth of a {name}", rate, "GB/s", why="the machine's")


def _beside(name: str, other: str, seconds: dict[str, list[float]], **goal) -> Row:
    share, beside = ratio(seconds[name], seconds[other]), f"{_whose(other)}, {number(1000 * min(seconds[other]))} ms"
    return Row(f"Adam step, {_whose(name)}", 1000 * min(seconds[name]), "ms", beside=beside, ratio=share, **goal)


def _whose(name: str) -> str:
    return f"torch's {name}" if name in ("loop", "foreach", "fused") else name
