using System.Globalization;
using System.Text;
using System.Text.Json;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Runs;
using NeuralStyle.Runtime.Files;
using TorchSharp;

namespace NeuralStyle.Cli.Pages;

/// <summary>The data of a report.</summary>
/// <param name="Job">The job.</param>
/// <param name="Inputs">Its pictures, open.</param>
/// <param name="Record">How the picture was made, and whether the run completed.</param>
/// <param name="History">The losses.</param>
/// <param name="Device">The device.</param>
/// <param name="Result">1×3×H×W in [0, 1]; not owned.</param>
internal sealed record RunReportData(StyleJob Job, JobInputs Inputs, RunRecord Record, LossHistory History, torch.Device Device,
    torch.Tensor Result)
{
    /// <summary>Whether the style replaces a content that does not count.</summary>
    public bool IsTexture => Record.Settings.ContentWeight == 0 && Job.Content == Job.Styles[0];
}

/// <summary>The page of <c>--report</c>: everything about one picture in one file.</summary>
internal static class RunReport
{
    /// <summary>Writes the page, under a temporary name first. The picture is written already.</summary>
    /// <returns>The file that was written.</returns>
    /// <exception cref="RunFailedException">An input is no longer there, or writing failed.</exception>
    public static string Write(string path, RunReportData data)
    {
        try
        {
            var page = Render(data);
            return AtomicFile.Write(path, temporary => File.WriteAllText(temporary, page), data.Job.NoClobber);
        }
        catch (Exception failure) when (failure is InvalidInputException or RunFailedException)
        {
            throw new RunFailedException($"'{data.Job.Output}' is written, but not its report: {failure.Message}", failure);
        }
    }

    /// <summary>The page.</summary>
    public static string Render(RunReportData data)
    {
        var name = Path.GetFileName(data.Job.OutputName);
        var body = new StringBuilder();
        body.Append(CultureInfo.InvariantCulture,
            $"<header><h1>{Html.Text(name)}</h1><p "
                + $"class=\"chips\">{string.Concat(Facts(data).Select(fact => $"<span>{Html.Text(fact)}</span>"))}</p></header>\n<main>\n");
        body.Append(PictureSection.Render(data));
        Section(body, "Losses", LossSection.Render(data.History));
        Section(body, "Settings", SettingsSection.Render(data.Record));
        Section(body, "Time", Timings(data.History));
        Section(body, "Machine and network", Machine(data));
        Section(body, "Repeat this run", Reproduce(data));
        body.Append("</main>\n");
        return Page.Render($"{name} · nst", body.ToString(), "viewer.js");
    }

    private static IEnumerable<string> Facts(RunReportData data)
    {
        if (!data.Record.Completed) yield return "stopped early";
        yield return NeuralStyle.Imaging.ImageTensor.SizeOf(data.Result) + " pixels";
        yield return $"preset {data.Record.Settings.Preset}";
        if (data.History.Points is [.., var last]) yield return Duration.WithUnit(last.Seconds);
        yield return $"{data.Device}";
        yield return $"weights {data.Record.Weights.Path}";
    }

    private static string Timings(LossHistory history)
    {
        var timings = history.Timings();
        var whole = timings.Sum(timing => timing.Seconds);
        var note = history.Resumed ? "<p>The run continued from a checkpoint; what came before it is not counted here.</p>\n" : "";
        return note + Html.Table(["scale", "iterations", "seconds", "seconds per iteration", "share"],
            timings.Select((timing, index) => (IReadOnlyList<string>)
        [
            $"{index + 1} · {timing.Size}", $"{timing.Iterations}", Number(timing.Seconds, "0.00"),
            Number(timing.Seconds / timing.Iterations, "0.000"), Number(timing.Seconds / Math.Max(whole, 1e-9) * 100, "0") + " %",
        ]).Append(["<b>all</b>", $"{timings.Sum(timing => timing.Iterations)}", Number(whole, "0.00"), "", ""]));
    }

    private static string Machine(RunReportData data) => Html.Table(["", ""],
    [
        ["nst", Html.Text(data.Record.Version)],
        ["weights", Html.Text(data.Record.Weights.Path)],
        ["their SHA-256", $"<code>{Html.Text(data.Record.Weights.Sha256)}</code>"],
        ["preprocessing", Html.Text(data.Record.Preprocessing ?? "as the weights file says")],
        ["device", Html.Text($"{data.Device}")],
        ["CPU threads", $"{torch.get_num_threads()}"],
        ["system",
            Html.Text($"{System.Runtime.InteropServices.RuntimeInformation.OSDescription}, "
                + $"{System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}, .NET {Environment.Version}")],
    ]);

    private static string Reproduce(RunReportData data)
    {
        var commands = new StringBuilder();
        if (data.Job.CommandLine is { } command) Command(commands, "In the folder where it was typed:", WithWeights(command, data));
        if (data.Job is { Metadata: true, ToStandardOutput: false })
            Command(commands, "Or from the picture, which contains its settings:",
                CommandText.Of(["rerun", data.Job.Output], OperatingSystem.IsWindows()));
        var record = JsonSerializer.Serialize(data.Record, new JsonSerializerOptions(RunRecord.Json) { WriteIndented = true });
        commands.Append("<details><summary>the whole record</summary><pre>").Append(Html.Text(record)).Append("</pre></details>\n");
        return commands.ToString();
    }

    /// <summary>Names the network where the command left it to a variable or to what was installed, which may change.</summary>
    private static string WithWeights(string command, RunReportData data)
    {
        if (data.Job.Weights is not null) return command;
        var named = CommandText.Of(["--weights", data.Record.Weights.Path], OperatingSystem.IsWindows());
        return named + command["nst".Length..];
    }

    private static void Command(StringBuilder body, string what, string command) =>
        body.Append(CultureInfo.InvariantCulture,
            $"<p>{Html.Text(what)}</p>\n<div class=\"command\"><pre>{Html.Text(command)}</pre><button type=\"button\" "
                + $"data-copy>copy</button></div>\n");

    private static void Section(StringBuilder body, string title, string html) =>
        body.Append(CultureInfo.InvariantCulture, $"<section><h2>{title}</h2>\n{html}</section>\n");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
