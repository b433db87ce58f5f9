"""Makes the weight files in this folder with the tools that users make theirs with.

    apt-get install python3-torch python3-numpy python3-h5py
    /usr/bin/python3 tests/NeuralStyle.Tests/Data/weights/make.py

All files hold the same slim VGG-19 (4 to 8 channels), whose values are exact in float16. Made with torch 1.13, numpy 1.24 and
h5py 3.7 of Debian 12; safetensors, which Debian does not package, is written here by its specification.
"""
import collections
import json
import pathlib
import struct

import h5py
import numpy
import torch

HERE = pathlib.Path(__file__).parent
BLOCKS = [2, 2, 4, 4, 4]
random = numpy.random.default_rng(1)


def network():
    channels = 3
    for block, count in enumerate(BLOCKS, 1):
        for index in range(1, count + 1):
            kernel = random.uniform(-0.5, 0.5, (3 + block, channels, 3, 3)).astype("f2").astype("f4")
            bias = random.uniform(-0.5, 0.5, 3 + block).astype("f2").astype("f4")
            yield block, index, kernel, bias
            channels = 3 + block


LAYERS = list(network())


def hwio(kernel):
    return numpy.ascontiguousarray(kernel.transpose(2, 3, 1, 0))


def save_numpy():
    arrays = {}
    for block, index, kernel, bias in LAYERS:
        arrays[f"conv{block}_{index}_W"] = hwio(kernel)
        arrays[f"conv{block}_{index}_b"] = bias
    arrays["fc8_W"] = numpy.zeros((8, 10), "f4")
    numpy.savez(HERE / "numpy.npz", **arrays)
    said = json.dumps({"order": "bgr", "range": 1, "mean": [0.1, 0.2, 0.3], "std": [0.5, 0.5, 0.5], "padding": "reflect"})
    mixed = {name: numpy.asfortranarray(array.astype(">f8" if name.endswith("b") else "<f2")) for name, array in arrays.items()}
    numpy.savez_compressed(HERE / "numpy-compressed.npz", preprocessing=said, **mixed)


def torchvision_state():
    state, position = collections.OrderedDict(), 0
    for block, index, kernel, bias in LAYERS:
        position += 1 if index == 1 and block > 1 else 0  # pooling
        state[f"features.{position}.weight"] = torch.from_numpy(kernel)
        state[f"features.{position}.bias"] = torch.from_numpy(bias)
        position += 2  # convolution, ReLU
    state["classifier.0.weight"] = torch.zeros(10, 8)
    state["classifier.0.bias"] = torch.zeros(10)
    return state


def module():
    layers, channels = [], 3
    for block, index, kernel, bias in LAYERS:
        if index == 1 and block > 1:
            layers.append(torch.nn.MaxPool2d(2))
        layers += [torch.nn.Conv2d(channels, len(bias), 3, padding=1), torch.nn.ReLU()]
        channels = len(bias)
    model = torch.nn.Module()
    model.features = torch.nn.Sequential(*layers)
    model.load_state_dict({k: v for k, v in torchvision_state().items() if k.startswith("features")})
    return model


def save_torch():
    torch.save(torchvision_state(), HERE / "torch-zip.pth")
    torch.save(module().state_dict(), HERE / "torch-legacy.pth", _use_new_zipfile_serialization=False)
    half = {k: v.half().contiguous(memory_format=torch.channels_last) if v.ndim == 4 else v.double() for k, v in torchvision_state().items()}
    checkpoint = {"epoch": 3, "rate": 0.1, "name": "vgg", "done": True, "history": [1, 2.5, None], "steps": torch.tensor([7]), "state_dict": half}
    torch.save(checkpoint, HERE / "torch-checkpoint.pth")
    torch.save(checkpoint, HERE / "torch-checkpoint-legacy.pth", _use_new_zipfile_serialization=False)
    flat = torch.cat([v.flatten() for v in torchvision_state().values()])  # every tensor a view of one storage
    views, at = collections.OrderedDict(), 0
    for name, tensor in torchvision_state().items():
        views[name] = torch.nn.Parameter(flat[at:at + tensor.numel()].view(tensor.shape))
        at += tensor.numel()
    torch.save(views, HERE / "torch-views.pth")


def save_keras():
    """As Keras 1 and 2 wrote the published files: attributes that list the layers, a group a layer."""
    for file, names in [("keras.h5", ("{0}_W_1:0", "{0}_b_1:0")), ("keras2.h5", ("{0}/kernel:0", "{0}/bias:0"))]:
        with h5py.File(HERE / file, "w") as h5:
            groups = [b"input_1"] + [f"block{block}_conv{index}".encode() for block, index, _, _ in LAYERS]
            h5.attrs["layer_names"] = groups
            h5.attrs["backend"] = b"tensorflow"
            h5.create_group("input_1").attrs["weight_names"] = []
            for block, index, kernel, bias in LAYERS:
                layer = f"block{block}_conv{index}"
                group = h5.create_group(layer)
                paths = [name.format(layer) for name in names]
                group.attrs["weight_names"] = [path.encode() for path in paths]
                group.create_dataset(paths[0], data=hwio(kernel))
                group.create_dataset(paths[1], data=bias)
    with h5py.File(HERE / "keras-latest.h5", "w", libver="latest") as h5:
        for block, index, kernel, bias in LAYERS[:4]:
            group = h5.create_group(f"block{block}_conv{index}")
            group.create_dataset("kernel:0", data=hwio(kernel).astype(">f8"))
            group.create_dataset("bias:0", data=bias.astype("f2"))


def save_safetensors():
    index, values = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in torchvision_state().items():
        data = tensor.numpy().tobytes()
        index[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(values), len(values) + len(data)]}
        values += data
    header = json.dumps(index, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    (HERE / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + values)


save_numpy()
save_torch()
save_keras()
save_safetensors()
