namespace NeuralStyle.Cli.Reporting;

/// <summary>Tells several observers.</summary>
internal sealed class Observers(params IReadOnlyList<IProgress<RunProgress>> all) : IProgress<RunProgress>
{
    public void Report(RunProgress value)
    {
        foreach (var observer in all) observer.Report(value);
    }
}
