using NeuralStyle.Weights;

namespace NeuralStyle.Tests.Weights;

public sealed class WeightsLocatorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_order_is_option_variable_current_folder_program_folder_cache_builtin()
    {
        var files = new[] { _folder["mine.npz"], _folder["variable.npz"], _folder["here", "vgg", "vgg19.npz"],
            _folder["here", "vgg", "vgg16_weights.npz"],
            _folder["program", "vgg", "vgg19.npz"], _folder["cache", "vgg19.npz"], _folder["cache", "vgg16.npz"],
                _folder["cache", "other.npz"] };
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "");
        }
        var locator = Locator(variable: _folder["variable.npz"]);
        Assert.Equal(files[0], locator.Locate(files[0]).Path);
        Assert.Equal(files[1], locator.Locate().Path);
        foreach (var expected in files[2..])
        {
            Assert.Equal(expected, Locator().Locate().Path);
            File.Delete(expected);
        }
        Assert.True(Locator().Locate().IsBuiltIn);
    }

    [Fact]
    public void A_name_means_an_installed_network_or_the_builtin_one()
    {
        Directory.CreateDirectory(_folder["cache"]);
        File.WriteAllText(_folder["cache", "vgg19-torchvision.npz"], "");
        Assert.Equal(_folder["cache", "vgg19-torchvision.npz"], Locator().Locate("vgg19-torchvision").Path);
        Assert.True(Locator().Locate("builtin").IsBuiltIn);
        Assert.True(Locator(variable: "builtin").Locate().IsBuiltIn);
    }

    [Fact]
    public void A_name_that_is_nothing_lists_what_there_is()
    {
        Directory.CreateDirectory(_folder["cache"]);
        File.WriteAllText(_folder["cache", "vgg16.npz"], "");
        var message = Assert.Throws<InvalidInputException>(() => Locator().Locate("vgg91")).Message;
        Assert.Contains("'vgg91'", message);
        Assert.Contains("vgg16, builtin", message);
        Assert.Contains("NST_WEIGHTS", Assert.Throws<InvalidInputException>(() => Locator(variable: "gone.npz").Locate()).Message);
    }

    [Fact]
    public void A_name_cannot_leave_the_cache()
    {
        Directory.CreateDirectory(_folder["cache"]);
        File.WriteAllText(_folder["secret.npz"], "");
        Assert.Throws<InvalidInputException>(() => Locator().Locate("../secret"));
    }

    private WeightsLocator Locator(string? variable = null) => new()
    {
        CurrentFolder = _folder["here"],
        ProgramFolder = _folder["program"],
        CacheFolder = _folder["cache"],
        VariableValue = variable,
    };
}
