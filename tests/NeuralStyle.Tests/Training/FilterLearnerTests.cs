using NeuralStyle.Training;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Training;

public class FilterLearnerTests
{
    [Fact]
    public void Filters_fire_as_often_as_asked_with_a_mean_activation_of_1()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var mixing = randn([27, 27], generator: generator);
        var patches = randn([4000, 27], generator: generator).mm(mixing) + 3;
        var (kernel, bias) = FilterLearner.Learn(patches, 16, new LearnerOptions(Firing: 0.6));
        var answers = (patches.mm(kernel.t()) + bias).relu();
        Assert.Equal([16, 27], kernel.shape);
        for (var filter = 0; filter < 16; filter++)
        {
            Assert.Equal(1, answers.select(1, filter).mean().item<float>(), 0.01);
            Assert.Equal(0.6, (answers.select(1, filter) > 0).to(ScalarType.Float32).mean().item<float>(), 0.01);
        }
    }

    [Fact]
    public void Training_pictures_are_the_same_every_time()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(TrainingPictures.Render(24, 3).data<float>().ToArray(), TrainingPictures.Render(24, 3).data<float>().ToArray());
    }
}
