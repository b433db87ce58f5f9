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
}
