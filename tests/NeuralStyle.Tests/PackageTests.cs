using System.Xml.Linq;

namespace NeuralStyle.Tests;

/// <summary>What a user of the library's package sees.</summary>
public sealed class PackageTests
{
    private static readonly string[] s_public = typeof(StyleTransfer).Assembly.GetExportedTypes().Select(type => type.FullName!).ToArray();

    [Fact]
    public void Documentation_of_public_members_refers_to_public_ones()
    {
        var members = XDocument.Load(Path.ChangeExtension(typeof(StyleTransfer).Assembly.Location, ".xml")).Descendants("member")
            .Where(member => IsPublic(member.Attribute("name")!.Value)).ToArray();
        Assert.InRange(members.Length, 300, 2000);
        var hidden = members.SelectMany(member => member.Descendants().Attributes("cref").Select(reference => (
            Member: member.Attribute("name")!.Value, Reference: reference.Value)))
            .Where(link => link.Reference.StartsWith('!') || (link.Reference[2..].StartsWith("NeuralStyle.", StringComparison.Ordinal)
                && !IsPublic(link.Reference)));
        Assert.Empty(hidden);
    }

    [Fact]
    public void The_library_brings_no_native_code()
    {
        var project = XDocument.Load(Path.Combine(Infra.SharedData.RepositoryRoot, "src", "NeuralStyle", "NeuralStyle.csproj"));
        var packages = project.Descendants("PackageReference").Select(package => package.Attribute("Include")!.Value).ToArray();
        Assert.Contains("TorchSharp", packages);
        string[] native = ["libtorch", "TorchSharp-", "NetVips.Native"];
        Assert.DoesNotContain(packages, package => native.Any(prefix => package.StartsWith(prefix, StringComparison.Ordinal)));
    }

    /// <summary>Whether a name such as <c>P:NeuralStyle.StyleResult.Image</c> is that of a public type or of one of its members.</summary>
    private static bool IsPublic(string name) =>
        s_public.Any(type => name[2..] == type || name[2..].StartsWith(type + ".", StringComparison.Ordinal));
}
