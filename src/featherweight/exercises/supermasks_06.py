"""The exercise of lesson 6 on a network that is masked and never trained."""

from featherweight.compression import lottery
from featherweight.exercises import cases_06 as cases
from featherweight.exercises import probes
from featherweight.exercises import wrong_06_supermasks as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception, switched

__all__ = ["supermask_forward"]

supermask_forward = Exercise(
    name="supermask_forward",
    lesson=6,
    points=3,
    minutes=12,
    difficulty=3,
    reference=lottery.supermask_forward,
    cases=cases.networks,
    probe=probes.from_one_seed,
    compare=close(float32=1e-5, float64=1e-12, axes=("example",)),
    returns="the last layer's outputs, (examples, outputs)",
    oracle="torch.nn.Sequential under torch.nn.utils.prune.l1_unstructured with the scores",
    misconceptions=(
        *switched(
            wrong.supermask_with,
            {
                "by_size": (
                    "scores without their sign",
                    "You rank by |score|. A score of −3 is the worst, not one of the best.",
                ),
                "jointly": (
                    "one ranking for all layers",
                    "You choose the best scores of the whole network. Here each layer keeps its own share.",
                ),
                "rectified": (
                    "a ReLU at the end",
                    "You rectify the last layer's outputs too. They are scores for classes and may be negative.",
                ),
            },
        ),
        Misconception(
            "coins tossed",
            wrong.tosses_coins,
            "You keep each weight with probability sigmoid(score): that is how Zhou et al. train a mask. "
            "Here nothing is left to chance: the highest scores stay.",
        ),
        Misconception(
            "a random share",
            wrong.keeps_by_chance,
            "You keep each weight with probability `keep`, whatever its score. The highest scores stay.",
        ),
        Misconception(
            "a soft mask",
            wrong.weighs_softly,
            "You scale each weight by sigmoid(score). A mask has two values: a weight stays as it is, or is zero.",
        ),
        Misconception(
            "scores multiplied in",
            wrong.multiplies_by_scores,
            "You choose the right weights and then multiply them by their scores. They stay as they are.",
        ),
        Misconception(
            "scores for weights",
            wrong.computes_with_scores,
            "Your layers compute with the scores. These only choose; the weights do the computing.",
        ),
        Misconception(
            "weights ranked",
            wrong.ranks_the_weights,
            "You keep the largest weights. Here the scores decide, whatever the size of a weight.",
        ),
        Misconception(
            "the lowest kept",
            wrong.keeps_the_lowest,
            "You keep the lowest scores; the highest stay.",
        ),
        Misconception(
            "the share dropped for the share kept",
            wrong.drops_the_share,
            "You keep 1 − keep of the weights.",
            "the case with keep 1: nothing should go",
        ),
        Misconception(
            "the mask turned over",
            wrong.drops_the_best,
            "You found the best and zeroed them: your mask is True where it should be False.",
        ),
        Misconception(
            "a share of each row",
            wrong.keeps_of_each_row,
            "You keep the best of every row. The ranking runs over all weights of a layer.",
        ),
        Misconception(
            "positive scores kept",
            wrong.keeps_the_positive,
            "You keep what scores above zero and never look at `keep`. How many stay does not depend on the sign.",
        ),
        Misconception(
            "`keep` as a threshold",
            wrong.compares_with_keep,
            "You compare the scores with `keep`. It is a share: of how many weights stay.",
        ),
        Misconception(
            "rescaled survivors",
            wrong.rescales,
            "You divide by `keep`, as dropout does. The survivors stay as they are.",
        ),
        Misconception(
            "no ReLU",
            wrong.never_rectifies,
            "Without a ReLU between them, layers collapse into one matrix.",
        ),
        Misconception(
            "rectified inputs",
            wrong.rectifies_the_inputs,
            "You rectify before every layer, so negative inputs are lost before the first one sees them. "
            "A ReLU follows each layer but the last.",
        ),
        Misconception(
            "weights not transposed",
            wrong.does_not_transpose,
            "A weight matrix is (outputs, inputs), the inputs are (examples, inputs): x @ weight.T.",
        ),
        Misconception(
            "softmax at the end",
            wrong.ends_in_softmax,
            "You turn the outputs into probabilities. The outputs themselves are wanted.",
        ),
        Misconception(
            "classes for outputs",
            wrong.guesses_the_class,
            "You return the class with the highest output. The outputs themselves are wanted.",
        ),
        Misconception(
            "a count rounded down",
            wrong.rounds_down,
            "int() cuts off what follows the point. round() goes to the nearest whole number.",
            "keep times the number of weights in a layer",
        ),
        Misconception(
            "one weight too few kept",
            wrong.keeps_one_too_few,
            "Your threshold is the last score to stay, and > drops that one. It should stay too.",
        ),
        Misconception(
            "position −1",
            wrong.reads_position_minus_one,
            "Where nothing is to stay your position is −1, which is the last: the lowest score becomes the threshold, "
            "and everything stays.",
            "the case with keep 0",
        ),
        Misconception(
            "a position past the end",
            wrong.reads_past_the_end,
            "Where everything stays there is no next score that could be the threshold. Choose positions: topk.",
            "the case with keep 1",
        ),
        Misconception(
            "no smallest to ask for",
            wrong.asks_kthvalue_for_none,
            "kthvalue counts from 1, and where everything stays you ask for number 0. Choose positions: topk.",
            "the case with keep 1",
        ),
        Misconception(
            "a quantile",
            wrong.cuts_at_a_quantile,
            "torch.quantile interpolates between neighbours, so the count is off by one here and there. "
            "Choose by position: topk.",
        ),
    ),
    hints=(
        "One layer, scores [3, −4, 1, 2], keep 0.5. Which two weights stay?",
        "Flatten the scores for topk, scatter True into a vector of False, view it in the layer's shape.",
        "x = x @ (weight * mask).T for each layer, with F.relu before every layer but the first.",
    ),
)
