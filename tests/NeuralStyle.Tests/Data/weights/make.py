"""Makes the weight files in this folder with the tools that users make theirs with.

    apt-get install python3-torch python3-torchvision python3-numpy python3-h5py python3-scipy python3-onnx python3-protobuf
    /usr/bin/python3 tests/NeuralStyle.Tests/Data/weights/make.py [NAME ...]

NAME is that of a function here without save_; all of them by default. All files hold the same slim VGG-19 (4 to 8 channels) or its
beginning, whose values are exact in float16. Made with torch 1.13, torchvision 0.14, numpy 1.24, scipy 1.10, h5py 3.7, onnx 1.12 and
protobuf 3.21 of Debian 12. Debian has neither safetensors nor Keras 3, Caffe and TensorFlow: their files are written here by their
specifications, the messages of the last two by protobuf.
"""
import collections
import io
import json
import pathlib
import pickle
import struct
import sys
import zipfile

import google.protobuf.descriptor_pb2 as descriptors
import google.protobuf.descriptor_pool
import google.protobuf.message_factory
import h5py
import numpy
import onnx.numpy_helper
import scipy.io
import torch
import torchvision

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



SHORT = LAYERS[:6]  # down to conv3_2


def cell(*items):
    array = numpy.empty((1, len(items)), dtype=object)
    for i, item in enumerate(items):
        array[0, i] = item
    return array


def save_mat():
    """As MatConvNet's import-caffe.py builds them: beta 16 and, compressed and with meta, what came after."""
    def layers(double):
        result = []
        for block, index, kernel, bias in SHORT:
            weights = cell(hwio(kernel).astype(double), bias.reshape(1, -1).astype(double))
            result.append({"name": f"conv{block}_{index}", "type": "conv", "weights": weights, "pad": numpy.ones((1, 4)), "stride": numpy.ones((1, 2))})
            result.append({"name": f"relu{block}_{index}", "type": "relu"})
        result.append({"name": "fc6", "type": "conv", "weights": cell(numpy.zeros((7, 7, 6, 2), "f4"), numpy.zeros((1, 2), "f4"))})
        return cell(*result)

    mean = numpy.array([123.68, 116.779, 103.939])
    image = numpy.broadcast_to(mean, (6, 6, 3))
    scipy.io.savemat(HERE / "matconvnet.mat", {
        "layers": layers("f4"), "classes": {"name": cell("a", "b")}, "normalization": {"imageSize": numpy.array([[6.0, 6.0, 3.0]]), "averageImage": image}}, oned_as="row")
    scipy.io.savemat(HERE / "matconvnet-compressed.mat", {
        "meta": {"normalization": {"averageImage": mean.reshape(1, 1, 3).astype("f4")}}, "layers": layers("f8")}, oned_as="row", do_compression=True)


def save_pickles():
    """vgg19.npy of tensorflow-vgg: a dictionary of lists, channels in the order BGR. Paddle pickles plain dictionaries in protocol 2."""
    numpy.save(HERE / "dictionary.npy", {f"conv{block}_{index}": [hwio(kernel), bias] for block, index, kernel, bias in SHORT} | {"fc6": [numpy.zeros((8, 4), "f4"), numpy.zeros(4, "f4")]})
    arrays = {k: v.numpy() for k, v in torchvision_state().items() if int(k.split(".")[1]) < 14 and k.startswith("features")}
    (HERE / "paddle.pdparams").write_bytes(pickle.dumps(arrays, protocol=2))
    arrays = {f"conv{block}_{index}/conv/{part}": value for block, index, kernel, bias in SHORT for part, value in (("W", kernel), ("b", bias))}
    numpy.savez(HERE / "chainercv.npz", **arrays)


def message_types(package, messages):
    """Message classes from {name: {field: (number, type, repeated)}}."""
    file = descriptors.FileDescriptorProto(name=package + ".proto", package=package, syntax="proto2")
    kinds = {"string": 9, "bytes": 12, "int32": 5, "int64": 3, "float": 2, "double": 1, "fixed32": 7}
    for name, fields in messages.items():
        message = file.message_type.add(name=name)
        for field, (number, kind, repeated) in fields.items():
            added = message.field.add(name=field, number=number, label=3 if repeated else 1)
            if kind in kinds:
                added.type = kinds[kind]
                if repeated and kind != "string":
                    added.options.packed = True
            else:
                added.type, added.type_name = 11, f".{package}.{kind}"
    pool = google.protobuf.descriptor_pool.DescriptorPool()
    pool.Add(file)
    factory = google.protobuf.message_factory.MessageFactory(pool)
    return {name: factory.GetPrototype(pool.FindMessageTypeByName(f"{package}.{name}")) for name in messages}


