import re
from pathlib import Path

import pytest
import torch

from featherweight.exercises import cases_06, cases_11, probes
from featherweight.optimizers.adaptive import momentum_step


def test_an_epoch_for_every_seed_is_given_back_as_it_is():
    inputs, labels = torch.zeros(3, 2), torch.zeros(3)
    assert probes.epochs(lambda *given: given, inputs, labels, 2, [5, 6, 5]) == [
        (inputs, labels, 2, seed) for seed in (5, 6, 5)
    ]


STATE = {"velocity": torch.zeros(2, 3), "learning_rate": 0.1, "momentum": 0.9}
TURNS = {"parameters": torch.ones(2, 3), "gradients": torch.ones(4, 2, 3)} | STATE
WANTED = "2 tensors: float32 (3,), float32 (3,)"


def test_tensors_take_turns_and_each_keeps_its_state():
    form, again, velocity, parameter = probes.take_turns(momentum_step, **TURNS)
    assert (form, again) == (WANTED, "the same answer")
    assert velocity[:, 1, 0].tolist() == pytest.approx([0, 1, 1.9, 2.71, 3.439])
    assert parameter.shape == (5, 2, 3)
    assert torch.equal(parameter[:, 0], parameter[:, 1])


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (None, "nothing (is a return missing?)"),
        (torch.ones(3), "1 tensor: float32 (3,)"),
        ((torch.ones(3), torch.ones(3).double()), "2 tensors: float32 (3,), float64 (3,)"),
        ((torch.ones(3), torch.ones(())), "2 tensors: float32 (3,), float32 ()"),
        ((torch.ones(3),) * 3, "3 tensors: float32 (3,), float32 (3,), float32 (3,)"),
        (("parameter", torch.ones(3)), "2 tensors: a str, float32 (3,)"),
    ],
    ids=["nothing", "one", "dtype", "shape", "three", "text"],
)
def test_a_step_that_gives_something_else_is_described_and_nothing_more_is_said(answer, says):
    form, again, *walks = probes.take_turns(lambda *_: answer, **TURNS)
    assert (form, again) == (says, "the same answer")
    assert all(walk.shape == (5, 2, 3) and walk.isnan().all() for walk in walks)


@pytest.mark.parametrize("form", [list, torch.stack, lambda pair: [part.tolist() for part in pair]])
def test_pairs_are_taken_in_other_forms(form):
    found = probes.take_turns(lambda *given: form(momentum_step(*given)), **TURNS)
    assert found[0] == WANTED
    assert torch.allclose(found[-1], probes.take_turns(momentum_step, **TURNS)[-1])


def test_an_answer_that_changes_when_asked_again_is_noticed():
    calls = []

    def counts(parameter, gradient, velocity, learning_rate, momentum):
        calls.append(1)
        return parameter + len(calls), velocity

    assert probes.take_turns(counts, **TURNS)[:2] == [WANTED, "another answer"]


def test_a_matrix_gets_a_gradient_in_its_own_shape():
    hessian, parameter = torch.diag(torch.arange(1.0, 7.0)), torch.ones(2, 3)
    found = probes.at_the_steepest(lambda gradient, w, _: gradient(w), hessian, torch.zeros(2, 3), parameter, 0.1)
    assert found.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_a_step_is_handed_its_gradient_and_its_settings():
    given = {"average": torch.ones(2), "iterate": torch.zeros(2), "step": 3, "learning_rate": 0.1, "beta": 0.9}
    found = probes.average_as_you_go(lambda *a: a, torch.eye(2), torch.ones(2), **given)
    assert (found[0] is given["average"], found[1] is given["iterate"], *found[3:]) == (True, True, 3, 0.1, 0.9)
    assert found[2](found[1]).tolist() == [-1, -1]


def test_the_gradient_of_a_piece_is_that_of_its_examples():
    inputs, targets = torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([0.0, 0.0, 3.0])
    case = {"inputs": inputs, "targets": targets, "parameter": torch.ones(1), "sizes": [2, 1]}
    found = probes.accumulate(lambda g, w, *_: [g(w, 0), g(w, 1)], **case, every=1, learning_rate=0.1)
    assert found == [2.5, 0.0]


def test_what_runs_inside_a_sandbox_knows_nothing_of_the_book():
    source = Path(probes.__file__).read_text(encoding="utf-8")
    assert re.findall(r"^\s*(?:import|from) (\S+)", source, re.MULTILINE) == ["torch"]


def test_drawn_numbers_are_the_same_each_time():
    one, other = (probes.from_one_seed(torch.rand, n=4) for _ in range(2))
    assert torch.equal(one, other)


