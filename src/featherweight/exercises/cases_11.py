"""The cases of lesson 11: logits of students and teachers, small networks to compare, and Markov chains that write."""

import torch
from torch import Tensor

from featherweight.compression.sequences import sequence_level_targets

__all__ = ["labelled", "lessons", "logits", "networks", "pairs", "writers"]

DOUBLE = torch.float64


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _normal(generator: torch.Generator, *shape: int) -> Tensor:
    return torch.randn(shape, generator=generator, dtype=DOUBLE)


def _single(case: dict) -> dict:
    return {name: _as_single(value) for name, value in case.items()}


def _as_single(value):
    if isinstance(value, list):
        return [part.float() for part in value]
    return value.float() if isinstance(value, Tensor) and value.is_floating_point() else value


def logits(seed: int) -> list[dict]:
    """Logits of every sign, with ties for the largest, alone and together; a batch of one, and one of none."""
    g = _generator(seed)
    shapes = [(3, 4), (5, 5), (6, 3), (2, 10), (1, 4)]
    cases = [{"logits": 2 * _normal(g, *shape)} for shape in shapes]
    below = {"logits": -1 - _normal(g, 4, 3).abs()}
    tied = _normal(g, 4, 5)
    top = tied.amax(1) + 0.5
    tied[0, [1, 3]], tied[1, [0, 4]], tied[2, [2, 3, 4]], tied[3, :] = top[0], top[1], top[2], top[3]
    alone, none = {"logits": _normal(g, 3, 1)}, {"logits": torch.zeros(0, 3, dtype=DOUBLE)}
    return [*cases, below, {"logits": tied}, alone, none, _single(cases[0])]


def _pair(generator: torch.Generator, examples: int, classes: int) -> dict:
    """Student and teacher agree in part; what is added to all logits of an example changes nothing."""
    student, own = _normal(generator, examples, classes), _normal(generator, examples, classes)
    shift = 3 * _normal(generator, examples, 1)
    return {"student": 2 * student, "teacher": student + 3 * own + shift}


def pairs(seed: int) -> list[dict]:
    """Logits of a student and a teacher under temperatures below and above 1; equal ones, and ones far apart."""
    g = _generator(seed)
    grid = [(2, 3, 2.0), (5, 4, 4.0), (4, 4, 3.0), (1, 5, 2.5), (3, 2, 0.5), (6, 10, 20.0), (7, 3, 1.0)]
    cases = [{**_pair(g, examples, classes), "temperature": heat} for examples, classes, heat in grid]
    same = {**cases[1], "teacher": cases[1]["student"].clone()}
    far = {"student": 1200 * _signs(g, 3, 4), "teacher": 1200 * _signs(g, 3, 4), "temperature": 1.5}
    alone = {**_pair(g, 3, 1), "temperature": 2.0}
    return [*cases, same, far, alone, _single(cases[1])]


def _signs(generator: torch.Generator, examples: int, classes: int) -> Tensor:
    """−1 and +1, both in every example, and small differences beside them."""
    signs = torch.where(torch.rand(examples, classes, generator=generator) < 0.5, -1.0, 1.0).to(DOUBLE)
    signs[:, 0], signs[:, 1] = 1.0, -1.0
    return signs + 0.001 * _normal(generator, examples, classes)


def labelled(seed: int) -> list[dict]:
    """Logits with labels for all examples, for some, for one, for none."""
    g = _generator(seed)
    grid = [
        (4, 3, [2, -1, 0, 1], 2.0, 0.3),
        (5, 4, [3, 0, 1, 2, 2], 4.0, 0.9),
        (6, 5, [-1, -1, 4, -1, -1, 0], 3.0, 0.7),
        (3, 4, [-1, -1, -1], 2.0, 0.6),
        (2, 6, [5, -1], 1.5, 0.0),
        (4, 4, [1, 0, -1, 3], 5.0, 1.0),
        (1, 3, [2], 8.0, 0.25),
        (5, 5, [-1, 1, -1, 4, 0], 1.0, 0.4),
    ]
    cases = []
    for examples, classes, labels, heat, weight in grid:
        more = {"labels": torch.tensor(labels), "temperature": heat, "weight": weight}
        cases.append({**_pair(g, examples, classes), **more})
    return [*cases, _single(cases[0])]


def networks(seed: int) -> list[dict]:
    """Two small networks, at first of one architecture, with inputs in rows or as pictures, and some directions."""
    g = _generator(seed)
    grid = [
        (2, (3,), 4, 4, 3, 2),
        (4, (5,), 3, 6, 4, 1),
        (3, (1, 2, 2), 2, 5, 3, 3),
        (1, (2,), 4, 3, 2, 2),
        (5, (3,), 5, 5, 5, 5),
        (3, (1,), 2, 3, 1, 4),
    ]
    cases = []
    for examples, shape, own, theirs, classes, count in grid:
        entries = torch.Size(shape).numel()
        networks = [[_normal(g, width, entries), _normal(g, classes, width)] for width in (own, theirs)]
        inputs, directions = 0.7 * _normal(g, examples, *shape), 2 * _normal(g, count, examples, classes)
        cases.append({"student": networks[0], "teacher": networks[1], "inputs": inputs, "directions": directions})
    same = {**cases[0], "teacher": [weight.clone() for weight in cases[0]["student"]]}
    return [*cases, same, _single(cases[0])]


def _chain(generator: torch.Generator, symbols: int) -> dict:
    start, transitions = 0.7 * _normal(generator, symbols), 1.5 * _normal(generator, symbols, symbols)
    return {"start": start.log_softmax(0), "transitions": transitions.log_softmax(1)}


