"""The evaluation that `device` times, in PyTorch eager: VGG-19 up to relu5_1 at full width, zero padding, maximum pooling,
five mean squared differences of Gram matrices, the gradient with respect to the picture. Written as the tutorials write it.

Prints one line of JSON for each size. Needs torch and numpy; runs with PyTorch 1.13 and later.
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import time

import numpy
import torch
import torch.nn.functional as functional

BLOCKS = [(1, 2, 64), (2, 2, 128), (3, 4, 256), (4, 4, 512), (5, 1, 512)]  # block, convolutions, channels


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--device", default="cuda", help="cpu, cuda or cuda:N")
    parser.add_argument("--sizes", default="512,1024,2048")
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--tf32", action="store_true", help="in convolutions; matrix products stay float32 in any case")
    parser.add_argument("--cudnn-benchmark", action="store_true", help="let cuDNN search for the fastest algorithms")
    parser.add_argument("--compile", action="store_true", help="compile the loss with torch.compile")
    parser.add_argument("--inputs", help="folder with weights.npz, SIZE-image.npy and SIZE-style.npy; without it they are random")
    return parser.parse_args()


def load_network(folder):
    """[(block, index, kernel O×I×3×3, bias)]"""
    generator = torch.Generator().manual_seed(1)
    arrays = numpy.load(os.path.join(folder, "weights.npz")) if folder else None
    network, inputs = [], 3
    for block, count, width in BLOCKS:
        for index in range(1, count + 1):
            if folder:
                kernel = torch.from_numpy(arrays[f"conv{block}_{index}_W"]).permute(3, 2, 0, 1).contiguous()  # from H×W×I×O
                bias = torch.from_numpy(arrays[f"conv{block}_{index}_b"])
            else:
                kernel = torch.randn(width, inputs, 3, 3, generator=generator) * (2 / (inputs * 9)) ** 0.5  # He et al. 2015
                bias = torch.zeros(width)
            network.append((block, index, kernel, bias))
            inputs = width
    return network


def load_picture(folder, size, name):
    if folder:
        return torch.from_numpy(numpy.load(os.path.join(folder, f"{size}-{name}.npy")))
    return torch.rand(1, 3, size, size, generator=torch.Generator().manual_seed({"image": 1, "style": 2}[name]))


def grams(network, picture):
    x = (picture - 0.5) / 0.25
    result = []
    for block, index, kernel, bias in network:
        if block > 1 and index == 1:
            x = functional.max_pool2d(x, 2)
        x = functional.relu(functional.conv2d(x, kernel, bias, padding=1))
        if index == 1:
            flat = x.view(x.shape[1], -1)
            result.append(flat.mm(flat.t()) / flat.shape[1])
    return result


def wait(device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def device_megabytes(device):
    """What all processes hold on the device, as the driver counts; None where it cannot be asked."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    name = visible.split(",")[device.index or 0].strip() if visible else str(device.index or 0)
    try:
        return float(subprocess.check_output(["nvidia-smi", "-i", name, "--query-gpu=memory.used", "--format=csv,noheader,nounits"], text=True).split()[0]) * 1.048576
    except (OSError, subprocess.CalledProcessError, ValueError, IndexError):
        return None


def measure(network, device, size, options, before):
    style = load_picture(options.inputs, size, "style").to(device)
    image = load_picture(options.inputs, size, "image").to(device)
    with torch.no_grad():
        targets = grams(network, style)

    def loss_of(x):
        return sum(functional.mse_loss(gram, target) for gram, target in zip(grams(network, x), targets))

    if options.compile:
        loss_of = torch.compile(loss_of)

    def evaluate():
        x = image.detach().requires_grad_()
        loss = loss_of(x)
        loss.backward()
        return loss.detach(), x.grad

    loss = evaluate()[0].item()
    seconds = []
    for _ in range(options.repeats):
        wait(device)
        start = time.perf_counter()
        evaluate()
        wait(device)
        seconds.append(time.perf_counter() - start)

    x = image.clone().requires_grad_()
    adam = torch.optim.Adam([x], lr=0.02, betas=(0.9, 0.99))

    def step():
        adam.zero_grad()
        loss_of(x).backward()
        adam.step()
        with torch.no_grad():
            x.clamp_(0, 1)

    step()
    wait(device)
    start = time.perf_counter()
    for _ in range(options.repeats):
        step()
    wait(device)
    iteration = (time.perf_counter() - start) / options.repeats

    after = device_megabytes(device) if device.type == "cuda" else None
    return {
        "size": size, "device": str(device), "tf32": options.tf32, "torch": torch.__version__, "loss": loss,
        "seconds": statistics.median(seconds), "iteration_seconds": iteration,
        "device_megabytes": after - before if after is not None and before is not None else None,
        "allocated_megabytes": torch.cuda.max_memory_allocated(device) / 1e6 if device.type == "cuda" else None,
        "host_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }


def main():
    options = parse()
    device = torch.device(options.device)
    before = device_megabytes(device) if device.type == "cuda" else None
    torch.backends.cudnn.allow_tf32 = options.tf32
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.benchmark = options.cudnn_benchmark
    network = [(block, index, kernel.to(device), bias.to(device)) for block, index, kernel, bias in load_network(options.inputs)]
    for size in options.sizes.split(","):
        print(json.dumps(measure(network, device, int(size), options, before)), flush=True)


main()
