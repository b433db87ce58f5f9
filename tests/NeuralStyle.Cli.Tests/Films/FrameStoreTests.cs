using NeuralStyle.Cli.Films;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Tests.Films;

/// <summary>Processes that begin with a film at the same moment share its folder; what belongs to others is not touched.</summary>
public sealed class FrameStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_that_another_process_begins_with_right_now_is_joined()
    {
        var stopping = TestContext.Current.CancellationToken;
        for (var round = 0; round < 200; round++)
        {
            var store = new FrameStore(_folder[$"frames{round}"], 1);
            store.Create();
            using var both = new Barrier(2);
            var other = Task.Run(() =>
            {
                both.SignalAndWait(stopping);
                AtomicFile.CheckFolder(store.StatePath);
                AtomicFile.Write(store.StatePath, temporary => File.WriteAllText(temporary, "{}"));
                File.WriteAllText(store.PathOf(1), "");
            }, stopping);
            both.SignalAndWait(stopping);
            while (!other.IsCompleted) store.Create();
            await other;
        }
    }

    [Theory]
    [InlineData("holiday.jpg")]
    [InlineData("frame_000001.png")]
    [InlineData(".hidden")]
    public void A_folder_with_something_else_in_it_is_refused(string name)
    {
        var store = new FrameStore(_folder["frames"], 1);
        store.Create();
        File.WriteAllText(Path.Combine(store.Folder, name), "");
        var failure = Assert.Throws<InvalidInputException>(store.Create);
        Assert.Contains("is not empty", failure.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(store.Folder, name)));
    }
}
