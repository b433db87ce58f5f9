using System.Diagnostics;
using System.Text.Json;
using NeuralStyle.Evaluation;

namespace NeuralStyle.Cli.Reporting;

/// <summary>The log of <c>--log</c>: a line of JSON with every setting, then one per iteration. Appends.</summary>
internal sealed class RunLog : IProgress<RunProgress>, IDisposable
{
    private readonly StreamWriter _writer;

    public RunLog(string path, RunRecord record)
    {
        try
        {
            _writer = new StreamWriter(path, append: true) { AutoFlush = true };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"--log '{path}' cannot be written: {failure.Message.TrimEnd('.')}; choose another file", failure);
        }
        _writer.WriteLine(record.ToJson());
    }

    public void Report(RunProgress value)
    {
        var losses = value.ReadLosses();
        using var process = Process.GetCurrentProcess();
        var line = new Dictionary<string, object?>
        {
            ["scale"] = value.Scale,
            ["width"] = value.Size.Width,
            ["height"] = value.Size.Height,
            ["iteration"] = value.Iteration,
            ["total"] = losses.Total,
            ["content"] = losses.Sum(TermKind.Content, weighted: false),
            ["content_weighted"] = losses.Sum(TermKind.Content, weighted: true),
            ["style"] = losses.Terms.Zip(losses.Raw).Where(pair => pair.First.Kind == TermKind.Style).GroupBy(pair => $"{pair.First.Layer}").ToDictionary(group => group.Key, group => group.Sum(pair => pair.Second)),
            ["style_weighted"] = losses.Terms.Zip(losses.Raw).Where(pair => pair.First.Kind == TermKind.Style).GroupBy(pair => $"{pair.First.Layer}").ToDictionary(group => group.Key, group => group.Sum(pair => pair.First.Weight * pair.Second)),
            ["tv"] = losses.Sum(TermKind.TotalVariation, weighted: false),
            ["tv_weighted"] = losses.Sum(TermKind.TotalVariation, weighted: true),
            ["seconds"] = value.Seconds,
            ["peak_memory"] = process.PeakWorkingSet64,
        };
        _writer.WriteLine(JsonSerializer.Serialize(line, LogJson));
    }

    public void Dispose() => _writer.Dispose();

    private static readonly JsonSerializerOptions LogJson = new()
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals, // a loss may be NaN for a step
    };
}
