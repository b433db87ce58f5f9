using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using NeuralStyle.Evaluation;
using NeuralStyle.Runs;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Progress;

/// <summary>The log of <c>--log</c>: a line of JSON with all settings, then one per iteration. Appends. See docs/json.md.</summary>
internal sealed class RunLog : IProgress<RunProgress>, IDisposable
{
    private static readonly JsonSerializerOptions s_json = new(RunRecord.Json)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // a loss may be NaN for a step
    };

    private readonly string _path;
    private readonly Action<string>? _warn;
    private FileStream? _file; // null after a write error: a full disk must not end the run

    /// <param name="path">The file.</param>
    /// <param name="header">The first line: every setting, as JSON.</param>
    /// <param name="warn">Told when the log can no longer be written.</param>
    /// <param name="cancellation">Ends the wait for someone to read it, where the file is a FIFO.</param>
    /// <exception cref="OperationCanceledException">Asked for.</exception>
    public RunLog(string path, string header, Action<string>? warn = null, CancellationToken cancellation = default)
    {
        (_path, _warn) = (path, warn);
        if (Directory.Exists(path)) throw new InvalidInputException($"--log '{path}' is a folder; expected the name of a file");
        try
        {
            // on a thread of its own, which cancellation leaves: the system call itself cannot be ended
            _file = Task.Factory.StartNew(() => new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .WaitAsync(cancellation).GetAwaiter().GetResult();
            Append(_file, header);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"--log '{path}' cannot be written: {FileFailure.ReasonOf(failure)}; choose another file",
                failure);
        }
    }

    /// <summary>The frame of a film that is painted, from 1; null for pictures.</summary>
    public int? Frame { get; set; }

    /// <summary>The pass that paints it, from 1; null for pictures.</summary>
    public int? Pass { get; set; }

    public void Report(RunProgress value)
    {
        if (_file is null || value.Losses.Count == 0) return;
        using var process = Process.GetCurrentProcess();
        try
        {
            foreach (var losses in value.Losses)
                Append(_file, JsonSerializer.Serialize(Line(value, losses, process.PeakWorkingSet64), s_json));
        }
        catch (IOException failure)
        {
            Dispose();
            _file = null;
            _warn?.Invoke($"--log '{_path}' ends here: {FileFailure.ReasonOf(failure)}; the run continues");
        }
    }

    private object Line(RunProgress value, LossReport losses, long peakMemory)
    {
        Dictionary<string, double>? Layers(TermKind kind, bool weighted) => losses.Terms.Any(term => term.Kind == kind)
            ? losses.Terms.Zip(losses.Raw).Where(pair => pair.First.Kind == kind).GroupBy(pair => $"{pair.First.Layer}")
                .ToDictionary(layer => layer.Key, layer => layer.Sum(pair => weighted ? pair.First.Weight * pair.Second : pair.Second))
            : null;
        double? Single(TermKind kind, bool weighted) => losses.Terms.Any(term => term.Kind == kind) ? losses.Sum(kind, weighted) : null;
        return new
        {
            Type = "iteration",
            Frame,
            Pass,
            Scale = value.Scale + 1,
            value.Size.Width,
            value.Size.Height,
            losses.Iteration,
            Flat = value.Flat && losses.Iteration == value.Iteration,
            losses.Total,
            Content = losses.Sum(TermKind.Content, weighted: false),
            ContentWeighted = losses.Sum(TermKind.Content, weighted: true),
            Style = Layers(TermKind.Style, weighted: false) ?? [],
            StyleWeighted = Layers(TermKind.Style, weighted: true) ?? [],
            Nearest = Layers(TermKind.Nearest, weighted: false),
            NearestWeighted = Layers(TermKind.Nearest, weighted: true),
            TotalVariation = losses.Sum(TermKind.TotalVariation, weighted: false),
            TotalVariationWeighted = losses.Sum(TermKind.TotalVariation, weighted: true),
            Photorealism = Single(TermKind.Photorealism, weighted: false),
            PhotorealismWeighted = Single(TermKind.Photorealism, weighted: true),
            losses.Seconds,
            PeakMemory = peakMemory,
        };
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>At the end as it is now: another process may write to the same log.</summary>
    private static void Append(FileStream file, string line)
    {
        if (file.CanSeek) file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }
}
