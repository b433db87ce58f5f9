using NeuralStyle.Runs;

namespace NeuralStyle.Tests.Infra;

/// <summary>An observer of a run that does what it is given, at once and on the run's thread.</summary>
internal sealed class Told(Action<RunProgress> report) : IProgress<RunProgress>
{
    public void Report(RunProgress value) => report(value);
}
