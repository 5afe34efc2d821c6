"""Wrong answers of lesson 7 to a residual stream, one function each. `streams_07` says what is wrong."""

import torch


def _rows(writers, readers):
    return [w.flatten(1) for w in writers] + [r.transpose(0, 1).flatten(1) for r in readers]


def _cut(writers, readers, keep):
    return [w[keep] for w in writers], [r[:, keep] for r in readers]


def _best(importance, count):
    return importance.topk(count).indices.sort().values


def _by(importance):
    """`align_residual` with another importance of a channel, from its rows in every layer."""

    def wrong(writers, readers, count):
        return _cut(writers, readers, _best(importance(_rows(writers, readers)), count))

    return wrong


sums_sizes = _by(lambda rows: sum(row.abs().sum(1) for row in rows))
sums_signed = _by(lambda rows: sum(row.sum(1) for row in rows))
sums_norms = _by(lambda rows: sum(row.norm(dim=1) for row in rows))
averages_layers = _by(lambda rows: sum(row.square().mean(1) for row in rows))
takes_the_largest_layer = _by(lambda rows: torch.stack([row.square().sum(1) for row in rows]).amax(0))
multiplies_layers = _by(lambda rows: torch.stack([row.square().sum(1) for row in rows]).prod(0))
asks_the_first_writer = _by(lambda rows: rows[0].square().sum(1))
keeps_the_least = _by(lambda rows: -sum(row.square().sum(1) for row in rows))


def lets_each_layer_choose(writers, readers, count):
    writers = [w[_best(w.flatten(1).square().sum(1), count)] for w in writers]
    columns = [r.transpose(0, 1).flatten(1).square().sum(1) for r in readers]
    return writers, [r[:, _best(c, count)] for r, c in zip(readers, columns, strict=True)]


def lets_each_writer_choose(writers, readers, count):
    importance = torch.stack([row.square().sum(1) for row in _rows(writers, readers)]).sum(0)
    chosen = [w[_best(w.flatten(1).square().sum(1), count)] for w in writers]
    return chosen, [r[:, _best(importance, count)] for r in readers]


def asks_writers_only(writers, readers, count):
    importance = torch.stack([w.flatten(1).square().sum(1) for w in writers]).sum(0)
    return _cut(writers, readers, _best(importance, count))


def asks_readers_only(writers, readers, count):
    importance = torch.stack([r.transpose(0, 1).flatten(1).square().sum(1) for r in readers]).sum(0)
    return _cut(writers, readers, _best(importance, count))


def orders_by_importance(writers, readers, count):
    importance = torch.stack([row.square().sum(1) for row in _rows(writers, readers)]).sum(0)
    return _cut(writers, readers, importance.topk(count).indices)


def cuts_rows_of_readers(writers, readers, count):
    importance = torch.stack([row.square().sum(1) for row in _rows(writers, readers)]).sum(0)
    keep = _best(importance, count)
    return [w[keep] for w in writers], [r[keep] for r in readers]


def leaves_the_readers(writers, readers, count):
    importance = torch.stack([row.square().sum(1) for row in _rows(writers, readers)]).sum(0)
    return [w[_best(importance, count)] for w in writers], readers


def keeps_the_first(writers, readers, count):
    return [w[:count] for w in writers], [r[:, :count] for r in readers]


def masks_the_rest(writers, readers, count):
    importance = torch.stack([row.square().sum(1) for row in _rows(writers, readers)]).sum(0)
    keep = torch.zeros_like(importance).index_fill(0, importance.topk(count).indices, 1.0)
    return (
        [w * keep.view(-1, *[1] * (w.dim() - 1)) for w in writers],
        [r * keep.view(1, -1, *[1] * (r.dim() - 2)) for r in readers],
    )


def deletes_that_many(writers, readers, count):
    importance = torch.stack([row.square().sum(1) for row in _rows(writers, readers)]).sum(0)
    return _cut(writers, readers, _best(importance, len(importance) - count))


def keeps_what_anyone_wants(writers, readers, count):
    wanted = torch.cat([row.square().sum(1).topk(count).indices for row in _rows(writers, readers)])
    return _cut(writers, readers, wanted.unique())


def scores_rows_of_readers(writers, readers, count):
    importance = sum(w.flatten(1).square().sum(1) for w in writers) + sum(r.flatten(1).square().sum(1) for r in readers)
    return _cut(writers, readers, _best(importance, count))


def forgets_kernels(writers, readers, count):
    importance = sum(w.square().sum(1) for w in writers) + sum(r.square().sum(0) for r in readers)
    return _cut(writers, readers, _best(importance, count))


def returns_one_list(writers, readers, count):
    importance = torch.stack([row.square().sum(1) for row in _rows(writers, readers)]).sum(0)
    small, smaller = _cut(writers, readers, _best(importance, count))
    return [*small, *smaller]
