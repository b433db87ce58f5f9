using NeuralStyle.Evaluation;
using NeuralStyle.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Optimization;

public sealed class AdamTests
{
    [Fact]
    public void Steps_match_the_algorithm_worked_out_in_plain_numbers()
    {
        using var scope = NewDisposeScope();
        const double rate = 0.1, beta1 = 0.9, beta2 = 0.99;
        var x = tensor(new[] { 1.0 });
        using var optimizer = new Adam(rate, beta1, beta2);
        var (value, first, second) = (1.0, 0.0, 0.0);
        for (var step = 1; step <= 25; step++)
        {
            optimizer.Step(x, v => Functions.Evaluate(v, u => u.pow(4).sum())).Dispose();
            var gradient = 4 * Math.Pow(value, 3);
            first = beta1 * first + (1 - beta1) * gradient;
            second = beta2 * second + (1 - beta2) * gradient * gradient;
            value -= rate * (first / (1 - Math.Pow(beta1, step))) / Math.Sqrt(second / (1 - Math.Pow(beta2, step)));
            Assert.Equal(value, x.ToDouble(), 1e-9);
        }
    }

    [Fact]
    public void Keeps_to_the_range()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 0.9f, 0.1f });
        using var optimizer = new Adam(0.5, range: (0, 1));
        optimizer.Step(x, v => Functions.Evaluate(v, u => u[1] - u[0])).Dispose();
        Assert.Equal([1f, 0f], x.data<float>().ToArray());
    }

    [Fact]
    public void A_gradient_that_is_not_a_number_moves_nothing()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 0.5f, 0.5f });
        using var optimizer = new Adam(0.1);
        optimizer.Step(x, v => new Evaluated(tensor(float.NaN), tensor(new[] { float.NaN }), tensor(new[] { float.NaN, 1f }))).Dispose();
        var after = x.data<float>().ToArray();
        Assert.Equal(0.5f, after[0]);
        Assert.Equal(0.4f, after[1], 1e-5f);
    }

    [Fact]
    public void Continues_from_a_saved_state_as_if_never_stopped()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (tensor(new[] { -1.2, 1.0 }), tensor(new[] { -1.2, 1.0 }));
        using var whole = new Adam(0.05);
        using var first = new Adam(0.05);
        using var second = new Adam(0.05);
        for (var i = 0; i < 10; i++) whole.Step(x, Functions.Rosenbrock).Dispose();
        for (var i = 0; i < 5; i++) first.Step(y, Functions.Rosenbrock).Dispose();
        second.RestoreState(first.SaveState());
        for (var i = 0; i < 5; i++) second.Step(y, Functions.Rosenbrock).Dispose();
        Assert.Equal(x.data<double>().ToArray(), y.data<double>().ToArray());
    }

    [Theory]
    [InlineData(1e-9)]
    [InlineData(1e6)]
    public void Moments_in_half_precision_lead_to_the_same_place(double size)
    {
        using var scope = NewDisposeScope();
        var curvature = logspace(0, 3, 500, dtype: ScalarType.Float32); // gradients a thousand times as large here as there
        Evaluated Quadratic(Tensor v) => Functions.Evaluate(v, u => ((u - 0.3).square() * curvature).sum() * size);
        double After(bool half)
        {
            var x = ones(500);
            using var optimizer = new Adam(0.02, half: half);
            for (var i = 0; i < 120; i++) optimizer.Step(x, Quadratic).Dispose();
            return optimizer.Step(x, Quadratic).ReadTotal();
        }
        var start = Quadratic(ones(500)).ReadTotal();
        var (whole, half) = (After(half: false), After(half: true));
        Assert.InRange(whole / start, 0, 1e-3);
        Assert.InRange(Math.Abs(half - whole) / start, 0, 1e-4);
    }

    [Fact]
    public void Half_precision_takes_half_the_memory_and_survives_an_explosion()
    {
        using var scope = NewDisposeScope();
        var x = full([4], 0.5f);
        using var optimizer = new Adam(0.01, range: (0, 1), half: true);
        foreach (var gradient in (float[])[1, 1e12f, 1, float.NaN, float.PositiveInfinity, 1])
            optimizer.Step(x, v => new Evaluated(tensor(1f), tensor(new[] { 1f }), full([4], gradient))).Dispose();
        Assert.All(x.data<float>().ToArray(), value => Assert.InRange(value, 0.4f, 0.5f)); // six steps of at most 0.01
        Assert.All(optimizer.SaveState()
            .Where(entry => entry.Key is "first" or "second"), entry => Assert.Equal(2, entry.Value.ElementSize));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Moments_go_along_to_another_size(bool before, bool after)
    {
        using var scope = NewDisposeScope();
        var gradient = tensor(new[] { 3f, -0.25f, 1e-3f, 40f });
        Evaluated Slope(Tensor at) =>
            new(tensor(1f), tensor(new[] { 1f }), at.numel() == 4 ? gradient.clone() : gradient.repeat_interleave(2));
        using var small = new Adam(0.02, half: before);
        var x = zeros(4);
        for (var i = 0; i < 10; i++) small.Step(x, Slope).Dispose();
        using var large = small.Resized(moment => moment.repeat_interleave(2), after);
        var (enlarged, whole) = (x.repeat_interleave(2), new Adam(0.02));
        var y = zeros(4);
        for (var i = 0; i < 15; i++) whole.Step(y, Slope).Dispose();
        for (var i = 0; i < 5; i++) large.Step(enlarged, Slope).Dispose();
        whole.Dispose();
        Assert.InRange((enlarged - y.repeat_interleave(2)).abs().max().ToDouble(), 0, before || after ? 1e-3 : 1e-6);
        Assert.Empty(small.SaveState());
    }
}
