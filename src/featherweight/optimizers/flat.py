"""The fast form of `adaptive.adam_step`: all parameters in one buffer, changed in place, block after block.

A step goes over a block six times before it turns to the next, so that a block is fetched from memory once and stays
in the cache until it is done.
Source of the idea: PyTorch's flat parameters and apex's FusedAdam; the arithmetic is Kingma & Ba, arXiv:1412.6980,
with both corrections folded into the rate and the root. Asserted equal to the clear form.
"""

import math
from collections.abc import Iterable

import torch
from torch import Tensor

__all__ = ["FlatAdam"]

BLOCK = 2**18  # elements; five buffers of them are 5 MiB of float32: `featherweight bench --only optimizers`


class FlatAdam:
    """Adam on one flat copy of many parameters.

    parameters: tensors of one dtype and device; from here on they are views into `self.parameters`, and their
    gradients views into `self.gradients`, so that a backward pass fills the buffer. betas, epsilon: as in Adam.
    """

    def __init__(self, parameters: Iterable[Tensor], learning_rate=1e-3, betas=(0.9, 0.999), epsilon=1e-8) -> None:
        tensors = list(parameters)
        self.parameters = torch.cat([tensor.detach().flatten() for tensor in tensors])
        self.gradients = torch.zeros_like(self.parameters)
        sizes = [tensor.numel() for tensor in tensors]
        pieces = zip(tensors, self.parameters.split(sizes), self.gradients.split(sizes), strict=True)
        for tensor, value, slope in pieces:
            tensor.data = value.view_as(tensor)
            tensor.grad = slope.view_as(tensor)
        self.first_moment = torch.zeros_like(self.parameters)
        self.second_moment = torch.zeros_like(self.parameters)
        self._root = torch.empty_like(self.parameters[:BLOCK])
        buffers = (self.parameters, self.gradients, self.first_moment, self.second_moment)
        self._blocks = list(zip(*(buffer.split(BLOCK) for buffer in buffers), strict=True))
        self.learning_rate, self.betas, self.epsilon, self.steps = learning_rate, betas, epsilon, 0

    def zero_grad(self) -> None:
        """Set all gradients to zero, in place: the views stay."""
        self.gradients.zero_()

    @torch.no_grad()
    def step(self) -> None:
        """One Adam step on every parameter."""
        self.steps += 1
        beta1, beta2 = self.betas
        correction = math.sqrt(1 - beta2**self.steps)
        rate = self.learning_rate * correction / (1 - beta1**self.steps)
        for parameter, gradient, first_moment, second_moment in self._blocks:
            first_moment.lerp_(gradient, 1 - beta1)
            second_moment.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
            root = torch.sqrt(second_moment, out=self._root[: len(parameter)]).add_(self.epsilon * correction)
            parameter.addcdiv_(first_moment, root, value=-rate)
