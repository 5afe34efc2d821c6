"""What must be on no page: the secret, its seeds, what was drawn with them, what is expected there, and solutions."""

import html
import re
from dataclasses import replace

import torch

from featherweight.authoring.leaks import leaks
from featherweight.exercises import catalogue
from featherweight.exercises.diagnose import Sheet

DIGITS = 6
"""So many digits of a number tell it from any other; a page has few numbers of as many."""

NUMBER = re.compile(r"(?<![\w.#])-?(\d+\.\d+)(?:e[+-]?\d+)?(?![\w.])", re.IGNORECASE)

PAPER = re.compile(r"arxiv(:|\.org/abs/)\d{4}\.\d{5}", re.IGNORECASE)
"""The number of a paper, which is nobody's secret: by chance it begins like one of many hidden values."""


class Secrets:
    """What the hidden cases of a run are made of, to be looked for in any text."""

    def __init__(self, settings):
        self.words = {settings.secret, *(str(settings.seed(one.lesson)) for one in catalogue())}
        ours, others = Drawn(), Drawn()
        for exercise in catalogue():
            ours.add(exercise, settings.seed(exercise.lesson))
            others.add(exercise, replace(settings, secret="another secret").seed(exercise.lesson))
        self.numbers, self.rows = ours.numbers - others.numbers, ours.rows - others.rows

    def told_by(self, name, content):
        """What a file tells, a line each. name: of the file."""
        text = PAPER.sub("", html.unescape(content.decode("utf-8-sig")))
        found = [f"{name}: the secret or a seed" for word in self.words if word in text]
        tokens = {token for token in NUMBER.findall(text) if significant(token)}
        found += [f"{name}: {token}" for token in tokens if significant(token) in self.numbers]
        plain = re.sub(r"\s+", "", text)
        found += [f"{name}: {row}" for row in self.rows if row in plain]
        return found + leaks(name, text, catalogue())


class Drawn:
    """Numbers by their first digits, and rows as torch prints them, of cases and expected answers."""

    def __init__(self):
        self.numbers, self.rows = set(), set()

    def add(self, exercise, seed):
        asked = Sheet(exercise, seed)
        self._value([list(inputs.values()) for inputs in asked.cases])
        self._value(asked.expected)

    def _value(self, value):
        if isinstance(value, torch.Tensor):
            if value.is_floating_point() and value.dim() and value.numel():
                rows = value.reshape(-1, value.shape[-1]).tolist()
                self.rows |= {"[" + ",".join(f"{number:.4f}" for number in row[:3]) for row in rows}
            value = value.tolist()
        if isinstance(value, list | tuple):
            for part in value:
                self._value(part)
        elif isinstance(value, float):
            self.numbers |= {digits for text in (repr(value), f"{value:.8f}") if (digits := significant(text))}


def significant(text):
    """The first digits of a number that has enough of them, else ""."""
    digits = re.sub(r"e.*|\D", "", text).lstrip("0")
    return digits[:DIGITS] if len(digits) >= DIGITS else ""
