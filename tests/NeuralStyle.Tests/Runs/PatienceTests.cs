using NeuralStyle.Runs;
using TorchSharp;

namespace NeuralStyle.Tests.Runs;

public sealed class PatienceTests
{
    public static TheoryData<int?, double[], int?> Losses => new()
    {
        { null, [1, 1, 1, 1, 1, 1], null }, // no patience was set: never
        { 2, [1, 1, 1, 1], 3 }, // one to compare with, and two more
        { 2, [1, 0.98, 0.96, 0.94, 0.92], null }, // 4 % in two iterations
        { 2, [1, 0.5, 0.498, 0.4951, 0.4951], 4 }, // 0.5 to 0.4951: 0.98 %
        { 2, [1, 0.5, 0.498, 0.4949, 0.4951], 5 }, // 1.02 %, and then less
        { 2, [1, 2, 0.9, 2, 0.8, 2, 0.7], null }, // up and down, but the best falls
        { 3, [1, 2, 2, 2], 4 }, // up and stays there
        { 2, [double.NaN, double.NaN, double.NaN, double.NaN], null }, // never finite
        { 2, [1, double.NaN, double.NaN, 1], 3 },
        { 2, [0, 0, 0], 3 }, // nothing left to gain
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void The_loss_is_flat_behind_the_first_iteration_that_gained_no_more_than_a_hundredth_over_the_look_back(int? iterations,
        double[] totals, int? expected)
    {
        var patience = new Patience(iterations);
        Assert.False(patience.Flat);
        var flat = totals.Select(total =>
        {
            patience.Add(total);
            return patience.Flat;
        }).ToList();
        Assert.Equal(expected, flat.IndexOf(true) is >= 0 and var index ? index + 1 : null);
    }

    [Fact]
    public void Restored_at_any_iteration_it_answers_the_same_and_anew_it_remembers_nothing()
    {
        double[] totals = [5, 4, 4.5, 3.99, 3.98, 3, 3, 3, 3];
        var whole = new Patience(3);
        foreach (var total in totals)
        {
            var continued = new Patience(3);
            using (torch.NewDisposeScope()) continued.RestoreState(whole.SaveState());
            whole.Add(total);
            continued.Add(total);
            Assert.Equal(whole.Flat, continued.Flat);
        }
        Assert.True(whole.Flat);
        whole.Reset();
        whole.Add(1);
        Assert.False(whole.Flat);
    }
}
