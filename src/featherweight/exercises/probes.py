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
    """Run a descent on ½ (x − minimum)ᵀ H (x − minimum); `hessian` (d, d), `minimum` and `start` (d,)."""
    return function(lambda x: hessian @ (torch.as_tensor(x) - minimum), start, learning_rate, steps)


def descend_with_decay(function, hessian, minimum, start, learning_rate, decay, steps):
    """Run a descent with a decaying rate on ½ (x − minimum)ᵀ H (x − minimum)."""
    return function(lambda x: hessian @ (torch.as_tensor(x) - minimum), start, learning_rate, decay, steps)
