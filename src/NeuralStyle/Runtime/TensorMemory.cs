using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Runtime;

/// <summary>Memory of tensors on the CPU, for loops of our own.</summary>
internal static class TensorMemory
{
    /// <summary>Whether loops of our own can read a tensor from its first address to its last: float32 on the CPU, contiguous.</summary>
    public static bool IsPlain(Tensor tensor) =>
        tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32 && tensor.is_contiguous();

    /// <summary>Address of the first element. It is valid as long as the tensor lives.</summary>
    /// <param name="contiguous">A contiguous tensor on the CPU.</param>
    public static unsafe nint AddressOf(Tensor contiguous)
    {
        using var flat = contiguous.view(-1);
        using var first = flat.narrow(0, 0, Math.Min(1, flat.numel())); // a span ends at 2 GiB, activations do not
        fixed (byte* data = first.bytes) return (nint)data;
    }

    /// <summary>Keeps tensors alive up to here, after the last use of their addresses.</summary>
    public static void KeepAlive(params ReadOnlySpan<Tensor?> tensors)
    {
        foreach (var tensor in tensors) GC.KeepAlive(tensor);
    }
}
