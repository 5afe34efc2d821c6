"""Wrong schedules and scores that learners give in lesson 5. `scores_05` says what is wrong."""


def ramps_linearly(step, initial_sparsity, final_sparsity, begin_step, end_step):
    done = min(max((step - begin_step) / (end_step - begin_step), 0.0), 1.0)
    return initial_sparsity + (final_sparsity - initial_sparsity) * done


def cubes_the_time_gone(step, initial_sparsity, final_sparsity, begin_step, end_step):
    done = min(max((step - begin_step) / (end_step - begin_step), 0.0), 1.0)
    return initial_sparsity + (final_sparsity - initial_sparsity) * done**3


def ignores_the_beginning(step, initial_sparsity, final_sparsity, begin_step, end_step):
    done = min((step - begin_step) / (end_step - begin_step), 1.0)
    return final_sparsity + (initial_sparsity - final_sparsity) * (1 - done) ** 3


def runs_past_the_end(step, initial_sparsity, final_sparsity, begin_step, end_step):
    done = max((step - begin_step) / (end_step - begin_step), 0.0)
    return final_sparsity + (initial_sparsity - final_sparsity) * (1 - done) ** 3


def never_clamps(step, initial_sparsity, final_sparsity, begin_step, end_step):
    done = (step - begin_step) / (end_step - begin_step)
    return final_sparsity + (initial_sparsity - final_sparsity) * (1 - done) ** 3


def returns_density(step, initial_sparsity, final_sparsity, begin_step, end_step):
    done = min(max((step - begin_step) / (end_step - begin_step), 0.0), 1.0)
    return 1 - (final_sparsity + (initial_sparsity - final_sparsity) * (1 - done) ** 3)


def swaps_the_ends(step, initial_sparsity, final_sparsity, begin_step, end_step):
    done = min(max((step - begin_step) / (end_step - begin_step), 0.0), 1.0)
    return initial_sparsity + (final_sparsity - initial_sparsity) * (1 - done) ** 3


def never_arrives(step, initial_sparsity, final_sparsity, begin_step, end_step):
    done = min(max((step - begin_step) / (end_step - begin_step + 1), 0.0), 1.0)
    return final_sparsity + (initial_sparsity - final_sparsity) * (1 - done) ** 3


def counts_time_from_zero(step, initial_sparsity, final_sparsity, begin_step, end_step):
    done = 0.0 if step < begin_step else min(step / end_step, 1.0)
    return final_sparsity + (initial_sparsity - final_sparsity) * (1 - done) ** 3


def starts_from_nothing(step, initial_sparsity, final_sparsity, begin_step, end_step):
    done = min(max((step - begin_step) / (end_step - begin_step), 0.0), 1.0)
    return final_sparsity - final_sparsity * (1 - done) ** 3


def squares_the_time_left(step, initial_sparsity, final_sparsity, begin_step, end_step):
    done = min(max((step - begin_step) / (end_step - begin_step), 0.0), 1.0)
    return final_sparsity + (initial_sparsity - final_sparsity) * (1 - done) ** 2


def returns_zero_before_the_beginning(step, initial_sparsity, final_sparsity, begin_step, end_step):
    if step < begin_step:
        return 0.0
    done = min((step - begin_step) / (end_step - begin_step), 1.0)
    return final_sparsity + (initial_sparsity - final_sparsity) * (1 - done) ** 3


def adds_final_to_initial(step, initial_sparsity, final_sparsity, begin_step, end_step):
    done = min(max((step - begin_step) / (end_step - begin_step), 0.0), 1.0)
    return initial_sparsity + final_sparsity * (1 - (1 - done) ** 3)


def divides_whole(step, initial_sparsity, final_sparsity, begin_step, end_step):
    done = min(max((step - begin_step) // (end_step - begin_step), 0), 1)
    return final_sparsity + (initial_sparsity - final_sparsity) * (1 - done) ** 3


def scores_without_inputs(weight, activations):
    return weight.abs()


def sums_absolute_inputs(weight, activations):
    return weight.abs() * activations.abs().sum(0)


def squares_the_norm(weight, activations):
    return weight.abs() * (activations**2).sum(0)


def squares_both(weight, activations):
    return weight**2 * (activations**2).sum(0)


def averages_over_examples(weight, activations):
    return weight.abs() * (activations**2).mean(0).sqrt()


def adds_before_the_size(weight, activations):
    return weight.abs() * activations.sum(0).abs()


def keeps_the_sign(weight, activations):
    return weight * activations.norm(dim=0)


def measures_examples(weight, activations):
    return weight.abs() * activations.norm(dim=1)


def scales_the_rows(weight, activations):
    return weight.abs() * activations.norm(dim=0)[:, None]


def takes_one_norm_for_all(weight, activations):
    return weight.abs() * activations.norm()
