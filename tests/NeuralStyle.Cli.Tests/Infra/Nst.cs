using System.Diagnostics;

namespace NeuralStyle.Cli.Tests.Infra;

/// <summary>What a run of the program gave.</summary>
internal sealed record NstResult(int Code, string Output, string Error)
{
    /// <summary>The lines on stderr that say what is wrong.</summary>
    public IReadOnlyList<string> Complaints =>
        Error.Split('\n').Where(line => s_prefixes.Any(prefix => line.StartsWith(prefix, StringComparison.Ordinal))).ToArray();

    /// <summary>The lines on stderr that say what is good to know.</summary>
    public IReadOnlyList<string> Notes =>
        Error.Split('\n').Where(line => line.StartsWith("nst: note: ", StringComparison.Ordinal)).ToArray();

    private static readonly string[] s_prefixes = ["nst: error: ", "nst: warning: "];
}

/// <summary>Runs nst, in this process or as the real program.</summary>
internal static class Nst
{
    /// <summary>In this process, with writers instead of the console.</summary>
    public static async Task<NstResult> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await NstProgram.RunAsync(args, output, error);
        return new NstResult(code, output.ToString(), error.ToString());
    }

    /// <summary>The same in a folder; for tests of the collection <see cref="CurrentFolder"/>.</summary>
    public static async Task<NstResult> InAsync(string folder, params string[] args)
    {
        Assert.Equal(CurrentFolder.Name, TestContext.Current.TestCollection?.TestCollectionDisplayName);
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder;
        try
        {
            return await RunAsync(args);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    /// <summary>The built program as a process of its own.</summary>
    public static Process Start(string folder, params string[] args) => Start(folder, new Dictionary<string, string>(), args);

    /// <summary>The built program as a process of its own, with environment variables.</summary>
    public static Process Start(string folder, IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "nst.dll"));
        foreach (var arg in args) start.ArgumentList.Add(arg);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>The built program, by a line for the shell in which <c>nst</c> stands for it.</summary>
    public static Process StartShell(string folder, string line)
    {
        var nst = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "nst.dll")}'";
        return Process.Start(new ProcessStartInfo("sh", ["-c", line.Replace("nst", nst, StringComparison.Ordinal)])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Sends a signal.</summary>
    public static void Signal(Process process, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the program to end and collects what it wrote.</summary>
    public static async Task<NstResult> FinishAsync(Process process)
    {
        using (process)
        {
            var token = TestContext.Current.CancellationToken;
            var output = process.StandardOutput.ReadToEndAsync(token);
            var error = process.StandardError.ReadToEndAsync(token);
            await process.WaitForExitAsync(token);
            return new NstResult(process.ExitCode, await output, await error);
        }
    }
}