def _best(start: Tensor, transitions: Tensor, length: int) -> Tensor:
    """The score of the best of all sequences."""
    for _ in range(length - 1):
        start = (start[:, None] + transitions).amax(0)
    return start.max()


def _missed(generator: torch.Generator, symbols: int, length: int, width: int) -> dict:
    """A chain for which a ranking of this width finds neither the best sequence nor the greedy one.

    Nor does it find the best of those whose symbols are each among the width best after the one before.
    """
    for _ in range(1000):
        start, transitions = _chain(generator, symbols).values()
        found, greedy = (sequence_level_targets(start, transitions, length, kept) for kept in (width, 1))
        score = start[found[0]] + transitions[found[:-1], found[1:]].sum()
        near = _best(_top(start, width), _top(transitions, width), length)
        if score < near - 1e-6 and not torch.equal(found, greedy):
            break
    return {"start": start, "transitions": transitions, "length": length, "width": width}


def _top(logs: Tensor, width: int) -> Tensor:
    """The largest entries of each row; never for the others."""
    return torch.full_like(logs, -torch.inf).scatter(-1, *logs.topk(width)[::-1])


def writers(seed: int) -> list[dict]:
    """Chains that write one symbol or several, with a narrow ranking, a wide one, and one wider than all there is."""
    g = _generator(seed)
    trap = {
        "start": torch.tensor([0.5, 0.4, 0.1], dtype=DOUBLE).log(),
        "transitions": torch.tensor([[0.3, 0.3, 0.4], [0.9, 0.05, 0.05], [0.2, 0.2, 0.6]], dtype=DOUBLE).log(),
    }
    order = torch.randperm(3, generator=g)
    trap = {"start": trap["start"][order], "transitions": trap["transitions"][order][:, order]}
    even = {
        "start": torch.tensor([0.6, 0.4], dtype=DOUBLE).log(),
        "transitions": torch.tensor([[0.51, 0.49], [0.72, 0.28]], dtype=DOUBLE).log(),
    }
    cases = [
        {**trap, "length": 2, "width": 2},
        {**trap, "length": 3, "width": 1},
        {**even, "length": 2, "width": 2},
        _missed(g, 6, 6, 2),
        _missed(g, 4, 5, 2),
        {**_chain(g, 4), "length": 1, "width": 3},
        {**_chain(g, 3), "length": 4, "width": 100},
        {**_chain(g, 6), "length": 7, "width": 3},
        {**_chain(g, 2), "length": 9, "width": 2},
        {**_chain(g, 1), "length": 3, "width": 2},
    ]
    return [*cases, _never(g), *_tied(), _single(cases[3])]


def _never(generator: torch.Generator) -> dict:
    """A chain in which each symbol has followers that never come, itself among them."""
    transitions = _normal(generator, 4, 4)
    transitions[torch.arange(4), torch.arange(4)] = -torch.inf
    transitions[[0, 1, 2, 3], [2, 3, 1, 0]] = -torch.inf
    start = torch.tensor([0.0, 0.3, 0.7, 0.0], dtype=DOUBLE).log()
    return {"start": start, "transitions": transitions.log_softmax(1), "length": 5, "width": 3}


def _tied() -> list[dict]:
    """Chains of quarters and halves, whose scores are exact and often equal."""
    flat = {"start": torch.full((4,), -2.0, dtype=DOUBLE), "transitions": torch.full((4, 4), -2.0, dtype=DOUBLE)}
    start = torch.tensor([-2.0, -1.0, -1.0, -2.0], dtype=DOUBLE)
    rows = [[-2.0, -2.0, -2.0, -2.0], [-3.0, -3.0, -1.0, -1.0], [-1.0, -3.0, -3.0, -1.0], [-1.0, -1.0, -3.0, -3.0]]
    mixed = {"start": start, "transitions": torch.tensor(rows, dtype=DOUBLE)}
    late = {
        "start": torch.tensor([-2.0, -1.0], dtype=DOUBLE),
        "transitions": torch.tensor([[-1.0, -3.0], [-2.0, -3.0]], dtype=DOUBLE),
    }
    grid = [(flat, 3, 3), (mixed, 4, 2), (mixed, 3, 5), (late, 2, 2)]
    return [{**chain, "length": length, "width": width} for chain, length, width in grid]


def lessons(seed: int) -> list[dict]:
    """Two networks with batch normalization, at first of one architecture, and inputs unlike those of the averages."""
    g = _generator(seed)
    grid = [(4, 3, 4, 4, 3, 2.0, 0.2), (6, 5, 3, 6, 4, 4.0, 0.1), (3, 2, 5, 2, 2, 3.0, 0.3), (5, 4, 2, 3, 5, 1.0, 0.4)]
    cases = []
    for examples, entries, own, theirs, classes, heat, rate in grid:
        networks = [_normalized(g, entries, width, classes) for width in (own, theirs)]
        inputs = 0.5 + 1.5 * _normal(g, examples, entries)
        more = {"inputs": inputs, "temperature": heat, "learning_rate": rate}
        cases.append({"student": networks[0], "teacher": networks[1], **more})
    return [*cases, _single(cases[1])]


def _normalized(generator: torch.Generator, entries: int, width: int, classes: int) -> list[Tensor]:
    """Hidden weights, scales, shifts, output weights, running means and running variances."""
    hidden, output = _normal(generator, width, entries), 2 * _normal(generator, classes, width)
    scales, shifts = 1 + 0.3 * _normal(generator, width), 0.5 * _normal(generator, width)
    means, variances = _normal(generator, width), 0.5 + torch.rand(width, generator=generator, dtype=DOUBLE)
    return [hidden, scales, shifts, output, means, variances]
