"""Wrong schedule-free steps of lesson 4, one function each. What is wrong with each is said in `averages_04`."""


def asks_at_the_average(x, z, gradient, step, learning_rate, beta):
    z = z - learning_rate * gradient(x)
    return x + (z - x) / step, z


def asks_at_the_iterate(x, z, gradient, step, learning_rate, beta):
    z = z - learning_rate * gradient(z)
    return x + (z - x) / step, z


def turns_beta_round(x, z, gradient, step, learning_rate, beta):
    z = z - learning_rate * gradient(beta * z + (1 - beta) * x)
    return x + (z - x) / step, z


def averages_the_places_between(x, z, gradient, step, learning_rate, beta):
    y = (1 - beta) * z + beta * x
    z = z - learning_rate * gradient(y)
    return x + (y - x) / step, z


def averages_the_old_iterate(x, z, gradient, step, learning_rate, beta):
    y = (1 - beta) * z + beta * x
    return x + (z - x) / step, z - learning_rate * gradient(y)


def steps_from_between(x, z, gradient, step, learning_rate, beta):
    y = (1 - beta) * z + beta * x
    z = y - learning_rate * gradient(y)
    return x + (z - x) / step, z


def moves_the_average(x, z, gradient, step, learning_rate, beta):
    x = x - learning_rate * gradient((1 - beta) * z + beta * x)
    return x, z + (x - z) / step


def counts_one_too_many(x, z, gradient, step, learning_rate, beta):
    z = z - learning_rate * gradient((1 - beta) * z + beta * x)
    return x + (z - x) / (step + 1), z


def forgets_geometrically(x, z, gradient, step, learning_rate, beta):
    z = z - learning_rate * gradient((1 - beta) * z + beta * x)
    return beta * x + (1 - beta) * z, z


def swaps_the_weights_of_the_mean(x, z, gradient, step, learning_rate, beta):
    z = z - learning_rate * gradient((1 - beta) * z + beta * x)
    return x / step + (1 - 1 / step) * z, z


def keeps_the_average_whole(x, z, gradient, step, learning_rate, beta):
    z = z - learning_rate * gradient((1 - beta) * z + beta * x)
    return x + z / step, z


def lowers_the_rate(x, z, gradient, step, learning_rate, beta):
    z = z - learning_rate / step * gradient((1 - beta) * z + beta * x)
    return x + (z - x) / step, z


def climbs_and_averages(x, z, gradient, step, learning_rate, beta):
    z = z + learning_rate * gradient((1 - beta) * z + beta * x)
    return x + (z - x) / step, z


def returns_the_iterate_first(x, z, gradient, step, learning_rate, beta):
    z = z - learning_rate * gradient((1 - beta) * z + beta * x)
    return z, x + (z - x) / step


def returns_the_average_alone(x, z, gradient, step, learning_rate, beta):
    z = z - learning_rate * gradient((1 - beta) * z + beta * x)
    return x + (z - x) / step


def returns_the_place_between(x, z, gradient, step, learning_rate, beta):
    y = (1 - beta) * z + beta * x
    return y, z - learning_rate * gradient(y)


def overwrites_the_iterate(average, iterate, gradient, step, learning_rate, beta):
    between = (1 - beta) * iterate + beta * average
    iterate -= learning_rate * gradient(between)
    average = average + (iterate - average) / step
    return average, iterate
