"""How one case exercises an answer. Only torch is imported: these functions also run where an answer is graded.

A case is plain data; a probe turns it into what the learner's function expects (a gradient function, say), calls the
function, and gives back plain data.
"""

import torch

__all__ = ["call", "descend", "descend_with_decay"]


def call(function, **inputs):
    """Call the function with the case's values, in their order."""
    return function(*inputs.values())


def descend(function, hessian, minimum, start, learning_rate, steps):
    """gradient(x) = hessian @ (x − minimum).

    hessian: (d, d). minimum, start: (d,).
    """
    return function(_gradient(hessian, minimum), start, learning_rate, steps)


def descend_with_decay(function, hessian, minimum, start, learning_rate, decay, steps):
    """gradient(x) = hessian @ (x − minimum).

    hessian: (d, d). minimum, start: (d,).
    """
    return function(_gradient(hessian, minimum), start, learning_rate, decay, steps)


def _gradient(hessian, minimum):
    def gradient(x):
        if not isinstance(x, torch.Tensor):
            raise TypeError(f"gradient got a {type(x).__name__}; wanted a tensor of shape {tuple(minimum.shape)}")
        return hessian @ (x - minimum)

    return gradient
