using System.Text.RegularExpressions;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Progress;

/// <summary>Writes an intermediate picture every so many iterations.</summary>
internal sealed class PictureSaver(int every, string output, Action<TorchSharp.torch.Tensor, string> save) : IProgress<RunProgress>
{
    public void Report(RunProgress value)
    {
        if (value.Iteration % every != 0) return;
        using var image = value.Snapshot();
        save(image, PathFor(output, value.Scale + 1, value.Iteration));
    }

    /// <summary><c>out.png</c> becomes <c>out-2-0050.png</c> at iteration 50 of the second scale.</summary>
    public static string PathFor(string output, int scale, int iteration) => Path.Combine(
        Path.GetDirectoryName(output) ?? "",
        string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{Path.GetFileNameWithoutExtension(output)}-{scale}-{iteration:0000}{Path.GetExtension(output)}"));

    /// <summary>Whether a file has a name that an intermediate picture of this output may get.</summary>
    public static bool Names(string output, string file) =>
        Regex.Match(Path.GetFileName(file), @"-(\d+)-(\d{4,})\.[^.]*$") is { Success: true } match
        && int.TryParse(match.Groups[1].ValueSpan, out var scale) && int.TryParse(match.Groups[2].ValueSpan, out var iteration)
        && FilePath.Same(PathFor(output, scale, iteration), file);
}
