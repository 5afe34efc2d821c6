"""Wrong records and averages that learners give in lesson 2. What is wrong with each is said in `averages_02`."""

import torch


def best_of_all(values):
    return values.min().expand(len(values))


def one_number(values):
    return values.min()


def worst_so_far(values):
    return values.cummax(0).values


def better_of_two(values):
    return torch.cat([values[:1], torch.minimum(values[1:], values[:-1])])


def records_alone(values):
    best = values.cummin(0).values
    return values[values == best]


def looks_at_the_past_only(values):
    return torch.cat([values[:1], values.cummin(0).values[:-1]])


def starts_from_zero(values):
    best, found = torch.zeros_like(values[0]), []
    for value in values:
        best = torch.minimum(best, value)
        found.append(best)
    return torch.stack(found)


def best_still_to_come(values):
    return values.flip(0).cummin(0).values.flip(0)


def places_of_the_best(values):
    return values.cummin(0).indices


def values_and_places(values):
    return values.cummin(0)


def sorts(values):
    return values.sort(descending=True).values


def smallest_in_size(values):
    best, found = values[0], []
    for value in values:
        best = value if value.abs() < best.abs() else best
        found.append(best)
    return torch.stack(found)


def running_mean(values):
    return values.cumsum(0) / torch.arange(1, len(values) + 1)


def forgets_the_dtype(values):
    found = torch.zeros(len(values))
    for k in range(len(values)):
        found[k] = values[: k + 1].min()
    return found


def not_corrected(values, beta):
    average, averages = torch.zeros_like(values[0]), []
    for value in values:
        average = beta * average + (1 - beta) * value
        averages.append(average)
    return torch.stack(averages)


def corrects_a_step_late(values, beta):
    average, averages = torch.zeros_like(values[0]), []
    for step, value in enumerate(values):
        average = beta * average + (1 - beta) * value
        averages.append(average / (1 - beta**step) if step else average)
    return torch.stack(averages)


def divides_by_zero(values, beta):
    average, averages = torch.zeros_like(values[0]), []
    for step, value in enumerate(values):
        average = beta * average + (1 - beta) * value
        averages.append(average / (1 - torch.tensor(beta).to(values.dtype) ** step))
    return torch.stack(averages)


def swaps_the_shares(values, beta):
    average, averages = torch.zeros_like(values[0]), []
    for step, value in enumerate(values, start=1):
        average = (1 - beta) * average + beta * value
        averages.append(average / (1 - beta**step))
    return torch.stack(averages)


def swaps_the_shares_throughout(values, beta):
    average, averages = torch.zeros_like(values[0]), []
    for step, value in enumerate(values, start=1):
        average = (1 - beta) * average + beta * value
        averages.append(average / (1 - (1 - beta) ** step))
    return torch.stack(averages)


def stores_the_corrected(values, beta):
    average, averages = torch.zeros_like(values[0]), []
    for step, value in enumerate(values, start=1):
        average = (beta * average + (1 - beta) * value) / (1 - beta**step)
        averages.append(average)
    return torch.stack(averages)


def starts_at_the_first(values, beta):
    average, averages = values[0], []
    for value in values:
        average = beta * average + (1 - beta) * value
        averages.append(average)
    return torch.stack(averages)


def starts_at_the_first_and_corrects(values, beta):
    average, averages = values[0], []
    for step, value in enumerate(values, start=1):
        average = beta * average + (1 - beta) * value
        averages.append(average / (1 - beta**step))
    return torch.stack(averages)


def corrects_once(values, beta):
    average, averages = torch.zeros_like(values[0]), []
    for value in values:
        average = beta * average + (1 - beta) * value
        averages.append(average)
    return torch.stack(averages) / (1 - beta ** len(values))


def corrects_by_one_share(values, beta):
    average, averages = torch.zeros_like(values[0]), []
    for value in values:
        average = beta * average + (1 - beta) * value
        averages.append(average / (1 - beta))
    return torch.stack(averages)


def adds_up(values, beta):
    average, averages = torch.zeros_like(values[0]), []
    for step, value in enumerate(values, start=1):
        average = beta * average + value
        averages.append(average / (1 - beta**step))
    return torch.stack(averages)


def never_forgets(values, beta):
    average, averages = torch.zeros_like(values[0]), []
    for step, value in enumerate(values, start=1):
        average = average + (1 - beta) * value
        averages.append(average / (1 - beta**step))
    return torch.stack(averages)


def plain_mean(values, beta):
    return torch.stack([values[: k + 1].mean(0) for k in range(len(values))])


def last_alone(values, beta):
    average = torch.zeros_like(values[0])
    for value in values:
        average = beta * average + (1 - beta) * value
    return average / (1 - beta ** len(values))


def averages_everything(values, beta):
    average, averages = 0.0, []
    for step, value in enumerate(values, start=1):
        average = beta * average + (1 - beta) * value.mean()
        averages.append(average / (1 - beta**step))
    return torch.stack(averages)
