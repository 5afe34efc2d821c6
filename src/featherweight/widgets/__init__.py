"""Widgets: a question, a prediction, a few controls, and an answer within a frame."""

from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark
from featherweight.widgets.ravine import ravine

__all__ = ["Card", "Control", "Frame", "Line", "Mark", "Question", "card", "ravine"]
