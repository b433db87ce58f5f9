using NeuralStyle.Cli.Pages;
using NeuralStyle.Vgg;
using TorchSharp;

namespace NeuralStyle.Cli.Studio;

/// <summary>What all runs of the studio share: loaded once, so that a trial begins at once.</summary>
/// <param name="Weights">The network.</param>
/// <param name="Device">The device.</param>
/// <param name="Arguments">The options about the machine, as arguments of <c>nst</c>.</param>
internal sealed record StudioMachine(VggWeights Weights, torch.Device Device, IReadOnlyList<string> Arguments);

/// <summary>The studio: a folder, trials and a queue.</summary>
internal sealed class Studio : IDisposable
{
    public Studio(StudioFolder folder, StudioMachine machine)
    {
        (Folder, Machine, Binder) = (folder, machine, new WishBinder(folder, machine.Arguments));
        Pictures = new StudioPictures(folder);
        History = new StudioHistory(folder);
        Trials = new TrialDesk(this);
        Queue = new PaintQueue(this);
    }

    public StudioFolder Folder { get; }

    public StudioMachine Machine { get; }

    public WishBinder Binder { get; }

    public StudioPictures Pictures { get; }

    public StudioHistory History { get; }

    public TrialDesk Trials { get; }

    public PaintQueue Queue { get; }

    /// <summary>Raised after every change that pages show.</summary>
    public ChangeSignal Changed { get; } = new();

    public void Dispose()
    {
        Queue.Dispose();
        Trials.Dispose();
    }
}
