"""What torchao makes of linear layers in 8 bits, called from plain Python: milliseconds beside those of float32."""

from __future__ import annotations

import copy
import logging

from torch import Tensor, nn

from featherweight.lab.measure import latency
from featherweight.lab.statistics import Interval

__all__ = ["times"]


def times(network: nn.Module, inputs: Tensor) -> tuple[Interval, Interval]:
    """Of one call: float32, and torchao's eager int8, weights beforehand and activations on the way."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)  # it tells of the GPU kernels that it cannot load
    try:
        from torchao.quantization import Int8DynamicActivationInt8WeightConfig, quantize_

        rounded = copy.deepcopy(network)
        quantize_(rounded, Int8DynamicActivationInt8WeightConfig())
    finally:
        logging.disable(before)
    return latency(lambda: network(inputs)), latency(lambda: rounded(inputs))
