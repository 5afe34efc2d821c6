"""A teacher, students, and what a student may learn from: what lesson 11 and its shipped table have in common.

Teacher: the book's LeNet-5, trained on all 3,500 digits. Students: LeNet-300-100, which has no convolutions, one hidden
layer of a few units, and a LeNet-5 a third as wide, which has feature maps to compare. The loss functions that the
reader writes in lesson 11 are arguments, with the book's own as defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from featherweight.compression import distillation, hints
from featherweight.lab.data import Split
from featherweight.lab.networks import lenet_5, seeded
from featherweight.lab.sparse_training import ADAM, train_dense
from featherweight.lab.training import train

__all__ = [
    "FEW",
    "SIGNALS",
    "TEMPERATURE",
    "Moved",
    "answers",
    "copied_slopes",
    "few",
    "from_labels",
    "from_teacher",
    "learned",
    "raised",
    "shifted",
    "signal_loss",
    "slopes_of",
    "small",
    "stretches",
    "teacher_of",
    "teacher_of_shifts",
    "thin",
    "without",
]

TEMPERATURE = 4.0
"""Of every run that does not vary it: of those tried in `distillation_runs`, the best on the validation digits."""

FEW = 200
CUT = 7
"""Layers of a LeNet-5 up to the features that hints and attention compare: 5 × 5 places."""

SIGNALS = ("soft", "decoupled", "reverse", "hint", "attention", "slopes")


def teacher_of(data: Split, seed: int = 0, epochs: int = 10, title: str | None = None) -> nn.Sequential:
    """LeNet-5, trained on the labels of all training digits and left in evaluation mode."""
    network = lenet_5(seed).to(data.train_inputs.device)
    train_dense(network, data, epochs, seed=seed, title=title)
    return network.eval()


def teacher_of_shifts(data: Split, seed: int = 0, epochs: int = 20) -> nn.Sequential:
    """The same, trained on digits moved by up to two pixels, in twice as many epochs."""
    network = lenet_5(seed).to(data.train_inputs.device)
    learned(Moved(network, seed), data.train_inputs, from_labels(data.train_labels), epochs, seed)
    return network.eval()


def small(hidden: int, seed: int = 0) -> nn.Sequential:
    """784 → hidden → 10."""
    with seeded(seed):
        return nn.Sequential(nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10))


def thin(seed: int = 0) -> nn.Sequential:
    """LeNet-5 with 2 and 5 feature maps in place of 6 and 16: 6,859 parameters."""
    with seeded(seed):
        return nn.Sequential(
            nn.Unflatten(1, (1, 28, 28)),
            nn.Conv2d(1, 2, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(2, 5, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(125, 48),
            nn.ReLU(),
            nn.Linear(48, 10),
        )


@torch.no_grad()
def answers(network: nn.Module, inputs: Tensor) -> Tensor:
    """The logits (n, 10) of a finished network, without gradients."""
    return network(inputs)


def few(data: Split, seed: int, count: int = FEW) -> Tensor:
    """(count,) indices of training digits, drawn from `seed`: those that have a label."""
    order = torch.randperm(len(data.train_labels), generator=torch.Generator().manual_seed(1000 + seed))
    return order[:count].to(data.train_labels.device)


def without(data: Split, digit: int) -> Tensor:
    """Indices of the training digits that are not `digit`."""
    return (data.train_labels != digit).nonzero()[:, 0]


Loss = Callable[[Tensor, Tensor], Tensor]
"""(outputs of the student, which examples they belong to) → 0-d tensor."""


def from_labels(labels: Tensor) -> Loss:
    """The loss of ordinary training."""
    return lambda outputs, rows: F.cross_entropy(outputs, labels[rows])


def from_teacher(
    logits: Tensor,
    labels: Tensor | None = None,
    temperature: float = TEMPERATURE,
    weight: float = 1.0,
    loss: Callable = distillation.distillation_loss,
) -> Loss:
    """The loss of distillation, from a teacher's logits (n, 10) for the same examples.

    labels: (n,), −1 where there is none; left out, there is none at all. weight: 1 learns from the teacher alone.
    """
    labels = logits.new_full((len(logits),), -1, dtype=torch.int64) if labels is None else labels
    return lambda outputs, rows: loss(outputs, logits[rows], labels[rows], temperature, weight)


def stretches(network: nn.Module, inputs: Tensor, loss: Loss, ends: Sequence[int], seed: int = 0) -> Iterator[int]:
    """Train in place with the book's usual Adam, and pause after each number of epochs in `ends`. loss: see Loss."""
    optimizer = torch.optim.Adam(network.parameters(), ADAM[0], ADAM[1:3], ADAM[3], fused=True)
    rows, done = torch.arange(len(inputs), device=inputs.device), 0
    for end in ends:
        train(network, inputs, rows, optimizer, end - done, seed=1000 * seed + done, loss=loss)
        done = end
        yield end


