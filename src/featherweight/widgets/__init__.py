"""Widgets: a question, a prediction, a few controls, and an answer within a frame."""

from featherweight.widgets.adam_by_hand import adam_by_hand
from featherweight.widgets.after_adam import after_adam
from featherweight.widgets.bits_and_clipping import bits_and_clipping
from featherweight.widgets.bits_vs_accuracy import bits_vs_accuracy
from featherweight.widgets.byte_ledger import byte_ledger
from featherweight.widgets.byte_map import byte_map
from featherweight.widgets.card import Card, card
from featherweight.widgets.channel_errors import channel_errors
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.first_cut import first_cut
from featherweight.widgets.first_steps import first_steps
from featherweight.widgets.format_zoo import format_zoo
from featherweight.widgets.frame import Frame, Line, Mark
from featherweight.widgets.gone_deaf import gone_deaf
from featherweight.widgets.heavy_part import heavy_part
from featherweight.widgets.how_light import how_light
from featherweight.widgets.latency_vs_sparsity import latency_vs_sparsity
from featherweight.widgets.lucky_start import lucky_start
from featherweight.widgets.neuron_surgery import neuron_surgery
from featherweight.widgets.no_threes import no_threes
from featherweight.widgets.noise_ball import noise_ball
from featherweight.widgets.noisy_steps import noisy_steps
from featherweight.widgets.one_rate_each import one_rate_each
from featherweight.widgets.pareto import pareto
from featherweight.widgets.pruning_cliff import pruning_cliff
from featherweight.widgets.rank_slider import rank_slider
from featherweight.widgets.ravine import ravine
from featherweight.widgets.rotated_valley import rotated_valley
from featherweight.widgets.saddle_race import saddle_race
from featherweight.widgets.schedule_drawer import schedule_drawer
from featherweight.widgets.sensitivity_map import sensitivity_map
from featherweight.widgets.sharpness import sharpness
from featherweight.widgets.singular_values import singular_values
from featherweight.widgets.ste_steps import ste_steps
from featherweight.widgets.subgradient_cone import subgradient_cone
from featherweight.widgets.temperature import temperature
from featherweight.widgets.ticket_curve import ticket_curve
from featherweight.widgets.two_decays import two_decays
from featherweight.widgets.two_or_one import two_or_one
from featherweight.widgets.unseen_digit import unseen_digit
from featherweight.widgets.where_bits import where_bits
from featherweight.widgets.which_zeros import which_zeros

__all__ = [
    "Card",
    "Control",
    "Frame",
    "Line",
    "Mark",
    "Question",
    "adam_by_hand",
    "after_adam",
    "bits_and_clipping",
    "bits_vs_accuracy",
    "byte_ledger",
    "byte_map",
    "card",
    "channel_errors",
    "first_cut",
    "first_steps",
    "format_zoo",
    "gone_deaf",
    "heavy_part",
    "how_light",
    "latency_vs_sparsity",
    "lucky_start",
    "neuron_surgery",
    "no_threes",
    "noise_ball",
    "noisy_steps",
    "one_rate_each",
    "pareto",
    "pruning_cliff",
    "rank_slider",
    "ravine",
    "rotated_valley",
    "saddle_race",
    "schedule_drawer",
    "sensitivity_map",
    "sharpness",
    "singular_values",
    "ste_steps",
    "subgradient_cone",
    "temperature",
    "ticket_curve",
    "two_decays",
    "two_or_one",
    "unseen_digit",
    "where_bits",
    "which_zeros",
]
