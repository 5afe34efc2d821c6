"""Wrong answers of lesson 11 to the sequence of a teacher, one function each. `beams_11` says what is wrong."""

import math

import torch


def _ranking(found, width):
    return sorted(found, key=lambda each: -each[0])[:width]


def beam_with(
    score=lambda total, step: total + step,
    rows=lambda transitions: transitions,
    last=lambda sequence: sequence[-1],
    first=lambda start: start,
    steps=lambda length: length - 1,
    chosen=lambda ranking: ranking[0][1],
    ranked=_ranking,
    begins=_ranking,
):
    """`sequence_level_targets` on Python lists with any of its parts replaced."""

    def wrong(start, transitions, length, width):
        table = rows(transitions).tolist()
        ranking = begins([(total, [symbol]) for symbol, total in enumerate(first(start).tolist())], width)
        for _ in range(steps(length)):
            found = [
                (score(total, step), [*sequence, symbol])
                for total, sequence in ranking
                for symbol, step in enumerate(table[last(sequence)])
            ]
            ranking = ranked(found, width)
        return torch.tensor(chosen(ranking))

    return wrong


def _best_one(found, width):
    return _ranking(found, 1)


def _worst(found, width):
    return sorted(found, key=lambda each: each[0])[:width]


def _high_first(found, width):
    found.reverse()
    return _ranking(found, width)


def _low_sequence_first(found, width):
    return sorted(found, key=lambda each: (-each[0], each[1]))[:width]


keeps_one = beam_with(ranked=_best_one, begins=_best_one)
begins_with_one = beam_with(begins=_best_one)
keeps_the_worst = beam_with(ranked=_worst, begins=_worst)
prefers_high_symbols = beam_with(ranked=_high_first, begins=_high_first)
prefers_low_sequences = beam_with(ranked=_low_sequence_first)
forgets_what_came_before = beam_with(score=lambda total, step: step)
multiplies_the_logs = beam_with(score=lambda total, step: total * step)
adds_up_probabilities = beam_with(
    score=lambda total, step: total + math.exp(step),
    first=lambda start: start.exp(),
)
forgets_the_start = beam_with(first=lambda start: start * 0)
reads_the_columns = beam_with(rows=lambda transitions: transitions.T)
continues_the_first_symbol = beam_with(last=lambda sequence: sequence[0])
writes_one_too_many = beam_with(steps=lambda length: length)
hands_down_the_last = beam_with(chosen=lambda ranking: ranking[-1][1])
hands_down_backwards = beam_with(chosen=lambda ranking: ranking[0][1][::-1])
hands_down_all = beam_with(chosen=lambda ranking: [sequence for _, sequence in ranking])
hands_down_the_score = beam_with(chosen=lambda ranking: ranking[0][0])


def keeps_the_best_of_each(start, transitions, length, width):
    scores, order = start.sort(descending=True, stable=True)
    scores, sequences = scores[:width], order[:width, None]
    for _ in range(length - 1):
        steps, symbols = transitions[sequences[:, -1]].max(dim=1)
        scores, sequences = scores + steps, torch.cat([sequences, symbols[:, None]], dim=1)
    return sequences[scores.argmax()]


def keeps_width_for_each(start, transitions, length, width):
    ranking = [(0.0, [])]
    for place in range(length):
        found = []
        for total, sequence in ranking:
            steps = (transitions[sequence[-1]] if place else start).tolist()
            best = sorted(range(len(steps)), key=lambda symbol: -steps[symbol])[:width]
            found += [(total + steps[symbol], [*sequence, symbol]) for symbol in best]
        ranking = sorted(found, key=lambda each: -each[0])
    return torch.tensor(ranking[0][1])


def searches_everything(start, transitions, length, width):
    scores, before = start, []
    for _ in range(length - 1):
        scores, came = (scores[:, None] + transitions).max(dim=0)
        before.append(came)
    found = [scores.argmax()]
    for came in reversed(before):
        found.append(came[found[-1]])
    return torch.stack(found[::-1])


def goes_word_by_word(start, transitions, length, width):
    chances, found = start.exp(), []
    for _ in range(length):
        found.append(chances.argmax())
        chances = chances @ transitions.exp()
    return torch.stack(found)


def asks_for_more_than_there_is(start, transitions, length, width):
    scores, symbols = start.topk(width)
    sequences = symbols[:, None]
    for _ in range(length - 1):
        scores, order = (scores[:, None] + transitions[sequences[:, -1]]).flatten().topk(width)
        before, symbols = order // len(start), order % len(start)
        sequences = torch.cat([sequences[before], symbols[:, None]], dim=1)
    return sequences[0]


def leaves_equals_to_topk(start, transitions, length, width):
    scores, symbols = start.topk(min(width, len(start)))
    sequences = symbols[:, None]
    for _ in range(length - 1):
        table = (scores[:, None] + transitions[sequences[:, -1]]).flatten()
        scores, order = table.topk(min(width, len(table)))
        before, symbols = order // len(start), order % len(start)
        sequences = torch.cat([sequences[before], symbols[:, None]], dim=1)
    return sequences[0]


def forgets_whose_beginning(start, transitions, length, width):
    scores, order = start.sort(descending=True, stable=True)
    scores, sequences = scores[:width], order[:width, None]
    for _ in range(length - 1):
        scores, order = (scores[:, None] + transitions[sequences[:, -1]]).flatten().sort(descending=True, stable=True)
        scores, symbols = scores[:width], order[:width, None] % len(start)
        rows = torch.arange(len(symbols)).clamp(max=len(sequences) - 1)
        sequences = torch.cat([sequences[rows], symbols], dim=1)
    return sequences[0]
