using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using NeuralStyle.Losses;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using static NeuralStyle.Cli.Options.SettingOption;

namespace NeuralStyle.Cli.Options;

/// <summary>
/// The table of options that affect the picture; one row each, defaults read from the settings. Options that the program
/// needs individually are properties too.
/// </summary>
internal sealed class StyleOptions
{
    public Option<string> Preset { get; } = new("--preset", "-p")
    {
        Description = "named set of settings to start from; see 'nst presets'",
        HelpName = "NAME",
    };

    public SettingOption Size { get; } = Whole(OptionGroup.Size, "--size", "long side of the result in pixels",
        s => s.Size, (s, v) => s with { Size = v }, "-s");

    public SettingOption Bleed { get; } = Whole(OptionGroup.Size, "--bleed",
        "pixels painted around the picture at all scales but the last and then cut off; improves the edges",
        s => s.Bleed, (s, v) => s with { Bleed = v });

    public SettingOption StyleScale { get; } = Numbers(OptionGroup.Size, "--style-scale",
        "size of style features: 2 doubles the strokes; one value, or one per style",
        s => s.StyleScale, (s, v) => s with { StyleScale = v });

    public SettingOption StyleSize { get; } = Whole(OptionGroup.Size, "--style-size",
        "long side of the style pictures in pixels; replaces --style-scale",
        s => s.StyleSize, (s, v) => s with { StyleSize = v });

    public SettingOption Strength { get; } = Number(OptionGroup.Style, "--strength",
        "strength of the style: 0 is nearly the photograph, 1 is all style",
        s => s.Strength, (s, v) => s with { Strength = v });

    public SettingOption Color { get; } = Choice<ColorMode>(OptionGroup.Style, "--color",
        "source of the colours: the style, or the content, by its histogram (content), its hues (luminance) or its mean and covariance "
            + "(match)",
        s => s.Color, (s, v) => s with { Color = v });

    public SettingOption Photorealism { get; } = Number(OptionGroup.Losses, "--photorealism",
        "weight of what keeps the photograph's lines and makes no new ones, so that only colours and light change",
        s => s.PhotorealismWeight, (s, v) => s with { PhotorealismWeight = v });

    public SettingOption SelfSimilarity { get; } = Number(OptionGroup.Losses, "--self-similarity",
        "weight of a loss besides the content loss: places that look alike in the photograph look alike in the picture",
        s => s.SelfSimilarityWeight, (s, v) => s with { SelfSimilarityWeight = v });

    public SettingOption ContentWeight { get; } = Number(OptionGroup.Losses, "--content-weight", "weight of the content loss",
        s => s.ContentWeight, (s, v) => s with { ContentWeight = v }, "-c");

    public SettingOption Init { get; } = Text(OptionGroup.Optimisation, "--init", "auto|content|noise|style|blend:X|IMAGE",
        "picture to start from; auto: the content, mixed with noise above --strength 0.5",
        s => s.Start.ToString(), (s, v) => s with { Start = StartImage.Parse(v) });

    public SettingOption Detail { get; } = Number(OptionGroup.Optimisation, "--detail",
        "share (0–1) of the content's fine detail added at the start of each scale; needs a start from the content",
        s => s.Detail, (s, v) => s with { Detail = v });

    public SettingOption Padding { get; } = Choice<PaddingMode>(OptionGroup.Network, "--padding",
        "padding at the borders of the picture; default: as the weights file says, else replicate",
        s => s.Padding, (s, v) => s with { Padding = v });

    public SettingOption Pooling { get; } = Choice<Pooling>(OptionGroup.Network, "--pooling",
        "pooling between the blocks of the network",
        s => s.Pooling, (s, v) => s with { Pooling = v });

    public SettingOption Optimizer { get; } = Choice<OptimizerKind>(OptionGroup.Optimisation, "--optimizer",
        "algorithm that minimises the loss",
        s => s.Optimizer, (s, v) => s with { Optimizer = v });

    public SettingOption History { get; } = Whole(OptionGroup.Optimisation, "--history",
        "number of earlier steps that L-BFGS uses",
        s => s.History, (s, v) => s with { History = v });

    /// <summary>All options but the preset, in the order of the help page.</summary>
    public IReadOnlyList<SettingOption> Table { get; }

    /// <summary>The options about the measurement of a picture: layers, weights and definitions of the losses, and the network.</summary>
    public IReadOnlyList<SettingOption> OfLosses =>
        Table.Where(option => option.Group is OptionGroup.Losses or OptionGroup.Network).ToArray();

