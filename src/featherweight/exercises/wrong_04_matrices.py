"""Wrong answers of lesson 4 to Newton–Schulz, one function each. What is wrong with each is said in `matrices_04`."""

import torch


def forgets_the_norm(matrix, steps):
    x = matrix.mT if matrix.shape[0] > matrix.shape[1] else matrix
    for _ in range(steps):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x.mT if matrix.shape[0] > matrix.shape[1] else x


def divides_by_the_largest_singular_value(matrix, steps):
    x = matrix / torch.linalg.matrix_norm(matrix, 2)
    for _ in range(steps):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


def divides_by_the_largest_entry(matrix, steps):
    x = matrix / matrix.abs().max()
    for _ in range(steps):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


def divides_row_by_row(matrix, steps):
    x = matrix / matrix.norm(dim=1, keepdim=True)
    for _ in range(steps):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


def divides_column_by_column(matrix, steps):
    x = matrix / matrix.norm(dim=0, keepdim=True)
    for _ in range(steps):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


def divides_by_the_square(matrix, steps):
    x = matrix / (matrix**2).sum()
    for _ in range(steps):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


def divides_every_round(matrix, steps):
    x = matrix / matrix.norm()
    for _ in range(steps):
        x = x / x.norm()
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


def stays_transposed(matrix, steps):
    x = matrix.mT if matrix.shape[0] > matrix.shape[1] else matrix
    x = x / x.norm()
    for _ in range(steps):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


def reverses_the_coefficients(matrix, steps):
    x = matrix / matrix.norm()
    for _ in range(steps):
        gram = x @ x.mT
        x = 2.0315 * x + (-4.7750 * gram + 3.4445 * gram @ gram) @ x
    return x


def swaps_the_last_two(matrix, steps):
    x = matrix / matrix.norm()
    for _ in range(steps):
        gram = x @ x.mT
        x = 3.4445 * x + (2.0315 * gram - 4.7750 * gram @ gram) @ x
    return x


def swaps_the_first_two(matrix, steps):
    x = matrix / matrix.norm()
    for _ in range(steps):
        gram = x @ x.mT
        x = -4.7750 * x + (3.4445 * gram + 2.0315 * gram @ gram) @ x
    return x


def loses_the_minus(matrix, steps):
    x = matrix / matrix.norm()
    for _ in range(steps):
        gram = x @ x.mT
        x = 3.4445 * x + (4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


def finishes_the_job(matrix, steps):
    u, _, v = torch.linalg.svd(matrix, full_matrices=False)
    return u @ v


def one_step_fewer(matrix, steps):
    x = matrix / matrix.norm()
    for _ in range(1, steps):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


def one_step_more(matrix, steps):
    x = matrix / matrix.norm()
    for _ in range(steps + 1):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


def always_five(matrix, steps):
    x = matrix / matrix.norm()
    for _ in range(5):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


def takes_the_cubic(matrix, steps):
    x = matrix / matrix.norm()
    for _ in range(steps):
        x = 1.5 * x - 0.5 * (x @ x.mT) @ x
    return x


def takes_the_other_gram(matrix, steps):
    x = matrix / matrix.norm()
    for _ in range(steps):
        gram = x.mT @ x
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


def puts_the_gram_on_the_right(matrix, steps):
    x = matrix / matrix.norm()
    for _ in range(steps):
        gram = x @ x.mT
        x = 3.4445 * x + x @ (-4.7750 * gram + 2.0315 * gram @ gram)
    return x


def works_entry_by_entry(matrix, steps):
    x = matrix / matrix.norm()
    for _ in range(steps):
        x = 3.4445 * x - 4.7750 * x**3 + 2.0315 * x**5
    return x


def squares_entry_by_entry(matrix, steps):
    x = matrix / matrix.norm()
    for _ in range(steps):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram**2) @ x
    return x


def forgets_the_square(matrix, steps):
    x = matrix / matrix.norm()
    for _ in range(steps):
        gram = x @ x.mT
        x = 3.4445 * x - 4.7750 * gram @ x
    return x


def keeps_the_first_gram(matrix, steps):
    x = matrix / matrix.norm()
    gram = x @ x.mT
    for _ in range(steps):
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


def works_in_bfloat16(matrix, steps):
    x = matrix.bfloat16() / matrix.bfloat16().norm()
    for _ in range(steps):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x.to(matrix.dtype)


def gives_the_norm_back(matrix, steps):
    x = matrix / matrix.norm()
    for _ in range(steps):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x * matrix.norm()
