namespace NeuralStyle.Cli.Reporting;

/// <summary>Tells several observers.</summary>
internal sealed class Observers(params IReadOnlyList<IProgress<RunProgress>> all) : IProgress<RunProgress>
{
    public void Report(RunProgress value)
    {
        foreach (var observer in all) observer.Report(value);
    }
}

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
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(output)}-{scale}-{iteration:0000}{Path.GetExtension(output)}"));
}
