"""A small convolutional network on three tiny images: im2col by strides, a naive loop, average pooling, softmax.

LeCun et al. (1998), "Gradient-based learning applied to document recognition"; the columns are those of Chellapilla et al. (2006).
Layers are objects in a list.
"""

import numpy as np

IMAGES = np.random.default_rng(0).normal(size=(3, 1, 8, 8))
LABELS = np.array([2, 0, 1])


class Layer:
    def __call__(self, x):
        return self.forward(x)


class Convolution(Layer):
    """All windows as rows of one matrix."""

    def __init__(self, kernels, bias):
        self.kernels, self.bias = kernels, bias

    def forward(self, x):
        out, depth, kh, kw = self.kernels.shape
        n, _, h, w = x.shape
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))
        columns = windows.transpose(0, 2, 3, 1, 4, 5).reshape(n, -1, depth * kh * kw)
        y = columns @ self.kernels.reshape(out, -1).T + self.bias
        return y.transpose(0, 2, 1).reshape(n, out, windows.shape[2], windows.shape[3])


class NaiveConvolution(Convolution):
    """The same by loops, without padding, and with a stride."""

    def __init__(self, kernels, bias, stride):
        super().__init__(kernels, bias)
        self.stride = stride

    def forward(self, x):
        out, _, kh, kw = self.kernels.shape
        n, _, h, w = x.shape
        s = self.stride
        y = np.zeros((n, out, (h - kh) // s + 1, (w - kw) // s + 1))
        for i in range(y.shape[2]):
            for j in range(y.shape[3]):
                patch = x[:, :, i * s : i * s + kh, j * s : j * s + kw]
                y[:, :, i, j] = np.tensordot(patch, self.kernels, axes=([1, 2, 3], [1, 2, 3]))
        return y + self.bias[:, None, None]


class Softplus(Layer):
    def forward(self, x):
        return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


class MeanPool(Layer):
    def forward(self, x):
        n, c, h, w = x.shape
        return x.reshape(n, c, h // 2, 2, w // 2, 2).mean(axis=(3, 5))


class Dense(Layer):
    def __init__(self, weights):
        self.weights = weights

    def forward(self, x):
        return x.reshape(len(x), -1) @ self.weights


def loss(first, second, dense):
    network = [Convolution(*first), Softplus(), MeanPool(), NaiveConvolution(*second, stride=2), Softplus(), Dense(dense)]
    x = IMAGES
    for layer in network:
        x = layer(x)
    x = x - x.max(axis=1, keepdims=True)
    x -= np.log(np.sum(np.exp(x), axis=1, keepdims=True))
    return -np.mean(x[np.arange(len(LABELS)), LABELS])


RNG = np.random.default_rng(5)
program = loss
arguments = (
    (RNG.normal(0, 0.4, (2, 1, 3, 3)), np.array([0.1, -0.1])),
    (RNG.normal(0, 0.4, (3, 2, 2, 2)), np.zeros(3)),
    RNG.normal(0, 0.4, (12, 3)),
)
