using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Tests.Runtime.Files;

/// <summary>What Windows does with a file that is open elsewhere, on any system.</summary>
public sealed class ReplacingTests
{
    private const int Denied = unchecked((int)0x80070005), Shared = unchecked((int)0x80070020), Full = unchecked((int)0x80070070);

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, true)]
    [InlineData(1000, false)]
    public void A_file_in_use_is_tried_again_for_two_seconds(int refusals, bool expected)
    {
        var (tries, waited) = (0, 0);
        var done = Replacing.TryOver(() =>
        {
            if (tries++ >= refusals) return;
            throw tries % 2 == 0 ? new UnauthorizedAccessException() : new IOException("in use", Shared);
        }, () => true, wait => waited += wait);
        Assert.Equal(expected, done);
        Assert.InRange(waited, 0, 2500);
        if (!expected) Assert.InRange(waited, 1500, 2500);
    }

    [Fact]
    public void Other_failures_are_not_tried_again()
    {
        var tries = 0;
        Assert.Throws<IOException>(() => Replacing.TryOver(() =>
        {
            tries++;
            throw new IOException("full", Full);
        }, () => true, _ => { }));
        Assert.Throws<IOException>(() => Replacing.TryOver(() =>
        {
            tries++;
            throw new IOException("the folder", Denied);
        }, () => false, _ => { })); // nothing is there that could be in use
        Assert.Equal(2, tries);
    }
}
