using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Progress;

/// <summary>Reports to several observers.</summary>
internal sealed class Observers(IReadOnlyList<IProgress<RunProgress>> all) : IProgress<RunProgress>
{
    /// <summary>Combines the given observers, without nulls.</summary>
    /// <returns>Null if there are none.</returns>
    public static IProgress<RunProgress>? Of(params IEnumerable<IProgress<RunProgress>?> some) =>
        some.OfType<IProgress<RunProgress>>().ToArray() is { Length: > 0 } all ? new Observers(all) : null;

    public void Report(RunProgress value)
    {
        foreach (var observer in all) observer.Report(value);
    }
}
