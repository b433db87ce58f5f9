using System.Globalization;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;

namespace NeuralStyle.Benchmarks.Gpu;

/// <summary>How activations lie in memory.</summary>
internal enum MemoryOrder
{
    /// <summary>A channel behind the other, as libtorch has it.</summary>
    Plain,

    /// <summary>The channels of a position side by side, as nst has it on CUDA.</summary>
    ChannelsLast,
}

/// <summary>What <c>speed --device</c> is told.</summary>
internal sealed record DeviceOptions
{
    public const string Usage = """
        usage: speed --device cpu|cuda|cuda:N [--sizes N,…] [--precision float32,tf32] [--cudnn-benchmark] [--order plain,channels-last] [--rounds N] [--repeats N] [--eager PYTHON] [--json FILE]
               speed --device … --curve [--sizes N,…] [--iterations N] [--weights FILE] [--json FILE]
          --cudnn-benchmark  nst and eager let cuDNN search for the fastest algorithms
          --order       of nst's activations in memory; eager's are plain
          --eager       a Python with PyTorch: it does the same in alternation, and the losses must agree
          --curve       loss curves of Adam in float32, float32 once more, and TF32
          --weights     of the curves; without it the built-in network
        """;

    public string Device { get; private init; } = "cuda";

    /// <summary>Sides of the square pictures; for curves the long side.</summary>
    public IReadOnlyList<int> Sizes { get; private init; } = [];

    public IReadOnlyList<ConvolutionPrecision> Precisions { get; private init; } = [];

    /// <summary>Whether cuDNN searches for the fastest algorithms.</summary>
    public bool Search { get; private init; }

    public IReadOnlyList<MemoryOrder> Orders { get; private init; } = [];

    /// <summary>Processes of each kind at each size.</summary>
    public int Rounds { get; private init; } = 3;

    /// <summary>Evaluations, and then iterations, in each process.</summary>
    public int Repeats { get; private init; } = 10;

    /// <summary>A Python with PyTorch; null compares with nothing.</summary>
    public string? Eager { get; private init; }

    public string? Json { get; private init; }

    public bool Curve { get; private init; }

    public int Iterations { get; private init; } = 100;

    public string? Weights { get; private init; }

    public bool OnGpu => Device.StartsWith("cuda", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether words behind <c>speed</c> are for here.</summary>
    public static bool AreIn(IReadOnlyCollection<string> words) => words.Contains("--device") || words.Contains("--curve") || words.Contains("--eager");

    /// <exception cref="InvalidInputException">A word that is no option, or an option without its value.</exception>
    public static DeviceOptions Parse(IReadOnlyList<string> words)
    {
        var (options, queue) = (new DeviceOptions(), new Queue<string>(words));
        while (queue.TryDequeue(out var word))
        {
            string Value() => queue.TryDequeue(out var value) ? value : throw new InvalidInputException($"{word} lacks its value");
            int Whole() => int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw new InvalidInputException($"{word}: expected a whole number above 0");
            options = word switch
            {
                "--device" => options with { Device = Value() is var name && name == "cuda" ? "cuda:0" : name },
                "--sizes" => options with { Sizes = Value().Split(',').Select(size => int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side >= 16 ? side : throw new InvalidInputException($"--sizes: '{size}' is no whole number from 16")).ToArray() },
                "--precision" => options with { Precisions = Value().Split(',').Select(name => ValueNames.Parse<ConvolutionPrecision>("--precision", name)).ToArray() },
                "--cudnn-benchmark" => options with { Search = true },
                "--order" => options with { Orders = Value().Split(',').Select(name => ValueNames.Parse<MemoryOrder>("--order", name)).ToArray() },
                "--rounds" => options with { Rounds = Whole() },
                "--repeats" => options with { Repeats = Whole() },
                "--eager" => options with { Eager = Value() },
                "--json" => options with { Json = Value() },
                "--curve" => options with { Curve = true },
                "--iterations" => options with { Iterations = Whole() },
                "--weights" => options with { Weights = Value() },
                _ => throw new InvalidInputException($"there is no option '{word}'"),
            };
        }
        if (options.Sizes.Count == 0) options = options with { Sizes = (options.Curve, options.OnGpu) switch { (true, true) => [512], (false, true) => [512, 1024, 2048], _ => [64, 128] } };
        if (options.Precisions.Count == 0) options = options with { Precisions = options.OnGpu ? Enum.GetValues<ConvolutionPrecision>() : [ConvolutionPrecision.Float32] };
        if (options.Orders.Count == 0) options = options with { Orders = options.OnGpu ? Enum.GetValues<MemoryOrder>() : [MemoryOrder.Plain] };
        return options;
    }
}
