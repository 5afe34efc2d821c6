"""A real pretrained network that hears speech, and recordings to try it on; both come inside installed packages.

The network is silero-vad 6.2.3 (MIT): 243,585 trained numbers that say, for every 32 ms of sound, whether someone
speaks. `SpeechNet` is a plain port of its forward pass, and `load` fills it from the packaged file, known by its hash.
The sound is captcha's letters and digits, read aloud (BSD-3, 8 kHz and 8 bits, of unknown origin), with pauses.
"""

from __future__ import annotations

import warnings
import wave
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from featherweight.errors import MissingTool
from featherweight.lab.packaged import SILERO

__all__ = ["FRAME", "RATE", "SpeechNet", "clips", "f1", "hears", "layers", "load", "recording"]

RATE = 16_000  # samples per second
FRAME, CONTEXT = 512, 64  # samples of one decision (32 ms), and of the frame before that it also reads
SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOUDNESS, HISS = 0.05, 0.001  # root mean square of a clip and of the noise, of a largest sample of 1
GAPS = (0.4, 1.6)  # seconds between two clips


class SpeechNet(nn.Module):
    """Spectrum → four convolutions → LSTM → one probability for each frame of 512 samples at 16 kHz."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("basis", torch.zeros(258, 1, 256))  # 129 cosines and 129 sines, windowed
        shapes = (129, 128, 1), (128, 64, 2), (64, 64, 2), (64, 128, 1)
        self.encoder = nn.ModuleList(nn.Conv1d(i, o, 3, stride, padding=1) for i, o, stride in shapes)
        self.rnn = nn.LSTMCell(128, 128)
        self.output = nn.Conv1d(128, 1, 1)

    def features(self, frames: Tensor) -> Tensor:
        """(n, 576) samples → (n, 128)."""
        x = F.conv1d(F.pad(frames, (0, 64), "reflect").unsqueeze(1), self.basis, stride=128)
        x = torch.sqrt(x[:, :129] ** 2 + x[:, 129:] ** 2)
        for convolution in self.encoder:
            x = F.relu(convolution(x))
        return x.squeeze(-1)

    @torch.no_grad()
    def forward(self, sound: Tensor, at_once: int = 256) -> Tensor:
        """(samples,) float32 in −1…1 → (samples // 512,) probabilities; a last frame that is not full is left out.

        at_once: frames per convolution, for speed. With 1 the numbers are those of the packaged network, bit for bit.
        """
        sound = F.pad(sound[: len(sound) // FRAME * FRAME], (CONTEXT, 0))
        state, said = None, []
        for frames in sound.unfold(0, CONTEXT + FRAME, FRAME).split(at_once):
            hidden = []
            for features in self.features(frames).split(1):
                state = self.rnn(features, state)
                hidden.append(state[0])
            said.append(torch.sigmoid(self.output(F.relu(torch.cat(hidden)).unsqueeze(-1))).flatten())
        return torch.cat(said)


def load() -> SpeechNet:
    """The network with the packaged weights. Raises MissingTool (no package) or FileProblem (another file)."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`torch.jit.load` is deprecated", DeprecationWarning)
        packaged = torch.jit.load(str(SILERO.path()), map_location="cpu").state_dict()
    network, weights = SpeechNet(), {"basis": packaged["_model.stft.forward_basis_buffer"]}
    places = {f"encoder.{k}": f"encoder.{k}.reparam_conv" for k in range(4)} | {"output": "decoder.decoder.2"}
    for ours, theirs in places.items():
        weights |= {f"{ours}.{part}": packaged[f"_model.{theirs}.{part}"] for part in ("weight", "bias")}
    for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        weights[f"rnn.{part}"] = packaged[f"_model.decoder.rnn.{part}"]
    network.load_state_dict(weights)
    return network.eval()


def layers(network: nn.Module) -> dict[str, Tensor]:
    """The tensors that are quantized, by name: matrices and kernels, no biases."""
    return {name: parameter.detach() for name, parameter in network.named_parameters() if parameter.ndim > 1}


@cache
def clips() -> dict[str, Tensor]:
    """Letters and digits as sound of 16 kHz, all equally loud. Raises MissingTool where captcha is not installed."""
    found = find_spec("captcha")
    if found is None or not found.submodule_search_locations:
        raise MissingTool("The package captcha is not installed here; pip install captcha adds it.")
    return {
        symbol: _clip(Path(found.submodule_search_locations[0]) / "data" / symbol / "default.wav") for symbol in SYMBOLS
    }


def _clip(path: Path) -> Tensor:
    """8 kHz to 16 kHz with a spectrum that is zero above 4 kHz."""
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.uint8) / 128 - 1
    samples = 2 * np.fft.irfft(np.fft.rfft(samples), 2 * len(samples))
    return torch.tensor(LOUDNESS * samples / samples.std(), dtype=torch.float32).clamp(-1, 1)


def recording(seed: int, seconds: float = 24.0, hiss: float = HISS) -> Tensor:
    """(samples,) float32: clips in a random order with pauses between them, and noise over all of it."""
    random = np.random.RandomState(seed)
    sound = torch.tensor(hiss * random.standard_normal(round(seconds * RATE)), dtype=torch.float32)
    place = round(random.uniform(*GAPS) * RATE)
    while True:
        clip = clips()[SYMBOLS[random.randint(len(SYMBOLS))]]
        if place + len(clip) > len(sound):
            return sound
        sound[place : place + len(clip)] += clip
        place += len(clip) + round(random.uniform(*GAPS) * RATE)


def hears(network: SpeechNet, sound: Tensor) -> Tensor:
    """(frames,) bool: where the network says speech, above one half."""
    return network(sound) > 0.5


def f1(found: Tensor, wanted: Tensor) -> float:
    """Harmonic mean of precision and recall of frames marked as speech; 0 where none of `wanted` is found."""
    both = int((found & wanted).sum())
    return 2 * both / max(int(found.sum()) + int(wanted.sum()), 1)
