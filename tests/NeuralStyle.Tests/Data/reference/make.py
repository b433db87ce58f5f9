"""Computes the losses of a tiny VGG and their gradients in float64, independently of nst: with NumPy alone, every derivative by hand.

    apt-get install python3-numpy
    /usr/bin/python3 tests/NeuralStyle.Tests/Data/reference/make.py

Writes reference.bin, float64 values in little-endian order, and reference.json, which gives the place and the shape of each array in it.
ReferenceTests compares. Gradients are those with respect to the picture, and are checked here against finite differences.
Made with NumPy 1.24 of Debian 12.
"""
import json
import pathlib

import numpy as np

WIDTHS, CONVOLUTIONS = [4, 6, 8, 8, 8], [2, 2, 4, 4, 4]  # channels and convolutions of each block: VGG-19, narrow
MEAN, DEVIATION = np.array([0.5, 0.4375, 0.375]), np.array([0.25, 0.25, 0.5])  # exact in float32, in which nst keeps them
STYLE_LAYERS = {"relu1_1": 128, "relu2_1": 64, "relu3_1": 20, "relu4_1": 2, "relu5_1": 0.8}
CONTENT_LAYER = "relu4_2"
EPSILON = 1e-4  # added to the diagonal of covariances
random = np.random.default_rng(20)


def make_network():
    layers, inputs = [], 3
    for block, (width, count) in enumerate(zip(WIDTHS, CONVOLUTIONS), 1):
        for index in range(1, count + 1):
            kernel = (random.standard_normal((width, inputs, 3, 3)) * np.sqrt(2 / (9 * inputs))).astype(np.float32)
            bias = (random.standard_normal(width) * 0.1).astype(np.float32)
            layers.append((f"relu{block}_{index}", kernel.astype(np.float64), bias.astype(np.float64)))
            inputs = width
    return layers


def make_picture(height, width):
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(random.uniform(1, 9) * x / width + random.uniform(1, 9) * y / height + random.uniform(0, 6)) for _ in range(3)]
    return 0.5 + 0.35 * np.stack(waves) + random.uniform(-0.1, 0.1, (3, height, width))


class Network:
    """A forward pass that remembers what going back needs. Pictures and activations are C x H x W."""

    def __init__(self, layers, pooling, first_padding, scale):
        self.layers, self.pooling, self.first_padding, self.scale = layers, pooling, first_padding, scale

    def forward(self, picture):
        x = (picture - MEAN[:, None, None]) / DEVIATION[:, None, None]
        self.steps, features = [], {}
        for i, (name, kernel, bias) in enumerate(self.layers):
            if i > 0 and name.endswith("_1"):
                x = self.pool(x)
            mode = self.first_padding if i == 0 else "constant"
            padded = np.pad(x, ((0, 0), (1, 1), (1, 1)), mode=mode)
            height, width = x.shape[1:]
            y = bias[:, None, None] + sum(
                np.einsum("oi,ihw->ohw", kernel[:, :, dy, dx], padded[:, dy:dy + height, dx:dx + width]) for dy in range(3) for dx in range(3))
            x = features[name] = np.maximum(y, 0)
            self.steps.append(("layer", name, kernel, mode, x))
        return features

    def pool(self, x):
        height, width = x.shape[1] // 2, x.shape[2] // 2
        cells = x[:, :2 * height, :2 * width].reshape(-1, height, 2, width, 2).transpose(0, 1, 3, 2, 4).reshape(-1, height, width, 4)
        if self.pooling == "max":
            share = np.eye(4)[cells.argmax(3)]
            result = cells.max(3)
        else:
            share = np.full(cells.shape, 0.25 * self.scale)
            result = cells.mean(3) * self.scale
        self.steps.append(("pool", x.shape, share))
        return result

    def backward(self, seeds):
        """The gradient with respect to the picture, given that with respect to the activations of some layers."""
        gradient = None
        for step in reversed(self.steps):
            if step[0] == "pool":
                if gradient is None:
                    continue
                _, shape, share = step
                _, height, width = gradient.shape
                cells = (share * gradient[..., None]).reshape(-1, height, width, 2, 2).transpose(0, 1, 3, 2, 4).reshape(-1, 2 * height, 2 * width)
                gradient = np.zeros(shape)
                gradient[:, :2 * height, :2 * width] = cells
                continue
            _, name, kernel, mode, activation = step
            if name in seeds:
                gradient = seeds[name] if gradient is None else gradient + seeds[name]
            if gradient is None:
                continue
            gradient = gradient * (activation > 0)
            height, width = gradient.shape[1:]
            padded = np.zeros((kernel.shape[1], height + 2, width + 2))
            for dy in range(3):
                for dx in range(3):
                    padded[:, dy:dy + height, dx:dx + width] += np.einsum("oi,ohw->ihw", kernel[:, :, dy, dx], gradient)
            if mode == "edge":  # the frame repeats the border: its gradient belongs there
                padded[:, 1] += padded[:, 0]
                padded[:, -2] += padded[:, -1]
                padded[:, :, 1] += padded[:, :, 0]
                padded[:, :, -2] += padded[:, :, -1]
            gradient = padded[:, 1:-1, 1:-1]
        return gradient / DEVIATION[:, None, None]


