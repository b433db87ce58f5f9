using System.Diagnostics;
using System.Text;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Pages;

/// <summary>The real program serving its page.</summary>
internal sealed class PreviewedRun : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _error = new();

    private PreviewedRun(Process process) => _process = process;

    /// <summary>The address that the program printed.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts it and waits for the address.</summary>
    public static Task<PreviewedRun> StartAsync(TempFolder folder, params string[] args) =>
        UntilItListensAsync(Nst.Start(folder.Root, args));

    /// <summary>The same under a limit of the shell.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="limit">A command of the shell, for instance <c>ulimit -n 300</c>.</param>
    /// <param name="args">The arguments, without blanks.</param>
    public static Task<PreviewedRun> StartUnderAsync(TempFolder folder, string limit, params string[] args) =>
        UntilItListensAsync(Nst.StartShell(folder.Root, $"{limit}; exec nst {string.Join(' ', args)}"));

    private static async Task<PreviewedRun> UntilItListensAsync(Process process)
    {
        var run = new PreviewedRun(process);
        while (await run._process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            run._error.AppendLine(line);
            if (!line.Contains("preview: ", StringComparison.Ordinal)) continue;
            run.Address = new Uri(line[(line.IndexOf("preview: ", StringComparison.Ordinal) + 9)..]);
            return run;
        }
        throw new InvalidOperationException($"no address: {run._error}");
    }

    /// <summary>Waits for the end.</summary>
    public async Task<NstResult> EndAsync()
    {
        var token = TestContext.Current.CancellationToken;
        _error.Append(await _process.StandardError.ReadToEndAsync(token));
        await _process.WaitForExitAsync(token);
        return new NstResult(_process.ExitCode, "", _error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
