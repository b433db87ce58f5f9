using Microsoft.Extensions.Time.Testing;
using NeuralStyle.Cli.Batch.Claims;

namespace NeuralStyle.Cli.Tests.Batch.Claims;

[Trait("Depends on", "time or memory")]
public sealed class ClaimTests : IDisposable
{
    private static readonly ProcessIdentity Elsewhere = ProcessIdentity.Current with { Host = "elsewhere" };
    private static readonly ProcessIdentity Dead = ProcessIdentity.Current with { Started = "before" };
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ClaimWatch _watch;
    private readonly string _output;

    public ClaimTests()
    {
        _watch = new ClaimWatch(TimeSpan.FromSeconds(60), _time);
        _output = _folder["a.png"];
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_claim_keeps_others_out_until_it_is_released()
    {
        using (var claim = Claim.TryTake(_output, _watch))
        {
            Assert.True(claim!.Stands);
            Assert.Null(Claim.TryTake(_output, _watch));
        }
        using var next = Claim.TryTake(_output, _watch);
        Assert.NotNull(next);
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        WriteClaim(0, Dead);
        using (var claim = Claim.TryTake(_output, _watch)) Assert.True(claim!.Stands);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void The_claim_of_a_dead_process_of_this_machine_is_taken_over_at_once()
    {
        WriteClaim(0, Dead);
        WriteClaim(1, Dead);
        using var claim = Claim.TryTake(_output, _watch);
        Assert.True(claim!.Stands);
        Assert.True(File.Exists(ClaimFile.PathOf(_output, 2)));
    }

    [Fact]
    public void A_claim_of_another_machine_is_taken_over_when_its_heartbeat_stands_still()
    {
        WriteClaim(0, Elsewhere);
        Assert.Null(Claim.TryTake(_output, _watch));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(Claim.TryTake(_output, _watch));
        WriteClaim(0, Elsewhere, beats: 1);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(Claim.TryTake(_output, _watch));
        _time.Advance(TimeSpan.FromSeconds(61));
        using var claim = Claim.TryTake(_output, _watch);
        Assert.NotNull(claim);
    }

    [Fact]
    public void A_claim_without_text_is_given_time()
    {
        File.WriteAllText(ClaimFile.PathOf(_output, 0), "");
        Assert.Null(Claim.TryTake(_output, _watch));
        _time.Advance(TimeSpan.FromSeconds(61));
        using var claim = Claim.TryTake(_output, _watch);
        Assert.NotNull(claim);
    }

    [Fact]
    public void An_owner_that_was_taken_for_dead_loses_its_claim_and_leaves_the_new_one_alone()
    {
        using (var claim = Claim.TryTake(_output, _watch))
        {
            WriteClaim(1, Elsewhere);
            Assert.False(claim!.Stands);
        }
        Assert.Null(Claim.TryTake(_output, _watch));
        Assert.True(File.Exists(ClaimFile.PathOf(_output, 1)));
    }

    [Fact]
    public void A_later_claim_above_a_gap_still_counts()
    {
        WriteClaim(1, Elsewhere);
        Assert.Null(Claim.TryTake(_output, _watch));
        Assert.False(File.Exists(ClaimFile.PathOf(_output, 0)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_many_that_try_at_once_exactly_one_gets_it(bool ownerDied)
    {
        for (var round = 0; round < 30; round++)
        {
            var output = _folder[$"{round}.png"];
            if (ownerDied) File.WriteAllText(ClaimFile.PathOf(output, 0), Dead.ToJson() + "\n0\n");
            using var start = new Barrier(6);
            var claims = new Claim?[6];
            var threads = Enumerable.Range(0, 6).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                claims[i] = Claim.TryTake(output, _watch);
            })).ToArray();
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();
            Assert.Single(claims, claim => claim is not null);
            foreach (var claim in claims) claim?.Dispose();
        }
    }

    [Fact]
    public async Task The_heart_beats()
    {
        using var claim = Claim.TryTake(_output, new ClaimWatch(TimeSpan.FromSeconds(0.8)));
        var first = ClaimFile.TryRead(ClaimFile.PathOf(_output, 0));
        for (var tries = 0; tries < 100 && ClaimFile.TryRead(ClaimFile.PathOf(_output, 0)) == first; tries++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        var later = ClaimFile.TryRead(ClaimFile.PathOf(_output, 0))!;
        Assert.NotEqual(first, later);
        Assert.Equal(ProcessIdentity.Current, ClaimFile.OwnerOf(later));
    }

    [Fact]
    public void A_process_number_that_is_used_again_is_another_process()
    {
        Assert.True(ProcessIdentity.Current.IsAlive());
        Assert.False(Dead.IsAlive());
        Assert.Null(Elsewhere.IsAlive());
        Assert.Null((ProcessIdentity.Current with { Boot = "earlier" }).IsAlive());
        Assert.Null((ProcessIdentity.Current with { Namespace = "a container" }).IsAlive());
    }

    [Fact]
    public void A_claim_of_an_older_version_is_read()
    {
        var json = System.Text.Json.JsonSerializer.Serialize(Dead); // its names begin with capitals
        Assert.Contains("\"Started\"", json);
        Assert.DoesNotContain("\"Started\"", Dead.ToJson());
        Assert.Equal(Dead, ProcessIdentity.TryParse(json));
    }

    private void WriteClaim(int generation, ProcessIdentity owner, long beats = 0) =>
        File.WriteAllText(ClaimFile.PathOf(_output, generation), $"{owner.ToJson()}\n{beats}\n");
}
