"""What a network costs and how well it does: bytes, parameters, nonzeros, MACs, milliseconds, memory, errors.

Nothing here is an estimate from a formula: bytes are those of a file, times those of a clock, memory that of the
allocator. MACs alone are counted from shapes, and count multiplications by zero like any others.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from math import prod
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

from featherweight.lab.statistics import Interval

__all__ = ["bytes_on_disk", "correct", "errors", "latency", "macs", "nonzeros", "parameters", "peak_memory"]


def parameters(network: nn.Module) -> int:
    """Number of trainable numbers, zeros included; a tensor that is used twice counts once."""
    return sum(p.numel() for p in network.parameters())


def nonzeros(network: nn.Module) -> int:
    """Number of trainable numbers that are not exactly zero."""
    return sum(int(torch.count_nonzero(p)) for p in network.parameters())


def bytes_on_disk(network: nn.Module | Mapping[str, Tensor], packed: bool = False) -> int:
    """Bytes of the file that `torch.save` writes for the weights; with `packed`, of that file after gzip -9."""
    state = network.state_dict() if isinstance(network, nn.Module) else network
    file = io.BytesIO()
    torch.save({name: tensor.detach().cpu().clone() for name, tensor in state.items()}, file)
    return len(gzip.compress(file.getvalue(), 9)) if packed else len(file.getvalue())


def _fused_lstm(x: tuple, from_input: tuple, from_state: tuple, *_: object, **__: object) -> int:
    """Operations of one layer in one direction: in each step every weight is used once. x: (steps, n, inputs)."""
    return 2 * prod(x[:-1]) * (prod(from_input) + prod(from_state))


def _fused_recurrent(x: tuple, weights: Sequence[tuple], *_: object, **__: object) -> int:
    """Operations of all layers on a GPU: in each step every weight of every matrix is used once."""
    return 2 * prod(x[:-1]) * sum(prod(one) for one in weights if len(one) == 2)


def _bilinear(x: tuple, weight: tuple, *_: object, **__: object) -> int:
    """Operations of out = x W y: every weight is used once for an example. weight: (outputs, a, b)."""
    return 2 * prod(x[:-1]) * prod(weight)


FORMULAS = {
    torch.ops.aten.mkldnn_rnn_layer: _fused_lstm,
    torch.ops.aten._cudnn_rnn: _fused_recurrent,
    torch.ops.aten._trilinear: _bilinear,
}
"""What torch's counter does not know, by the shapes of the arguments: operations, two for a multiply–accumulate."""


@torch.no_grad()
def macs(network: nn.Module, inputs: Tensor) -> int:
    """Multiply–accumulate operations per example of `inputs`, (n, …), in matrix products and convolutions.

    Attention is run step by step meanwhile: of its fused forms torch's counter sees a part, or nothing. Fused recurrent
    layers and bilinear ones are counted by `FORMULAS`. Products of number by number (gates, scales) are left out.
    """
    fused = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False, custom_mapping=FORMULAS) as counter:
            network(inputs)
    finally:
        torch.backends.mha.set_fastpath_enabled(fused)
    return counter.get_total_flops() // (2 * len(inputs))


@torch.no_grad()
def latency(function: Callable[[], object], repeats: int = 100, warmup: int = 10) -> Interval:
    """Milliseconds of one call: median, and the 10th to 90th percentile of `repeats` calls after `warmup` more.

    The spread is the machine's, not a confidence interval. Waits for the GPU where there is one. Without gradients.
    """
    times = []
    for _ in range(warmup + repeats):
        _wait()
        started = time.perf_counter()
        function()
        _wait()
        times.append(1000 * (time.perf_counter() - started))
    low, middle, high = torch.tensor(times[warmup:]).quantile(torch.tensor([0.1, 0.5, 0.9])).tolist()
    return Interval(middle, low, high)


def peak_memory(function: Callable[[], object]) -> int:
    """Most bytes that torch held at one time during one call, beyond those it held before it.

    Follows every allocation, on the CPU and on a GPU; the interpreter's and numpy's own memory are not in it.
    """
    os.environ.setdefault("KINETO_LOG_LEVEL", "99")  # else the profiler writes its start and stop to the screen
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as recorded:
        function()
        _wait()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.json"
        recorded.export_chrome_trace(str(path))
        events = json.loads(path.read_text(encoding="utf-8"))["traceEvents"]
    held = peak = 0
    for event in sorted((e for e in events if e["name"] == "[memory]"), key=lambda e: (e["ts"], e["args"]["Ev Idx"])):
        held += event["args"]["Bytes"]
        peak = max(peak, held)
    return peak


@torch.no_grad()
def correct(network: nn.Module, inputs: Tensor, labels: Tensor) -> Tensor:
    """(n,) bool on the CPU: which examples the network gets right, in evaluation mode."""
    was_training = network.training
    network.eval()
    right = network(inputs).argmax(1) == labels
    network.train(was_training)
    return right.cpu()


def errors(network: nn.Module, inputs: Tensor, labels: Tensor) -> int:
    """Number of examples that the network gets wrong."""
    return int((~correct(network, inputs, labels)).sum())


def _wait() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()
