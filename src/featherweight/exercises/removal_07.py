"""The exercises of lesson 7 that delete: neurons of any layer, and channels behind batch normalization."""

from featherweight.compression import structured
from featherweight.exercises import cases_07 as cases
from featherweight.exercises import wrong_07_removal as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception, switched

__all__ = ["mended_remove_channels", "remove_neurons"]

remove_neurons = Exercise(
    name="remove_neurons",
    lesson=7,
    points=4,
    minutes=20,
    difficulty=3,
    reference=structured.remove_neurons,
    cases=cases.pairs,
    compare=close(float32=1e-5, float64=1e-10, parts=("weight", "bias", "next_weight", "next_bias")),
    returns="four smaller tensors: weight, bias, next_weight, next_bias",
    oracle="the network with the rows of weights zeroed and the biases left alone",
    misconceptions=(
        Misconception(
            "the next layer's columns left",
            wrong.forgets_the_columns,
            "The next layer still has a column for every neuron, and reads inputs that are gone: the two no longer "
            "fit.",
            "the shape of next_weight",
        ),
        Misconception(
            "the next layer left alone",
            wrong.forgets_columns_and_fold,
            "Your neurons are gone, and the next layer has not noticed. It loses their columns, and its bias takes "
            "over "
            "what they still said.",
        ),
        Misconception(
            "no fold",
            wrong.forgets_the_fold,
            "The shapes are right, the numbers are not: a masked neuron still says relu(bias), and your next layer has "
            "lost that. Fold it into next_bias.",
            "next_bias: yours is as it was",
        ),
        *switched(
            wrong.fold_with,
            {
                "raw": (
                    "a bias past the ReLU",
                    "You fold the bias itself. Between the layers is a ReLU: a neuron with a negative bias says 0.",
                ),
                "averaged": (
                    "an average over the kernel",
                    "You average over the kernel. Every tap reads the constant: add the taps up.",
                ),
                "subtracted": (
                    "a fold with the wrong sign",
                    "You subtract what the neurons said. The next layer must go on hearing it: add.",
                ),
            },
        ),
        Misconception(
            "masks instead of deletes",
            wrong.masks_everything,
            "All is where it was, with zeros in it. Zeros are multiplied like any other number: take the rows and "
            "columns "
            "out by indexing.",
            "the shapes",
            also=(wrong.masks_and_folds, wrong.masks_the_rows),
        ),
        Misconception(
            "the kept deleted",
            wrong.keeps_the_deleted,
            "You delete what should stay. True in `keep` means it stays.",
        ),
        Misconception(
            "rows for columns in the next layer",
            wrong.cuts_rows_of_the_next,
            "In the next layer you cut rows: those are its *outputs*. What it reads from this layer are its columns: "
            "next_weight[:, keep].",
            also=(wrong.cuts_rows_and_biases_of_the_next,),
        ),
        Misconception(
            "columns for rows in the first layer",
            wrong.cuts_columns_of_the_first,
            "In the first layer you cut columns, which are its inputs. A neuron is a row: weight[keep].",
        ),
        Misconception(
            "the last axis of a convolution",
            wrong.cuts_the_kernel,
            "next_weight[..., keep] cuts the last axis. For a linear layer that holds the inputs, for a "
            "convolution the "
            "width of its kernel. Inputs are axis 1 in both.",
            "the cases of a convolution",
        ),
        Misconception(
            "the first neurons for the kept ones",
            wrong.keeps_the_first,
            "You keep as many neurons as asked, counted from the first. Which ones stay is what `keep` says: index "
            "with it.",
        ),
        Misconception(
            "the survivors folded",
            wrong.folds_the_survivors,
            "You fold the constants of the neurons that stay, and these speak for themselves. Fold those that go: "
            "~keep.",
        ),
        Misconception(
            "everyone folded",
            wrong.folds_everyone,
            "You fold the constants of all neurons. Those that stay are then heard twice.",
            "the case in which nobody goes",
        ),
        Misconception(
            "a bias too long",
            wrong.leaves_the_bias,
            "The bias still has one entry per old neuron.",
            "the shape of bias",
        ),
        Misconception(
            "linear layers only",
            wrong.knows_linear_layers_only,
            "For linear layers yours is right. A convolution's next_weight has a kernel behind each input, and "
            "every tap "
            "of it hears the constant: add the taps up first.",
            "the cases of a convolution",
        ),
        Misconception(
            "constants without their weights",
            wrong.folds_the_constants_alone,
            "You add the constants to the next bias as they are. Each reaches an output through a weight: "
            "next_weight's "
            "column times the constant.",
        ),
        Misconception(
            "the next bias replaced",
            wrong.replaces_the_next_bias,
            "Your next_bias holds only what is folded. The old one is still needed: add to it.",
        ),
        Misconception(
            "minus for not",
            wrong.takes_minus_for_not,
            "torch does not subtract booleans. The opposite of a mask is ~keep.",
        ),
        Misconception(
            "True and False as places",
            wrong.takes_booleans_for_places,
            "As whole numbers True and False are the places 1 and 0: you copy the first two neurons again and again. "
            "Index with the bool tensor itself.",
        ),
        Misconception(
            "the layers exchanged",
            wrong.returns_next_first,
            "The four results are right, in another order: weight, bias, next_weight, next_bias.",
        ),
        Misconception(
            "a ReLU too late",
            wrong.folds_after_the_relu_of_the_sum,
            "You apply the ReLU to what the next layer hears. It sits before the next layer: relu(bias) first, "
            "then the "
            "weights.",
        ),
        Misconception(
            "scaled up as in dropout",
            wrong.makes_up_by_scaling,
            "You scale the survivors up, as dropout does for neurons that are gone at random. Here a fixed set is "
            "gone for "
            "good, and what it said is known: fold it.",
        ),
    ),
    hints=(
        "A neuron has bias 2 and all its weights are zeroed. What does the next layer hear from it, for every example?",
        "Rows of weight, entries of bias, columns of next_weight: indexing with keep. What is left is next_bias.",
        "next_bias + Σ over deleted i of next_weight[:, i] · relu(bias[i]); for a convolution add up its taps as well.",
    ),
)

