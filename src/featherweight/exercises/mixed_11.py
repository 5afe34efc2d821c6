"""The exercise of lesson 11 on soft targets mixed with the labels that there are."""

from featherweight.compression import distillation
from featherweight.exercises import cases_11 as cases
from featherweight.exercises import probes, readings
from featherweight.exercises import wrong_11_mixed as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["distillation_loss"]

distillation_loss = Exercise(
    name="distillation_loss",
    lesson=11,
    points=2,
    minutes=8,
    difficulty=2,
    reference=distillation.distillation_loss,
    cases=cases.labelled,
    probe=probes.pull_student,
    reading=readings.taught,
    compare=close(
        float32=1e-5,
        float64=1e-9,
        parts=("what comes back", "its value", "what reaches the teacher", "the gradient in the student"),
    ),
    returns="a tensor of shape (), from which backward() reaches the student",
    oracle="F.kl_div on probabilities, F.cross_entropy on the labelled rows alone",
    misconceptions=(
        Misconception(
            "the weights swapped",
            wrong.swaps_the_weights,
            "weight belongs to the teacher's part and 1 − weight to the labels'. You have them the other way round.",
        ),
        Misconception(
            "the labels' weight missing",
            wrong.adds_the_labels_whole,
            "The labels' part counts in full. Its weight is 1 − weight.",
        ),
        Misconception(
            "no weights",
            wrong.adds_both_whole,
            "You add both in full. weight is never used.",
        ),
        Misconception(
            "one weight for both",
            wrong.gives_one_weight_to_both,
            "Both parts are multiplied by weight. The second one's is 1 − weight.",
        ),
        Misconception(
            "no T²",
            wrong.forgets_the_square,
            "T² is missing from the soft part, so that the labels outweigh it more, the larger T is.",
        ),
        Misconception(
            "T² for both",
            wrong.squares_both,
            "You multiply the labels' part by T² too. It has no temperature, so nothing made it small.",
        ),
        Misconception(
            "no labels",
            wrong.forgets_the_labels,
            "The labels' part is missing.",
        ),
        Misconception(
            "unlabelled examples in the average",
            wrong.averages_over_all,
            "The cross-entropies are divided by the number of all examples. Divide by the number of labels: with few "
            "of them they would otherwise hardly count.",
        ),
        Misconception(
            "zero labels divided by zero",
            wrong.divides_by_no_labels,
            "Where no example has a label, the average over none is 0 / 0. There hard is 0.",
            "the case without a label",
        ),
        Misconception(
            "−1 taken for a class",
            wrong.takes_minus_one_for_a_class,
            "cross_entropy is given the label −1, which is no class. It must be told, or not be given those examples.",
        ),
        Misconception(
            "−1 taken for the last class",
            wrong.takes_minus_one_for_the_last,
            "As an index −1 is the last class: every example without a label is taught to be one. No error says so.",
        ),
        Misconception(
            "−1 taken for class 0",
            wrong.takes_minus_one_for_the_first,
            "You turn −1 into 0: every example without a label is taught to be of class 0.",
        ),
        Misconception(
            "labels summed",
            wrong.adds_up_the_labels,
            "You add up the cross-entropies. Average them over the examples that have a label.",
        ),
        Misconception(
            "softmax twice",
            wrong.puts_the_softmax_twice,
            "cross_entropy takes the softmax itself. It got probabilities and takes them for logits.",
        ),
        Misconception(
            "labels at temperature T",
            wrong.softens_the_labels,
            "You divide the student's logits by T for the labels too. Against them it answers at temperature 1.",
        ),
        Misconception(
            "the student not softened",
            wrong.softens_the_teacher_only,
            "In the soft part only the teacher is softened. Both are divided by T.",
        ),
        Misconception(
            "the divergence reversed",
            wrong.turns_the_divergence_round,
            "Your soft part is KL(q ‖ p). The teacher's probabilities stand in front.",
        ),
        Misconception(
            "the cross-entropy for the soft part",
            wrong.takes_the_cross_entropy,
            "Your soft part is the cross-entropy with the teacher's probabilities. Its gradient is the same, its "
            "value is not: soft is the divergence, and 0 where both agree.",
        ),
        Misconception(
            "the teacher gets gradients",
            wrong.teaches_the_teacher,
            "The loss is right, and backward() changes the teacher as well. Detach its logits.",
        ),
        Misconception(
            "the teacher asked for missing labels",
            wrong.asks_the_teacher_where_a_label_is_missing,
            "Where a label is missing you take the teacher's first choice for one. Such an example counts in the soft "
            "part alone.",
        ),
        Misconception(
            "soft for unlabelled examples only",
            wrong.softens_the_unlabelled_only,
            "Your soft part leaves out the examples that have a label. It is about all of them.",
        ),
        Misconception(
            "unlabelled examples dropped",
            wrong.drops_the_unlabelled,
            "You drop the examples without a label altogether. The teacher has something to say about them: they "
            "count in the soft part.",
            also=(wrong.softens_the_labelled_only,),
        ),
        Misconception(
            "the teacher examined",
            wrong.labels_the_teacher,
            "You compare the *teacher* with the labels. It is the student who learns from them.",
        ),
    ),
    hints=(
        "Four examples, two of them labelled, weight 0.7. How many numbers are averaged in each part, and what do the "
        "parts count?",
        "Your soft loss is one part. For the other, cross_entropy has a way to leave a label out; and what if all are?",
        "ignore_index=−1, and reduction sum divided by the number of labels, which is at least 1.",
    ),
)
