using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Running;
using NeuralStyle.Cli.Tests.Infra;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using TorchSharp;

namespace NeuralStyle.Cli.Tests.Running;

public sealed class PictureMakerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Who_lost_the_right_to_write_writes_nothing_and_leaves_the_checkpoint_to_its_new_owner()
    {
        TorchRuntime.Initialize();
        TestInputs.WritePhotograph(_folder["c.png"], 32, 32);
        var job = new StyleJob
        {
            Content = _folder["c.png"],
            Styles = [_folder["c.png"]],
            Output = _folder["o.png"],
            Settings = new StyleSettings { Size = 32, MinimumSize = 32, FirstIterations = 2, Iterations = 2 },
            Checkpoint = new JobCheckpoint(_folder["state"], TimeSpan.Zero, Resume: false),
        };
        using var inputs = new JobInputs(job);
        var made = PictureMaker.Make(job, inputs, TinyNetworks.Random(), torch.CPU, progress: null, CancellationToken.None,
            mayWrite: _ => false);
        Assert.True(made is { Completed: true, Written: false }, $"{made}");
        Assert.True(File.Exists(_folder["state"]), "another process's state was removed");
        Assert.False(File.Exists(_folder["o.png"]), "another process's result was replaced");
    }
}
