using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Lanes;

namespace NeuralStyle.Vgg.Fused.Winograd;

/// <summary>Operations fused into the convolution.</summary>
/// <param name="Bias">Address of the bias of each output channel, which a ReLU follows; 0 for neither.</param>
/// <param name="Opened">Where to write which results are above 0.</param>
/// <param name="Values">Activations of the source's shape: where they are not above 0, the source counts as 0 (the backward pass of a
/// ReLU).</param>
/// <param name="Gates">The same, kept as gates.</param>
internal readonly record struct WinogradStep(nint Bias = 0, GatePlane Opened = default, Plane Values = default, GatePlane Gates = default);

/// <summary>
/// 3×3 convolution on CPUs with AVX2 or AVX-512 by F(4×4, 3×3): a quarter of the multiplications of a direct one. A group of tiles goes
/// through all three stages before the next begins, so that intermediate results stay in the cache. Groups, and the panels of output
/// channels of each, are distributed over threads; how, changes no bit.
/// </summary>
[SkipLocalsInit] // all that is taken from the stack is written before it is read
internal static unsafe class WinogradConvolution
{
    /// <summary>Numbers of channels must be multiples of this.</summary>
    public const int ChannelUnit = PanelProduct.ColumnUnit;

    /// <summary>
    /// Floats of padding between rows and points, one cache line: a power of two apart, all would compete for one set of the caches.
    /// </summary>
    public const int Gap = 16;

    private const int Points = WinogradTransforms.Points, Tile = WinogradTransforms.Tile;
    private const int LargestGroup = 132; // tiles: many, so that kernels are read rarely, but few enough for the cache

    private static readonly ConcurrentBag<Scratch> Pool = [];

    /// <summary>Whether these numbers of channels are supported.</summary>
    public static bool CanRun(int inputs, int outputs) => inputs % ChannelUnit == 0 && outputs % ChannelUnit == 0;

    /// <summary>Convolves with zero padding.</summary>
    /// <param name="from">The source.</param>
    /// <param name="kernels">Its channels to those of <paramref name="to"/>.</param>
    /// <param name="step">Bias and gate.</param>
    /// <param name="to">The result, of the source's height and width.</param>
    /// <param name="vectors">What to compute with.</param>
    /// <param name="threads">At most so many.</param>
    public static void Run(Plane from, WinogradKernels kernels, WinogradStep step, Plane to, VectorWidth vectors, int threads)
    {
        if (vectors == VectorWidth.Bits512) Run<Lanes16>(from, kernels, step, to, threads);
        else if (vectors == VectorWidth.Bits256) Run<Lanes8>(from, kernels, step, to, threads);
        else Run<Lanes4>(from, kernels, step, to, threads);
    }

    private static void Run<T>(Plane from, WinogradKernels kernels, WinogradStep step, Plane to, int threads)
        where T : unmanaged, ILanes<T>
    {
        var columns = (to.Width + Tile - 1) / Tile;
        var tiles = columns * ((to.Height + Tile - 1) / Tile);
        var panels = to.Channels / PanelProduct.Width<T>();
        var (groups, parts) = WinogradDivision.Of(tiles, panels, threads, LargestGroup);
        PartLoop.Run(groups * parts, threads, item =>
        {
            if (!Pool.TryTake(out var scratch)) scratch = new Scratch();
            var (group, part) = Math.DivRem(item, parts);
            var (first, end) = ((int)((long)tiles * group / groups), (int)((long)tiles * (group + 1) / groups));
            Group<T>(from, kernels, step, to, scratch, columns, first, end - first, panels * part / parts, panels * (part + 1) / parts);
            Pool.Add(scratch);
        });
    }

