using NeuralStyle.Losses;
using NeuralStyle.Vgg;

namespace NeuralStyle.Settings;

/// <summary>The optimisers on offer.</summary>
public enum OptimizerKind
{
    /// <summary>Adam: quick progress, each iteration one evaluation.</summary>
    Adam,

    /// <summary>L-BFGS with a line search: the default.</summary>
    Lbfgs,
}

/// <summary>
/// Everything that decides what the picture looks like, apart from the input files. Every default is written here, once; presets
/// are variations of it.
/// </summary>
public sealed record StyleSettings
{
    /// <summary>Name of the preset that the settings started from.</summary>
    public string Preset { get; init; } = "default";

    /// <summary>Long side of the result in pixels.</summary>
    public int Size { get; init; } = 512;

    /// <summary>Long side of the coarsest scale in pixels; equal to <see cref="Size"/> or above it, there is one scale.</summary>
    public int MinimumSize { get; init; } = 128;

    /// <summary>Ratio of the sizes of neighbouring scales, above 1.</summary>
    public double ScaleStep { get; init; } = 2;

    /// <summary>
    /// Pixels painted around the picture at every scale but the last and then cut off, so that edges look like the rest.
    /// </summary>
    public int Bleed { get; init; } = 8;

    /// <summary>
    /// Size of the style pictures relative to the result at each scale: larger means larger strokes. One value for all styles, or one for
    /// each.
    /// </summary>
    public IReadOnlyList<double> StyleScale { get; init; } = [1];

    /// <summary>
    /// Long side of the style pictures in pixels at the finest scale, instead of <see cref="StyleScale"/>; null to follow it.
    /// </summary>
    public int? StyleSize { get; init; }

    /// <summary>Iterations at the last scale; <see cref="MiddleShare"/> of them at those in between.</summary>
    public int Iterations { get; init; } = 50;

    /// <summary>Iterations at the first, coarsest scale; null for <see cref="Iterations"/>.</summary>
    public int? FirstIterations { get; init; } = 50;

    /// <summary>
    /// Share of <see cref="Iterations"/>, from 0 to 1, that the scales between the first and the last do: they change neither the
    /// composition nor the last loss much.
    /// </summary>
    public double MiddleShare { get; init; } = 0.5;

    /// <summary>
    /// A scale ends early when its best loss fell by no more than a hundredth over this many iterations; null runs all of them.
    /// </summary>
    public int? Patience { get; init; }

    /// <summary>Adam or L-BFGS.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Lbfgs;

    /// <summary>Adam: step size in units of the pixel range. L-BFGS: largest change of a pixel in the first step.</summary>
    public double LearningRate { get; init; } = 0.02;

    /// <summary>L-BFGS: number of earlier steps remembered; each costs two pictures of memory.</summary>
    public int History { get; init; } = 10;

    /// <summary>Decay of the average over iterates that becomes the result (bias-corrected); 0 takes the last iterate.</summary>
    public double AverageDecay { get; init; }

    /// <summary>Weight of the content loss.</summary>
    public double ContentWeight { get; init; } = 0.04;

    /// <summary>
    /// From 0, nearly the photograph, to 1, all style: multiplies the weights of content and self-similarity by 125 to 1/100, moves
    /// <see cref="MatchedContent"/> to 1 or 0, and above 0.5 mixes noise into a <see cref="Start"/> of the kind
    /// <see cref="StartKind.Auto"/>; at 0.5 it changes nothing.
    /// </summary>
    public double Strength { get; init; } = 0.5;

    /// <summary>Where the colours come from.</summary>
    public ColorMode Color { get; init; } = ColorMode.Style;

    /// <summary>Weight of the style loss.</summary>
    public double StyleWeight { get; init; } = 1;

    /// <summary>Weight of the total variation loss.</summary>
    public double TotalVariationWeight { get; init; } = 0.01;

    /// <summary>
    /// Weight of the photorealism loss (Luan et al. 2017): colours change, lines and edges of the photograph stay, and no new ones come.
    /// </summary>
    public double PhotorealismWeight { get; init; }

    /// <summary>
    /// Weight of the self-similarity loss (Kolkin et al. 2019) besides the content loss: places that resemble each other in the photograph
    /// do so in the picture.
    /// </summary>
    public double SelfSimilarityWeight { get; init; }

    /// <summary>Layers of the self-similarity loss; their weights are divided by their sum.</summary>
    public IReadOnlyList<LayerWeight> SelfSimilarityLayers { get; init; } = s_similarityLayers;

    private static readonly IReadOnlyList<LayerWeight> s_similarityLayers = [new(new VggLayer(3, 1)), new(new VggLayer(4, 1))];

    /// <summary>Layers of the content loss; their weights are divided by their sum.</summary>
    public IReadOnlyList<LayerWeight> ContentLayers { get; init; } = [new(new VggLayer(4, 2))];

    /// <summary>Layers of the style loss; their weights are divided by their sum.</summary>
    public IReadOnlyList<LayerWeight> StyleLayers { get; init; } =
        [new(new VggLayer(1, 1), 128), new(new VggLayer(2, 1), 64), new(new VggLayer(3, 1), 20), new(new VggLayer(4, 1), 2),
            new(new VggLayer(5, 1), 0.8)];

    /// <summary>Definition of the style loss.</summary>
    public StyleLossKind StyleLoss { get; init; } = StyleLossKind.RelativeW2;

    /// <summary>Definition of a second style loss that is added to the first; null for none.</summary>
    public StyleLossKind? SecondStyleLoss { get; init; }

    /// <summary>Weight of the second style loss.</summary>
    public double SecondStyleWeight { get; init; } = 1;

