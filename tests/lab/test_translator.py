"""The translator reads all of its source, writes forwards, and searches as the book's own beam search does."""

import itertools

import pytest
import torch
import torch.nn.functional as F

from featherweight.compression.sequences import sequence_level_targets
from featherweight.lab import translator as module
from featherweight.lab.number_words import START
from featherweight.lab.translator import LONGEST, Translator, beam, greedy, train

SOURCE = torch.tensor([[1, 4, 5, 2], [1, 3, 2, 0]])
WRITTEN = torch.tensor([[1, 4, 3, 5], [1, 5, 5, 4]])


def test_what_is_written_later_says_nothing_about_what_comes_before():
    network, other = Translator(6, 7, 8), WRITTEN.clone()
    other[:, 2:] = 6
    found, again = network(SOURCE, WRITTEN), network(SOURCE, other)
    assert found.shape == (2, 4, 7)
    torch.testing.assert_close(found[:, :2], again[:, :2], rtol=0, atol=0)
    assert not torch.equal(found[:, 2:], again[:, 2:])


def test_every_source_word_counts_and_filling_does_not_attract():
    network, other = Translator(6, 7, 8), SOURCE.clone()
    other[0, 1] = 3
    assert not torch.equal(network(SOURCE, WRITTEN)[0], network(other, WRITTEN)[0])
    states, _, there = network.read(SOURCE)
    assert there.tolist() == [[True] * 4, [True] * 3 + [False]] and states.shape == (2, 4, 8)


def test_going_on_is_writing_at_once():
    network = Translator(6, 7, 8)
    memory, steps = network.read(SOURCE), []
    for place in range(4):
        logits, last = network.go_on(memory, WRITTEN[:, place : place + 1])
        memory = memory[0], last, memory[2]
        steps.append(logits)
    torch.testing.assert_close(torch.cat(steps, 1), network(SOURCE, WRITTEN), rtol=0, atol=1e-6)


def scores(network, sequences):
    """Log-probability of each sequence (m, length) for the first source."""
    written = F.pad(sequences[:, :-1], (1, 0), value=START)
    said = network(SOURCE[:1].expand(len(sequences), -1), written).log_softmax(-1)
    return said.gather(2, sequences[..., None]).sum((1, 2))


def test_a_beam_as_wide_as_all_finds_the_best(monkeypatch):
    """Oracle: all 4³ sequences, one by one."""
    monkeypatch.setattr(module, "LONGEST", 3)
    network = Translator(6, 4, 8, seed=3)
    network.output.weight.data *= 8  # else all are nearly alike
    every = torch.tensor(list(itertools.product(range(4), repeat=3)))
    best = every[scores(network, every).argmax()]
    assert torch.equal(beam(network, SOURCE, 4**3)[0], best)


def test_the_beam_is_the_book_s_where_the_network_is_a_chain(monkeypatch):
    """Oracle: `sequence_level_targets`, which learners write; ties apart, both must go the same way."""
    monkeypatch.setattr(module, "LONGEST", 5)
    network = Translator(6, 4, 8, seed=1)
    chain = torch.randn(4, 4, generator=torch.Generator().manual_seed(5)).mul(2).log_softmax(1)
    monkeypatch.setattr(
        network, "go_on", lambda memory, written: (chain[written], memory[1].expand(1, len(written), 8))
    )
    for width in (1, 2, 3):
        expected = sequence_level_targets(chain[START], chain, 5, width)
        assert torch.equal(beam(network, SOURCE, width), expected.expand(2, 5))


def test_greedy_takes_the_likeliest_at_every_place():
    network = Translator(6, 7, 8, seed=2)
    found = greedy(network, SOURCE)
    assert found.shape == (2, LONGEST)
    written = F.pad(found[:, :-1], (1, 0), value=START)
    assert torch.equal(network(SOURCE, written).argmax(-1), found)


@pytest.mark.slow
@pytest.mark.parametrize("with_loss", [False, True])
def test_it_learns_to_copy(with_loss):
    network, chance = Translator(6, 6, 16), torch.Generator().manual_seed(0)
    source = F.pad(torch.randint(3, 6, (64, 3), generator=chance), (1, 0), value=1)
    loss = (lambda logits, following, source, target: F.cross_entropy(logits, following)) if with_loss else None
    target = F.pad(source, (0, LONGEST - 3))
    train(network, source, target, 300, loss, rate=1e-2)
    assert (greedy(network, source) == target[:, 1:]).all(1).double().mean() > 0.9
