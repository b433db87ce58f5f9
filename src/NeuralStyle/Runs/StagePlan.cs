using NeuralStyle.Imaging;
using NeuralStyle.Memory;
using NeuralStyle.Scales;
using NeuralStyle.Settings;

namespace NeuralStyle.Runs;

/// <summary>How one scale is computed: the sizes of all pictures, and the memory plan.</summary>
/// <param name="Scale">The scale.</param>
/// <param name="StyleSizes">The size of each style picture.</param>
/// <param name="Memory">Whole or in tiles, and the memory of the optimiser.</param>
internal sealed record StagePlan(Scale Scale, IReadOnlyList<PixelSize> StyleSizes, MemoryPlan Memory)
{
    /// <summary>Plans one scale.</summary>
    /// <param name="planner">Knows the network and the budget.</param>
    /// <param name="inputs">The pictures of the run.</param>
    /// <param name="settings">Sizes.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="chosen">The choice of an interrupted run.</param>
    /// <exception cref="InvalidInputException">Not even small tiles fit into the budget.</exception>
    public static StagePlan For(MemoryPlanner planner, StyleInputs inputs, StyleSettings settings, Scale scale, MemoryChoice? chosen = null)
    {
        var styles = inputs.Styles.Select((style, i) => ScaleSchedule.StyleSizeAt(style.Size, scale.Size, settings, i)).ToArray();
        var memory = planner.Plan(scale.Worked, styles.MaxBy(style => style.Pixels), scale.Iterations, inputs.Protect is not null, chosen);
        return new StagePlan(scale, styles, memory);
    }

    /// <summary>For people.</summary>
    public string Describe(StyleSettings settings)
    {
        var (choice, isAdam) = (Memory.Choice, settings.Optimizer == OptimizerKind.Adam);
        var history = !isAdam && choice.History < Math.Min(settings.History, Scale.Iterations)
            ? $"; L-BFGS remembers {choice.History} steps instead of {settings.History}" : "";
        var half = choice.Half ? $"; the content's activations{(isAdam ? " and Adam's moments" : "")} are kept in half precision" : "";
        return $"{Scale.Size} pixels {Memory}{history}{half}";
    }
}
