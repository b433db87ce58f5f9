using System.Runtime.InteropServices;
using NeuralStyle.Runtime.Native;
using TorchSharp;

namespace NeuralStyle.Runtime;

/// <summary>
/// A sequence of kernels that was recorded once and is started as a whole: on small pictures, starting them one by one takes longer than
/// running them. libtorch's <c>at::cuda::CUDAGraph</c> by its exported names, because TorchSharp 0.107.0 has no class for it. On Linux.
/// </summary>
internal sealed unsafe class CudaGraph : IDisposable
{
    private const int Room = 1 << 14; // bytes for the C++ object, which takes a few hundred
    private const int ThreadLocal = 1; // cudaStreamCaptureModeThreadLocal

    private static readonly Exports? s_exports = Exports.Find();

    private readonly nint _graph;
    private readonly Stream _stream, _usual;

    private CudaGraph(sbyte device)
    {
        _graph = (nint)NativeMemory.AllocZeroed(Room);
        s_exports!.Construct(_graph, 0);
        _stream = s_exports.FromPool(0, device);
        _usual = s_exports.Current(device);
    }

    /// <summary>c10::Stream: the device in two bytes, and a number.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Stream
    {
        public long Device;
        public long Id;
    }

    /// <summary>Whether this libtorch can record.</summary>
    public static bool CanRecord => s_exports is not null;

    /// <summary>Runs an action on a stream of its own, first without and then with recording.</summary>
    /// <param name="device">A CUDA device.</param>
    /// <param name="action">Starts kernels and reads nothing from the device.</param>
    /// <param name="last">What starts the kernels to be recorded.</param>
    /// <returns>The recording; the memory of what <paramref name="last"/> made belongs to it.</returns>
    /// <exception cref="RunFailedException">Something in it cannot be recorded.</exception>
    public static CudaGraph Record(torch.Device device, Action action, Action last)
    {
        var graph = new CudaGraph((sbyte)Math.Max(0, device.index));
        var exports = s_exports!;
        torch.cuda.synchronize(device);
        exports.SetCurrent(graph._stream);
        try
        {
            action();
            torch.cuda.synchronize(device);
            exports.Begin(graph._graph, 0, 0, ThreadLocal);
            try
            {
                last();
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // to end a recording that failed would end the process: libtorch's exception has no one to catch it
                throw new RunFailedException(
                    $"an evaluation cannot be recorded on this GPU: {failure.Message.Split('\n')[0]}; switch recording off with "
                        + $"ComputeSettings.Record", failure);
            }
            exports.End(graph._graph);
        }
        finally
        {
            exports.SetCurrent(graph._usual);
        }
        return graph;
    }

    /// <summary>Runs the kernels again, on the current stream.</summary>
    public void Replay() => s_exports!.Replay(_graph);

    /// <inheritdoc/>
    public void Dispose() => s_exports!.Reset(_graph); // the object is not freed: its destructor has no name

    private sealed class Exports
    {
        public required delegate* unmanaged[Cdecl]<nint, byte, void> Construct { get; init; }
        public required delegate* unmanaged[Cdecl]<nint, ulong, ulong, int, void> Begin { get; init; }
        public required delegate* unmanaged[Cdecl]<nint, void> End { get; init; }
        public required delegate* unmanaged[Cdecl]<nint, void> Replay { get; init; }
        public required delegate* unmanaged[Cdecl]<nint, void> Reset { get; init; }
        public required delegate* unmanaged[Cdecl]<byte, sbyte, Stream> FromPool { get; init; }
        public required delegate* unmanaged[Cdecl]<sbyte, Stream> Current { get; init; }
        public required delegate* unmanaged[Cdecl]<Stream, void> SetCurrent { get; init; }

        public static Exports? Find()
        {
            if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libtorch_cuda.so", out var cuda)
                || !NativeLibrary.TryLoad("libc10_cuda.so", out var core)) return null;
            nint Of(nint library, string name) => NativeLibrary.TryGetExport(library, name, out var address) ? address : 0;
            var (construct, begin) = (Of(cuda, "_ZN2at4cuda9CUDAGraphC1Eb"),
                Of(cuda, "_ZN2at4cuda9CUDAGraph13capture_beginESt4pairIyyE21cudaStreamCaptureMode"));
            var (end, replay, reset) = (Of(cuda, "_ZN2at4cuda9CUDAGraph11capture_endEv"), Of(cuda, "_ZN2at4cuda9CUDAGraph6replayEv"),
                Of(cuda, "_ZN2at4cuda9CUDAGraph5resetEv"));
            var (pool, current, set) = (Of(core, "_ZN3c104cuda17getStreamFromPoolEba"), Of(core, "_ZN3c104cuda20getCurrentCUDAStreamEa"),
                Of(core, "_ZN3c104cuda20setCurrentCUDAStreamENS0_10CUDAStreamE"));
            if (((nint[])[construct, begin, end, replay, reset, pool, current, set]).Contains(0)) return null;
            return new Exports
            {
                Construct = (delegate* unmanaged[Cdecl]<nint, byte, void>)construct,
                Begin = (delegate* unmanaged[Cdecl]<nint, ulong, ulong, int, void>)begin,
                End = (delegate* unmanaged[Cdecl]<nint, void>)end,
                Replay = (delegate* unmanaged[Cdecl]<nint, void>)replay,
                Reset = (delegate* unmanaged[Cdecl]<nint, void>)reset,
                FromPool = (delegate* unmanaged[Cdecl]<byte, sbyte, Stream>)pool,
                Current = (delegate* unmanaged[Cdecl]<sbyte, Stream>)current,
                SetCurrent = (delegate* unmanaged[Cdecl]<Stream, void>)set,
            };
        }
    }
}