def learned(network: nn.Module, inputs: Tensor, loss: Loss, epochs: int, seed: int = 0) -> nn.Module:
    """Train in place with the book's usual Adam, and return the network. loss: see Loss."""
    for _ in stretches(network, inputs, loss, (epochs,), seed):
        pass
    return network


class Moved(nn.Module):
    """A network that sees each picture moved a little, anew each time; it shares the parameters of `network`."""

    def __init__(self, network: nn.Module, seed: int) -> None:
        super().__init__()
        self.network, self.source = network, torch.Generator().manual_seed(seed)

    def forward(self, inputs: Tensor) -> Tensor:
        return self.network(shifted(inputs, self.source))


def shifted(inputs: Tensor, generator: torch.Generator, most: int = 2) -> Tensor:
    """Pictures (n, 784), each moved by up to `most` pixels in both directions; what comes in from outside is 0."""
    count = len(inputs)
    padded = F.pad(inputs.view(count, 28, 28), (most,) * 4)
    down, right = torch.randint(0, 2 * most + 1, (2, count, 1), generator=generator).to(inputs.device)
    line = torch.arange(28, device=inputs.device)
    rows, columns = (down + line)[:, :, None], (right + line)[:, None, :]
    return padded[torch.arange(count, device=inputs.device)[:, None, None], rows, columns].reshape(count, 784)


def raised(logits: Tensor, digit: int, bias: float) -> Tensor:
    """A copy of logits (n, 10) with `bias` added to one class: all that is repaired in a student that never saw it."""
    logits = logits.clone()
    logits[:, digit] += bias
    return logits


def slopes_of(network: nn.Module, inputs: Tensor) -> Tensor:
    """(n, 10, 784): how each logit of a finished network changes with each pixel of the example."""
    x = inputs.detach().requires_grad_()
    outputs = network(x).sum(0)
    found = [torch.autograd.grad(output, x, retain_graph=True)[0] for output in outputs]
    return torch.stack(found, 1)


def copied_slopes(
    network: nn.Module, slopes: Tensor, inputs: Tensor, generator: torch.Generator, loss: Callable = hints.jacobian_loss
) -> Tensor:
    """`jacobian_loss` along one random direction of length 1 for each example, drawn anew at every call.

    slopes: of the teacher at `inputs`. Found once, they stand in for it: a network that is linear around each example.
    """
    directions = F.normalize(torch.randn(1, len(inputs), slopes.shape[1], generator=generator), dim=2)

    def teacher(x: Tensor) -> Tensor:
        return (slopes @ x[:, :, None])[:, :, 0]

    return loss(network, teacher, inputs, directions.to(inputs.device))


def signal_loss(
    network: nn.Sequential,
    teacher: nn.Sequential,
    inputs: Tensor,
    labels: Tensor,
    signal: str,
    strength: float,
    seed: int = 0,
) -> tuple[Loss, nn.Module]:
    """The loss of one of SIGNALS, and the module to train: the student, with a regressor beside it for hints.

    "soft" is distillation with labels, half and half. "hint", "attention" and "slopes" add theirs to it, times
    strength. "decoupled" and "reverse" stand in for its soft part; strength is β of the first, a share of the second.
    """
    known, looked = answers(teacher, inputs), answers(teacher[:CUT], inputs)
    steep = slopes_of(teacher, inputs) if signal == "slopes" else None
    source = torch.Generator().manual_seed(seed)
    mixed = from_teacher(known, labels, weight=0.5)
    with seeded(seed):
        regressor = nn.Conv2d(5, 16, 1).to(inputs.device)

    def features(rows: Tensor) -> tuple[Tensor, Tensor]:
        return network[:CUT](inputs[rows]), looked[rows]

    def hard(outputs: Tensor, rows: Tensor) -> Tensor:
        return F.cross_entropy(outputs, labels[rows])

    def decoupled(outputs: Tensor, rows: Tensor) -> Tensor:
        parts = distillation.decoupled_loss(outputs, known[rows], labels[rows], TEMPERATURE, 1.0, strength)
        return 0.5 * parts + 0.5 * hard(outputs, rows)

    def reverse(outputs: Tensor, rows: Tensor) -> Tensor:
        soft = distillation.reverse_kl(outputs, known[rows], TEMPERATURE)
        return strength * soft + (1 - strength) * hard(outputs, rows)

    def slopes(outputs: Tensor, rows: Tensor) -> Tensor:
        return copied_slopes(network, steep[rows], inputs[rows], source)

    added = {
        "hint": lambda outputs, rows: hints.hint_loss(*features(rows), regressor),
        "attention": lambda outputs, rows: hints.attention_loss(*features(rows)),
        "slopes": slopes,
    }
    if signal in added:
        return lambda outputs, rows: mixed(outputs, rows) + strength * added[signal](outputs, rows), regressor
    return {"soft": mixed, "decoupled": decoupled, "reverse": reverse}[signal], regressor