def test_training_goes_downhill_and_leaves_the_pruned_alone():
    case = cases_06.loops(0)[0]
    start, minimum, hessian = case["start"].clone(), case["minimum"], case["hessian"]
    mask = torch.arange(8) > 2
    weight = start * mask

    def once(weight, train, *_):
        train(weight, mask, torch.zeros_like(weight))

    def height(weight):
        return (weight - minimum) @ hessian @ (weight - minimum)

    before = height(weight)
    probes.find_by_momentum(once, **case | {"start": weight, "steps": 10, "momentum": 0.0})
    assert height(weight) < before and not weight[~mask].any()


def pulled(function):
    x, upstream = torch.tensor([0.4, 2.0]), torch.tensor([3.0, 5.0])
    return probes.pull_back(function, x, -1, 1, upstream), x


def test_a_gradient_is_pulled_back_to_x():
    (answer, slope, after), x = pulled(lambda x, low, high: x.square().clamp(low, high))
    assert answer.tolist() == pytest.approx([0.16, 1.0]) and not answer.requires_grad
    assert slope.tolist() == pytest.approx([2.4, 0.0])
    assert torch.equal(after, x)


@pytest.mark.parametrize(
    "function",
    [
        lambda x, low, high: x.detach().round(),
        lambda x, low, high: x.sum(),
        lambda x, low, high: torch.ones(2, requires_grad=True) * 2,
        lambda x, low, high: None,
        lambda x, low, high: x.tolist(),
    ],
    ids=["detached", "another shape", "of something else", "nothing", "list"],
)
def test_where_nothing_leads_back_there_is_no_gradient(function):
    assert pulled(function)[0][1] is None


def test_what_is_written_into_x_is_seen():
    (_, _, after), x = pulled(lambda x, low, high: x.data.round_() * x)
    assert after.tolist() == [0.0, 2.0] and x[0] == pytest.approx(0.4)


def test_an_answer_of_another_dtype_is_pulled_back_all_the_same():
    (answer, slope, _), _ = pulled(lambda x, low, high: x.double())
    assert answer.dtype == torch.float64 and slope.tolist() == [3.0, 5.0]


def of_logits(function):
    student, teacher = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 5.0]])
    return probes.pull_student(function, student, teacher, temperature=2.0)


def test_a_loss_is_pulled_back_to_the_student_and_to_the_teacher():
    answer, mine, theirs = of_logits(lambda student, teacher, heat: heat * (student * teacher).sum())
    assert answer == 26 and not answer.requires_grad
    assert mine[0].tolist() == [[6, 10]] and theirs[0].tolist() == [[2, 4]]


@pytest.mark.parametrize(
    "function",
    [
        lambda student, teacher, heat: (student * teacher).sum().detach(),
        lambda student, teacher, heat: student * teacher,
        lambda student, teacher, heat: None,
        lambda student, teacher, heat: 3.0,
    ],
    ids=["detached", "another shape", "nothing", "number"],
)
def test_where_a_loss_leads_nowhere_there_are_no_gradients(function):
    assert of_logits(function)[1:] == [[None], [None]]


def test_networks_compute_what_is_said_of_them_and_their_weights_are_reached():
    case = cases_11.networks(0)[2]

    def loss(student, teacher, inputs, directions):
        x = inputs.flatten(1)
        for network, (hidden, output) in ((student, case["student"]), (teacher, case["teacher"])):
            assert torch.equal(network(inputs), torch.tanh(x @ hidden.T) @ output.T)
        return student(inputs).sum()

    answer, mine, theirs = probes.match_slopes(loss, **case)
    assert answer.shape == () and [slope.shape for slope in mine] == [weight.shape for weight in case["student"]]
    assert theirs == [None, None]


def test_modules_hold_what_they_are_given_and_give_it_back():
    case = cases_11.lessons(0)[1]
    seen = []

    def looks(student, teacher, inputs, temperature, learning_rate):
        seen.extend((student.training, teacher.training, temperature, learning_rate))
        student[0].weight.data += 1
        teacher.eval()
        assert torch.equal(inputs, case["inputs"])
        normal = (inputs @ case["teacher"][0].T - case["teacher"][4]) / (case["teacher"][5] + 1e-5).sqrt()
        hidden = torch.tanh(normal * case["teacher"][1] + case["teacher"][2])
        assert torch.allclose(teacher(inputs), hidden @ case["teacher"][3].T, rtol=1e-12)
        return 7.0

    answer, *found = probes.teach_once(looks, **case)
    assert (answer, *seen) == (7.0, True, True, 4.0, 0.1)
    expected = [case["student"][0] + 1, *case["student"][1:], *case["teacher"]]
    assert all(map(torch.equal, found, expected)) and len(found) == len(expected)
