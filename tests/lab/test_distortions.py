"""Distorted digits are those of an independent image library, stay pictures, and come from the seed alone."""

from dataclasses import fields

import numpy as np
import pytest
import torch
from scipy import ndimage

from featherweight.lab.distortions import MILD, Strength, distorted

NONE = Strength(0, 0, 0, 0, 0)


@pytest.fixture(scope="module")
def blobs():
    """Ten soft spots of their own shapes, well inside the picture."""
    line = torch.arange(28.0)
    y, x = torch.meshgrid(line, line, indexing="ij")
    spots = [torch.exp(-((x - 11 - k / 2) ** 2) / (6 + k) - (y - 16 + k / 3) ** 2 / (16 - k)) for k in range(10)]
    return torch.stack(spots).reshape(10, -1)


def centres(pictures):
    return np.array([ndimage.center_of_mass(each.reshape(28, 28).numpy()) for each in pictures])


def test_no_strength_changes_nothing(blobs):
    torch.testing.assert_close(distorted(blobs, 3, NONE), blobs, atol=1e-5, rtol=0)


def test_a_shift_is_scipys(blobs):
    moved = distorted(blobs, 1, Strength(0, 2.0, 0, 0, 0))
    by = centres(moved) - centres(blobs)
    assert np.abs(by).max() <= 2.01 and len(np.unique(by.round(3))) == 20
    for one, other, shift in zip(blobs, moved, by, strict=True):
        wanted = ndimage.shift(one.reshape(28, 28).numpy(), shift, order=1)
        np.testing.assert_allclose(other.reshape(28, 28).numpy(), wanted, atol=0.01)


def test_a_turn_is_scipys(blobs):
    """Without the rest a turn keeps the distance of the centre of mass from the middle; the angle is then known."""
    turned = distorted(blobs, 2, Strength(30.0, 0, 0, 0, 0))
    before, after = (centres(each) - 13.5 for each in (blobs, turned))
    np.testing.assert_allclose(np.hypot(*after.T), np.hypot(*before.T), atol=0.02)
    degrees = np.degrees(np.arctan2(*after.T) - np.arctan2(*before.T))
    assert 5 < np.abs(degrees).max() <= 30.1
    for one, other, angle in zip(blobs, turned, degrees, strict=True):
        wanted = ndimage.rotate(one.reshape(28, 28).numpy(), -angle, reshape=False, order=1)
        np.testing.assert_allclose(other.reshape(28, 28).numpy(), wanted, atol=0.02)


@pytest.mark.parametrize("name", ["turn", "shift", "zoom", "shear", "bend"])
def test_each_strength_does_something_alone(blobs, name):
    alone = {field.name: getattr(MILD if field.name in (name, "knots") else NONE, field.name) for field in fields(MILD)}
    assert (distorted(blobs, 4, Strength(**alone)) - blobs).abs().amax(1).min() > 1e-3


def test_pictures_stay_pictures_and_are_left_alone(blobs):
    before = blobs.clone()
    found = distorted(blobs, 5)
    assert found.shape == blobs.shape and found.dtype == blobs.dtype
    assert found.min() >= 0 and found.max() <= 1.0001 and torch.equal(blobs, before)
    assert len(distorted(blobs[:0], 5)) == 0


def test_the_seed_decides_and_the_readers_stream_stays(blobs):
    state = torch.get_rng_state()
    assert torch.equal(distorted(blobs, 6), distorted(blobs, 6))
    assert not torch.equal(distorted(blobs, 6), distorted(blobs, 7))
    assert torch.equal(torch.get_rng_state(), state)
