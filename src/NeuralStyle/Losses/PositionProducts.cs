using System.Runtime.CompilerServices;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Lanes;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>
/// Sums over the positions of a layer and the products that carry their derivatives back to it, on CPUs with vectors of ours: libtorch's
/// matrix products are made for square factors, compute both halves of a symmetric result, and use half the vectors of some processors.
/// Positions are M×C, float32, the channels of a position side by side, as in the fused network. No result depends on the number of threads
/// or on the width of the vectors.
/// </summary>
[SkipLocalsInit] // all that is taken from the stack is written before it is read
internal static unsafe class PositionProducts
{
    private const int Chunk = 128; // positions whose channels stay in the cache
    private const int LongestShare = 4096; // positions of which one thread makes the sums
    private const int Strip = 192; // positions of which one thread makes the products

    /// <summary>Whether these positions are supported.</summary>
    /// <param name="positions">M×C.</param>
    public static bool CanRun(Tensor positions) =>
        VectorWidths.Supported.Count > 0 && TensorMemory.IsPlain(positions)
        && positions.shape[1] % PanelProduct.ColumnUnit == 0 && positions.shape[0] >= PanelProduct.LargestBlock;

    /// <summary>Σ f and Σ f·fᵀ.</summary>
    /// <param name="positions">M×C, supported.</param>
    /// <param name="vectors">What to compute with; null for the widest.</param>
    /// <returns>C values and C×C values. Added up in float32 over at most 4,096 positions, then in float64.</returns>
    public static (Tensor Sum, Tensor Products) Sums(Tensor positions, VectorWidth? vectors = null) =>
        (vectors ?? VectorWidths.Supported[^1]) switch
        {
            VectorWidth.Bits512 => Sums<Lanes16>(positions),
            VectorWidth.Bits256 => Sums<Lanes8>(positions),
            _ => Sums<Lanes4>(positions),
        };

    /// <summary>Adds F·P + s to each position of a gradient.</summary>
    /// <param name="gradient">M×C, contiguous.</param>
    /// <param name="positions">F, M×C, supported.</param>
    /// <param name="products">P, C×C.</param>
    /// <param name="sums">s, C values; null for none.</param>
    /// <param name="vectors">What to compute with; null for the widest.</param>
    public static void AddProduct(Tensor gradient, Tensor positions, Tensor products, Tensor? sums, VectorWidth? vectors = null)
    {
        using var matrix = products.contiguous();
        using var added = sums?.contiguous();
        switch (vectors ?? VectorWidths.Supported[^1])
        {
            case VectorWidth.Bits512: AddProduct<Lanes16>(gradient, positions, matrix, added); break;
            case VectorWidth.Bits256: AddProduct<Lanes8>(gradient, positions, matrix, added); break;
            default: AddProduct<Lanes4>(gradient, positions, matrix, added); break;
        }
    }

    private static (Tensor Sum, Tensor Products) Sums<T>(Tensor positions)
        where T : unmanaged, ILanes<T>
    {
        var (count, channels) = (positions.shape[0], (int)positions.shape[1]);
        var share = (int)Math.Clamp((count + 7) / 8, Chunk, LongestShare); // eight, for as many threads
        var shares = (int)((count + share - 1) / share);
        using var all = empty(shares, (long)(channels + 1) * channels); // of each share Σ f, then Σ f·fᵀ, of which one half is made
        var (from, parts) = (TensorMemory.AddressOf(positions), TensorMemory.AddressOf(all));
        var threads = get_num_threads();
        PartLoop.Run(shares, threads, part =>
        {
            var first = (long)part * share;
            AddShare<T>((float*)from + first * channels, (int)Math.Min(share, count - first), channels,
                (float*)parts + (long)part * (channels + 1) * channels);
        });
        var (sum, products) = (empty(channels), empty(channels, channels));
        var (means, moments) = (TensorMemory.AddressOf(sum), TensorMemory.AddressOf(products));
        PartLoop.Run(channels + 1, threads, row =>
        {
            for (var column = Math.Max(0, row - 1); column < channels; column++)
            {
                var value = (float*)parts + (long)row * channels + column;
                var total = 0.0;
                for (var part = 0; part < shares; part++, value += (nint)(channels + 1) * channels) total += *value;
                if (row == 0)
                {
                    ((float*)means)[column] = (float)total;
                    continue;
                }
                ((float*)moments)[(long)(row - 1) * channels + column] = (float)total;
                ((float*)moments)[(long)column * channels + row - 1] = (float)total;
            }
        });
        TensorMemory.KeepAlive(positions);
        return (sum, products);
    }

