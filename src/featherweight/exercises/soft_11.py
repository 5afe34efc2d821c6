"""The exercise of lesson 11 on probabilities softened by a temperature."""

from featherweight.compression import distillation
from featherweight.exercises import cases_11 as cases
from featherweight.exercises import probes, readings
from featherweight.exercises import wrong_11_soft as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["soft_loss"]

soft_loss = Exercise(
    name="soft_loss",
    lesson=11,
    points=3,
    minutes=10,
    difficulty=3,
    reference=distillation.soft_loss,
    cases=cases.pairs,
    probe=probes.pull_student,
    reading=readings.taught,
    compare=close(
        float32=1e-5,
        float64=1e-9,
        parts=("what comes back", "its value", "what reaches the teacher", "the gradient in the student"),
    ),
    returns="a tensor of shape (), from which backward() reaches the student",
    oracle="Σ p · log(p / q) in Python numbers; T · (q − p) / n for the gradient; logit matching for a large T",
    misconceptions=(
        Misconception(
            "no T²",
            wrong.forgets_the_square,
            "The divergence is right, and T² is missing. Softening divides the gradient by about T² (arXiv:1503.02531, "
            "section 2): at T = 4 the labels would count sixteen times as much.",
        ),
        Misconception(
            "T for T²",
            wrong.multiplies_by_the_temperature,
            "You multiply by T. One T comes from the student's logits and one from the differences of the "
            "probabilities: it is T².",
        ),
        Misconception(
            "the divergence reversed",
            wrong.turns_the_divergence_round,
            "You have KL(q ‖ p), the student's probabilities in front. Here the teacher's are: what it finds likely "
            "must not be missed. kl_div takes the student's logs first.",
        ),
        Misconception(
            "a mean over classes",
            wrong.averages_over_classes,
            'You average over the classes as well, as kl_div\'s reduction="mean" does. Over the classes it is a sum, '
            'over the examples an average: "batchmean".',
        ),
        Misconception(
            "a loss for each example",
            wrong.keeps_the_examples,
            "You return one number per example. Average them.",
        ),
        Misconception(
            "the cross-entropy",
            wrong.takes_the_cross_entropy,
            "This is the cross-entropy −Σ p · log q. Its gradient is the same, its value is not: it contains the "
            "teacher's own entropy and is not 0 where both agree.",
        ),
        Misconception(
            "the sign turned",
            wrong.has_the_wrong_sign,
            "Your loss is the negative of the divergence, and falls as student and teacher part.",
        ),
        Misconception(
            "no log",
            wrong.forgets_the_log,
            "kl_div wants the student's *log*-probabilities and got probabilities. It cannot notice.",
        ),
        Misconception(
            "log twice",
            wrong.takes_the_log_twice,
            "log_softmax has taken the log already. The log of a negative number is NaN.",
        ),
        Misconception(
            "softmax twice",
            wrong.puts_the_softmax_twice,
            "You put probabilities into log_softmax, which takes them for logits. One softmax is enough.",
        ),
        Misconception(
            "log probabilities for probabilities",
            wrong.takes_log_for_probabilities,
            "The teacher's log-probabilities stand where its probabilities belong: kl_div takes them for "
            "probabilities unless it is told log_target=True.",
        ),
        Misconception(
            "exp twice",
            wrong.exponentiates_twice,
            "With log_target=True kl_div takes exp of the target itself. It got probabilities.",
        ),
        Misconception(
            "squared differences of probabilities",
            wrong.squares_the_probabilities,
            "You square the differences of the probabilities. The divergence is Σ p · log(p / q).",
        ),
        Misconception(
            "squared differences of logits",
            wrong.matches_the_logits,
            "You match the logits. Up to a constant that is what a very large T leads to; at this T it is not.",
        ),
        Misconception(
            "softmax over the batch",
            wrong.stretches_over_the_batch,
            "Your softmax runs down the examples. The probabilities of one example's *classes* add up to 1: dim=1.",
        ),
        Misconception(
            "the teacher gets gradients",
            wrong.teaches_the_teacher,
            "The loss is right, and backward() changes the teacher as well: it would learn to please its student. "
            "Detach its logits.",
        ),
        Misconception(
            "nobody learns",
            wrong.teaches_nobody,
            "Both sides are detached, and backward() reaches no one. Detach the teacher alone.",
        ),
        Misconception(
            "a plain number",
            wrong.returns_a_number,
            "You return a number (item()), from which there is no way back to the student. Return the tensor.",
        ),
        Misconception(
            "the student not softened",
            wrong.softens_the_teacher_only,
            "Only the teacher is softened. The student would learn to be soft at T = 1. Both are divided by T.",
        ),
        Misconception(
            "the teacher not softened",
            wrong.softens_the_student_only,
            "Only the student is softened. Its teacher's small probabilities stay as small as they were. Both are "
            "divided by T.",
        ),
        Misconception(
            "multiplied by T",
            wrong.multiplies_the_logits,
            "You multiply the logits by T, which makes the probabilities sharper. Divide.",
        ),
        Misconception(
            "softened after the softmax",
            wrong.softens_after_the_softmax,
            "You divide by T after the softmax, and the probabilities add up to 1 / T. Divide the logits.",
        ),
        Misconception(
            "the log of a zero",
            wrong.takes_the_log_of_nothing,
            "You take the log of what softmax gives, and that is exactly 0 where logits lie far apart: NaN. "
            "log_softmax takes both in one, without the zero.",
            "the case with logits thousands apart",
        ),
        Misconception(
            "hard targets",
            wrong.learns_the_hard_targets,
            "The student learns the teacher's first choice. What it thinks of the other classes is the point.",
        ),
    ),
    hints=(
        "Two classes, teacher's logits 2 and 0, T = 2. What are its probabilities? And the divergence of a student of "
        "½ and ½?",
        "Soften both, compare, multiply. kl_div(log q, p) has the student first, and in logs; read what its reductions "
        "divide by.",
        "log_softmax of logits / T on both sides, dim=1; the teacher's detached; reduction batchmean; T² in front.",
    ),
)