def save_caffe():
    """caffe.proto: layers of today, of 2014, and of before, when Oxford published VGG; shapes as four numbers in the older two."""
    types = message_types("caffe", {
        "BlobShape": {"dim": (1, "int64", True)},
        "BlobProto": {"num": (1, "int32", False), "channels": (2, "int32", False), "height": (3, "int32", False), "width": (4, "int32", False),
                      "data": (5, "float", True), "shape": (7, "BlobShape", False)},
        "LayerParameter": {"name": (1, "string", False), "type": (2, "string", False), "blobs": (7, "BlobProto", True)},
        "V0LayerParameter": {"name": (1, "string", False), "type": (2, "string", False), "blobs": (50, "BlobProto", True)},
        "V1LayerParameter": {"layer": (1, "V0LayerParameter", False), "bottom": (2, "string", True), "top": (3, "string", True), "name": (4, "string", False),
                             "type": (5, "int32", False), "blobs": (6, "BlobProto", True)},
        "NetParameter": {"name": (1, "string", False), "layers": (2, "V1LayerParameter", True), "input": (3, "string", True), "layer": (100, "LayerParameter", True)},
    })

    def fill(blobs, kernel, bias, old):
        for array in (kernel, bias):
            blob = blobs.add()
            blob.data.extend(array.ravel().tolist())
            if old:
                blob.num, blob.channels, blob.height, blob.width = (1, 1, 1) * (4 - array.ndim == 3) + array.shape
            else:
                blob.shape.dim.extend(array.shape)

    for file, field in (("caffe.caffemodel", "layer"), ("caffe-2014.caffemodel", "layers"), ("caffe-2013.caffemodel", "nested")):
        net = types["NetParameter"](name="VGG_ILSVRC_19_layers")
        for block, index, kernel, bias in SHORT:
            if field == "layer":
                layer = net.layer.add(name=f"conv{block}_{index}", type="Convolution")
            elif field == "layers":
                layer = net.layers.add(bottom=["data"], top=["conv"], name=f"conv{block}_{index}", type=4)
            else:
                layer = net.layers.add(bottom=["data"], top=["conv"]).layer
                layer.name, layer.type = f"conv{block}_{index}", "conv"
            fill(layer.blobs, kernel, bias, field != "layer")
        (HERE / file).write_bytes(net.SerializeToString())


def save_encoders():
    """vgg_normalised.pth as AdaIN uses it, and the encoders of universal style transfer, counted and by block."""
    colour = torch.tensor([[0.0, 0, 255], [0, 255, 0], [255, 0, 0]]).view(3, 3, 1, 1), torch.tensor([-103.939, -116.779, -123.68])
    listed, counted, blocks = collections.OrderedDict(), collections.OrderedDict(), collections.OrderedDict()
    listed["0.weight"], listed["0.bias"] = counted["conv1.weight"], counted["conv1.bias"] = blocks["conv0.weight"], blocks["conv0.bias"] = colour
    position = 2
    for number, (block, index, kernel, bias) in enumerate(SHORT, 2):
        position += 1 if index == 1 and block > 1 else 0  # pooling
        listed[f"{position}.weight"], listed[f"{position}.bias"] = torch.from_numpy(kernel), torch.from_numpy(bias)
        position += 3  # convolution, ReLU, padding
        counted[f"conv{number}.weight"], counted[f"conv{number}.bias"] = torch.from_numpy(kernel), torch.from_numpy(bias)
        blocks[f"conv{block}{index}.weight"], blocks[f"conv{block}{index}.bias"] = torch.from_numpy(kernel), torch.from_numpy(bias)
    torch.save(listed, HERE / "adain.pth", _use_new_zipfile_serialization=False)
    torch.save(counted, HERE / "wct.pth")
    torch.save(blocks, HERE / "collaborative.pth")


def save_keras3():
    """keras/src/saving/saving_lib.py: layers by class, counted; variables by number."""
    def write(h5):
        for i, (block, index, kernel, bias) in enumerate(SHORT):
            group = h5.create_group(f"layers/conv2d{f'_{i}' if i else ''}/vars")
            group.create_dataset("0", data=hwio(kernel))
            group.create_dataset("1", data=bias)
        h5.create_group("layers/max_pooling2d/vars")
        h5.create_group("layers/dense/vars").create_dataset("0", data=numpy.zeros((3, 4), "f4"))
        for i in range(4):
            h5.require_group("optimizer/vars").create_dataset(str(i), data=numpy.zeros((3, 3, 3, 4), "f4"))
        h5.create_group("vars")

    with h5py.File(HERE / "keras3.weights.h5", "w") as h5:
        write(h5)
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as h5:
        write(h5)
    with zipfile.ZipFile(HERE / "model.keras", "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.0.0"}))
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", buffer.getvalue())
    with h5py.File(HERE / "keras-optimizer.h5", "w") as h5:  # tf.keras, model.save of a second model in a session
        for block, index, kernel, bias in SHORT:
            name = f"block{block}_conv{index}"
            for prefix in ("model_weights/", "optimizer_weights/Adam/m/", "optimizer_weights/Adam/v/"):
                group = h5.create_group(f"{prefix}{name}_1" if prefix[0] == "o" else f"{prefix}{name}/{name}_1")
                group.create_dataset("kernel:0", data=hwio(kernel) * (prefix[0] == "m"))
                group.create_dataset("bias:0", data=bias * (prefix[0] == "m"))


