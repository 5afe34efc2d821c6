"""The exercise of lesson 4 on matrices: Newton–Schulz."""

import torch

from featherweight.exercises import cases_04
from featherweight.exercises import wrong_04_matrices as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.lab import plots
from featherweight.optimizers import muon

__all__ = ["newton_schulz"]


def _singular_values(axes, inputs, yours, expected) -> None:
    """Singular values of both answers; what is infinite or worse is drawn as 0."""
    matrices = (torch.as_tensor(matrix).detach().double() for matrix in (yours, expected))
    mine, right = (torch.linalg.svdvals(matrix.nan_to_num(0, 0, 0)) for matrix in matrices)
    plots.yours_over_expected(axes, mine.numpy(), right.numpy(), "number of the singular value", "singular value")
    axes.set_xticks(range(len(right)))


newton_schulz = Exercise(
    name="newton_schulz",
    lesson=4,
    points=3,
    minutes=15,
    difficulty=3,
    reference=muon.newton_schulz,
    cases=cases_04.matrices,
    compare=close(float32=5e-4, float64=1e-9),
    returns="the matrix with its singular values pushed towards 1, shaped as it was",
    oracle="the polynomial on singular values from torch.linalg.svd; torch.optim.Muon's own iteration in bfloat16",
    picture=_singular_values,
    misconceptions=(
        Misconception(
            "no normalization",
            wrong.forgets_the_norm,
            "You start from the matrix as it is. The polynomial only works on singular values up to 1; larger "
            "ones grow "
            "without end. Divide by the norm first.",
            "the size of the entries",
        ),
        Misconception(
            "the spectral norm",
            wrong.divides_by_the_largest_singular_value,
            "You divide by the largest singular value. That would be as safe, but it costs an SVD, which is "
            "what this "
            "iteration is there to avoid. Divide by the Frobenius norm.",
        ),
        Misconception(
            "the largest entry",
            wrong.divides_by_the_largest_entry,
            "You divide by the largest entry. Singular values can be larger than any entry; the Frobenius norm "
            "bounds them.",
        ),
        Misconception(
            "row by row",
            wrong.divides_row_by_row,
            "You normalize each row by itself. That turns the singular vectors; one norm for the whole matrix "
            "keeps them.",
        ),
        Misconception(
            "column by column",
            wrong.divides_column_by_column,
            "You normalize each column by itself. That turns the singular vectors; one norm for the whole "
            "matrix keeps them.",
        ),
        Misconception(
            "the squared norm",
            wrong.divides_by_the_square,
            "You divide by the sum of squares. The Frobenius norm is its root.",
        ),
        Misconception(
            "normalized every round",
            wrong.divides_every_round,
            "You divide again in every round, which pushes the singular values back down. Once, before the "
            "loop, is enough.",
        ),
        Misconception(
            "left transposed",
            wrong.stays_transposed,
            "You work on a tall matrix as its transpose, which is right, and forget to turn it back.",
            "the shape, where there are more rows than columns",
        ),
        Misconception(
            "coefficients in the wrong order",
            wrong.reverses_the_coefficients,
            "The three coefficients are the right ones in the wrong places: 3.4445 goes with X, −4.7750 with A·X, "
            "2.0315 with A²·X.",
            also=(wrong.swaps_the_last_two, wrong.swaps_the_first_two),
        ),
        Misconception(
            "a lost minus",
            wrong.loses_the_minus,
            "Your second coefficient is positive. −4.7750 is what holds large singular values down.",
        ),
        Misconception(
            "the exact answer",
            wrong.finishes_the_job,
            "That is UVᵀ, all singular values exactly 1. The iteration only goes towards it, as far as `steps` says, "
            "and its cheapness is the point.",
        ),
        Misconception(
            "one step fewer",
            wrong.one_step_fewer,
            "You go round the loop `steps − 1` times. range(steps) goes round `steps` times.",
        ),
        Misconception(
            "one step more", wrong.one_step_more, "You go round the loop `steps + 1` times. range(steps) is enough."
        ),
        Misconception(
            "always five steps",
            wrong.always_five,
            "You go round five times, whatever `steps` says.",
            "steps in the case",
        ),
        Misconception(
            "the classic cubic",
            wrong.takes_the_cubic,
            "1.5·X − 0.5·A·X is the classic Newton–Schulz iteration. It gets to 1 exactly, and far more slowly "
            "for small "
            "singular values. Muon uses a polynomial of degree five.",
        ),
        Misconception(
            "the other Gram matrix",
            wrong.takes_the_other_gram,
            "XᵀX belongs on the right of X. On the left, as you have it, goes A = X·Xᵀ.",
            "a matrix that is not square: the shapes do not fit",
        ),
        Misconception(
            "A on the right",
            wrong.puts_the_gram_on_the_right,
            "A = X·Xᵀ belongs on the left of X; you multiply from the right.",
            "a matrix that is not square: the shapes do not fit",
        ),
        Misconception(
            "entry by entry",
            wrong.works_entry_by_entry,
            "X**3 cubes the entries. The polynomial is one in matrices: X·Xᵀ·X.",
        ),
        Misconception(
            "A squared entry by entry",
            wrong.squares_entry_by_entry,
            "A**2 squares the entries of A. A² is A @ A.",
        ),
        Misconception(
            "two terms of three",
            wrong.forgets_the_square,
            "The term 2.0315·A²·X is missing.",
        ),
        Misconception(
            "one A for all rounds",
            wrong.keeps_the_first_gram,
            "You work out A before the loop. X changes from round to round, and so does A.",
            "cases with more than one step",
        ),
        Misconception(
            "bfloat16",
            wrong.works_in_bfloat16,
            "You compute in bfloat16, as PyTorch's Muon does. That is right to 1 part in 100. Stay in the "
            "dtype of the matrix.",
            "the size of the difference",
        ),
        Misconception(
            "the norm given back",
            wrong.gives_the_norm_back,
            "You multiply by the norm again at the end. The result should have singular values near 1, whatever the "
            "matrix was.",
        ),
    ),
    hints=(
        "Take a 1×1 matrix, 5. Divided by its norm it is 1. What is 3.4445 − 4.7750 + 2.0315?",
        "Three things: divide by matrix.norm(), go round the loop, turn a tall matrix before and after.",
        "In the loop: gram = x @ x.mT, then x = 3.4445·x + (−4.7750·gram + 2.0315·gram @ gram) @ x.",
    ),
)
