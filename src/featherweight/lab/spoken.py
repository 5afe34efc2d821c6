"""Ten spoken digits under noise: thousands of sounds made from ten clips, each with a clean copy of itself.

The clips are captcha's (BSD-3, one voice, 8 kHz, of unknown origin). Every sound is one of them, played at another
speed, shifted, and covered by white noise. The clips of training and test are the same, so what is measured is
*robustness to noise*, not the recognition of speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from featherweight.lab.speech import clips

__all__ = ["BANDS", "FRAMES", "NOISE", "SPEED", "SoundNet", "Sounds", "features", "sounds"]

RATE, LENGTH = 8_000, 9_600  # samples per second, samples of a sound
SPEED = (0.8, 1.25)
NOISE = (-10.0, 10.0)
"""Decibels that the digit is louder than the noise; below 0 the noise is louder."""
WINDOW, HOP = 256, 240  # samples: of one spectrum, and between two
BANDS, FRAMES = 24, LENGTH // HOP + 1


@dataclass(frozen=True)
class Sounds:
    """noisy, clean: the same sounds with and without noise, as `features`, (n, BANDS, FRAMES). labels: (n,) int64."""

    noisy: Tensor
    clean: Tensor
    labels: Tensor


def sounds(count: int, seed: int, noise: Sequence[float] = NOISE) -> Sounds:
    """`count` sounds drawn at random. Raises MissingTool where captcha is not installed."""
    random = np.random.RandomState(seed)
    digits = [clips()[str(digit)][::2].numpy() for digit in range(10)]  # 16 kHz to 8: they hold nothing above 4 kHz
    labels = random.randint(10, size=count)
    clean = np.stack([_placed(digits[label], random) for label in labels])
    ratio = 10 ** (random.uniform(*noise, (count, 1)) / 20)
    loudness = np.sqrt((clean**2).sum(1, keepdims=True) / (clean != 0).sum(1, keepdims=True))
    noisy = clean + loudness / ratio * random.standard_normal(clean.shape)
    return Sounds(features(torch.tensor(noisy)), features(torch.tensor(clean)), torch.tensor(labels))


def _placed(clip: np.ndarray, random: np.random.RandomState) -> np.ndarray:
    """(LENGTH,): the clip at another speed, somewhere in silence; of one that is too long, the beginning."""
    places = np.arange(0, len(clip) - 1, random.uniform(*SPEED))
    played = np.interp(places, np.arange(len(clip)), clip)[:LENGTH]
    start = random.randint(LENGTH - len(played) + 1)
    return np.pad(played, (start, LENGTH - len(played) - start))


def features(sound: Tensor) -> Tensor:
    """(n, LENGTH) samples → (n, BANDS, FRAMES) float32: log energy by pitch and time, each sound with mean 0, spread 1.

    Bands are triangles, equally wide on the mel scale.
    """
    window = torch.hann_window(WINDOW, dtype=sound.dtype)
    spectra = torch.stft(sound, WINDOW, HOP, window=window, return_complex=True).abs().square()
    energies = torch.log(_triangles().to(sound.dtype) @ spectra + 1e-6)
    mean, spread = energies.mean((1, 2), keepdim=True), energies.std((1, 2), keepdim=True)
    return ((energies - mean) / spread).float()


def _triangles() -> Tensor:
    """(BANDS, WINDOW // 2 + 1): how much of each frequency counts in each band."""
    mel = torch.linspace(0, 2595 * np.log10(1 + RATE / 2 / 700), BANDS + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    hertz = torch.linspace(0, RATE / 2, WINDOW // 2 + 1)
    rising = (hertz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - hertz) / (edges[2:] - edges[1:-1])[:, None]
    return F.relu(torch.minimum(rising, falling))


class SoundNet(nn.Module):
    """Features → two convolutions over time → the largest of each channel → ten logits."""

    def __init__(self, channels: int, seed: int = 0) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.first = nn.Conv1d(BANDS, channels, 5, padding=2)
            self.second = nn.Conv1d(channels, channels, 5, stride=2, padding=2)
            self.output = nn.Linear(channels, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.second(F.relu(self.first(x))))
        return self.output(x.amax(2))
