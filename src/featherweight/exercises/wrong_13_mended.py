"""The choice that lesson 13 hands over to be mended, and what a mending can leave. `mended_13` says it."""

import math

import torch


def handed_over(sizes, validation, test, budget):
    number = int(test.double().min(1).values.argmin())
    return number, float(test[number].double().min())


def choice_with(peeks: bool, lucky: bool, boasts: bool, overspends: bool):
    """`chosen_within` with any of four faults."""

    def choice(sizes, validation, test, budget):
        seen = (test if peeks else validation).double()
        means = seen.min(1).values if lucky else seen.mean(1)
        fits = torch.ones_like(sizes, dtype=torch.bool) if overspends else sizes <= budget
        means = torch.where(fits, means, math.inf)
        number = int(torch.where(means == means.min(), sizes.double(), math.inf).argmin())
        errors = test[number].double()
        return number, float(errors.min() if boasts else errors.mean())

    return choice


def chosen_by(
    means=lambda validation: validation.double().mean(1),
    fits=lambda sizes, budget: sizes <= budget,
    tie=lambda sizes: sizes.double(),
    told=lambda validation, test: float(test.double().mean()),
):
    """`chosen_within` by another mean, with another limit, another rule for ties, or telling something else."""

    def choice(sizes, validation, test, budget):
        within = fits(sizes, budget)
        found = torch.where(within if within.any() else sizes <= budget, means(validation), math.inf)
        number = int(torch.where(found == found.min(), tie(sizes), math.inf).argmin())
        return number, told(validation[number], test[number])

    return choice


strictly_below = chosen_by(fits=lambda sizes, budget: sizes < budget)
the_largest_of_equals = chosen_by(tie=lambda sizes: -sizes.double())
the_first_of_equals = chosen_by(tie=lambda sizes: torch.arange(len(sizes)).double())
by_the_median = chosen_by(means=lambda validation: validation.double().median(1).values)
by_the_worst_seed = chosen_by(means=lambda validation: validation.double().max(1).values)
by_the_first_seed = chosen_by(means=lambda validation: validation.double()[:, 0])
tells_validation = chosen_by(told=lambda validation, test: float(validation.double().mean()))
tells_the_sum = chosen_by(told=lambda validation, test: float(test.double().sum()))
tells_the_median = chosen_by(told=lambda validation, test: float(test.double().median()))


def numbers_those_that_fit(sizes, validation, test, budget):
    fits = sizes <= budget
    means, kept = validation[fits].double().mean(1), sizes[fits].double()
    number = int(torch.where(means == means.min(), kept, math.inf).argmin())
    return number, float(test[fits][number].double().mean())


def takes_the_smallest(sizes, validation, test, budget):
    number = int(sizes.double().argmin())
    return number, float(test[number].double().mean())


def takes_the_largest_that_fits(sizes, validation, test, budget):
    number = int(torch.where(sizes <= budget, sizes.double(), -math.inf).argmax())
    return number, float(test[number].double().mean())


def averages_over_recipes(sizes, validation, test, budget):
    means = torch.where(sizes <= budget, validation.double().mean(1), math.inf)
    number = int(torch.where(means == means.min(), sizes.double(), math.inf).argmin())
    return number, float(test.double().mean())


def gives_the_errors_first(sizes, validation, test, budget):
    means = torch.where(sizes <= budget, validation.double().mean(1), math.inf)
    number = int(torch.where(means == means.min(), sizes.double(), math.inf).argmin())
    return float(test[number].double().mean()), number
