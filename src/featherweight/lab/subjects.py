"""A network to round, whatever is installed: one that hears speech, or a LeNet-5 of the house in its place.

Both have the same defect: in one layer one output channel is 198 times as large as the median channel. In the speech
network training left it there. In LeNet-5 it is put there: one channel is made larger and the next layer's weights for
it smaller by the same factor, which changes nothing in float32, since a ReLU passes factors on.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from IPython.display import Audio
from torch import Tensor, nn

from featherweight.lab import packaged, plots_eight, speech
from featherweight.lab.data import Split
from featherweight.lab.networks import lenet_5
from featherweight.lab.plots import Picture
from featherweight.lab.sparse_training import train_dense

__all__ = ["SPREAD", "Digits", "Speech", "choose"]

SPREAD = 198.0
SEEDS = (100, 101, 102)  # none of the shipped table's
SHOWN = 12.0
Weights = dict[str, Tensor]


@dataclass(frozen=True)
class Speech:
    """The packaged speech network, and three recordings of 24 s. Weights that are not given are the network's own."""

    network: speech.SpeechNet
    sounds: tuple[Tensor, ...]
    wanted: Tensor

    @property
    def weights(self) -> Weights:
        """The tensors that are rounded: name → (outputs, …)."""
        return speech.layers(self.network)

    def says(self, weights: Weights) -> Tensor:
        """(frames,) bool: where it hears speech in the three recordings."""
        network = _replaced(self.network, weights)
        return torch.cat([speech.hears(network, sound) for sound in self.sounds])

    def score(self, weights: Weights) -> str:
        """How often it agrees with float32, in words."""
        said = self.says(weights)
        agree = (said == self.wanted).double().mean().item()
        return f"{agree:.1%} of {len(said):,} frames as in 32 bits, F1 {speech.f1(said, self.wanted):.2f}"

    def show(self, named: dict[str, Weights], alt: str, looks: Sequence[str] = ("dense", "per tensor")) -> Picture:
        """One recording, and what networks with these weights hear in it. looks: their names in the palette."""
        sound = speech.recording(SEEDS[0], SHOWN)
        heard = {name: speech.hears(_replaced(self.network, weights), sound) for name, weights in named.items()}
        return plots_eight.sounds(sound, heard, alt, looks)

    def listen(self, weights: Weights | None = None) -> Audio:
        """A player of the same recording; with weights, all that the network does not take for speech is muted."""
        sound = speech.recording(SEEDS[0], SHOWN)
        if weights is not None:
            open_ = speech.hears(_replaced(self.network, weights), sound).repeat_interleave(speech.FRAME)
            sound = sound[: len(open_)] * open_
        return Audio((3 * sound).clamp(-1, 1).numpy(), rate=speech.RATE, normalize=False)


@dataclass(frozen=True)
class Digits:
    """LeNet-5 with one channel made larger, and the test digits: what stands in for `Speech`."""

    network: nn.Sequential
    inputs: Tensor
    wanted: Tensor

    @property
    def weights(self) -> Weights:
        return speech.layers(self.network)

    @torch.no_grad()
    def says(self, weights: Weights) -> Tensor:
        return _replaced(self.network, weights)(self.inputs).argmax(1)

    def score(self, weights: Weights) -> str:
        said = self.says(weights)
        return f"{(said == self.wanted).double().mean().item():.1%} of {len(said):,} digits read as in 32 bits"

    def show(self, named: dict[str, Weights], alt: str, looks: Sequence[str] = ()) -> Picture:
        images = self.inputs[:10].view(-1, 28, 28)
        return plots_eight.readings(images, {name: self.says(weights)[:10] for name, weights in named.items()})

    def listen(self, weights: Weights | None = None) -> str:
        return "Nothing to hear here: these are digits. Look at the picture."


def choose(data: Split) -> Speech | Digits:
    """The speech network where it is installed; else one printed line, and LeNet-5, trained for three epochs."""
    if packaged.installed(packaged.SILERO):
        network, sounds = speech.load(), tuple(speech.recording(seed) for seed in SEEDS)
        return Speech(network, sounds, torch.cat([speech.hears(network, sound) for sound in sounds]))
    network = lenet_5(0)
    train_dense(network, data, 3)
    _spread(network)
    with torch.no_grad():
        return Digits(network, data.test_inputs, network(data.test_inputs).argmax(1))


@torch.no_grad()
def _spread(network: nn.Sequential) -> None:
    """Make channel 0 of the second convolution SPREAD times as large as the median, and undo it in the next layer."""
    convolution, linear = network[4], network[8]
    sizes = convolution.weight.flatten(1).abs().amax(1)
    factor = SPREAD * sizes.median() / sizes[0]
    convolution.weight[0] *= factor
    convolution.bias[0] *= factor
    linear.weight.view(len(linear.weight), len(sizes), -1)[:, 0] /= factor


def _replaced(network: nn.Module, weights: Weights) -> nn.Module:
    changed = copy.deepcopy(network)
    changed.load_state_dict(weights, strict=False)
    return changed
