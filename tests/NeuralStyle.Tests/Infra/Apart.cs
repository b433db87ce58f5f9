using NeuralStyle.Tests.Infra;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(ApartLast))]

namespace NeuralStyle.Tests.Infra;

/// <summary>
/// Marks tests whose outcome depends on time or on the memory of the process: they run last, after all others, and can be left out on a
/// busy
/// machine: <c>dotnet test -c Release --filter-not-trait "Depends on=time or memory"</c>.
/// </summary>
internal static class Apart
{
    /// <summary>The collection of their classes.</summary>
    public const string Collection = "time and memory";

    /// <summary>The name of their trait.</summary>
    public const string Trait = "Depends on";

    /// <summary>Its value.</summary>
    public const string Value = "time or memory";
}

/// <summary>Puts these tests after all others.</summary>
public sealed class ApartLast : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections) where T : ITestCollection =>
        testCollections.OrderBy(collection => collection.TestCollectionDisplayName == Apart.Collection).ToArray();
}
