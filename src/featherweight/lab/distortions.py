"""Digits turned, moved, sheared and bent a little: more examples than were written.

Sources: affine and elastic distortions of digits, Simard et al. (2003), section 2. Everything is drawn from one seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["MILD", "Strength", "distorted"]

SIDE = 28


@dataclass(frozen=True)
class Strength:
    """The most that a picture changes: degrees, pixels, shares of its size, and pixels of bending.

    Each of turn, shift, zoom and shear is drawn evenly between −most and +most, for each picture anew. bend: standard
    deviation of how far the corners of a grid of `knots` × `knots` move, in pixels; between them the move is smooth.
    """

    turn: float = 12.0
    shift: float = 2.0
    zoom: float = 0.12
    shear: float = 0.15
    bend: float = 1.0
    knots: int = 5


MILD = Strength()


def distorted(inputs: Tensor, seed: int, strength: Strength = MILD) -> Tensor:
    """A distorted copy of every picture. inputs: (n, 784), 0…1. Returns (n, 784), of the same dtype and device.

    Draws on the CPU, so that a GPU sees the same pictures. What moves in from outside is black.
    """
    chance, count = torch.Generator().manual_seed(seed), len(inputs)
    if count == 0:
        return inputs.clone()
    even = 2 * torch.rand(6, count, generator=chance) - 1
    angle = even[0] * strength.turn * torch.pi / 180
    grid = F.affine_grid(_moves(even, angle, strength), [count, 1, SIDE, SIDE], align_corners=False)
    knots = torch.randn(count, 2, strength.knots, strength.knots, generator=chance) * strength.bend * 2 / SIDE
    grid = grid + F.interpolate(knots, size=SIDE, mode="bicubic", align_corners=True).permute(0, 2, 3, 1)
    pictures = F.grid_sample(inputs.reshape(-1, 1, SIDE, SIDE), grid.to(inputs), align_corners=False)
    return pictures.reshape(count, -1)


def _moves(even: Tensor, angle: Tensor, strength: Strength) -> Tensor:
    """(n, 2, 3): where each pixel of the new picture looks in the old one."""
    wide, high = 1 + strength.zoom * even[1], 1 + strength.zoom * even[2]
    shear, cos, sin = strength.shear * even[3], angle.cos(), angle.sin()
    x, y = strength.shift * 2 / SIDE * even[4:6]
    top = torch.stack([wide * cos, shear - high * sin, x], dim=1)
    bottom = torch.stack([wide * sin, high * cos, y], dim=1)
    return torch.stack([top, bottom], dim=1)
