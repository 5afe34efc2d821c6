"""The character model looks back only, learns, and is measured in bits."""

import math

import pytest
import torch
import torch.nn.functional as F

from featherweight.lab.character_model import CharacterModel, bits_per_character, train

ROUND = torch.arange(5).repeat(200)  # 0 1 2 3 4 0 1 …


def test_what_comes_later_says_nothing_about_what_comes_before():
    network, codes = CharacterModel(5, 8), ROUND[:20].reshape(2, 10)
    other = codes.clone()
    other[:, 6:] = 0
    assert network(codes).shape == (2, 10, 5)
    assert torch.equal(network(codes)[:, :6], network(other)[:, :6])
    assert not torch.equal(network(codes)[:, 6:], network(other)[:, 6:])


def test_it_learns_what_repeats_and_no_more():
    network = CharacterModel(5, 16)
    assert bits_per_character(network, ROUND) == pytest.approx(math.log2(5), abs=0.3)
    train(network, ROUND, 60, rate=2e-2)
    assert bits_per_character(network, ROUND) < 0.1
    chance = torch.randint(5, (1000,), generator=torch.Generator().manual_seed(0))
    assert bits_per_character(network, chance) > 3


def test_a_seed_is_a_network_and_a_training():
    first, second, third = (CharacterModel(5, 8, seed) for seed in (1, 1, 2))
    assert torch.equal(first.output.weight, second.output.weight)
    assert not torch.equal(first.output.weight, third.output.weight)
    train(first, ROUND, 3, seed=4)
    train(second, ROUND, 3, seed=4)
    assert torch.equal(first.output.weight, second.output.weight)


def test_a_loss_of_ones_own_sees_logits_what_follows_and_the_pieces():
    network, seen = CharacterModel(5, 8), []

    def loss(logits, following, codes):
        seen.append((logits.shape, torch.equal(following, ((codes + 1) % 5).flatten())))
        return F.cross_entropy(logits, following)

    train(network, ROUND, 2, loss)
    assert seen == [((32 * 64, 5), True)] * 2


def test_bits_are_the_mean_surprise():
    """Oracle: a network that gives every character the same chance needs log2(5) bits."""
    network = CharacterModel(5, 8)
    torch.nn.init.zeros_(network.output.weight)
    torch.nn.init.zeros_(network.output.bias)
    assert bits_per_character(network, ROUND) == pytest.approx(math.log2(5), abs=1e-5)