    public StyleOptions()
    {
        Preset.CompletionSources.Add(_ => Presets.All.Select(preset => new CompletionItem(preset.Name)));
        Table =
        [
            Size,
            Whole(OptionGroup.Size, "--min-size", "long side of the coarsest scale in pixels", s => s.MinimumSize,
                (s, v) => s with { MinimumSize = v }),
            Number(OptionGroup.Size, "--scale-step", "ratio between the sizes of successive scales",
                s => s.ScaleStep, (s, v) => s with { ScaleStep = v }),
            Bleed,
            StyleScale,
            StyleSize,

            Strength,
            Color,

            ContentWeight,
            Number(OptionGroup.Losses, "--style-weight", "weight of the style loss",
                s => s.StyleWeight, (s, v) => s with { StyleWeight = v }, "-w"),
            Number(OptionGroup.Losses, "--tv", "weight of total variation; higher values smooth speckle",
                s => s.TotalVariationWeight, (s, v) => s with { TotalVariationWeight = v }),
            Photorealism,
            SelfSimilarity,
            Choice<StyleLossKind>(OptionGroup.Losses, "--style-loss", "definition of the style loss",
                s => s.StyleLoss, (s, v) => s with { StyleLoss = v, StyleLayers = StyleSettings.LayersFor(v, s) }),
            Choice<ContentLossKind>(OptionGroup.Losses, "--content-loss", "definition of the content loss",
                s => s.ContentLoss, (s, v) => s with { ContentLoss = v }),
            Layers("--style-layers", "layers of the style loss", s => s.StyleLayers, (s, v) => s with { StyleLayers = v }),
            Layers("--content-layers", "layers of the content loss", s => s.ContentLayers, (s, v) => s with { ContentLayers = v }),
            Layers("--self-similarity-layers", "layers of the self-similarity loss",
                s => s.SelfSimilarityLayers, (s, v) => s with { SelfSimilarityLayers = v }),
            Choice<StyleLossKind>(OptionGroup.Losses, "--second-style-loss", "a second style loss, added to the first",
                s => s.SecondStyleLoss, (s, v) => s with { SecondStyleLoss = v }),
            Number(OptionGroup.Losses, "--second-style-weight", "weight of the second style loss",
                s => s.SecondStyleWeight, (s, v) => s with { SecondStyleWeight = v }),
            Layers("--second-style-layers", "layers of the second style loss",
                s => s.SecondStyleLayers, (s, v) => s with { SecondStyleLayers = v }),

            Whole(OptionGroup.Optimisation, "--iterations", "iterations at the last scale",
                s => s.Iterations, (s, v) => s with { Iterations = v }, "-n"),
            Number(OptionGroup.Optimisation, "--middle-share", "share of --iterations, 0 to 1, at scales between the first and the last",
                s => s.MiddleShare, (s, v) => s with { MiddleShare = v }),
            Whole(OptionGroup.Optimisation, "--first-iterations", "iterations at the first scale",
                s => s.FirstIterations ?? s.Iterations, (s, v) => s with { FirstIterations = v }),
            Whole(OptionGroup.Optimisation, "--patience",
                "end a scale early when its best loss falls by 1 % or less over N iterations; default: run all iterations",
                s => s.Patience, (s, v) => s with { Patience = v }),
            Optimizer,
            Number(OptionGroup.Optimisation, "--learning-rate",
                "step size of Adam, largest first step of L-BFGS; pixel values run from 0 to 1",
                s => s.LearningRate, (s, v) => s with { LearningRate = v }, "--lr"),
            History,
            Number(OptionGroup.Optimisation, "--average",
                "decay (0–1) of the average over iterates that becomes the result; 0: take the last iterate",
                s => s.AverageDecay, (s, v) => s with { AverageDecay = v }),
            Whole(OptionGroup.Optimisation, "--match-every", "iterations between two searches of --style-loss nearest",
                s => s.MatchEvery, (s, v) => s with { MatchEvery = v }),
            Number(OptionGroup.Optimisation, "--matched-content",
                "share (0–1) of the content in the picture for which --style-loss nearest searches",
                s => s.MatchedContent, (s, v) => s with { MatchedContent = v }),
            Number(OptionGroup.Optimisation, "--match-split",
                "share (0–1) of the last scale's iterations in which --style-loss nearest matches each layer by itself",
                s => s.MatchSplit, (s, v) => s with { MatchSplit = v }),
            Init,
            Detail,
            Text(OptionGroup.Optimisation, "--seed", "N", "seed of all random numbers",
                s => s.Seed.ToString(CultureInfo.InvariantCulture), (s, v) => s with { Seed = Values.Long("--seed", v) }),

            Pooling,
            Padding,
        ];
    }

    public void AddTo(Command command)
    {
        command.Options.Add(Preset);
        foreach (var option in Table) command.Options.Add(option.Option);
    }

    private static SettingOption Layers(string name, string description,
        Func<StyleSettings, IReadOnlyList<LayerWeight>> read, Func<StyleSettings, IReadOnlyList<LayerWeight>, StyleSettings> write) =>
        Text(OptionGroup.Losses, name, "LAYER[:WEIGHT],…", description, s => LayerWeight.Format(read(s)),
            (s, v) => write(s, LayerWeight.ParseList(name, v)));
}
