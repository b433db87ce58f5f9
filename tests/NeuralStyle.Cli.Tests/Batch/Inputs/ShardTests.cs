using CsCheck;
using NeuralStyle.Cli.Batch.Inputs;

namespace NeuralStyle.Cli.Tests.Batch.Inputs;

public sealed class ShardTests
{
    [Fact]
    public void The_parts_of_a_list_share_no_item_and_miss_none() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[1, 12]).Sample((items, parts) =>
        {
            var all = Enumerable.Range(0, items).ToArray();
            var dealt = Enumerable.Range(0, parts).Select(index => new Shard(index, parts).Of(all)).ToArray();
            Assert.Equal(all, dealt.SelectMany(part => part).Order());
            Assert.True(dealt.Max(part => part.Count) - dealt.Min(part => part.Count) <= 1, "the parts differ by more than one item");
        }, iter: 300);

    [Theory]
    [InlineData("3/16", null, "", "3/16")]
    [InlineData(null, null, "SLURM_ARRAY_TASK_ID=3", "1/1")]
    [InlineData("auto", null,
        "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=16 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=16 SLURM_ARRAY_TASK_STEP=1", "3/16")]
    [InlineData("auto", null, "SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=3", "1/4")]
    [InlineData("auto", null,
        "SLURM_ARRAY_TASK_ID=8 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=12 SLURM_ARRAY_TASK_STEP=4", "3/4")]
    [InlineData("auto", "4", "SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1", "2/4")]
    [InlineData("auto", "5", "JOB_COMPLETION_INDEX=0", "1/5")]
    [InlineData(null, "5", "JOB_COMPLETION_INDEX=4", "5/5")]
    public void The_part_comes_from_the_options_and_the_engine(string? shard, string? shards, string environment, string expected) =>
        Assert.Equal(expected, Shard.Parse(shard, shards, Variables(environment)).ToString());

    [Theory]
    [InlineData("0/16", null, "", "0")]
    [InlineData("17/16", null, "", "from 1 to 16")]
    [InlineData("3", null, "", "expected K/N")]
    [InlineData("a/b", null, "", "'b' is not a whole number")]
    [InlineData("3/16", "16", "", "both given")]
    [InlineData("auto", null, "", "give --shard K/N")]
    [InlineData("auto", null, "JOB_COMPLETION_INDEX=0", "add --shards N")]
    [InlineData("auto", "4", "JOB_COMPLETION_INDEX=4", "not one of 4 parts")]
    [InlineData("auto", null,
        "SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_STEP=1",
        "have gaps")]
    [InlineData("auto", "8", "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1", "the array has 4 tasks")]
    [InlineData("auto", null, "SLURM_ARRAY_TASK_ID=x SLURM_ARRAY_TASK_COUNT=4", "'x'")]
    public void Parts_that_make_no_sense_are_refused(string? shard, string? shards, string environment, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => Shard.Parse(shard, shards, Variables(environment))).Message);

    private static Func<string, string?> Variables(string text)
    {
        var all = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return name => all.GetValueOrDefault(name);
    }
}
