"""The exercises of lesson 10: formats byte for byte, errors passed on from column to column, and scales for outliers."""

from featherweight.compression import gptq
from featherweight.exercises import cases_10 as cases
from featherweight.exercises import wrong_10_gptq as wrong
from featherweight.exercises.codes_10 import nf4_codes
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.exercises.mended_10 import mended_int8_with_outliers
from featherweight.exercises.q4_10 import pack_q4_0
from featherweight.exercises.q8_10 import pack_q8_0
from featherweight.exercises.scales_10 import awq_scales, smooth

__all__ = ["EXERCISES"]

gptq_layer = Exercise(
    name="gptq_layer",
    lesson=10,
    points=4,
    minutes=15,
    difficulty=4,
    reference=gptq.gptq_layer,
    cases=cases.layers,
    compare=close(float32=1e-5, float64=1e-9, axes=("output", "input")),
    returns="rounded weights, (outputs, inputs)",
    oracle="for each column the least squares solution of those that are left, from the normal equations",
    misconceptions=(
        Misconception(
            "no error passed on",
            wrong.rounds_only,
            "You round to nearest. What a column loses is lost, though later columns could make up for it.",
        ),
        Misconception(
            "no damping",
            wrong.damps_not,
            "The Hessian is not damped. With a dead input, or with fewer examples than inputs, it has no inverse.",
            "the case with a dead input",
        ),
        Misconception(
            "a fixed damping",
            wrong.damps_by_a_number,
            "You add damping itself. It is a share of the mean of the diagonal, so that it fits any loudness.",
        ),
        Misconception(
            "each entry damped by itself",
            wrong.damps_each_by_itself,
            "You add to each diagonal entry a share of itself, which leaves a dead input dead. Add the same to all.",
        ),
        Misconception(
            "every entry damped",
            wrong.damps_every_entry,
            "You add to all entries of the Hessian. Only the diagonal is damped.",
        ),
        Misconception(
            "a share of the sum",
            wrong.damps_by_the_sum,
            "You add a share of the diagonal's *sum*, which grows with the layer. Its mean is asked for.",
        ),
        Misconception(
            "a share of the mean of all",
            wrong.damps_by_the_mean_of_all,
            "You average the whole Hessian, where positive and negative entries cancel. Average its diagonal.",
        ),
        Misconception(
            "the Hessian's own factor",
            wrong.factors_the_hessian,
            "You factor the Hessian. How freely the others can move is in its *inverse*.",
        ),
        Misconception(
            "the whole inverse",
            wrong.keeps_the_whole_inverse,
            "You use rows of the inverse Hessian. They still count on columns that are rounded and fixed; the Cholesky "
            "factor of the inverse leaves those out.",
        ),
        Misconception(
            "the whole Hessian",
            wrong.keeps_the_hessian,
            "You use rows of the Hessian. Wanted are those of U, with UᵀU = its inverse.",
        ),
        Misconception(
            "the other triangle",
            wrong.inverts_the_factor,
            "Your U has UUᵀ = inverse, which eliminates columns from the other end. Wanted is UᵀU = inverse.",
        ),
        Misconception(
            "the error added",
            wrong.adds_the_error,
            "You add error · U[j, k] to later columns. Take it off: they are to pull the output back.",
        ),
        Misconception(
            "the error not divided",
            wrong.divides_by_nothing,
            "The error is not divided by U[j, j], so that too little or too much is passed on.",
        ),
        Misconception(
            "divided by the square",
            wrong.divides_by_the_square,
            "You divide by U[j, j]². The row of U brings one factor U[j, j] of its own; once is enough.",
        ),
        Misconception(
            "the error spread evenly",
            wrong.spreads_evenly,
            "You spread the error over later columns as if all inputs were the same. How much each takes is in U[j].",
        ),
        Misconception(
            "the next column only",
            wrong.passes_to_the_next_only,
            "You correct the next column only. All later ones take their part.",
        ),
        Misconception(
            "the error of the first weights",
            wrong.measures_from_the_first_weights,
            "You measure the error from the weights as given. By now the column has moved: measure from where it stands.",
        ),
        Misconception(
            "the last column left",
            wrong.forgets_to_round_the_last,
            "The last column is not rounded. Nobody is left to repair it, and it needs its code like all others.",
        ),
        Misconception(
            "columns backwards",
            wrong.goes_backwards,
            "You begin with the last column. Any order would do; the one asked for is as they stand.",
        ),
        Misconception(
            "the loudest first",
            wrong.takes_the_loudest_first,
            "You sort columns by the diagonal, as GPTQ can (`act_order`). Here they come as they stand.",
        ),
        Misconception(
            "no end of the grid",
            wrong.clips_nothing,
            "Your codes leave the grid. A moved weight may be larger than any was: clip it.",
            "the cases with a narrow grid",
        ),
        Misconception(
            "one code too many",
            wrong.has_one_code_too_many,
            "You allow −2^(bits−1). This grid is symmetric and ends one earlier.",
        ),
        Misconception(
            "cut off",
            wrong.cuts_off,
            "You cut off after the point. Round to the nearest.",
        ),
        Misconception(
            "rounded down",
            wrong.rounds_down,
            "You round down. Round to the nearest.",
        ),
        Misconception(
            "codes for weights",
            wrong.returns_codes,
            "You return codes. Wanted are weights: codes times scale.",
        ),
        Misconception(
            "rows for columns",
            wrong.takes_rows,
            "You go row by row. Rows are outputs and know nothing of each other; errors pass between *inputs*.",
        ),
    ),
    hints=(
        "Two inputs that are always equal: one weight is rounded down by 0.3. What should the other do?",
        "Round a column, divide what was lost by U[j, j], take it off all later columns in proportion to U[j].",
        "torch.linalg.inv of the damped Hessian, then torch.linalg.cholesky with upper=True. Work on a clone.",
    ),
)

EXERCISES = (pack_q8_0, pack_q4_0, nf4_codes, gptq_layer, smooth, awq_scales, mended_int8_with_outliers)
