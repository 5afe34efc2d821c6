"""Widgets: a question, a prediction, a few controls, and an answer within a frame."""

from featherweight.widgets.after_adam import after_adam
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.first_cut import first_cut
from featherweight.widgets.first_steps import first_steps
from featherweight.widgets.frame import Frame, Line, Mark
from featherweight.widgets.noise_ball import noise_ball
from featherweight.widgets.noisy_steps import noisy_steps
from featherweight.widgets.pruning_cliff import pruning_cliff
from featherweight.widgets.ravine import ravine
from featherweight.widgets.schedule_drawer import schedule_drawer
from featherweight.widgets.sensitivity_map import sensitivity_map
from featherweight.widgets.sharpness import sharpness
from featherweight.widgets.singular_values import singular_values
from featherweight.widgets.subgradient_cone import subgradient_cone

__all__ = [
    "Card",
    "Control",
    "Frame",
    "Line",
    "Mark",
    "Question",
    "after_adam",
    "card",
    "first_cut",
    "first_steps",
    "noise_ball",
    "noisy_steps",
    "pruning_cliff",
    "ravine",
    "schedule_drawer",
    "sensitivity_map",
    "sharpness",
    "singular_values",
    "subgradient_cone",
]
