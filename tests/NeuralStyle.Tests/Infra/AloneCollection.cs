namespace NeuralStyle.Tests.Infra;

/// <summary>For tests of what belongs to the whole process, such as its memory: they run when the others are done, one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
