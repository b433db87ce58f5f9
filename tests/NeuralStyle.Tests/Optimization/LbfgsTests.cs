using NeuralStyle.Evaluation;
using NeuralStyle.Optimization;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Optimization;

public sealed class LbfgsTests
{
    [Fact]
    public void Converges_on_Rosenbrock()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { -1.2, 1, -1.2, 1, 0.5, -2 });
        using var optimizer = new Lbfgs(firstStep: 0.5);
        Steps(optimizer, x, Functions.Rosenbrock, 80);
        Assert.InRange((x - 1).abs().max().ToDouble(), 0, 1e-6);
        Assert.InRange(optimizer.Evaluations, 1, 160);
    }

    [Fact]
    public void Finds_the_known_minimum_of_an_ill_conditioned_quadratic()
    {
        using var scope = NewDisposeScope();
        var a = diag(logspace(0, 3, 30, dtype: ScalarType.Float64));
        var solution = linspace(-1, 1, 30, ScalarType.Float64);
        var x = zeros(30, ScalarType.Float64);
        using var optimizer = new Lbfgs(history: 30);
        Steps(optimizer, x, Functions.Quadratic(a, a.mv(solution)), 150);
        Assert.InRange((x - solution).abs().max().ToDouble(), 0, 1e-6);
    }

    [Fact]
    public void Within_bounds_finds_the_minimum_where_the_bounds_hold_it()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3); // its own: tests that run meanwhile draw from the global one
        var root = randn([30, 30], ScalarType.Float64, generator: generator);
        var a = root.mm(root.t()) + eye(30, dtype: ScalarType.Float64);
        var function = Functions.Quadratic(a, a.mv(randn([30], ScalarType.Float64, generator: generator) * 1.5));
        var x = full([30], 0.5, ScalarType.Float64);
        using var optimizer = new Lbfgs(history: 20, range: (0, 1));
        Steps(optimizer, x, function, 200);
        var gradient = function(x).Gradient;
        foreach (var i in Enumerable.Range(0, 30)) // Karush, Kuhn, Tucker: no slope inside, and at a bound one that pushes against it
        {
            var (value, slope) = (x[i].ToDouble(), gradient[i].ToDouble());
            Assert.InRange(value, 0, 1);
            Assert.InRange(slope, value == 1 ? double.NegativeInfinity : -1e-5, value == 0 ? double.PositiveInfinity : 1e-5);
        }
        Assert.True(x.eq(0).logical_or(x.eq(1)).sum().ToInt32() > 5, "no bound was met");
        Assert.True(x.gt(0).logical_and(x.lt(1)).sum().ToInt32() > 2, "nothing lies inside");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Recovers_when_a_step_leads_where_the_loss_is_not_finite(double poison)
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 0.5, 0.5 });
        using var optimizer = new Lbfgs(firstStep: 100); // far into the region that has no value
        Evaluated Cliff(Tensor v) => v.abs().max().ToDouble() > 2
            ? new Evaluated(tensor(poison, ScalarType.Float64), tensor(new[] { poison }), full_like(v, poison))
            : Functions.Rosenbrock(v);
        Steps(optimizer, x, Cliff, 60);
        Assert.InRange((x - 1).abs().max().ToDouble(), 0, 1e-5);
    }

    [Fact]
    public void Recovers_from_a_first_step_that_explodes()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 0.5, 0.5 });
        using var optimizer = new Lbfgs(firstStep: 1e6);
        Steps(optimizer, x, Functions.Rosenbrock, 80);
        Assert.InRange((x - 1).abs().max().ToDouble(), 0, 1e-5);
    }

    [Fact]
    public void A_loss_that_is_not_finite_at_the_start_is_refused()
    {
        using var scope = NewDisposeScope();
        using var optimizer = new Lbfgs();
        var x = tensor(new[] { double.NaN, 0 });
        Assert.Throws<RunFailedException>(() => optimizer.Step(x, Functions.Rosenbrock));
    }

    [Fact]
    public void Falls_faster_than_Adam_for_as_many_evaluations_of_a_picture()
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(TinyNetworks.Random(), new NetworkOptions(Pooling.Average, PaddingMode.Replicate, 2));
        var content = TinyNetworks.Picture(48, 48, 1);
        using var objective = ObjectiveBuilder.Build(network, content, [TinyNetworks.Picture(48, 48, 2)], [1],
            new StyleSettings { TotalVariationWeight = 0 });
        using var evaluator = new WholeImageEvaluator(network, objective);
        var (x, y) = (content.clone(), content.clone());
        using var lbfgs = new Lbfgs();
        using var adam = new Adam(0.02);
        foreach (var evaluations in new[] { 20, 30, 40 })
        {
            while (lbfgs.Evaluations < evaluations) lbfgs.Step(x, evaluator.Evaluate).Dispose();
            Steps(adam, y, evaluator.Evaluate, 10 + (evaluations == 20 ? 10 : 0));
            Assert.InRange(Total(evaluator, x), 0, Total(evaluator, y));
        }
    }

    [Fact]
    public void Continues_from_a_saved_state_as_if_never_stopped()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (tensor(new[] { -1.2, 1.0 }), tensor(new[] { -1.2, 1.0 }));
        using var whole = new Lbfgs();
        using var first = new Lbfgs();
        using var second = new Lbfgs();
        Steps(whole, x, Functions.Rosenbrock, 20);
        Steps(first, y, Functions.Rosenbrock, 10);
        second.RestoreState(first.SaveState());
        Steps(second, y, Functions.Rosenbrock, 10);
        Assert.Equal(x.data<double>().ToArray(), y.data<double>().ToArray());
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32)] // as older versions saved it, and as a GPU does
    public void A_pictures_saved_state_continues_whatever_its_steps_are_kept_in(ScalarType kept)
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(TinyNetworks.Random(), new NetworkOptions(Pooling.Average));
        using var objective = ObjectiveBuilder.Build(network, TinyNetworks.Picture(32, 32, 1), [TinyNetworks.Picture(32, 32, 2)], [1],
            new StyleSettings { ContentLayers = [new(VggLayer.Parse("relu1_1"))], StyleLayers = [new(VggLayer.Parse("relu1_1"))] });
        using var evaluator = new WholeImageEvaluator(network, objective);
        var (x, y) = (TinyNetworks.Picture(32, 32, 3), TinyNetworks.Picture(32, 32, 3));
        using var whole = new Lbfgs(range: (0, 1));
        using var first = new Lbfgs(range: (0, 1));
        using var second = new Lbfgs(range: (0, 1));
        Steps(whole, x, evaluator.Evaluate, 20);
        Steps(first, y, evaluator.Evaluate, 14); // the history is full, and its last pair was not judged yet
        var state = first.SaveState();
        Assert.Equal(20, state.Count(pair => pair.Key[0] is 's' or 'y'));
        second.RestoreState(state.ToDictionary(pair => pair.Key, pair => pair.Key[0] is 's' or 'y' ? pair.Value.to(kept) : pair.Value));
        Steps(second, y, evaluator.Evaluate, 6);
        Assert.Equal(x, y);
    }

    private static void Steps(IOptimizer optimizer, Tensor x, Func<Tensor, Evaluated> evaluate, int count)
    {
        for (var i = 0; i < count; i++) optimizer.Step(x, evaluate).Dispose();
    }

    private static double Total(IEvaluator evaluator, Tensor image)
    {
        using var evaluated = evaluator.Evaluate(image);
        return evaluated.ReadTotal();
    }
}