    /// <summary>The sums of a share: of Σ f·fᵀ the panels down to the diagonal.</summary>
    private static void AddShare<T>(float* from, int count, int channels, float* to)
        where T : unmanaged, ILanes<T>
    {
        var (width, most) = (PanelProduct.Width<T>(), PanelProduct.MostRows<T>());
        var block = stackalloc float[most * width];
        new Span<float>(to, (channels + 1) * channels).Clear();
        for (var first = 0; first < count; first += Chunk)
        {
            var positions = from + (nint)first * channels;
            var length = Math.Min(Chunk, count - first);
            AddSum<T>(positions, length, channels, to);
            for (var column = 0; column < channels; column += width)
            {
                for (var row = 0; row < column + width; row += most)
                {
                    var start = Math.Min(row, channels - most);
                    PanelProduct.Run<T>(new Strided(positions + start, 1, channels), most, new Strided(positions + column, 1, channels),
                        length, block);
                    Add<T>(block + (row - start) * width, most - (row - start), to + (nint)(1 + row) * channels + column, channels);
                }
            }
        }
    }

    private static void AddSum<T>(float* from, int count, int channels, float* to)
        where T : unmanaged, ILanes<T>
    {
        for (var channel = 0; channel < channels; channel += T.Count)
        {
            var total = default(T);
            var position = from + channel;
            for (var i = 0; i < count; i++, position += channels) total += T.Load(position);
            (T.Load(to + channel) + total).Store(to + channel);
        }
    }

    private static void AddProduct<T>(Tensor gradient, Tensor positions, Tensor products, Tensor? sums)
        where T : unmanaged, ILanes<T>
    {
        var (count, channels) = (positions.shape[0], (int)positions.shape[1]);
        var (from, to, matrix) = (TensorMemory.AddressOf(positions), TensorMemory.AddressOf(gradient), TensorMemory.AddressOf(products));
        var added = sums is null ? 0 : TensorMemory.AddressOf(sums);
        PartLoop.Run((int)((count + Strip - 1) / Strip), get_num_threads(), part =>
        {
            var (width, most) = (PanelProduct.Width<T>(), PanelProduct.MostRows<T>());
            var block = stackalloc float[most * width];
            var end = Math.Min(count, (long)(part + 1) * Strip);
            for (var column = 0; column < channels; column += width)
            {
                var panel = new Strided((float*)matrix + column, 1, channels);
                for (var row = (long)part * Strip; row < end; row += most)
                {
                    var start = Math.Min(row, count - most); // rows that are there already are computed again, and not added
                    PanelProduct.Run<T>(new Strided((float*)from + start * channels, channels, 1), most, panel, channels, block);
                    var rows = (int)(Math.Min(row + most, end) - row);
                    var target = (float*)to + row * channels + column;
                    if (added != 0) AddToEach<T>(block + (row - start) * width, rows, (float*)added + column);
                    Add<T>(block + (row - start) * width, rows, target, channels);
                }
            }
        });
        TensorMemory.KeepAlive(positions, gradient, products, sums);
    }

    /// <summary>Adds a row to each row of a block.</summary>
    private static void AddToEach<T>(float* block, int rows, float* row)
        where T : unmanaged, ILanes<T>
    {
        var (left, right) = (T.Load(row), T.Load(row + T.Count));
        for (var i = 0; i < rows; i++, block += PanelProduct.Width<T>())
        {
            (T.Load(block) + left).Store(block);
            (T.Load(block + T.Count) + right).Store(block + T.Count);
        }
    }

    /// <summary>Adds a block to rows of a matrix.</summary>
    private static void Add<T>(float* block, int rows, float* to, nint step)
        where T : unmanaged, ILanes<T>
    {
        for (var i = 0; i < rows; i++, block += PanelProduct.Width<T>(), to += step)
        {
            (T.Load(to) + T.Load(block)).Store(to);
            (T.Load(to + T.Count) + T.Load(block + T.Count)).Store(to + T.Count);
        }
    }
}