mended_remove_channels = Exercise(
    name="mended_remove_channels",
    lesson=7,
    points=3,
    minutes=15,
    difficulty=4,
    reference=structured.remove_channels,
    cases=cases.normed_pairs,
    compare=close(
        float32=1e-5,
        float64=1e-10,
        parts=("weight", "scale", "shift", "mean", "variance", "next_weight", "next_bias"),
    ),
    returns="seven smaller tensors, in the order of the arguments, without epsilon and keep",
    oracle="torch.nn.BatchNorm2d between two convolutions, its input zeroed where keep is False",
    starts_from=wrong.handed_over,
    misconceptions=(
        *switched(
            wrong.channels_with,
            {
                "left_behind": (
                    "statistics left behind",
                    "mean and variance are those of the *first* channels, not of the ones that stay: the shapes "
                    "fit, and "
                    "each survivor is normalized with a stranger's numbers.",
                ),
                "without_mean": (
                    "a silent channel taken for its shift",
                    "A convolution that says 0 does not leave batch normalization as `shift`: 0 − mean is not 0.",
                ),
                "averaged": (
                    "an average over the kernel",
                    "The taps of the kernel are averaged. Every tap reads the constant: add them up.",
                ),
            },
        ),
        Misconception(
            "one statistic left behind",
            wrong.mends_only_the_mean,
            "All is right but the variance: it still belongs to the first channels.",
            "the variance",
        ),
        Misconception(
            "statistics too long",
            wrong.leaves_the_statistics_whole,
            "mean and variance still have an entry for every old channel.",
            "the shapes",
        ),
        Misconception(
            "no epsilon",
            wrong.forgets_epsilon,
            "ε is missing under the root. It is small in most networks, and not in these cases.",
        ),
        Misconception(
            "the mean added",
            wrong.adds_the_mean,
            "You add scale · mean / deviation. The mean is taken *off*: (0 − mean).",
        ),
        Misconception(
            "a variance for a deviation",
            wrong.forgets_the_root,
            "You divide by the variance. Batch normalization divides by its root.",
        ),
        Misconception(
            "ε outside the root",
            wrong.adds_epsilon_outside,
            "√variance + ε is not √(variance + ε).",
        ),
        Misconception(
            "the scale forgotten",
            wrong.forgets_the_scale,
            "What is left of −mean after dividing is still multiplied by the channel's scale.",
        ),
        Misconception(
            "the deviation forgotten",
            wrong.forgets_the_deviation,
            "The mean is divided by the deviation √(variance + ε) before it is scaled.",
        ),
        Misconception(
            "no ReLU",
            wrong.forgets_the_relu,
            "The constant passes the ReLU before the next layer reads it: a negative one is 0.",
        ),
        Misconception(
            "no fold",
            wrong.folds_no_constant,
            "next_bias is as it was, and what the silent channels still say is lost.",
        ),
    ),
    hints=(
        "Give batch normalization a channel that is 0 everywhere, with mean 3, deviation 1, scale 1, shift 0. "
        "What comes out?",
        "Three things are wrong: which statistics stay, what a silent channel says, and how a kernel reads a constant.",
        "shift − scale · mean / √(variance + ε), relu, then times the *sum* of the taps; and mean[keep], "
        "variance[keep].",
    ),
)