    /// <summary>Layers of the second style loss; their weights are divided by their sum.</summary>
    public IReadOnlyList<LayerWeight> SecondStyleLayers { get; init; } = MatchingLayers;

    /// <summary>Iterations between two searches of a <see cref="StyleLossKind.Nearest"/> loss; there is one at the start of each
    /// scale.</summary>
    public int MatchEvery { get; init; } = 50;

    /// <summary>
    /// Share (0 to 1) of the content in the picture for which positions of the style are searched; the rest is the picture so far.
    /// </summary>
    public double MatchedContent { get; init; } = 0.25;

    /// <summary>Share (0 to 1) of the last scale's iterations, at its end, in which each layer is matched by itself.</summary>
    public double MatchSplit { get; init; } = 0.5;

    /// <summary>Definition of the content loss.</summary>
    public ContentLossKind ContentLoss { get; init; } = ContentLossKind.Relative;

    /// <summary>Maximum or average pooling.</summary>
    public Pooling Pooling { get; init; } = Pooling.Max;

    /// <summary>Factor after each pooling; null for the one that preserves the magnitude of activations.</summary>
    public double? PoolingScale { get; init; }

    /// <summary>
    /// Whether the classic losses (<see cref="StyleLossKind.Gatys"/>, <see cref="ContentLossKind.Gatys"/>) are rescaled for networks whose
    /// activations are not of the size of VGG-19's, so that published weights mean the same for them.
    /// </summary>
    public bool RescaleClassicLosses { get; init; }

    /// <summary>Padding; null for the one of the weights file, else replication at the first convolution.</summary>
    public PaddingMode? Padding { get; init; }

    /// <summary>
    /// What the first scale starts from; by default the content, mixed with noise above a <see cref="Strength"/> of 0.5.
    /// </summary>
    public StartImage Start { get; init; } = StartImage.Auto;

    /// <summary>
    /// At the start of each scale, the share (0 to 1) of the content's detail finer than the previous scale could show that is added to the
    /// enlarged picture, if the run starts from the content. Saves iterations.
    /// </summary>
    public double Detail { get; init; } = 0.5;

    /// <summary>Seed of all random numbers.</summary>
    public long Seed { get; init; }

    /// <summary>Layers for losses that match positions: all of one weight.</summary>
    public static IReadOnlyList<LayerWeight> MatchingLayers { get; } =
        Enumerable.Range(1, 4).Select(block => new LayerWeight(new VggLayer(block, 1), 1)).ToArray();

    /// <summary>The layers for another style loss: where the old ones are a default, the default of the new one.</summary>
    /// <param name="loss">The new loss.</param>
    /// <param name="settings">The settings so far.</param>
    public static IReadOnlyList<LayerWeight> LayersFor(StyleLossKind loss, StyleSettings settings)
    {
        var (from, to) = (DefaultLayers(settings.StyleLoss), DefaultLayers(loss));
        return settings.StyleLayers.SequenceEqual(from) ? to : settings.StyleLayers;
    }

    private static IReadOnlyList<LayerWeight> DefaultLayers(StyleLossKind loss) =>
        Losses.StyleLoss.IsMatching(loss) ? MatchingLayers : new StyleSettings().StyleLayers;

    /// <summary>The style loss that matches positions of the picture with positions of the style; null if there is none.</summary>
    internal StyleLossKind? MatchingLoss =>
        StyleWeight != 0 && Losses.StyleLoss.IsMatching(StyleLoss) ? StyleLoss
        : SecondStyleWeight != 0 && SecondStyleLoss is { } second && Losses.StyleLoss.IsMatching(second) ? second
        : null;

    /// <summary>Whether there is such a loss.</summary>
    internal bool Matches => MatchingLoss is not null;

    /// <summary>Iterations of the scale with the most.</summary>
    internal int MostIterations() => Math.Max(Iterations, FirstIterations ?? 0);

    /// <summary>The layers that the losses need.</summary>
    internal IEnumerable<VggLayer> UsedLayers => ContentLayers.Concat(StyleLayers)
        .Concat(SecondStyleLoss is null ? [] : SecondStyleLayers).Concat(ComparedLayers)
        .Where(layer => layer.Weight != 0).Select(layer => layer.Layer).Distinct();

    /// <summary>The layers whose places are compared with each other: of the content loss, or of the loss besides it.</summary>
    internal IReadOnlyList<LayerWeight> ComparedLayers => ContentLoss == ContentLossKind.SelfSimilarity ? ContentLayers
        : SelfSimilarityWeight != 0 ? SelfSimilarityLayers
        : [];

    /// <summary>The content weight at this strength.</summary>
    internal double StrengthenedContentWeight => ContentWeight * StrengthCurve.ContentFactor(Strength);

    /// <summary>The weight of the self-similarity loss at this strength.</summary>
    internal double StrengthenedSelfSimilarityWeight => SelfSimilarityWeight * StrengthCurve.ContentFactor(Strength);

    /// <summary>Whether the content counts in the losses that <see cref="Strength"/> weighs against the style.</summary>
    internal bool WeighsContent => ContentWeight != 0 || SelfSimilarityWeight != 0;

    /// <summary>The share of the content in the picture that is matched, at this strength.</summary>
    internal double StrengthenedMatchedContent => StrengthCurve.MatchedContent(Strength, MatchedContent);

    /// <summary>Pooling and padding for a network of these weights.</summary>
    internal NetworkOptions NetworkFor(VggWeights weights) => new(
        Pooling, Padding ?? weights.Padding ?? PaddingMode.Replicate, PoolingScale ?? NetworkOptions.KeepingScale(Pooling));

    /// <summary>Checks every limit.</summary>
    /// <exception cref="InvalidInputException">A setting is out of its range; the message names it, its value and the range.</exception>
    public void Validate() => SettingsLimits.Check(this);
}
