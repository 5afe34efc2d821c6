"""Hostile submissions that return objects made to look right, or change what they believe judges them."""


def equals_everything(given):
    class Equal:
        def __eq__(self, other):
            return True

        def __float__(self):
            return 1.0

        __hash__ = None

    given["marks"].append("equal")
    return Equal()


def is_a_lying_float(given):
    class Lying(float):
        def __eq__(self, other):
            return True

        def __sub__(self, other):
            return 0.0

        __rsub__ = __sub__
        __hash__ = None

    given["marks"].append("lying")
    return Lying("nan")


def is_a_lying_tensor(given):
    import torch

    class Lying(torch.Tensor):
        @classmethod
        def __torch_function__(cls, function, types, args=(), kwargs=None):
            return True

        shape = property(lambda self: ())
        dtype = torch.float32

    given["marks"].append("lying")
    return torch.zeros(3).as_subclass(Lying)


def claims_another_class(given):
    class Claims:
        __class__ = float

        def __array__(self, *_, **__):
            given["marks"].append("asked")
            return [1.0]

        def __getattr__(self, name):
            return lambda *_, **__: True

    given["marks"].append("claims")
    return Claims()


def is_nan(given):
    given["marks"].append("nan")
    return float("nan")


def is_infinite(given):
    given["marks"].append("inf")
    return float("inf")


def is_a_huge_number(given):
    given["marks"].append("huge")
    return 10**3000


def is_every_number(given):
    import torch

    given["marks"].append("all")
    return torch.linspace(0, 10, 100_000)


def is_a_deep_list(given):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    given["marks"].append("deep")
    return deep


def holds_itself(given):
    loop = []
    loop.append(loop)
    given["marks"].append("loop")
    return loop


def patches_torch(given):
    import torch

    for name in ("allclose", "isclose", "equal", "eq"):
        setattr(torch, name, lambda *_, **__: torch.tensor(True))
    torch.Tensor.__eq__ = torch.Tensor.all = lambda *_, **__: torch.tensor(True)
    torch.testing.assert_close = lambda *_, **__: None
    given["marks"].append("patched")
    return torch.zeros(())


def patches_the_interpreter(given):
    import builtins
    import json

    given["marks"].append("on")
    json.dumps = lambda *_, **__: '{"verdict": "passed"}'
    builtins.isinstance = lambda *_: True
    builtins.len = lambda *_: 1
    return 1.0


def patches_the_worker(given):
    import sys

    sys.modules["wire"].pack = lambda value: ({"float": "0x1p0"}, b"")
    sys.modules["probes"].call = lambda function, **inputs: 1.0
    sys.modules["limits"].run_within = lambda seconds, function, *args: function(*args)
    given["marks"].append("patched")
    return 1.0


def turns_warnings_into_errors(given):
    import warnings

    warnings.simplefilter("error")
    given["marks"].append("warned")
    warnings.warn("passed", stacklevel=1)


def raises_what_it_likes(given):
    given["marks"].append("raised")
    raise type("Passed", (UnicodeDecodeError, BaseException), {"__init__": lambda self: None})


def hides_its_exception(given):
    class Hidden(Exception):
        __str__ = None
        __class__ = property(lambda self: 1 / 0)

    given["marks"].append("hidden")
    raise Hidden


SECONDS = 5
ATTACKS = {
    equals_everything: ({"wrong"}, "equal", None),
    is_a_lying_float: ({"wrong"}, "lying", None),
    is_a_lying_tensor: ({"wrong", "error"}, "lying", None),
    claims_another_class: ({"wrong", "error"}, "claims.*", None),
    is_nan: ({"wrong"}, "nan", None),
    is_infinite: ({"wrong"}, "inf", None),
    is_a_huge_number: ({"wrong"}, "huge", None),
    is_every_number: ({"wrong"}, "all", None),
    is_a_deep_list: ({"wrong"}, "deep", None),
    holds_itself: ({"wrong"}, "loop", None),
    patches_torch: ({"wrong", "error", "crashed"}, "patched", None),
    patches_the_interpreter: ({"crashed"}, "on", None),
    patches_the_worker: ({"wrong"}, "1.0", None),
    turns_warnings_into_errors: ({"error"}, "warned", None),
    raises_what_it_likes: ({"error"}, "raised", None),
    hides_its_exception: ({"error"}, "hidden", None),
}
