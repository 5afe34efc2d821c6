"""Wrong answers of lesson 8 to sums of codes, one function each. `layers_08` says what is wrong."""

import torch


def sums_with(centred=False, wide=False, bias=False, after=False):
    """`integer_linear` with another way to take one of its steps.

    centred: inputs, zero point → inputs. wide: the tensor in which is added up. bias: sums, bias → sums.
    after: sums, inputs, zero point, weight → sums.
    """

    def wrong(inputs, zero_point, weight, bias_):
        left = centred(inputs, zero_point) if centred else inputs.to(torch.int32) - zero_point
        sums = (
            (wide(left) @ wide(weight).T).to(torch.int32) if wide else left.to(torch.int32) @ weight.to(torch.int32).T
        )
        sums = bias(sums, bias_) if bias else sums + bias_
        return after(sums, inputs, zero_point, weight) if after else sums

    return wrong


centres_in_a_byte = sums_with(centred=lambda inputs, zero_point: inputs - zero_point)
forgets_the_zero_point = sums_with(centred=lambda inputs, zero_point: inputs)
adds_the_zero_point = sums_with(centred=lambda inputs, zero_point: inputs.to(torch.int32) + zero_point)
takes_bytes_for_signed = sums_with(
    centred=lambda inputs, zero_point: inputs.to(torch.int8).to(torch.int32) - zero_point
)
adds_in_int8 = sums_with(wide=lambda codes: codes.to(torch.int8))
adds_in_int16 = sums_with(wide=lambda codes: codes.to(torch.int16))
adds_in_float32 = sums_with(wide=lambda codes: codes.to(torch.float32))
forgets_the_bias = sums_with(bias=lambda sums, bias: sums)
subtracts_the_bias = sums_with(bias=lambda sums, bias: sums - bias)
narrows_the_bias = sums_with(bias=lambda sums, bias: sums + bias.to(torch.int8))
clips_to_a_byte = sums_with(after=lambda sums, inputs, zero_point, weight: sums.clamp(-128, 127))
clips_to_an_unsigned_byte = sums_with(after=lambda sums, inputs, zero_point, weight: sums.clamp(0, 255))
wraps_to_a_byte = sums_with(after=lambda sums, inputs, zero_point, weight: sums.to(torch.int8))
gives_longs = sums_with(after=lambda sums, inputs, zero_point, weight: sums.long())
gives_floats = sums_with(after=lambda sums, inputs, zero_point, weight: sums.to(torch.float32))
rectifies = sums_with(after=lambda sums, inputs, zero_point, weight: sums.clamp(min=0))


def centres_the_weight_too(inputs, zero_point, weight, bias):
    return (inputs.to(torch.int32) - zero_point) @ (weight.to(torch.int32) - zero_point).T + bias


def centres_the_weight_instead(inputs, zero_point, weight, bias):
    return inputs.to(torch.int32) @ (weight.to(torch.int32) - zero_point).T + bias


def subtracts_it_at_the_end(inputs, zero_point, weight, bias):
    return inputs.to(torch.int32) @ weight.to(torch.int32).T - zero_point + bias


def corrects_once_for_every_input(inputs, zero_point, weight, bias):
    return inputs.to(torch.int32) @ weight.to(torch.int32).T - zero_point * weight.shape[1] + bias


def centres_the_bias_too(inputs, zero_point, weight, bias):
    return (inputs.to(torch.int32) - zero_point) @ weight.to(torch.int32).T + bias - zero_point


def forgets_to_transpose(inputs, zero_point, weight, bias):
    return (inputs.to(torch.int32) - zero_point) @ weight.to(torch.int32) + bias


def puts_the_weight_first(inputs, zero_point, weight, bias):
    return weight.to(torch.int32) @ (inputs.to(torch.int32) - zero_point).T + bias[:, None]


def mixes_dtypes(inputs, zero_point, weight, bias):
    return (inputs.to(torch.int32) - zero_point) @ weight.T + bias
