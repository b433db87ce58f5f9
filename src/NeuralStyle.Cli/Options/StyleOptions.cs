using System.CommandLine;
using NeuralStyle.Losses;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using static NeuralStyle.Cli.Options.SettingOption;

namespace NeuralStyle.Cli.Options;

/// <summary>The table of options that decide what the picture looks like; one row each, defaults read from the settings.</summary>
internal sealed class StyleOptions
{
    public Option<string> Preset { get; } = new("--preset", "-p") { Description = "a named set of settings to start from; see 'nst presets'", HelpName = "NAME" };

    public IReadOnlyList<SettingOption> Table { get; } =
    [
        Whole(OptionGroup.Size, "--size", "long side of the result in pixels", s => s.Size, (s, v) => s with { Size = v }, "-s"),
        Whole(OptionGroup.Size, "--min-size", "long side of the coarsest scale", s => s.MinimumSize, (s, v) => s with { MinimumSize = v }),
        Number(OptionGroup.Size, "--scale-step", "ratio of neighbouring scales", s => s.ScaleStep, (s, v) => s with { ScaleStep = v }),
        Whole(OptionGroup.Size, "--bleed", "pixels painted beyond each border at every scale but the last and cut off, so that edges look like the rest", s => s.Bleed, (s, v) => s with { Bleed = v }),
        Text(OptionGroup.Size, "--style-scale", "X[,X…]", "size of style features: 2 doubles the strokes; one for all styles or one for each", s => Values.Join(s.StyleScale), (s, v) => s with { StyleScale = Values.Numbers("--style-scale", v) }),
        Whole(OptionGroup.Size, "--style-size", "long side of the style pictures, in place of --style-scale", s => s.StyleSize, (s, v) => s with { StyleSize = v }),

        Number(OptionGroup.Control, "--strength", "from 0, nearly the photograph, to 1, all style", s => s.Strength, (s, v) => s with { Strength = v }),
        Choice<ColorMode>(OptionGroup.Control, "--color", "where the colours come from: the style; the content, by a histogram; its hues under new lightness; its mean and covariance", s => s.Color, (s, v) => s with { Color = v }),

        Number(OptionGroup.Losses, "--content-weight", "weight of the content loss", s => s.ContentWeight, (s, v) => s with { ContentWeight = v }, "-c"),
        Number(OptionGroup.Losses, "--style-weight", "weight of the style loss", s => s.StyleWeight, (s, v) => s with { StyleWeight = v }, "-w"),
        Number(OptionGroup.Losses, "--tv", "weight of total variation: smooths speckle", s => s.TotalVariationWeight, (s, v) => s with { TotalVariationWeight = v }),
        Choice<StyleLossKind>(OptionGroup.Losses, "--style-loss", "definition of the style loss", s => s.StyleLoss, (s, v) => s with { StyleLoss = v }),
        Choice<ContentLossKind>(OptionGroup.Losses, "--content-loss", "definition of the content loss", s => s.ContentLoss, (s, v) => s with { ContentLoss = v }),
        Text(OptionGroup.Losses, "--style-layers", "LAYER[:WEIGHT],…", "layers of the style loss", s => LayerWeight.Format(s.StyleLayers), (s, v) => s with { StyleLayers = LayerWeight.ParseList("--style-layers", v) }),
        Text(OptionGroup.Losses, "--content-layers", "LAYER[:WEIGHT],…", "layers of the content loss", s => LayerWeight.Format(s.ContentLayers), (s, v) => s with { ContentLayers = LayerWeight.ParseList("--content-layers", v) }),

        Whole(OptionGroup.Optimisation, "--iterations", "iterations at every scale but the first", s => s.Iterations, (s, v) => s with { Iterations = v }, "-n"),
        Whole(OptionGroup.Optimisation, "--first-iterations", "iterations at the first scale", s => s.FirstIterations, (s, v) => s with { FirstIterations = v }),
        Whole(OptionGroup.Optimisation, "--patience", "end a scale early when its best loss fell by no more than 1 % over N iterations; default: do all of them", s => s.Patience, (s, v) => s with { Patience = v }),
        Choice<OptimizerKind>(OptionGroup.Optimisation, "--optimizer", "how the loss is minimised", s => s.Optimizer, (s, v) => s with { Optimizer = v }),
        Number(OptionGroup.Optimisation, "--learning-rate", "step size in units of the pixel range", s => s.LearningRate, (s, v) => s with { LearningRate = v }, "--lr"),
        Whole(OptionGroup.Optimisation, "--history", "L-BFGS: steps remembered", s => s.History, (s, v) => s with { History = v }),
        Number(OptionGroup.Optimisation, "--average", "decay of the average over iterates; 0 for none", s => s.AverageDecay, (s, v) => s with { AverageDecay = v }),
        Text(OptionGroup.Optimisation, "--init", "auto|content|noise|style|blend:X|IMAGE", "what to start from; auto: the content, above --strength 0.5 with noise in it", s => s.Start.ToString(), (s, v) => s with { Start = StartImage.Parse(v) }),
        Number(OptionGroup.Optimisation, "--detail", "how much of the content's finer detail each scale begins with, from 0 to 1, where the first begins with the content", s => s.Detail, (s, v) => s with { Detail = v }),
        Whole(OptionGroup.Optimisation, "--seed", "seed of everything random", s => (int)s.Seed, (s, v) => s with { Seed = v }),

        Choice<Pooling>(OptionGroup.Network, "--pooling", "how activations shrink between blocks", s => s.Pooling, (s, v) => s with { Pooling = v }),
        Choice<PaddingMode>(OptionGroup.Network, "--padding", "what surrounds the picture; default: what the weights file says, else replicate", s => s.Padding, (s, v) => s with { Padding = v }),
    ];

