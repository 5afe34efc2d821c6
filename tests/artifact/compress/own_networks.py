"""Networks as users bring them, none of which a lesson uses or tunes, with tasks small enough to train in seconds."""

import torch
from sklearn.datasets import load_digits
from torch import nn


class Attentive(nn.Module):
    """Convolutions with batch normalization, then attention over the pixels that are left."""

    def __init__(self):
        super().__init__()
        self.first, self.first_norm = nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16)
        self.second, self.second_norm = nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.BatchNorm2d(32)
        self.attention, self.norm = nn.MultiheadAttention(32, 4, batch_first=True), nn.LayerNorm(32)
        self.head = nn.Linear(32, 10)

    def forward(self, x):
        x = self.first_norm(self.first(x.unflatten(1, (1, 8, 8)))).relu()
        x = self.second_norm(self.second(x)).relu().flatten(2).transpose(1, 2)
        x = self.norm(x + self.attention(x, x, x, need_weights=False)[0])
        return self.head(x.mean(1))


class Reader(nn.Module):
    """Embedding, positions and one encoder layer over 16 tokens."""

    def __init__(self):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(40, 32), nn.Parameter(0.1 * torch.randn(16, 32))
        self.layer = nn.TransformerEncoderLayer(32, 4, 64, dropout=0.1, batch_first=True)
        self.head = nn.Linear(32, 3)

    def forward(self, x):
        return self.head(self.layer(self.tokens(x) + self.positions).mean(1))


class Depthwise(nn.Module):
    """Separable convolutions: depthwise kernels with rows of nine weights, then mixing of channels."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 24, 3, padding=1), nn.ReLU())
        for stride in (1, 2):
            self.body.extend(
                [
                    nn.Conv2d(24, 24, 3, padding=1, stride=stride, groups=24, bias=False),
                    nn.BatchNorm2d(24),
                    nn.ReLU6(),
                    nn.Conv2d(24, 24, 1, bias=False),
                    nn.BatchNorm2d(24),
                    nn.Hardswish(),
                ]
            )
        self.head = nn.Linear(24, 10)

    def forward(self, x):
        return self.head(self.body(x).mean((2, 3)))


class Residual(nn.Module):
    """Blocks of LayerNorm and two layers, added to what came in."""

    def __init__(self):
        super().__init__()
        self.stem, self.head = nn.Linear(64, 48), nn.Linear(48, 10)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.LayerNorm(48), nn.Linear(48, 96), nn.GELU(), nn.Dropout(0.1), nn.Linear(96, 48))
            for _ in range(2)
        )

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            x = x + block(x)
        return self.head(x)


class Recurrent(nn.Module):
    """A GRU over the rows of a picture."""

    def __init__(self):
        super().__init__()
        self.gru, self.head = nn.GRU(8, 48, batch_first=True), nn.Linear(48, 10)

    def forward(self, x):
        states, _ = self.gru(x.unflatten(1, (8, 8)))
        return self.head(states[:, -1])


class Plain(nn.Sequential):
    """What the walk of lesson 7 understands, with batch normalization."""

    def __init__(self):
        layers = [nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 12, 3), nn.BatchNorm2d(12), nn.ReLU(), nn.Flatten()]
        super().__init__(*layers, nn.Linear(432, 48), nn.ReLU(), nn.Linear(48, 10))


def digits():
    """1,797 pictures of 8×8 pixels, shuffled once."""
    inputs, labels = load_digits(return_X_y=True)
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(7))
    return torch.tensor(inputs, dtype=torch.float32)[order] / 16, torch.tensor(labels)[order]


def sentences(count=2400):
    """Rows of 16 tokens out of 40; the class: which of the tokens 1, 2, 3 comes most often, or the first."""
    generator = torch.Generator().manual_seed(3)
    inputs = torch.randint(0, 40, (count, 16), generator=generator)
    marked = torch.rand(count, 16, generator=generator) < 0.4
    inputs = torch.where(marked, torch.randint(1, 4, (count, 16), generator=generator), inputs)
    return inputs, torch.stack([(inputs == token).sum(1) for token in (1, 2, 3)], 1).argmax(1)


def trained(kind, data, steps=400, seed=0):
    """A network of this kind, trained on the first two thirds; returns it and a mapping with a test part of its own."""
    torch.manual_seed(seed)
    network, (inputs, labels) = kind(), data
    first = 2 * len(labels) // 3
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    for step in range(steps):
        rows = torch.randint(first, (64,), generator=torch.Generator().manual_seed(step))
        optimizer.param_groups[0]["lr"] = 3e-3 * (1 - step / steps)
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(inputs[rows]), labels[rows]).backward()
        optimizer.step()
    parts = {"inputs": inputs[:first], "labels": labels[:first]}
    return network.eval(), parts | {"test_inputs": inputs[first:], "test_labels": labels[first:]}
