using System.Text.RegularExpressions;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Batch;

/// <summary>The scripts and manifests in deploy/ say what the program understands.</summary>
public sealed class DeployTests
{
    [Fact]
    public async Task The_manifest_of_Kubernetes_runs_as_many_parts_as_it_plans()
    {
        var manifest = Read("kubernetes", "nst-batch.yaml");
        var args = Regex.Match(manifest, @"args: \[(.*)\]").Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)
            .Select(arg => arg.Trim('"'))
            .ToArray();
        Assert.Equal(Regex.Match(manifest, @"completions: (\d+)").Groups[1].Value, args[Array.IndexOf(args, "--shards") + 1]);
        Assert.Contains($"values: [{ExitCodes.TryAgain}]", manifest);

        // Everything is understood: what is wrong is only that there is no /data here.
        var result = await Nst.RunAsync(args);
        Assert.Equal(2, result.Code);
        Assert.Contains("'/data/photos' does not exist", Assert.Single(result.Complaints));
    }

    [Fact]
    public void The_script_of_Slurm_queues_again_at_the_exit_code_for_it() =>
        Assert.Contains($"{ExitCodes.TryAgain} | 137)", Read("slurm", "nst-batch.sh"));

    private static string Read(params string[] path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NeuralStyle.sln"))) folder = folder.Parent;
        Assert.SkipWhen(folder is null, "the tests do not run inside the repository");
        return File.ReadAllText(Path.Combine([folder!.FullName, "deploy", .. path]));
    }
}