def moments(features):
    flat = features.reshape(len(features), -1)
    return flat.mean(1), flat @ flat.T / flat.shape[1]


def root(matrix, power=0.5):
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * values ** power) @ vectors.T


def wasserstein(mean, second, target_mean, target_second):
    """The loss and its derivatives with respect to mean and second moment."""
    channels, unit = len(mean), np.eye(len(mean)) * EPSILON
    covariance = second - np.outer(mean, mean) + unit
    target = target_second - np.outer(target_mean, target_mean) + unit
    half = root(target)
    product = half @ covariance @ half
    loss = ((mean - target_mean) ** 2).mean() + (np.trace(covariance) + np.trace(target) - 2 * np.trace(root(product))) / channels
    of_covariance = (np.eye(channels) - half @ root(product, -0.5) @ half) / channels
    of_mean = 2 * (mean - target_mean) / channels - 2 * of_covariance @ mean
    return loss, of_mean, of_covariance


def style_loss(kind, features, target):
    """The loss of one layer and its derivative with respect to the activations."""
    flat = features.reshape(len(features), -1)
    (mean, second), (target_mean, target_second) = moments(features), target
    channels, positions = flat.shape
    difference, of_mean = second - target_second, np.zeros(channels)
    if kind == "gram":
        norm = (target_second ** 2).sum()
        loss, of_second = (difference ** 2).sum() / norm, 2 * difference / norm
    elif kind == "gatys":
        loss, of_second = (difference ** 2).sum() / (4 * channels ** 2), difference / (2 * channels ** 2)
    elif kind == "rms":
        loss = np.sqrt((difference ** 2).mean() + 1e-12)
        of_second = difference / (channels ** 2 * loss)
    elif kind == "moments":
        deviation = np.sqrt(np.maximum(np.diag(second) - mean ** 2, 0) + 1e-12)
        target_deviation = np.sqrt(np.maximum(np.diag(target_second) - target_mean ** 2, 0) + 1e-12)
        norm = np.trace(target_second)
        loss = (((mean - target_mean) ** 2).sum() + ((deviation - target_deviation) ** 2).sum()) / norm
        of_deviation = 2 * (deviation - target_deviation) / norm
        open_ = np.diag(second) - mean ** 2 > 0
        of_second = np.diag(open_ * of_deviation / (2 * deviation))
        of_mean = 2 * (mean - target_mean) / norm - open_ * of_deviation * mean / deviation
    elif kind == "w2":
        loss, of_mean, of_second = wasserstein(mean, second, target_mean, target_second)
    else:  # relative-w2
        scale = 1 / np.diag(target_second).mean()
        loss, of_mean, of_second = wasserstein(mean * np.sqrt(scale), second * scale, target_mean * np.sqrt(scale), target_second * scale)
        of_mean, of_second = of_mean * np.sqrt(scale), of_second * scale
    gradient = ((of_second + of_second.T) @ flat + of_mean[:, None]) / positions
    return loss, gradient.reshape(features.shape)


def content_loss(kind, features, target, style):
    difference = features - target
    factor = {"relative": 1 / (difference.size * (style ** 2).mean()), "gatys": 0.5, "mean-square": 1 / difference.size}[kind]
    return factor * (difference ** 2).sum(), 2 * factor * difference


