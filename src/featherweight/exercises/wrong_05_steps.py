"""Wrong masked steps that learners give in lesson 5, one function each. `steps_05` says what is wrong."""


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


def masks_the_move(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return w - mask * (learning_rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon)), m, v


def steps_the_survivors_alone(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    w, m, v = w.clone(), m.clone(), v.clone()
    m[mask] = beta1 * m[mask] + (1 - beta1) * g[mask]
    v[mask] = beta2 * v[mask] + (1 - beta2) * g[mask] ** 2
    size = (v[mask] / (1 - beta2**step)).sqrt()
    w[mask] -= learning_rate * (m[mask] / (1 - beta1**step)) / (size + epsilon)
    return w, m, v


def corrects_one_step_behind(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    m = mask * (beta1 * m + (1 - beta1) * g)
    v = mask * (beta2 * v + (1 - beta2) * g**2)
    step = step - 1
    return mask * (w - learning_rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon)), m, v


def forgets_the_square(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    m = mask * (beta1 * m + (1 - beta1) * g)
    v = mask * (beta2 * v + (1 - beta2) * g)
    return mask * (w - learning_rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon)), m, v


def forgets_the_root(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    m = mask * (beta1 * m + (1 - beta1) * g)
    v = mask * (beta2 * v + (1 - beta2) * g**2)
    return mask * (w - learning_rate * (m / (1 - beta1**step)) / (v / (1 - beta2**step) + epsilon)), m, v


def adds_without_averaging(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    m = mask * (beta1 * m + g)
    v = mask * (beta2 * v + g**2)
    return mask * (w - learning_rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon)), m, v


def climbs(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    m = mask * (beta1 * m + (1 - beta1) * g)
    v = mask * (beta2 * v + (1 - beta2) * g**2)
    return mask * (w + learning_rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon)), m, v


def steps_with_the_old_moments(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    w = mask * (w - learning_rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon))
    return w, mask * (beta1 * m + (1 - beta1) * g), mask * (beta2 * v + (1 - beta2) * g**2)


def returns_moments_first(w, g, mask, m, v, step, learning_rate, beta1, beta2, epsilon):
    m = mask * (beta1 * m + (1 - beta1) * g)
    v = mask * (beta2 * v + (1 - beta2) * g**2)
    return m, v, mask * (w - learning_rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon))
