"""How one case exercises an answer. Only torch is imported: these functions also run where an answer is graded.

A case is plain data; a probe turns it into what the learner's function expects (a gradient function, say), calls the
function, and gives back plain data.
"""

import torch

__all__ = [
    "accumulate",
    "at_the_steepest",
    "average_as_you_go",
    "call",
    "descend",
    "descend_with_decay",
    "epochs",
    "find_by_momentum",
    "from_one_seed",
    "match_slopes",
    "pull_back",
    "pull_student",
    "rewind_twice",
    "take_turns",
    "teach_once",
]


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


def average_as_you_go(function, hessian, minimum, average, iterate, step, learning_rate, beta):
    """gradient(x) = hessian @ (x − minimum).

    hessian: (d, d). minimum, average, iterate: (d,). step: from 1.
    """
    return function(average, iterate, _gradient(hessian, minimum), step, learning_rate, beta)


def at_the_steepest(function, hessian, minimum, parameter, radius):
    """gradient(x) = hessian @ (x − minimum), for x laid out in one row and given back in its shape.

    hessian: (d, d). minimum, parameter: d entries, of any shape.
    """
    return function(_gradient(hessian, minimum), parameter, radius)


def accumulate(function, inputs, targets, parameter, sizes, every, learning_rate):
    """gradient(x, k) = that of half the mean of (inputs @ x − targets)², over the examples of piece k.

    inputs: (n, d). targets: (n,). parameter: (d,). sizes: of the pieces, in order, adding up to n.
    """
    pieces = list(zip(inputs.split(sizes), targets.split(sizes), strict=True))

    def gradient(x, k):
        xs, ys = pieces[k]
        return xs.T @ (xs @ x - ys) / len(ys)

    return function(gradient, parameter, sizes, every, learning_rate)


def _gradient(hessian, minimum):
    def gradient(x):
        if not isinstance(x, torch.Tensor):
            raise TypeError(f"gradient got a {type(x).__name__}; wanted a tensor of shape {tuple(minimum.shape)}")
        return (hessian @ (x - minimum).flatten()).view_as(x)

    return gradient


def epochs(function, inputs, labels, batch_size, seeds):
    """The batches of each seed.

    inputs: (n, …). labels: (n,). seeds: three, the last one equal to the first.
    """
    return [function(inputs, labels, batch_size, seed) for seed in seeds]


SAME = "the same answer"


def take_turns(function, parameters, gradients, **rest):
    """The tensors take turns, step by step, each with a state of its own.

    parameters: (tensors, …). gradients: (steps, tensors, …). rest, in the order of the function's arguments: states,
    shaped as parameters; the number of the first step, where steps are counted; settings, all floats.
    Returns a list: what a step gives; what it gives when asked once more; and, from the start to the last step, every
    state and then the parameters, each (steps + 1, tensors, …). Where one of the first two is wrong, the rest is NaN.
    """
    states = [value for value in rest.values() if isinstance(value, torch.Tensor)]
    first = [value for value in rest.values() if isinstance(value, int)]
    settings = [value for value in rest.values() if isinstance(value, float)]
    held = [[parameter, *(state[i] for state in states)] for i, parameter in enumerate(parameters)]
    wanted = _described(held[0][:1] * len(held[0]))
    nothing = [torch.full((len(gradients) + 1, *parameters.shape), torch.nan).to(parameters)] * len(held[0])
    walk = [torch.stack([torch.stack(each) for each in held])]
    for k, slopes in enumerate(gradients):
        for i, (parameter, *state) in enumerate(held):
            question = parameter, slopes[i], *state, *(number + k for number in first), *settings
            asked = _copies(question) if k == len(gradients) - 1 else question
            held[i] = _parts(function(*question), held[i])
            if not _fits(held[i], parameters[0]) or len(held[i]) != len(nothing):
                return [_described(held[i]), SAME, *nothing]
        walk.append(torch.stack([torch.stack(each) for each in held]))
    if not _equal(_parts(function(*asked), held[-1]), walk[-1][-1]):
        return [wanted, "another answer", *nothing]
    parameters, *states = torch.stack(walk).movedim(2, 0)
    return [wanted, SAME, *states, parameters]


def from_one_seed(function, **inputs):
    """torch's random numbers start from one seed, for those who draw any."""
    torch.manual_seed(0)
    return function(*inputs.values())


def find_by_momentum(function, start, hessian, minimum, learning_rate, momentum, steps, fraction, rounds):
    """train takes `steps` steps of velocity = momentum · velocity + hessian @ (weight − minimum), masked.

    start, minimum: (d,). hessian: (d, d).
    """

    def train(weight, mask, velocity):
        for _ in range(steps):
            velocity.mul_(momentum).add_(hessian @ (weight - minimum)).mul_(mask)
            weight.sub_(learning_rate * velocity)

    return function(start, train, fraction, rounds)


def pull_back(function, x, low, high, upstream):
    """What a function of x gives, the gradient of the sum of upstream · answer in x, and x afterwards.

    x, upstream: tensors of one shape. The gradient is None where nothing leads back to x.
    """
    leaf = x.clone().requires_grad_()
    answer = function(leaf, low, high)
    if not isinstance(answer, torch.Tensor):
        return [answer, None, leaf.detach()]
    slope = None
    if answer.requires_grad and answer.shape == x.shape:
        (slope,) = torch.autograd.grad(answer, leaf, upstream.to(answer.dtype), allow_unused=True)
    return [answer.detach(), slope, leaf.detach()]


def pull_student(function, student, teacher, **rest):
    """What a loss of logits gives, its gradient in student and the one in teacher, each in a list of its own."""
    leaves = student.clone().requires_grad_(), teacher.clone().requires_grad_()
    return _pulled(function(*leaves, *rest.values()), leaves[:1], leaves[1:])


