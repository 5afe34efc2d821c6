"""The exercise of lesson 11 on slopes in the inputs: the honest reading of "outputs and gradients"."""

from featherweight.compression import hints
from featherweight.exercises import cases_11 as cases
from featherweight.exercises import probes, readings
from featherweight.exercises import wrong_11_slopes as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["jacobian_loss"]

jacobian_loss = Exercise(
    name="jacobian_loss",
    lesson=11,
    points=3,
    minutes=12,
    difficulty=4,
    reference=hints.jacobian_loss,
    cases=cases.networks,
    probe=probes.match_slopes,
    reading=readings.taught,
    compare=close(
        float32=1e-4,
        float64=1e-9,
        parts=(
            *("what comes back", "its value", "what reaches the teacher"),
            *("the gradient in the student's hidden weights", "the gradient in the student's output weights"),
        ),
    ),
    returns="a tensor of shape (), from which backward() reaches the student's weights",
    oracle="whole Jacobians by torch.func.jacrev, multiplied by the directions",
    misconceptions=(
        Misconception(
            "weight gradients matched",
            wrong.compares_weight_gradients,
            "You compare gradients in the *weights*. They say how each network would have to change, not what it "
            "computes, and exist side by side only if both have one architecture. Slopes in the inputs fit any two.",
        ),
        Misconception(
            "outputs matched",
            wrong.compares_the_outputs,
            "You compare the outputs. Wanted are their slopes: how they react to the inputs.",
        ),
        Misconception(
            "projected outputs matched",
            wrong.compares_the_projected_outputs,
            "You weigh the outputs by the directions and compare. In between the gradient in the inputs is missing.",
        ),
        Misconception(
            "no graph of the gradient",
            wrong.forgets_to_keep_the_graph,
            "The value is right, and nothing can learn from it: grad() returns constants, unless it is told to build "
            "a graph of its own (create_graph).",
        ),
        Misconception(
            "the teacher gets gradients",
            wrong.teaches_the_teacher,
            "The loss is right, and backward() reaches the teacher's weights too. Its slopes are constants: detach "
            "them, or build no graph for them.",
        ),
        Misconception(
            "inputs without a gradient",
            wrong.forgets_to_ask_for_the_gradient,
            "The inputs do not require a gradient, so torch keeps no way back to them. Ask for it before the networks "
            "run.",
        ),
        Misconception(
            "probabilities projected",
            wrong.projects_probabilities,
            "You take the slopes of the probabilities. Wanted are those of the logits.",
        ),
        Misconception(
            "directions ignored",
            wrong.ignores_the_directions,
            "You add up the logits as they are, one direction of ones. The directions weigh them.",
        ),
        Misconception(
            "one direction",
            wrong.takes_the_first_direction,
            "You use the first direction only. Average over all.",
        ),
        Misconception(
            "directions of length 1",
            wrong.takes_directions_of_length_one,
            "You bring the directions to length 1. They are used as they are given.",
        ),
        Misconception(
            "the first example's directions for all",
            wrong.takes_one_direction_for_all_examples,
            "All examples get the directions of the first. Each has its own: directions are (k, n, classes).",
        ),
        Misconception(
            "summed over all",
            wrong.adds_up_everything,
            "You add up all squared differences. Wanted is their mean.",
        ),
        Misconception(
            "summed over entries",
            wrong.adds_up_the_entries,
            "You add up over the entries of an input and average the rest. The mean is over entries as well.",
        ),
        Misconception(
            "summed over directions",
            wrong.adds_up_the_directions,
            "You add up over the directions. The mean is over directions as well.",
        ),
        Misconception(
            "a root",
            wrong.takes_the_root,
            "You take the root at the end, whose slope is infinite where both agree. The mean square is asked for.",
        ),
        Misconception(
            "absolute differences",
            wrong.takes_sizes,
            "You average |differences|. They are squared.",
        ),
        Misconception(
            "directions averaged first",
            wrong.adds_up_before_it_squares,
            "You average the slopes over the directions before you compare, which is one direction only: their mean. "
            "Compare each, then average.",
        ),
        Misconception(
            "slopes without their sign",
            wrong.compares_sizes_of_slopes,
            "You compare the sizes of the slopes. One that rises where the other falls is no match.",
        ),
        Misconception(
            "slopes added",
            wrong.adds_the_slopes,
            "You add the teacher's slopes to the student's. Take the difference.",
            also=(wrong.projects_the_difference_without_a_slope_each,),
        ),
        Misconception(
            "no teacher",
            wrong.forgets_the_teacher,
            "Your loss is the student's own slope: it smooths, and nobody teaches. The teacher's is missing.",
        ),
        Misconception(
            "slopes of length 1",
            wrong.divides_by_the_length,
            "You bring each slope to length 1 before you compare, as one of the papers does. Here they are compared as "
            "they are.",
        ),
        Misconception(
            "slopes piled up",
            wrong.adds_slopes_up_in_one_place,
            "The slopes of one direction are still there when the next are added, as .grad does it. Each direction "
            "starts from zero.",
        ),
    ),
    hints=(
        "A network of one input and one logit, w · x. What is its slope in x? And the loss, if the teacher has v · x?",
        "torch.autograd.grad(a number, x) gives the slope. Of which number, and how do you differentiate the result "
        "again?",
        "x = inputs, asked for a gradient; (logits · direction) added up; create_graph=True for the student alone.",
    ),
)
