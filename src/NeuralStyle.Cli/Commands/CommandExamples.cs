using System.CommandLine;

namespace NeuralStyle.Cli.Commands;

/// <summary>Usage lines and two examples for each command.</summary>
internal static class CommandExamples
{
    private static readonly Dictionary<string, string[]> s_usage = new()
    {
        ["nst"] = ["nst CONTENT STYLE… [-o FILE] [options]", "nst --texture STYLE [-o FILE] [options]"],
        ["nst batch"] = ["nst batch CONTENTS STYLES -o FOLDER [options]", "nst batch --pairs FILE -o FOLDER [options]",
            "nst batch --texture STYLES -o FOLDER [options]"],
        ["nst video"] = ["nst video FILM STYLE… -o FILE|FOLDER [options]"],
        ["nst weights"] = ["nst weights COMMAND"],
    };

    private static readonly Dictionary<string, string[]> s_examples = new()
    {
        ["nst"] = ["nst photo.jpg starry.jpg -o painted.png", "nst photo.jpg starry.jpg --preset fast --size 1024 --color luminance"],
        ["nst batch"] = ["nst batch photos styles -o painted", "nst batch --pairs plan.csv -o painted --report painted/index.html"],
        ["nst video"] = ["nst video holiday.mp4 starry.jpg -o painted.mp4", "nst video frames starry.jpg -o painted --size 768"],
        ["nst rerun"] = ["nst rerun painted.png --size 2048", "nst rerun painted.png -o stronger.png --strength 0.8"],
        ["nst studio"] = ["nst studio", "nst studio photos --port 8080 --no-open"],
        ["nst evaluate"] = ["nst evaluate photo.jpg starry.jpg painted.png", "nst evaluate photo.jpg starry.jpg painted.png --json"],
        ["nst bench"] = ["nst bench", "nst bench --quick --json"],
        ["nst doctor"] = ["nst doctor", "nst doctor --json > report.json"],
        ["nst presets"] = ["nst presets", "nst presets --json"],
        ["nst options"] = ["nst options", "nst options > docs/options.md"],
        ["nst completion"] = ["nst completion bash > ~/.local/share/bash-completion/completions/nst",
            "nst completion fish > ~/.config/fish/completions/nst.fish"],
        ["nst manual"] = ["nst manual > ~/.local/share/man/man1/nst.1", "nst manual > nst.1"],
        ["nst weights"] = ["nst weights list", "nst weights fetch vgg19"],
        ["nst weights list"] = ["nst weights list", "nst weights list > networks.txt"],
        ["nst weights fetch"] = ["nst weights fetch vgg19", "nst weights fetch mine --url https://example.org/vgg19.pth --half"],
        ["nst weights convert"] = ["nst weights convert vgg19.pth vgg19.npz --half",
            "nst weights convert keras.h5 keras.npz --preprocessing caffe-bgr"],
        ["nst weights reduce"] = ["nst weights reduce vgg19 -o small.npz",
            "nst weights reduce vgg19 -o small.npz --widths 32,64,128,256,256 --pictures photos"],
        ["nst weights refine"] = ["nst weights refine small.npz -o better.npz --teacher vgg19 --pictures photos",
            "nst weights refine small.npz -o better.npz --teacher vgg19 --pictures photos --steps 100000 --device cuda --eight-bit"],
        ["nst weights inspect"] = ["nst weights inspect vgg19", "nst weights inspect downloads/vgg19.pth"],
        ["nst weights verify"] = ["nst weights verify vgg19", "nst weights verify downloads/vgg19.pth"],
    };

    /// <summary>The ways to call a command.</summary>
    public static IReadOnlyList<string> UsageOf(Command command)
    {
        var path = HelpPageAction.PathOf(command);
        return s_usage.GetValueOrDefault(path)
            ?? [string.Join(' ', ((IEnumerable<string>)[path, .. command.Arguments.Select(Placeholder),
                .. command.Options.Where(option => option.Required)
                    .Select(option => $"{option.Aliases.FirstOrDefault(option.Name)} {option.HelpName}"),
                command.Options.Count == 0 ? "" : "[options]"]).Where(part => part.Length > 0))];
    }

    /// <summary>Two typical commands.</summary>
    public static IReadOnlyList<string> Of(Command command) => s_examples.GetValueOrDefault(HelpPageAction.PathOf(command)) ?? [];

    private static string Placeholder(Argument argument) =>
        argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name;
}
