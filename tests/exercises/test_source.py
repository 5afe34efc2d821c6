"""Functions as text: sliced, stubbed, recognized."""

from itertools import pairwise

import pytest

from featherweight.errors import LessonError
from featherweight.exercises import by_name
from featherweight.exercises.source import (
    STUB_LINE,
    function_source,
    is_untouched,
    learner_source,
    normalized,
    standalone_source,
    stub_source,
)
from featherweight.optimizers import descent

DESCENT, HUNT = by_name("gradient_descent"), by_name("mended_descent")


def test_a_function_is_sliced_from_its_file():
    text = function_source(descent.clip_gradient)
    assert text.startswith("def clip_gradient(gradient: Tensor, max_norm: float) -> Tensor:\n")
    assert text.endswith("return gradient * (max_norm / norm).clamp(max=1.0)")


def test_and_renamed():
    assert function_source(descent.clip_gradient, "shortened").startswith("def shortened(gradient")


def test_only_module_level_functions_can_be_sliced():
    def inner():
        return 1

    with pytest.raises(LessonError, match="inner is not a function at the top level"):
        function_source(inner)


def halved(x):
    return x / TWO


TWO = 2


def maker(sign, kept):
    def step(x):
        kept.append(x)
        return sign * halved(x) + len(kept)

    return step


def test_a_function_stands_alone_with_what_it_needs():
    text, space = standalone_source(maker(-1, [7]), "answer"), {}
    exec(text, space)
    assert text.splitlines()[0] == "kept = []"
    assert space["answer"](4) == -1


def test_a_function_that_needs_more_than_text_cannot_stand_alone():
    with pytest.raises(LessonError, match="step needs sign, a object: write it out"):
        standalone_source(maker(object(), []), "answer")


def test_a_stub_keeps_signature_and_docstring_and_no_answer():
    text = stub_source(DESCENT)
    assert text.splitlines()[-1].strip() == STUB_LINE
    assert "Walk downhill" in text
    assert "torch.stack" not in text


def test_a_bug_hunts_stub_is_the_wrong_function_under_the_references_docstring():
    text = stub_source(HUNT)
    assert text.startswith("def mended_descent(gradient, start: Tensor")
    assert "the first update uses `learning_rate` itself" in " ".join(text.split()).lower().replace(
        "the first", "the first"
    )
    assert "decay**step" in text
    assert "chapter" not in text


UNTOUCHED = [
    pytest.param(stub_source(DESCENT), True, id="the stub"),
    pytest.param(stub_source(DESCENT).replace("    raise", "    # my notes\n    raise"), True, id="with a comment"),
    pytest.param("def f(a, b):\n    raise NotImplementedError()", True, id="nbgrader's"),
    pytest.param("def f(a):\n    ...", True, id="dots"),
    pytest.param('def f(a):\n    """Doc."""', True, id="docstring only"),
    pytest.param("def f(a):\n    pass", True, id="pass"),
    pytest.param("def f(a):\n    return a", False, id="an answer"),
    pytest.param("def f(a):\n    raise ValueError('no')", False, id="another exception"),
    pytest.param("f = lambda a: a", False, id="no def"),
    pytest.param("def f(:", False, id="no Python"),
    pytest.param(None, False, id="no source"),
]


@pytest.mark.parametrize(("text", "untouched"), UNTOUCHED)
def test_a_stub_is_recognized(text, untouched):
    assert is_untouched(text, DESCENT) is untouched


def test_a_handed_over_bug_is_untouched_until_its_code_changes():
    text = stub_source(HUNT)
    assert is_untouched(text, HUNT)
    assert is_untouched(
        text.replace("mended_descent", "other").replace("points = [start]", "points = [start]  # hm"), HUNT
    )
    assert not is_untouched(text.replace("decay**step", "decay"), HUNT)


def test_names_and_annotations_of_arguments_aside_trees_are_compared():
    assert normalized("def f(a: int) -> int:\n    return a") == normalized("def g(a):\n    'Doc.'\n    return a")
    assert normalized("def f(a):\n    return a") != normalized("def f(b):\n    return b")


def test_the_learners_text_is_found_or_none():
    assert learner_source(descent.clip_gradient).startswith("def clip_gradient")
    assert learner_source(len) is None


def _doubled(value):
    return 2 * value


def in_a_comprehension(values):
    return [_doubled(one + other) for one, other in pairwise(values)]


def with_a_lambda(change):
    def changed(values):
        return [change(value) for value in values]

    return changed


tripled = with_a_lambda(
    lambda value: 3 * value,
)
negated, smaller = with_a_lambda(lambda value: -value), with_a_lambda(lambda value: value / 2)


@pytest.mark.parametrize(("function", "found"), [(in_a_comprehension, [6, 10]), (tripled, [3, 6, 9])])
def test_what_inner_code_needs_comes_along(function, found):
    space = {}
    exec(standalone_source(function, "mine"), space)
    assert space["mine"]([1, 2, 3]) == found


def test_two_lambdas_of_one_line_are_not_told_apart():
    with pytest.raises(LessonError, match="change is one of 2 lambdas"):
        standalone_source(negated, "mine")