def total_variation(picture):
    """Squared differences over a nine-point stencil, and the gradient."""
    loss, gradient = 0.0, np.zeros(picture.shape)
    here, down, right = slice(None, -1), slice(1, None), slice(None)
    for weight, a, b in [
        (2 / 3, (down, right), (here, right)), (2 / 3, (right, down), (right, here)),
        (1 / 6, (down, down), (here, here)), (1 / 6, (down, here), (here, down)),
    ]:
        first, second = (slice(None), *a), (slice(None), *b)
        difference = picture[first] - picture[second]
        loss += weight * (difference ** 2).sum()
        gradient[first] += 2 * weight * difference
        gradient[second] -= 2 * weight * difference
    return loss / picture.size, gradient / picture.size


class Case:
    def __init__(self, network, content, style):
        self.network = network
        self.content = network.forward(content)[CONTENT_LAYER]
        features = network.forward(style)
        self.style, self.targets = features[CONTENT_LAYER], {name: moments(features[name]) for name in STYLE_LAYERS}

    def of_content(self, kind, picture):
        loss, seed = content_loss(kind, self.network.forward(picture)[CONTENT_LAYER], self.content, self.style)
        return loss, self.network.backward({CONTENT_LAYER: seed})

    def of_style(self, kind, picture):
        features, total, seeds, losses = self.network.forward(picture), 0.0, {}, []
        for name, weight in STYLE_LAYERS.items():
            loss, seed = style_loss(kind, features[name], self.targets[name])
            share = weight / sum(STYLE_LAYERS.values())
            losses.append(loss)
            total, seeds[name] = total + share * loss, share * seed
        self.losses = losses
        return total, self.network.backward(seeds)

    def all(self, picture):
        (a, of_a), (b, of_b), (c, of_c) = self.of_content("relative", picture), self.of_style("relative-w2", picture), total_variation(picture)
        return 0.5 * a + b + 0.1 * c, 0.5 * of_a + of_b + 0.1 * of_c


def check(function, picture, gradient):
    direction, step = random.standard_normal(picture.shape), 1e-6
    slope = (function(picture + step * direction)[0] - function(picture - step * direction)[0]) / (2 * step)
    error = abs(slope - (gradient * direction).sum()) / np.linalg.norm(gradient)
    assert error < 1e-4, error  # a few activations and maxima change sides within the step


arrays = {}
layers = make_network()
for name, kernel, bias in layers:
    arrays[f"kernel {name}"], arrays[f"bias {name}"] = kernel, bias
content, style, picture = make_picture(24, 32), make_picture(32, 28), make_picture(24, 32)
arrays |= {"content": content, "style": style, "picture": picture}
options = {"max": Network(layers, "max", "constant", 1), "avg": Network(layers, "avg", "edge", 2)}
for pooling, network in options.items():
    case = Case(network, content, style)
    features = network.forward(picture)
    arrays |= {f"{pooling} features {name}": features[name] for name in [CONTENT_LAYER, *STYLE_LAYERS]}
    for kind in ["relative", "gatys", "mean-square"]:
        loss, gradient = case.of_content(kind, picture)
        check(lambda x: case.of_content(kind, x), picture, gradient)
        arrays |= {f"{pooling} content {kind}": np.array([loss]), f"{pooling} content {kind} gradient": gradient}
    for kind in ["gram", "gatys", "rms", "moments", "w2", "relative-w2"]:
        loss, gradient = case.of_style(kind, picture)
        arrays |= {f"{pooling} style {kind}": np.array(case.losses), f"{pooling} style {kind} gradient": gradient}
        check(lambda x: case.of_style(kind, x), picture, gradient)
    loss, gradient = case.all(picture)
    check(case.all, picture, gradient)
    arrays |= {f"{pooling} total": np.array([loss]), f"{pooling} total gradient": gradient}
loss, gradient = total_variation(picture)
check(total_variation, picture, gradient)
arrays |= {"variation": np.array([loss]), "variation gradient": gradient}

here, index, start = pathlib.Path(__file__).parent, {}, 0
for name, array in arrays.items():
    index[name] = {"start": start, "shape": list(array.shape)}
    start += array.size
(here / "reference.bin").write_bytes(np.concatenate([array.ravel() for array in arrays.values()]).astype("<f8").tobytes())
lines = [f"  {json.dumps(name)}: {json.dumps(place)}" for name, place in index.items()]
(here / "reference.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
