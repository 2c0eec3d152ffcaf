"""The GPT on tensors of PyTorch: eager, and compiled."""

import torch
from programs.gpt import HEADS, POSITIONS, SIZE, WIDTH, matrices, sequences
from torch.nn.functional import cross_entropy, embedding, linear, relu, rms_norm, scaled_dot_product_attention

PARAMETERS = tuple(torch.tensor(matrix, dtype=torch.float64, requires_grad=True) for matrix in matrices().values())


def normed(x):
    return rms_norm(x, (WIDTH,), eps=1e-5)


def loss(letter, position, attention, joining, widening, narrowing, telling, letters, following):
    x = normed(embedding(letters, letter) + position)
    query, key, value = linear(normed(x), attention).view(-1, POSITIONS, 3, HEADS, SIZE).permute(2, 0, 3, 1, 4)
    taken = scaled_dot_product_attention(query, key, value, is_causal=True)
    x = x + linear(taken.transpose(1, 2).reshape(-1, POSITIONS, WIDTH), joining)
    x = x + linear(relu(linear(normed(x), widening)), narrowing)
    return cross_entropy(linear(x, telling).flatten(0, 1), following.flatten())


def data(count):
    letters = torch.tensor(sequences(count))
    return letters[:, :-1].contiguous(), letters[:, 1:].contiguous()


def numbers(result):
    gradients, mean = result
    return [mean.item(), *torch.cat([part.flatten() for part in gradients]).tolist()]


def eager(count):
    batch = data(count)

    def call():
        mean = loss(*PARAMETERS, *batch)
        return torch.autograd.grad(mean, PARAMETERS), mean

    return call, numbers


def compiled(count):
    """Loss and gradient in one graph, called from C++: of six ways to compile it about the fastest at each size."""
    batch, parameters = data(count), [p.detach() for p in PARAMETERS]
    both = torch.func.grad_and_value(loss, argnums=tuple(range(len(parameters))))
    call = torch.compile(both, fullgraph=True, dynamic=False, options={"cpp_wrapper": True})
    return lambda: call(*parameters, *batch), numbers
