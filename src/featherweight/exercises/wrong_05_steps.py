"""Wrong answers that learners give in lesson 5 about steps, schedules and scores. `steps_05` says what is wrong."""


def step_without_mask(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return w - learning_rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon), m, v


def masks_only_the_gradient(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    g = mask * g
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return w - learning_rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon), m, v


def masks_before_the_step(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    w = mask * w
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return w - learning_rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon), m, v


def masks_weight_and_gradient_first(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    w, g = mask * w, mask * g
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return w - learning_rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon), m, v


def moments_go_on(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    w = w - learning_rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon)
    return mask * w, m, v


def moments_fade(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    g = mask * g
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    w = w - learning_rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon)
    return mask * w, m, v


def freezes_the_pruned(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    m = mask * (beta1 * m + (1 - beta1) * g)
    v = mask * (beta2 * v + (1 - beta2) * g**2)
    return w - learning_rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon), m, v


def inverts_the_mask(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    m = ~mask * (beta1 * m + (1 - beta1) * g)
    v = ~mask * (beta2 * v + (1 - beta2) * g**2)
    w = w - learning_rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon)
    return ~mask * w, m, v


def masked_step_without_correction(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    m = mask * (beta1 * m + (1 - beta1) * g)
    v = mask * (beta2 * v + (1 - beta2) * g**2)
    return mask * (w - learning_rate * m / (v.sqrt() + epsilon)), m, v


def stores_the_corrected_moments(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    m = mask * (beta1 * m + (1 - beta1) * g) / (1 - beta1**step)
    v = mask * (beta2 * v + (1 - beta2) * g**2) / (1 - beta2**step)
    return mask * (w - learning_rate * m / (v.sqrt() + epsilon)), m, v


def epsilon_inside_the_root(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    m = mask * (beta1 * m + (1 - beta1) * g)
    v = mask * (beta2 * v + (1 - beta2) * g**2)
    return mask * (w - learning_rate * (m / (1 - beta1**step)) / (v / (1 - beta2**step) + epsilon).sqrt()), m, v


def swaps_the_betas(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    m = mask * (beta2 * m + (1 - beta2) * g)
    v = mask * (beta1 * v + (1 - beta1) * g**2)
    return mask * (w - learning_rate * (m / (1 - beta2**step)) / ((v / (1 - beta1**step)).sqrt() + epsilon)), m, v


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