def save_onnx():
    def write(file, arrays, nodes=()):
        graph = onnx.helper.make_graph(list(nodes), "vgg", [], [], [onnx.numpy_helper.from_array(array, name) for name, array in arrays.items()])
        (HERE / file).write_bytes(onnx.helper.make_model(graph, producer_name="test").SerializeToString())

    gluon = {}
    for i, (block, index, kernel, bias) in enumerate(LAYERS):
        gluon[f"vgg0_conv{i}_weight"], gluon[f"vgg0_conv{i}_bias"] = kernel, bias
    write("gluon.onnx", gluon | {"vgg0_dense0_weight": numpy.zeros((4, 8), "f4"), "reshape": numpy.array([1, -1])})
    write("caffe2.onnx", {f"conv{block}_{index}_{part}_0": value for block, index, kernel, bias in SHORT for part, value in (("w", kernel), ("b", bias.astype("f8")))})
    numbered, nodes = {}, []
    for i, (block, index, kernel, bias) in enumerate(SHORT):
        numbered[f"onnx::Conv_{90 - 2 * i}"], numbered[f"onnx::Conv_{91 - 2 * i}"] = kernel.astype("f2"), bias
        nodes.append(onnx.helper.make_node("Conv", [f"x{i}", f"onnx::Conv_{90 - 2 * i}", f"onnx::Conv_{91 - 2 * i}"], [f"x{i + 1}"], pads=[1, 1, 1, 1]))
    write("numbered.onnx", numbered, nodes)
    torch.onnx.export(vgg(batch_norm=False).features[:12], torch.zeros(1, 3, 8, 8), HERE / "exported.onnx", opset_version=13)


def vgg(batch_norm):
    """torchvision's own class with few channels."""
    channels = [len(bias) for _, _, _, bias in LAYERS]
    plan = []
    for (block, index, _, _), width in zip(LAYERS, channels):
        plan += (["M"] if index == 1 and block > 1 else []) + [width]
    torch.manual_seed(0)
    model = torchvision.models.VGG(torchvision.models.vgg.make_layers(plan, batch_norm), num_classes=2, init_weights=False)
    model.classifier = torch.nn.Linear(2, 2)
    convolutions = [layer for layer in model.features if isinstance(layer, torch.nn.Conv2d)]
    for layer, (_, _, kernel, bias) in zip(convolutions, LAYERS):
        layer.weight.data, layer.bias.data = torch.from_numpy(kernel), torch.from_numpy(bias)
    return model.eval()


def save_modules():
    """Whole modules, TorchScript, training code's nested dictionaries, and batch normalisation with what torch folds it to."""
    torch.save(vgg(False), HERE / "module.pth")
    torch.save(torch.nn.DataParallel(vgg(False)), HERE / "module-legacy.pth", _use_new_zipfile_serialization=False)
    torch.jit.script(vgg(False)).save(HERE / "script.pt")
    short = torch.nn.ModuleDict({"features": vgg(False).features[:12]})
    optimizer = torch.optim.Adam(short.parameters())
    for parameter in short.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    state = {f"module.{key}": value for key, value in short.state_dict().items()}
    torch.save({"epoch": 3, "device": torch.device("cpu"), "size": torch.Size([1, 2]), "loss": numpy.float64(0.5), "model_state_dict": state,
                "ema": {key: value * 0 for key, value in state.items()}, "optimizer": optimizer.state_dict()}, HERE / "nested.pth")
    normalised = torchvision.models.VGG(vgg(True).features[:14], num_classes=1, init_weights=False)
    normalised.classifier = torch.nn.Identity()
    for layer in normalised.features:
        if isinstance(layer, torch.nn.BatchNorm2d):
            for tensor in (layer.weight.data, layer.bias.data, layer.running_mean):
                tensor.uniform_(-1, 1)
            layer.running_var.uniform_(0.1, 4)
    torch.save(normalised.state_dict(), HERE / "bn.pth")
    layers, arrays, names = list(normalised.double().eval().features), {}, iter(("conv1_1", "conv1_2", "conv2_1", "conv2_2"))
    for layer, after in zip(layers, layers[1:]):
        if isinstance(layer, torch.nn.Conv2d):
            folded, name = torch.nn.utils.fusion.fuse_conv_bn_eval(layer, after), next(names)
            arrays[name + "_W"], arrays[name + "_b"] = hwio(folded.weight.detach().numpy()), folded.bias.detach().numpy()
    numpy.savez(HERE / "bn-folded.npz", **arrays)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def varint(value):
    result = b""
    while value >= 0x80:
        result, value = result + bytes([value & 0x7F | 0x80]), value >> 7
    return result + bytes([value])


