"""Every rule of a lesson, broken once."""

import pytest

from featherweight.authoring import lesson, rules


def problems(project) -> list[str]:
    return rules.problems(lesson.read(project.source), project.exercises)


def test_a_valid_lesson_breaks_no_rule(project):
    assert problems(project) == []


WIDGET = '# %% tags=["widget"]\nlen(values)'
BROKEN = {
    "a misspelt tag": ('"widget"', '"wigdet"', "unknown tag 'wigdet'; did you mean 'widget'?"),
    "an unknown tag": ('"widget"', '"zzz"', "unknown tag 'zzz'; wanted one of bug-hunt, check,"),
    "a misspelt key": ('tags=["widget"]', 'tag=["widget"]', "has 'tag' in its `# %%` line; wanted only tags=[…]"),
    "a misspelt kind": ('[markdown] tags=["part-recap"]', '[markdwn] tags=["part-recap"]', "has 'title' in its"),
    "a raw cell": ('[markdown] tags=["part-recap"]', '[raw] tags=["part-recap"]', "is a raw cell; wanted code or"),
    "a part tag on code": ('"widget"', '"part-recap"', "is code and tagged 'part-recap'; part tags go on markdown"),
    "a code tag on prose": ('["part-recap"]', '["part-recap", "widget"]', "is markdown and tagged 'widget'"),
    "a missing part": (' tags=["part-recall"]', "", "the part 'part-recall' opens 0 times; wanted exactly once."),
    "a part twice": ("part-recall", "part-recap", "the part 'part-recap' opens 2 times; wanted exactly once."),
    "an empty part": ("# Take 3 and 4.\n\n# %%\nvalues", "# ## Idea\n\n# %% [markdown]\n# ### 1", "only its heading"),
    "a long cell": ("len(values)", "len(values)\n" * 16, "has 16 lines; wanted at most 15"),
    "no Python": ("len(values)", "len(values", "is not Python ('(' was never closed); wanted a cell that runs"),
    "a magic": ("len(values)", "%time len(values)", "is not Python (invalid syntax)"),
    "a star import": ("len(values)", "from math import *", "imports *; wanted each name."),
    "an undefined name": ("len(values)", "len(weights)", "uses 'weights', which no cell before it defines."),
    "no colab cell": (' tags=["colab-only"]', "", "code cells [] are tagged 'colab-only'; wanted the first code cell"),
    "a second colab cell": ('"widget"', '"colab-only"', "code cells [0, 3] are tagged 'colab-only'"),
    "too many words": ("As published.", "word " * 2500, "words of prose; wanted at most 2500."),
    "an exercise that is not one import": ("import tiny_norm", "import tiny_norm, check", "wanted the single line"),
    "an unknown exercise": (
        "import tiny_norm",
        "import tiny_form",
        "is no exercise of lesson 1; the catalogue has tiny",
    ),
    "an exercise from elsewhere": (
        "from tiny_technique import tiny_norm",
        "from math import tiny_norm",
        "tiny_technique",
    ),
    "a missing exercise": (' tags=["exercise"]', "", "the exercise 'tiny_norm' has 0 cells; wanted exactly one."),
    "a check of something else": (
        "= check(tiny_norm)",
        "= check(tiny_mean)",
        "wanted a cell tagged check: `tiny_norm =",
    ),
    "an alias checked by no name": (
        ', name="mended_tiny_mean"',
        "",
        "`mended_tiny_mean = check(mended_tiny_mean, name=",
    ),
    "an untagged check": (
        '["check"]\ntiny_norm',
        "[]\ntiny_norm",
        "wanted a cell tagged check: `tiny_norm = check(tiny",
    ),
    "a check of nothing": ('"widget"', '"check"', "is tagged check and follows no exercise cell."),
    "no bug hunt": ('"exercise", "bug-hunt"', '"exercise"', "it has 0 cells tagged bug-hunt; wanted exactly one"),
    "two bug hunts": ('tags=["exercise"]', 'tags=["exercise", "bug-hunt"]', "it has 2 cells tagged bug-hunt"),
    "a bug hunt elsewhere": ('"part-bug-hunt"', '"part-recall"', "is the bug hunt and stands in 'part-recall'"),
    "pairing": ("#   jupytext:\n", "#   jupytext:\n#     formats: ipynb,py\n", "the header has jupytext's 'formats'"),
}


@pytest.mark.parametrize(("old", "new", "says"), BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_named(project, old, new, says):
    project.spoil(old, new)
    found = problems(project)
    assert any(says in problem for problem in found), found
    assert all(problem.startswith("01_tiny: ") and "\n" not in problem for problem in found)


def test_parts_out_of_order_are_named(project):
    for old, new in (("part-recall", "part-x"), ("part-recap", "part-recall"), ("part-x", "part-recap")):
        project.spoil(old, new)
    assert any("part-recap, part-recall, part-references; wanted the order" in line for line in problems(project))


def test_an_exercise_without_a_cell_is_named(project):
    more = project.with_exercise(0, name="another")
    both = type(project)(project.root, (*project.exercises, more.exercises[0]))
    assert "01_tiny: the exercise 'another' has 0 cells; wanted exactly one." in problems(both)


def test_exercises_of_other_lessons_are_not_missed(project):
    other = project.with_exercise(0, name="another", lesson=2).exercises[0]
    assert problems(type(project)(project.root, (*project.exercises, other))) == []


def test_a_function_that_is_not_self_contained_is_named(project):
    selfish = project.technique("RATE = 2\ndef tiny_norm(x):\n    return x * RATE\n", "tiny_norm")
    found = problems(project.with_exercise(0, reference=selfish))
    assert any(
        "'tiny_norm' uses RATE; wanted its arguments, F, Tensor, math, torch and nothing" in line for line in found
    )


HUNTS = {
    "a comment": ("def wrong(values):\n    return 0  # off by one\n", "with the comment '# off by one', which may"),
    "its own name": ("def wrong(values):\n    return wrong(values)\n", "hands over code that says 'wrong'"),
    "a foreign name": ("K = 1\ndef wrong(values):\n    return K\n", "hands over code that uses K; wanted it self-con"),
}


@pytest.mark.parametrize(("text", "says"), HUNTS.values(), ids=HUNTS)
def test_a_bug_hunt_that_gives_itself_away_is_named(project, text, says):
    found = problems(project.with_exercise(1, starts_from=project.technique(text, "wrong")))
    assert any(says in problem for problem in found), found


def test_a_bug_hunt_needs_something_to_start_from(project):
    found = problems(project.with_exercise(1, starts_from=None))
    assert any("its cell's bug-hunt tag and its starts_from disagree" in problem for problem in found)


def test_formulas_code_and_addresses_are_no_words(project):
    project.spoil("As published.", "Two words $a + b$ `code here` [link](https://example.org/a/b) <br> ``` x y ```")
    before = rules.words(lesson.read(project.source))
    project.spoil("Two words ", "")
    assert rules.words(lesson.read(project.source)) == before - 2