def match_slopes(function, student, teacher, inputs, directions):
    """student(x) = tanh(x @ hidden.T) @ output.T, x laid out in rows, and teacher(x) likewise.

    student, teacher: lists [hidden, output]. Returns the answer and its gradients in the weights of each, None where
    nothing leads back.
    """
    networks = _Tanh(*student), _Tanh(*teacher)
    return _pulled(function(*networks, inputs, directions), *(list(network.parameters()) for network in networks))


class _Tanh(torch.nn.Module):
    def __init__(self, hidden, output):
        super().__init__()
        self.hidden, self.output = torch.nn.Parameter(hidden.clone()), torch.nn.Parameter(output.clone())

    def forward(self, x):
        return torch.tanh(x.flatten(1) @ self.hidden.T) @ self.output.T


def _pulled(answer, *groups):
    """An answer, and its gradients in the leaves of each group; None where it carries none."""
    if not isinstance(answer, torch.Tensor) or not answer.requires_grad or answer.shape:
        return [answer, *([None] * len(group) for group in groups)]
    leaves = [leaf for group in groups for leaf in group]
    slopes = iter(torch.autograd.grad(answer, leaves, allow_unused=True))
    return [answer.detach(), *([next(slopes) for _ in group] for group in groups)]


def teach_once(function, student, teacher, inputs, temperature, learning_rate):
    """student and teacher: modules, Linear without bias, BatchNorm1d, Tanh, Linear without bias; in training mode.

    student, teacher: lists [hidden, scales, shifts, output, running means, running variances]. Returns the answer,
    what has become of the tensors of the student, and of those of the teacher, in one list.
    """
    networks = [_normalizing(*tensors) for tensors in (student, teacher)]
    answer = function(*networks, inputs, temperature, learning_rate)
    return [answer, *(tensor.detach() for network in networks for tensor in _inside(network))]


def _normalizing(*tensors):
    hidden, output = tensors[0], tensors[3]
    network = torch.nn.Sequential(
        torch.nn.Linear(hidden.shape[1], len(hidden), bias=False, dtype=hidden.dtype),
        torch.nn.BatchNorm1d(len(hidden), dtype=hidden.dtype),
        torch.nn.Tanh(),
        torch.nn.Linear(len(hidden), len(output), bias=False, dtype=hidden.dtype),
    )
    for place, tensor in zip(_inside(network), tensors, strict=True):
        place.data.copy_(tensor)
    return network


def _inside(network):
    first, norm, _, last = network
    return [first.weight, norm.weight, norm.bias, last.weight, norm.running_mean, norm.running_var]


def rewind_twice(function, trained, initial, masks, moves):
    """Weights that a network holds are rewound, trained on by `moves`, and rewound again.

    trained, initial, masks, moves: lists of tensors, one per layer; moves are added to the weights.
    Returns what became of the tensors that were given, then the network's weights, initial and masks afterwards,
    and the network's weights after the second time, of a network that the first has reached.
    """
    held = [weight.clone() for weight in trained]
    handles = [weight.detach() for weight in held]
    views = list(handles)
    answer = function(views, initial, masks)
    found = [[part.clone() for part in parts] for parts in (held, initial, masks)]
    if not all(map(torch.equal, held, trained)):
        for weight, move in zip(held, moves, strict=True):
            weight.add_(move)
        function([weight.detach() for weight in held], initial, masks)
    return [_whereabouts(answer, views, handles, held), *found, held]


def _whereabouts(answer, views, handles, held):
    """How an answer that did not reach the network has missed it."""
    if any(view is not handle for view, handle in zip(views, handles, strict=True)):
        return "other tensors in place of the given ones; the network as it was"
    if any(view.data_ptr() != weight.data_ptr() for view, weight in zip(views, held, strict=True)):
        return "other memory for the given tensors; the network as it was"
    if isinstance(answer, list | tuple) and all(isinstance(part, torch.Tensor) for part in answer):
        return "new tensors returned; the network as it was"
    return "nothing that reaches the network"


def _copies(values):
    return [value.clone() if isinstance(value, torch.Tensor) else value for value in values]


def _parts(answer, held):
    """What a step gave back as a list of tensors, as far as it can be read as one; `held` is what went before."""
    if isinstance(answer, torch.Tensor) and answer.shape == (len(held), *held[0].shape):
        return list(answer)
    parts = answer if isinstance(answer, list | tuple) else [answer]
    return [part if isinstance(part, torch.Tensor) else _as_tensor(part, held[0].dtype) for part in parts]


def _as_tensor(value, dtype):
    """An array as a tensor, numbers as one of `dtype`; anything else as it is."""
    try:
        return torch.as_tensor(value, dtype=dtype if isinstance(value, list | tuple | float) else None)
    except (TypeError, ValueError, RuntimeError):
        return value


def _fits(parts, like):
    return all(isinstance(p, torch.Tensor) and p.shape == like.shape and p.dtype == like.dtype for p in parts)


def _described(parts):
    """A list of tensors in a few words: "2 tensors: float64 (3,), float64 (3,)"."""
    if len(parts) == 1 and parts[0] is None:
        return "nothing (is a return missing?)"
    kinds = ", ".join(
        f"{part.dtype} {tuple(part.shape)}".removeprefix("torch.")
        if isinstance(part, torch.Tensor)
        else f"a {type(part).__name__}"
        for part in parts
    )
    return f"{len(parts)} tensor{'s' * (len(parts) != 1)}: {kinds}"


def _equal(parts, others):
    """Whether tensors are equal to the last bit; NaN equals NaN."""
    if not _fits(parts, others[0]) or len(parts) != len(others):
        return False
    found = torch.stack(parts)
    return bool((found.eq(others) | (found.isnan() & others.isnan())).all())
