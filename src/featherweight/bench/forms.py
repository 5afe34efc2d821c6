"""Linear layers in every form of the book: dense, deleted, compressed rows, and 8, 4 and 1 bits.

Every form is an action that computes all outputs for the same inputs, what it should give, and the bytes of its file.
What compresses the weights is done before; what happens to the inputs at every call is inside the action.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from featherweight.compression.packed_layers import BinaryLinear, FourBitLinear
from featherweight.compression.packing import pack_signs
from featherweight.compression.quantization import dequantize, per_channel_scale, quantize
from featherweight.errors import FeatherweightError
from featherweight.lab.integer_network import integer_layers
from featherweight.lab.measure import bytes_on_disk
from featherweight.lab.networks import seeded
from featherweight.lab.onnx_network import UP, eight_bit_model, float_model, session
from featherweight.lab.popcount import signs_product, words
from featherweight.lab.sparse_speed import compressed

__all__ = ["DENSE", "DENSITIES", "Form", "check_equal", "drawn", "forms"]

DENSE, DENSE_ORT = "dense, float32, torch", "dense, float32, ONNX Runtime"
HALF, MASKED = "half of the neurons deleted", "half of the weights set to zero, still dense"
EIGHT_ORT, EIGHT = "int8, ONNX Runtime", "int8, torch._int_mm"
FOUR, ONE = "4 bits, unpacked at every call", "1 bit, signs of weights and inputs, NumPy"
DENSITIES = (0.5, 0.1, 0.05, 0.01)
EXACT, EIGHT_OFF, FOUR_OFF = 1e-5, 0.03, 0.2
"""How far a form may be from what it stands for, relative, in each layer: roundings of float32 in sums of a thousand
products, and several times the roundings of random weights in 8 and in 4 bits."""


@dataclass(frozen=True)
class Form:
    """call: all outputs. right: what they should be. off: how far they may be from it. size: bytes of its file."""

    call: Callable[[], Tensor]
    right: Tensor
    off: float
    size: int


def drawn(widths: Sequence[int], batch: int) -> tuple[nn.Sequential, Tensor]:
    """Linear layers with a ReLU between any two, and inputs between 0 and 1, as pixels are, from seed 0."""
    with seeded(0):
        layers = [part for ends in pairwise(widths) for part in (nn.Linear(*ends), nn.ReLU())]
        return nn.Sequential(*layers[:-1]).requires_grad_(False), torch.rand(batch, widths[0])


@torch.no_grad()
def forms(network: nn.Sequential, inputs: Tensor) -> dict[str, Form]:
    """Every form by name, in the order of the table. network, inputs: as `drawn` makes them."""
    right, size = network(inputs), bytes_on_disk(network)
    found = {DENSE: Form(lambda: network(inputs), right, EXACT, size)}
    found |= {HALF: _half(network, inputs), MASKED: _masked(network, inputs)}
    found |= {csr_name(density): _csr(_thin(network, density), inputs) for density in DENSITIES}
    found |= _onnx(network, inputs, right)
    found |= {EIGHT: _int_mm(network, inputs, right), FOUR: _four(network, inputs, right), ONE: _one(network, inputs)}
    return found


def csr_name(density: float) -> str:
    return f"CSR, {density:.0%} of the weights not zero"


def check_equal(made: Mapping[str, Form]) -> None:
    """Raises FeatherweightError for a form that computes something else than it stands for."""
    for name, form in made.items():
        apart = float((form.call() - form.right).norm() / form.right.norm())
        if not apart <= form.off:
            raise FeatherweightError(
                f"{name}: differs from what it stands for by {apart:.2g} of its output; wanted at most {form.off:g}. "
                "Mend it: a wrong product is not timed."
            )


def _linears(network: nn.Sequential) -> list[nn.Linear]:
    return [layer for layer in network if isinstance(layer, nn.Linear)]


def _sequential(layers: Sequence[nn.Module]) -> nn.Sequential:
    """Layers with a ReLU between any two."""
    return nn.Sequential(*[part for layer in layers for part in (layer, nn.ReLU())][:-1])


def _linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    layer = nn.Linear(weight.shape[1], weight.shape[0]).requires_grad_(False)
    layer.weight.copy_(weight)
    layer.bias.copy_(bias)
    return layer


def _half(network: nn.Sequential, inputs: Tensor) -> Form:
    """Every other neuron of each layer but the last is gone, of the last only where it is the only one."""
    linears, small = _linears(network), []
    for place, layer in enumerate(linears):
        rows = slice(None, None, 2) if place < len(linears) - 1 or len(linears) == 1 else slice(None)
        columns = slice(None, None, 2) if place else slice(None)
        small.append(_linear(layer.weight[rows, columns], layer.bias[rows]))
    deleted, hidden = _sequential(small), inputs
    for layer in network[:-1]:  # the oracle: the whole network, with what these neurons say set to zero
        hidden = layer(hidden)
        hidden[:, 1::2] = 0
    right = network[-1](hidden)
    return Form(lambda: deleted(inputs), right if len(linears) > 1 else right[:, ::2], EXACT, bytes_on_disk(deleted))


def _thin(network: nn.Sequential, density: float) -> nn.Sequential:
    """The network with a random share of its weights, all others zero."""
    with seeded(1):
        return _sequential(
            [_linear(one.weight * (torch.rand_like(one.weight) < density), one.bias) for one in _linears(network)]
        )


def _masked(network: nn.Sequential, inputs: Tensor) -> Form:
    thin = _thin(network, DENSITIES[0])
    return Form(lambda: thin(inputs), thin(inputs), EXACT, bytes_on_disk(thin))


def _csr(thin: nn.Sequential, inputs: Tensor) -> Form:
    layers = [(compressed(one.weight), one.bias[:, None]) for one in _linears(thin)]
    parts = {f"{k}.{part}": getattr(one, part)() for k, (one, _) in enumerate(layers) for part in
             ("crow_indices", "col_indices", "values")}  # fmt: skip
    size = bytes_on_disk(parts | {f"{k}.bias": bias for k, (_, bias) in enumerate(layers)})
    columns = inputs.T.contiguous()

    def call() -> Tensor:
        hidden = columns
        for place, (weight, bias) in enumerate(layers):
            hidden = (weight @ (hidden.relu() if place else hidden)).add_(bias)
        return hidden.T

    return Form(call, thin(inputs), EXACT, size)


def _onnx(network: nn.Sequential, inputs: Tensor, right: Tensor) -> dict[str, Form]:
    whole, layers = float_model(network), integer_layers(network, inputs)
    eight, pixels, last = eight_bit_model(layers), inputs.numpy(), layers[-1]
    float_session, eight_session = session(whole), session(eight)

    def integers() -> Tensor:
        codes = torch.from_numpy(eight_session.run(None, {"x": pixels})[0])
        return dequantize(codes.to(torch.int32), last.scale_out, last.zero_out + UP)

    return {
        DENSE_ORT: Form(lambda: torch.from_numpy(float_session.run(None, {"x": pixels})[0]), right, EXACT, len(whole)),
        EIGHT_ORT: Form(integers, right, EIGHT_OFF * len(layers), len(eight)),
    }


def _int_mm(network: nn.Sequential, inputs: Tensor, right: Tensor) -> Form:
    """Inputs of each layer rounded to int8 with one scale for each example, multiplied as integers, scaled back."""
    layers = []
    for one in _linears(network):
        scale = per_channel_scale(one.weight, 8)
        codes = quantize(one.weight, scale, 0, -127, 127).to(torch.int8).T.contiguous()
        layers.append((codes, scale.T.contiguous(), one.bias))

    def call() -> Tensor:
        hidden = inputs
        for place, (weight, scale, bias) in enumerate(layers):
            hidden = hidden.relu() if place else hidden
            mine = hidden.abs().amax(1, keepdim=True).clamp(min=1e-12) / 127
            codes = (hidden / mine).round().to(torch.int8)
            hidden = torch._int_mm(codes, weight) * (mine * scale) + bias
        return hidden

    size = bytes_on_disk({f"{k}.{part}": one for k, layer in enumerate(layers) for part, one in enumerate(layer)} | {})
    return Form(call, right, EIGHT_OFF * len(layers), size)


def _four(network: nn.Sequential, inputs: Tensor, right: Tensor) -> Form:
    packed = _sequential([FourBitLinear.from_linear(one) for one in _linears(network)])
    return Form(lambda: packed(inputs), right, FOUR_OFF * len(_linears(network)), bytes_on_disk(packed))


def _one(network: nn.Sequential, inputs: Tensor) -> Form:
    """XNOR-Net's layer, without a ReLU between two: the signs are what follows a layer. Exact but for its scales."""
    layers = [BinaryLinear.from_linear(one) for one in _linears(network)]
    codes, pixels = [words(one.packed) for one in layers], inputs - 0.5

    def walk(product: Callable[[int, Tensor], Tensor]) -> Tensor:
        hidden = pixels
        for place, layer in enumerate(layers):
            size = hidden.abs().mean(1, keepdim=True)
            hidden = product(place, hidden) * size * layer.scale + layer.bias
        return hidden

    def counted(place: int, hidden: Tensor) -> Tensor:
        return signs_product(words(pack_signs(hidden)), codes[place], hidden.shape[1])

    def multiplied(place: int, hidden: Tensor) -> Tensor:
        weight = _linears(network)[place].weight
        return F.linear(*(torch.where(one >= 0, 1.0, -1.0) for one in (hidden, weight)))

    return Form(lambda: walk(counted), walk(multiplied), EXACT, bytes_on_disk(nn.Sequential(*layers)))
