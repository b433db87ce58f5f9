using System.CommandLine;
using System.Runtime.InteropServices;
using NeuralStyle.Film;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime;
using static NeuralStyle.Benchmarks.CommandLine;
using static TorchSharp.torch;

namespace NeuralStyle.Benchmarks.Films;

/// <summary>
/// The command <c>films</c>: how much painted films flicker. The warping error of a frame is its difference to the frame before, moved
/// along the flow of the source, where both show the same thing.
/// </summary>
internal static class FilmsCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("SOURCE") { Description = "folder of the frames that were painted" };
        var painted = new Argument<string[]>("PAINTED") { Description = "folders of painted frames", Arity = ArgumentArity.OneOrMore };
        var each = new Option<bool>("--each") { Description = "print a line for every frame" };
        var command = new Command("films", "how much painted films flicker") { source, painted, each };
        command.SetAction(parse => Run(FramesOf(parse.GetValue(source)!), parse.GetValue(painted)!, parse.GetValue(each)));
        return command;
    }

    private static void Run(string[] source, string[] folders, bool each)
    {
        TorchRuntime.Initialize(threads: 2);
        var painted = folders.Select(FramesOf).ToArray();
        var count = painted.Min(frames => frames.Length);
        PixelSize size;
        using (var first = Picture.Load(painted[0][0])) size = first.Size;
        var sums = new double[folders.Length];
        for (var i = 1; i < Math.Min(count, source.Length); i++)
        {
            using var scope = NewDisposeScope();
            var (before, now) = (Levels(source[i - 1], size), Levels(source[i], size));
            using var motion = FrameMotion.Of(OpticalFlow.Between(now, before), OpticalFlow.Between(before, now));
            var errors = painted.Select(frames => Error(Load(frames[i - 1], size), Load(frames[i], size), motion)).ToArray();
            for (var k = 0; k < errors.Length; k++) sums[k] += errors[k];
            var roots = errors.Select(error => FormattableString.Invariant($"{Math.Sqrt(error) * 255:0.00}"));
            if (each) Print($"{i + 1}: {string.Join(' ', roots)}");
        }
        foreach (var (folder, sum) in folders.Zip(sums))
        {
            var mean = sum / (Math.Min(count, source.Length) - 1);
            Print($"{folder}: warping error {mean:G4}, root {Math.Sqrt(mean) * 255:0.00} of 255");
        }
    }

    /// <summary>Mean squared difference of values, over the pixels that both frames show.</summary>
    private static double Error(Tensor before, Tensor frame, FrameMotion motion)
    {
        using var scope = NewDisposeScope();
        var difference = (frame - Warp.Bicubic(before, motion.Backward)).square().mul_(motion.Seen).sum();
        return difference.item<float>() / (3 * motion.Seen.sum().item<float>());
    }

    private static IReadOnlyList<GreyImage> Levels(string path, PixelSize size)
    {
        using var frame = Load(path, size);
        return GreyPyramid.Of(MemoryMarshal.Cast<byte, float>(frame.bytes), size.Width, size.Height);
    }

    private static Tensor Load(string path, PixelSize size)
    {
        using var picture = Picture.Load(path);
        return picture.ToTensor(size);
    }

    private static string[] FramesOf(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.png").Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal)];
}