    public StyleOptions() => Preset.CompletionSources.Add(_ => Presets.All.Select(preset => new System.CommandLine.Completions.CompletionItem(preset.Name)));

    public void AddTo(Command command)
    {
        command.Options.Add(Preset);
        foreach (var option in Table) command.Options.Add(option.Option);
    }

    /// <summary>Whether an option of the table was on the command line.</summary>
    public bool Given(ParseResult parse, string name) => parse.GetValue(Table.First(option => option.Option.Name == name).Option) is not null;

    /// <summary>The preset's settings with every option that was given applied over them, checked.</summary>
    public StyleSettings Bind(ParseResult parse, StyleSettings? start = null)
    {
        var settings = parse.GetValue(Preset) is { } preset ? Presets.Find(preset) : start ?? Presets.Find("default");
        foreach (var option in Table)
        {
            if (parse.GetValue(option.Option) is { } text) settings = option.Apply(settings, text);
        }
        if (Given(parse, "--style-size") && Given(parse, "--style-scale"))
            throw new InvalidInputException("--style-size and --style-scale were both given; give one of them");
        if (Given(parse, "--strength") && settings.ContentWeight == 0 && !(settings.Start == StartImage.Auto && settings.Strength > StrengthCurve.Neutral))
            throw new InvalidInputException($"--strength is of no effect with a content weight of 0{(Given(parse, "--content-weight") ? "" : $", as preset '{settings.Preset}' has it")}; leave out --strength, or give --content-weight");
        if (Given(parse, "--bleed") && settings.Bleed > 0 && settings.Padding == PaddingMode.Circular)
            throw new InvalidInputException("--bleed is of no effect with circular padding, where borders wrap and are like the rest; leave it out");
        if (Given(parse, "--detail") && settings.Detail > 0 && settings.Start.NoiseOverContent(settings.Strength) == 1)
            throw new InvalidInputException($"--detail is of no effect on a run that starts from {settings.Start}, not from the content; leave it out, or give --init content");
        settings.Validate();
        return settings;
    }
}
