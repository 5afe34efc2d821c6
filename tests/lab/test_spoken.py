"""Sounds depend on the seed alone, their clean copies lie in the same place, and their features mean what they say."""

import numpy as np
import pytest
import torch

from featherweight.lab.spoken import BANDS, FRAMES, LENGTH, RATE, SoundNet, features, sounds


def test_sounds_depend_on_the_seed_alone():
    first, again, other = sounds(20, 1), sounds(20, 1), sounds(20, 2)
    assert torch.equal(first.noisy, again.noisy) and torch.equal(first.labels, again.labels)
    assert not torch.equal(first.noisy, other.noisy)
    assert first.noisy.shape == first.clean.shape == (20, BANDS, FRAMES) and first.noisy.dtype == torch.float32


def test_every_digit_occurs_and_no_two_sounds_are_alike():
    found = sounds(200, 3)
    assert found.labels.unique().tolist() == list(range(10))
    assert len({tuple(one.flatten()[:50].tolist()) for one in found.clean}) == 200


def likeness(one, other):
    return float(torch.nn.functional.cosine_similarity(one.flatten(1), other.flatten(1)).mean())


def test_a_copy_is_like_its_own_sound_and_the_more_the_less_noise():
    loud, middle, soft = (sounds(50, 4, noise=(decibels, decibels)) for decibels in (-10, 10, 60))
    torch.testing.assert_close(loud.clean, soft.clean, rtol=0, atol=0)
    alike = [likeness(found.noisy, found.clean) for found in (loud, middle, soft)]
    assert 0 < alike[0] < alike[1] - 0.1 < alike[2] - 0.2 and alike[2] > 0.9
    assert alike[1] > likeness(middle.noisy, middle.clean.roll(1, 0)) + 0.1


def test_a_tone_is_in_its_band_and_at_its_time():
    """Oracle: 1,000 Hz is 1,000 mel, of 2,146 in all; the bands' middles lie 2,146 / 25 apart."""
    sound = torch.zeros(1, LENGTH, dtype=torch.float64)
    sound[0, LENGTH // 2 :] = torch.sin(2 * torch.pi * 1000 * torch.arange(LENGTH // 2) / RATE)
    found = features(sound)[0]
    middle = round(1000 / (2595 * np.log10(1 + RATE / 2 / 700) / (BANDS + 1))) - 1
    assert abs(int(found[:, -5].argmax()) - middle) <= 1
    assert found[middle, : FRAMES // 2 - 1].max() < found[middle, FRAMES // 2 + 1 :].min()


def test_features_have_mean_0_and_spread_1_whatever_the_loudness():
    sound = torch.randn(2, LENGTH, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    found = features(sound)
    assert found.mean((1, 2)).abs().max() < 1e-5 and (found.std((1, 2)) - 1).abs().max() < 1e-5
    torch.testing.assert_close(features(50 * sound), found, rtol=0, atol=1e-3)


@pytest.mark.parametrize("channels", [4, 16])
def test_network_answers_with_ten_numbers_and_its_seed_is_all_chance(channels):
    network, again = SoundNet(channels, 1), SoundNet(channels, 1)
    x = torch.randn(3, BANDS, FRAMES, generator=torch.Generator().manual_seed(0))
    assert network(x).shape == (3, 10) and torch.equal(network(x), again(x))
    assert not torch.equal(network(x), SoundNet(channels, 2)(x))
