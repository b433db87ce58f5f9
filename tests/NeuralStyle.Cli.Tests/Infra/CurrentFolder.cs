namespace NeuralStyle.Cli.Tests.Infra;

/// <summary>
/// Tests that run nst in this process, with paths as a user types them: <see cref="Nst.InAsync"/> changes the current folder of the whole
/// process, so nothing else runs meanwhile. A start of the program costs one or two seconds, this a tenth of one.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CurrentFolder
{
    /// <summary>For <see cref="CollectionAttribute"/>.</summary>
    public const string Name = "in the current folder";
}
