"""The exercises of lesson 12 on products of thin matrices."""

from featherweight.compression import low_rank as technique
from featherweight.exercises import cases_12 as cases
from featherweight.exercises import readings
from featherweight.exercises import wrong_12_ranks as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["low_rank", "merge_lora"]

low_rank = Exercise(
    name="low_rank",
    lesson=12,
    points=2,
    minutes=8,
    difficulty=2,
    reference=technique.low_rank,
    cases=cases.matrices,
    reading=readings.factored,
    compare=close(float32=1e-5, float64=1e-9, parts=("the factors", "left @ right")),
    returns="(left, right), of which left @ right is judged",
    oracle="the tail of numpy's singular values (Eckart and Young)",
    misconceptions=(
        Misconception(
            "the singular values twice",
            wrong.scales_both_factors,
            "Your product has the squares of the singular values: both factors take them. One factor does, or each "
            "takes their square roots.",
        ),
        Misconception(
            "the rank on the wrong side",
            wrong.cuts_the_wrong_side,
            "You cut rows of the left factor and columns of the right one: outputs and inputs of the layer. The rank "
            "is the side between the two: columns of the left, rows of the right.",
        ),
        Misconception(
            "no singular values",
            wrong.loses_the_values,
            "Your factors have directions and no sizes: the singular values are in neither.",
        ),
        Misconception(
            "the smallest kept",
            wrong.keeps_the_smallest,
            "You keep the smallest singular values. The largest carry most, and svd puts them first.",
        ),
        Misconception(
            "V for its transpose",
            wrong.takes_v_for_its_transpose,
            "torch.linalg.svd gives Vᵀ already. Its first rows are what you want; you transpose it and take rows of V.",
        ),
        Misconception(
            "right before left",
            wrong.swaps_the_factors,
            "The factors are right, in the other order: left first.",
        ),
        Misconception(
            "three factors",
            wrong.gives_three_factors,
            "You return three parts. Multiply the singular values into one of the two factors.",
        ),
        Misconception(
            "the product itself",
            wrong.multiplies_them_out,
            "You multiply the factors out. The result has as many numbers as the weight had; the two factors are what "
            "is stored.",
        ),
        Misconception(
            "zeros in place of fewer columns",
            wrong.keeps_the_size,
            "You set small singular values to 0 and keep all columns. The product is right and nothing is saved: cut "
            "the factors.",
        ),
        Misconception(
            "one too few",
            wrong.keeps_one_too_few,
            "You keep rank − 1 columns. A slice [:rank] holds rank of them.",
        ),
        Misconception(
            "the rank cut off",
            wrong.cuts_off_the_rank,
            "You drop as many singular values as you should keep.",
        ),
        Misconception(
            "one root",
            wrong.takes_one_root,
            "One factor has the roots of the singular values, the other has nothing of them. Roots go into both.",
        ),
        Misconception(
            "divided by the singular values",
            wrong.divides_by_the_values,
            "You divide by the singular values, as a pseudo-inverse does. Here they multiply.",
        ),
        Misconception(
            "the first columns",
            wrong.takes_the_first_columns,
            "Your left factor spans the weight's first columns, as a QR cut short does. The best directions are "
            "mixtures of all columns: take svd.",
        ),
        Misconception(
            "the mean taken off",
            wrong.takes_the_mean_off,
            "You take the mean of each column off first. That is principal component analysis; nothing adds the mean "
            "again here.",
        ),
        Misconception(
            "eigenvalues in rising order",
            wrong.takes_eigenvectors_in_order,
            "eigh sorts its eigenvalues from the smallest up, and you take the first ones. The last ones are needed.",
        ),
    ),
    hints=(
        "What does torch.linalg.svd give without full matrices, in which shapes, and what is their product?",
        "A product of rank r needs r columns on the left and r rows on the right, those of the largest singular "
        "values.",
        "Keep the first rank columns of U, each times its singular value, and the first rank rows of Vᵀ.",
    ),
)

merge_lora = Exercise(
    name="merge_lora",
    lesson=12,
    points=1,
    minutes=6,
    difficulty=2,
    reference=technique.merge_lora,
    cases=cases.changes,
    compare=close(float32=1e-5, float64=1e-12, axes=("output",)),
    returns="the merged weight, (m, n)",
    oracle="the outputs of the layer with its change beside it",
    misconceptions=(
        Misconception(
            "the rank forgotten",
            wrong.forgets_the_rank,
            "You multiply by alpha and do not divide by the rank.",
        ),
        Misconception(
            "the factors in the wrong order",
            wrong.multiplies_in_the_wrong_order,
            "down @ up is (r, n) times (m, r). Inputs go down first, so down stands on the right: up @ down.",
        ),
        Misconception(
            "no scale",
            wrong.forgets_the_scale,
            "You add up @ down as it is. Its scale is alpha / r.",
        ),
        Misconception(
            "alpha forgotten",
            wrong.forgets_alpha,
            "You divide by the rank and leave alpha out.",
        ),
        Misconception(
            "times the rank",
            wrong.multiplies_by_the_rank,
            "You multiply by the rank. Dividing by it keeps the change's size when the rank grows.",
        ),
        Misconception(
            "the root of the rank",
            wrong.divides_by_the_root,
            "You divide by √r, as a later paper does (arXiv:2312.03732). LoRA divides by r.",
        ),
        Misconception(
            "divided by the inputs",
            wrong.divides_by_the_inputs,
            "You divide by n, the columns of down. The rank is the number of its rows.",
        ),
        Misconception(
            "divided by the outputs",
            wrong.divides_by_the_outputs,
            "You divide by m, the rows of up. The rank is the number of its columns.",
        ),
        Misconception(
            "divided by all entries",
            wrong.divides_by_the_entries,
            "You divide by the number of entries of down. The rank is the number of its rows.",
        ),
        Misconception(
            "the fraction cut off",
            wrong.cuts_off_the_fraction,
            "// cuts the fraction off: 3 // 2 is 1. The scale is alpha / r.",
        ),
        Misconception(
            "one over the scale",
            wrong.turns_the_fraction_over,
            "You multiply by r / alpha. It is alpha / r.",
        ),
        Misconception(
            "the change taken off",
            wrong.takes_the_change_off,
            "You subtract the change. That un-merges what was merged before.",
        ),
        Misconception(
            "a scale for each factor",
            wrong.scales_each_factor,
            "You scale up and down each, so the product has the square of alpha / r.",
        ),
        Misconception(
            "the change transposed",
            wrong.transposes_the_change,
            "down.T @ up.T is the transpose of the change, (n, m).",
        ),
        Misconception(
            "entry by entry",
            wrong.multiplies_entry_by_entry,
            "up * down multiplies entry by entry. A matrix product is meant: up @ down.",
        ),
        Misconception(
            "the weight lost",
            wrong.loses_the_weight,
            "You return the change alone. Add it to the weight.",
        ),
        Misconception(
            "the weight scaled too",
            wrong.scales_the_weight_too,
            "You multiply the weight by alpha / r as well. The frozen weight stays as it is.",
        ),
        Misconception(
            "weight times change",
            wrong.multiplies_weight_and_change,
            "You multiply the weight by the change. It is added.",
        ),
    ),
    hints=(
        "With inputs x as rows, (x @ down.T) @ up.T is x times which matrix?",
        "up @ down has the shape of the weight. By what is it multiplied before it is added?",
        "The rank is down.shape[0]; the scale is alpha over it.",
    ),
)
