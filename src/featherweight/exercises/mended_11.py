"""The bug hunt of lesson 11: a step of distillation in which the teacher learns too."""

from featherweight.compression import distillation
from featherweight.exercises import cases_11 as cases
from featherweight.exercises import probes
from featherweight.exercises import wrong_11_mended as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception, switched

__all__ = ["mended_distillation_step"]

INSIDE = ("hidden weights", "scales", "shifts", "output weights", "running means", "running variances")

mended_distillation_step = Exercise(
    name="mended_distillation_step",
    lesson=11,
    points=3,
    minutes=10,
    difficulty=3,
    reference=distillation.distillation_step,
    starts_from=wrong.handed_over,
    cases=cases.lessons,
    probe=probes.teach_once,
    compare=close(
        float32=1e-4,
        float64=1e-9,
        parts=("the loss", *(f"the {whose}'s {what}" for whose in ("student", "teacher") for what in INSIDE)),
    ),
    returns="the loss before the step, a tensor of shape ()",
    oracle="torch.optim.SGD on the student, torch.distributions.kl_divergence, a copy of the teacher in eval mode",
    misconceptions=(
        *switched(
            wrong.step_with,
            {
                "training": (
                    "the teacher in training mode",
                    "The teacher answers in training mode: its batch normalization uses the statistics of this batch, "
                    "so what it says of one example depends on the others, and its running averages drift. no_grad() "
                    "does not change that; eval() does.",
                ),
                "both": (
                    "the teacher learns too",
                    "The step moves the teacher's parameters as well. It comes to meet its student, and the loss falls "
                    "without anyone knowing more.",
                ),
                "bare": (
                    "no T²",
                    "T² is missing: the step is T² times too small.",
                ),
            },
        ),
        Misconception(
            "weight gradients copied",
            wrong.copies_weight_gradients,
            "You move the student by the gradients in the *teacher's* weights. Weights of two networks have nothing to "
            "do with each other, even where their shapes happen to agree.",
        ),
        Misconception(
            "nobody moves",
            wrong.forgets_to_move,
            "The loss is right, and no parameter has moved.",
        ),
        Misconception(
            "uphill",
            wrong.climbs,
            "You add the gradient. It points to where the loss grows.",
        ),
        Misconception(
            "the student in evaluation mode",
            wrong.evaluates_the_student,
            "The student computes in evaluation mode. It is the one who trains: only its teacher is finished.",
        ),
        Misconception(
            "the divergence reversed",
            wrong.turns_the_divergence_round,
            "You have KL(q ‖ p). The teacher's probabilities stand in front.",
        ),
        Misconception(
            "the student not softened",
            wrong.softens_the_teacher_only,
            "Only the teacher's logits are divided by T. Divide both.",
        ),
        Misconception(
            "the teacher not softened",
            wrong.softens_the_student_only,
            "Only the student's logits are divided by T. Divide both.",
        ),
        Misconception(
            "a mean over classes",
            wrong.averages_over_classes,
            "You average over the classes as well. Over those it is a sum.",
        ),
        Misconception(
            "summed over examples",
            wrong.adds_up_the_examples,
            "You add up over the examples. Average over them.",
        ),
        Misconception(
            "T for T²",
            wrong.multiplies_by_the_temperature,
            "You multiply by T. It is T².",
        ),
        Misconception(
            "hard targets",
            wrong.learns_the_hard_targets,
            "The student learns the teacher's first choice. Its probabilities are asked for.",
        ),
        Misconception(
            "the cross-entropy",
            wrong.takes_the_cross_entropy,
            "The step is right. The loss returned is the cross-entropy, which contains the teacher's own entropy.",
        ),
        Misconception(
            "matrices only",
            wrong.moves_the_matrices_only,
            "You move the weight matrices. The scales and shifts of the batch normalization are parameters too.",
        ),
        Misconception(
            "the last layer only",
            wrong.moves_the_last_layer_only,
            "You move the last layer only. Every parameter of the student moves.",
        ),
        Misconception(
            "the loss after the step",
            wrong.returns_the_loss_afterwards,
            "The step is right, and you return the loss after it. Wanted is the one before.",
        ),
        Misconception(
            "nothing returned",
            wrong.returns_nothing,
            "The step is right. Return the loss.",
        ),
    ),
    hints=(
        "Run it ten times at a rate of 0 and look at the teacher's buffers. Then at a rate of 0.1, and look at its "
        "weights.",
        "Three things are wrong: the mode in which somebody answers, who moves, and how far.",
        "teacher.eval() before it answers, its answer without a graph, and only the student's parameters in the list.",
    ),
)
