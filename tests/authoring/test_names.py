"""Names that nothing defines."""

import pytest

from featherweight.authoring import names

FOREIGN = {
    "its own, allowed and built-in names": (
        "def f(x: Tensor):\n    return F.relu(torch.exp(x)) * math.pi * len(x)",
        [],
    ),
    "itself": ("def f(x):\n    return f(x - 1) if x else x", []),
    "local names": ("def f(x):\n    g = lambda y: y + x\n    return [g(z) for z in x]", []),
    "a sibling function": ("def f(x):\n    return helper(x)", ["helper"]),
    "a module constant": ("def f(x):\n    return x * RATE", ["RATE"]),
    "inside an inner function": ("def f(x):\n    def g():\n        return np.zeros(x)\n    return g", ["np"]),
    "in an annotation": ("def f(x: Callable) -> Sequence:\n    return x", ["Callable", "Sequence"]),
    "in a default": ("def f(x=RATE):\n    return x", ["RATE"]),
    "in a decorator": ("@torch.no_grad()\n@cached\ndef f(x):\n    return x", ["cached"]),
}


@pytest.mark.parametrize(("source", "found"), FOREIGN.values(), ids=FOREIGN)
def test_a_function_may_use(source, found):
    assert names.foreign(source) == found


CELLS = {
    "defined before": (["x = 1", "", "print(x)"], []),
    "defined after": (["print(x)", "x = 1"], [(0, "x")]),
    "defined later in the cell": (["print(x)\nx = 1"], [(0, "x")]),
    "in a function, defined by the end of the cell": (["def f():\n    return y\ny = 1\nf()"], []),
    "in a function, defined in a later cell": (["def f():\n    return y", "y = 1"], [(0, "y")]),
    "imported": (["import os.path\nfrom a import b as c", "os, c"], []),
    "imported under another name": (["from a import b as c", "b"], [(1, "b")]),
    "a loop's and a with's name": (["for i in []:\n    i\nwith open('') as f:\n    f"], []),
    "unpacked": (["a, (b, *c) = 1, (2, 3)", "a, b, c"], []),
    "assigned in a condition": (["if n := len(''):\n    n"], []),
    "in a comprehension": (["[j for j in k]"], [(0, "k")]),
    "in an f-string": (["f'{w:.{d}f}'"], [(0, "d"), (0, "w")]),
    "a class": (["class A:\n    x = 1\n    y = x", "A"], []),
}


@pytest.mark.parametrize(("cells", "found"), CELLS.values(), ids=CELLS)
def test_a_cell_may_use_a_name(cells, found):
    assert list(names.undefined(cells)) == found


def test_what_a_cell_makes_and_uses():
    cell = "rows = []\nfor seed in seeds:\n    rows.append(seed)\ndef last(x):\n    return rows[-1] + offset"
    made, used = names.made_and_used(cell)
    assert made == {"rows", "seed", "last"}
    assert used == {"rows", "seed", "seeds", "offset"}