def table(entries, block_bytes):
    """LevelDB's table format, as TensorFlow writes it: no compression, no filters."""
    def block(pairs):
        body, restarts, previous = b"", [], b""
        for i, (key, value) in enumerate(pairs):
            shared = 0
            if i % 16 == 0:
                restarts.append(len(body))
            else:
                while shared < min(len(key), len(previous)) and key[shared] == previous[shared]:
                    shared += 1
            body += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
            previous = key
        return body + b"".join(struct.pack("<I", at) for at in restarts or [0]) + struct.pack("<I", len(restarts or [0]))

    file, index, waiting = b"", [], []

    def write(content):
        nonlocal file
        handle = varint(len(file)) + varint(len(content))
        file += content + b"\0" + struct.pack("<I", crc32c(content + b"\0"))
        return handle

    for key, value in sorted(entries.items()):
        waiting.append((key, value))
        if sum(len(v) for _, v in waiting) > block_bytes:
            index.append((key, write(block(waiting))))
            waiting = []
    if waiting:
        index.append((waiting[-1][0] + b"\xff", write(block(waiting))))
    footer = write(block([])) + write(block(index))
    return file + footer.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)


def save_checkpoints():
    """TF-slim's names; saved_tensor_slice.proto (version 1) and tensor_bundle.proto (version 2)."""
    types = message_types("tf", {
        "Dim": {"size": (1, "int64", False)},
        "Shape": {"dim": (2, "Dim", True)},
        "Extent": {"start": (1, "int64", False), "length": (2, "int64", False)},
        "Slice": {"extent": (1, "Extent", True)},
        "SliceMeta": {"name": (1, "string", False), "shape": (2, "Shape", False), "type": (3, "int32", False), "slice": (4, "Slice", True)},
        "Meta": {"tensor": (1, "SliceMeta", True)},
        "Tensor": {"dtype": (1, "int32", False), "float_val": (5, "float", True)},
        "SavedSlice": {"name": (1, "string", False), "slice": (2, "Slice", False), "data": (3, "Tensor", False)},
        "Slices": {"meta": (1, "Meta", False), "data": (2, "SavedSlice", False)},
        "Header": {"num_shards": (1, "int32", False), "endianness": (2, "int32", False)},
        "Entry": {"dtype": (1, "int32", False), "shape": (2, "Shape", False), "shard_id": (3, "int32", False), "offset": (4, "int64", False),
                  "size": (5, "int64", False), "crc32c": (6, "fixed32", False)},
    })
    arrays = {}
    for block, index, kernel, bias in SHORT:
        arrays[f"vgg_19/conv{block}/conv{block}_{index}/weights"], arrays[f"vgg_19/conv{block}/conv{block}_{index}/biases"] = hwio(kernel), bias
    arrays["vgg_19/mean_rgb"] = numpy.zeros(3, "f4")
    first = types["Slices"]()
    entries = {}
    for name, array in sorted(arrays.items()):
        meta = first.meta.tensor.add(name=name, type=1)
        part = meta.slice.add()
        value = types["Slices"]()
        value.data.name = name
        for size in array.shape:
            meta.shape.dim.add(size=size)
            part.extent.add()
            value.data.slice.extent.add()
        value.data.data.float_val.extend(array.ravel().tolist())
        entries[b"\0" + name.encode() + b"\0\1"] = value.SerializeToString()
    entries[b""] = first.SerializeToString()
    (HERE / "slim.ckpt").write_bytes(table(entries, 1 << 10))
    data, entries = b"", {b"": types["Header"](num_shards=1).SerializeToString()}
    for name, array in sorted(arrays.items()):
        values = array.tobytes()
        entry = types["Entry"](dtype=1, offset=len(data), size=len(values), crc32c=crc32c(values))
        for size in array.shape:
            entry.shape.dim.add(size=size)
        entries[name.encode()] = entry.SerializeToString()
        data += values
    (HERE / "slim.index").write_bytes(table(entries, 1 << 8))
    (HERE / "slim.data-00000-of-00001").write_bytes(data)


for function in sys.argv[1:] or [name[5:] for name in list(globals()) if name.startswith("save_")]:
    globals()["save_" + function]()