    private static void Group<T>(Plane from, WinogradKernels kernels, WinogradStep step, Plane to, Scratch scratch, int columns, int first,
        int count, int firstPanel, int endPanel)
        where T : unmanaged, ILanes<T>
    {
        var panelWidth = PanelProduct.Width<T>();
        var kernelStride = kernels.PointStride<T>();
        var rows = (count + PanelProduct.RowUnit - 1) / PanelProduct.RowUnit * PanelProduct.RowUnit;
        nint rowStride = from.Channels + Gap, pointStride = rows * rowStride + Gap, productStride = rows * panelWidth + Gap;
        scratch.Reserve(Points * pointStride, Points * kernelStride, Points * productStride);
        for (var tile = 0; tile < count; tile++)
        {
            var (row, column) = Math.DivRem(first + tile, columns);
            Gather<T>(from, step, row * Tile - 1, column * Tile - 1, scratch.Inputs + tile * rowStride, pointStride);
        }
        for (var panel = firstPanel; panel < endPanel; panel++)
        {
            kernels.Transform<T>(panel, scratch.Kernels);
            for (var point = 0; point < Points; point++)
                PanelProduct.Run<T>(new Strided(scratch.Inputs + point * pointStride, rowStride, 1), rows,
                    new Strided(scratch.Kernels + point * kernelStride, 1, panelWidth), from.Channels,
                    scratch.Products + point * productStride);
            for (var tile = 0; tile < count; tile++)
            {
                var (row, column) = Math.DivRem(first + tile, columns);
                Scatter<T>(scratch.Products + tile * panelWidth, productStride, to, row * Tile, column * Tile, panel * panelWidth, step);
            }
        }
    }

    /// <summary>Transforms the 6×6 positions from (top, left) on, all channels.</summary>
    private static void Gather<T>(Plane from, WinogradStep step, int top, int left, float* to, nint pointStride)
        where T : unmanaged, ILanes<T>
    {
        var values = stackalloc T[Points];
        var (byValue, byGate) = (step.Values.Data != 0, step.Gates.Data != 0);
        var inside = top >= 0 && left >= 0 && top + 6 <= from.Height && left + 6 <= from.Width;
        for (var channel = 0; channel < from.Channels; channel += T.Count)
        {
            for (var y = 0; y < 6; y++)
            {
                for (var x = 0; x < 6; x++)
                {
                    var there = inside || ((uint)(top + y) < (uint)from.Height && (uint)(left + x) < (uint)from.Width);
                    values[6 * y + x] = !there ? default
                        : byGate ? T.LoadBits(step.Gates.At(top + y, left + x) + channel / 8) & T.Load(from.At(top + y, left + x) + channel)
                        : byValue
                            ? T.Positive(T.Load(step.Values.At(top + y, left + x) + channel)) & T.Load(from.At(top + y, left + x) + channel)
                        : T.Load(from.At(top + y, left + x) + channel);
                }
            }
            WinogradTransforms.Input(values, to + channel, pointStride);
        }
    }

    /// <summary>Writes the 4×4 results from (top, left) on, a panel of channels.</summary>
    private static void Scatter<T>(float* products, nint pointStride, Plane to, int top, int left, int channel, WinogradStep step)
        where T : unmanaged, ILanes<T>
    {
        var bias = (float*)step.Bias;
        var opens = step.Opened.Data != 0;
        var results = stackalloc T[Tile * Tile];
        var (height, width) = (Math.Min(Tile, to.Height - top), Math.Min(Tile, to.Width - left));
        for (var lane = 0; lane < PanelProduct.Width<T>(); lane += T.Count)
        {
            WinogradTransforms.Output(products + lane, pointStride, results);
            var offset = bias is null ? default : T.Load(bias + channel + lane);
            for (var y = 0; y < height; y++)
            {
                var target = to.At(top + y, left) + channel + lane;
                for (var x = 0; x < width; x++, target += to.Channels)
                {
                    var value = results[Tile * y + x];
                    if (bias is not null) value = T.Max(value + offset, default);
                    value.Store(target);
                    if (opens) T.Positive(value).StoreBits(step.Opened.At(top + y, left + x) + (channel + lane) / 8);
                }
            }
        }
    }

    /// <summary>The memory of one thread, kept for the next convolution.</summary>
    private sealed class Scratch
    {
        private nint _inputs, _kernels, _products;

        public float* Inputs { get; private set; }

        public float* Kernels { get; private set; }

        public float* Products { get; private set; }

        public void Reserve(nint inputs, nint kernels, nint products)
        {
            if (inputs > _inputs) Inputs = Grow(Inputs, _inputs = inputs);
            if (kernels > _kernels) Kernels = Grow(Kernels, _kernels = kernels);
            if (products > _products) Products = Grow(Products, _products = products);
        }

        private static float* Grow(float* old, nint count)
        {
            NativeMemory.AlignedFree(old);
            return (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
        }
    }
}
