from itertools import pairwise, product

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from featherweight.compression.distillation import reverse_kl
from featherweight.compression.sequences import on_policy_loss, sequence_level_targets

DOUBLE = torch.float64


def chain(symbols, seed):
    g = torch.Generator().manual_seed(seed)
    start, rows = (2 * torch.randn(*shape, generator=g, dtype=DOUBLE) for shape in ((symbols,), (symbols, symbols)))
    return start.log_softmax(0), rows.log_softmax(1)


def score(start, transitions, sequence):
    return float(start[sequence[0]] + sum(transitions[pair] for pair in pairwise(sequence)))


def greedy(start, transitions, length):
    found = [int(start.argmax())]
    while len(found) < length:
        found.append(int(transitions[found[-1]].argmax()))
    return found


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(1, 5), st.integers(0, 999))
def test_a_ranking_that_spares_none_finds_the_best(symbols, length, seed):
    """Oracle: all sequences tried; exactly."""
    start, transitions = chain(symbols, seed)
    found = sequence_level_targets(start, transitions, length, symbols ** (length - 1))
    best = max(product(range(symbols), repeat=length), key=lambda each: score(start, transitions, each))
    assert found.dtype == torch.int64 and found.tolist() == list(best)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6), st.integers(1, 8), st.integers(0, 999))
def test_a_ranking_of_one_is_greedy(symbols, length, seed):
    """Oracle: a loop of argmax; exactly."""
    start, transitions = chain(symbols, seed)
    assert sequence_level_targets(start, transitions, length, 1).tolist() == greedy(start, transitions, length)


def test_a_narrow_ranking_finds_more_than_greed_and_less_than_all():
    """Of 200 chains a ranking of two improves on greed often, and misses the best sometimes."""
    gains, misses = 0, 0
    for seed in range(200):
        start, transitions = chain(5, seed)
        scores = [
            score(start, transitions, sequence_level_targets(start, transitions, 5, width).tolist())
            for width in (1, 2, 5**4)
        ]
        gains += scores[1] > scores[0] + 1e-9
        misses += scores[2] > scores[1] + 1e-9
    assert gains > 20 and 0 < misses < 100


def test_a_trap_for_greed():
    """0 begins best, and leads nowhere sure: 0.5 · 0.4 is less than 0.4 · 0.9."""
    start = torch.tensor([0.5, 0.4, 0.1]).log()
    transitions = torch.tensor([[0.3, 0.3, 0.4], [0.9, 0.05, 0.05], [0.2, 0.2, 0.6]]).log()
    assert sequence_level_targets(start, transitions, 2, 1).tolist() == [0, 2]
    assert sequence_level_targets(start, transitions, 2, 2).tolist() == [1, 0]


def test_equal_scores_go_by_the_ranking_then_by_the_symbol():
    flat = torch.full((3,), -1.0), torch.full((3, 3), -1.0)
    assert sequence_level_targets(*flat, 4, 2).tolist() == [0, 0, 0, 0]
    start, transitions = torch.tensor([-2.0, -1.0]), torch.tensor([[-1.0, -3.0], [-2.0, -3.0]])
    assert sequence_level_targets(start, transitions, 2, 2).tolist() == [1, 0]  # equal to 0, 0; 1 began better


def test_what_never_comes_is_not_written():
    start = torch.tensor([0.0, 1.0]).log()
    transitions = torch.tensor([[0.5, 0.5], [1.0, 0.0]]).log()
    assert sequence_level_targets(start, transitions, 3, 9).tolist() == [1, 0, 0]


def unmoved(table):
    """A network that says the same at every place."""
    return lambda symbols: table.expand(*symbols.shape, len(table))


def after_one(table):
    """A Markov chain: what follows depends on the last symbol."""
    return lambda symbols: table[symbols]


def test_where_nothing_depends_on_what_was_written_it_is_the_reverse_divergence():
    """Oracle: `reverse_kl` of the two rows at T = 1, 1e-12, whatever was drawn."""
    student, teacher = torch.randn(2, 5, dtype=DOUBLE)
    found = on_policy_loss(unmoved(student), unmoved(teacher), torch.zeros(3, 2, dtype=torch.int64), 4)
    assert torch.allclose(found, reverse_kl(student[None], teacher[None], 1.0), rtol=1e-12)


def test_many_samples_come_to_the_divergence_of_whole_sequences():
    """Oracle: KL of the two distributions over all 27 sequences, listed, over the length; four standard errors."""
    g = torch.Generator().manual_seed(0)
    student, teacher = torch.randn(2, 3, 3, generator=g, dtype=DOUBLE)
    logs = student.log_softmax(1), teacher.log_softmax(1)
    exact = 0.0
    for sequence in product(range(3), repeat=3):
        mine, theirs = (score(log[0], log, sequence) for log in logs)
        exact += torch.tensor(mine).exp().item() * (mine - theirs) / 3
    prompts = torch.zeros(500, 1, dtype=torch.int64)
    losses = [on_policy_loss(after_one(student), after_one(teacher), prompts, 3, g) for _ in range(20)]
    found = torch.stack(losses)
    assert abs(found.mean() - exact) < 4 * found.std() / 20**0.5
    assert found.std() < 0.1 * exact


def test_the_student_learns_and_neither_the_teacher_nor_the_drawing_does():
    student, teacher = torch.randn(2, 3, 3, dtype=DOUBLE)
    student.requires_grad_(), teacher.requires_grad_()
    seen = []

    def writes(symbols):
        seen.append((symbols.clone(), torch.is_grad_enabled()))
        return student[symbols]

    prompts = torch.tensor([[0, 1], [2, 2]])
    on_policy_loss(writes, after_one(teacher), prompts, 3, torch.Generator().manual_seed(0)).backward()
    assert teacher.grad is None and student.grad.abs().max() > 0
    assert [graph for _, graph in seen] == [False, False, False, True]
    last, _ = seen[-1]
    assert last.shape == (2, 4) and torch.equal(last[:, :2], prompts)


def test_the_same_generator_writes_the_same():
    student, teacher = torch.randn(2, 4, 4)
    drawn = [
        on_policy_loss(
            after_one(student),
            after_one(teacher),
            torch.zeros(6, 1, dtype=torch.int64),
            5,
            torch.Generator().manual_seed(s),
        )
        for s in (0, 0, 1)
    ]
    assert drawn[0] == drawn[1] != drawn[2]
