using System.Globalization;
using NeuralStyle.Vgg;

namespace NeuralStyle.Weights.Download;

/// <summary>
/// Checks a download: by the hash of the file if one is known, which needs the whole file; else by the hash of the values, known or
/// remembered from the first time. Checksums within zip files are verified in any case.
/// </summary>
internal sealed class FetchVerifier(FetchRequest request, RemoteFile remote)
{
    private KnownSource? Source => request.Source;

    /// <summary>Whether the check needs the whole file.</summary>
    public bool NeedsWholeFile => Source is { ValuesSha256: null } && (Source.Sha256Prefix ?? Source.Md5) is not null;

    /// <summary>The file is not the one expected.</summary>
    internal sealed class MismatchException(string message) : Exception(message);

    /// <summary>Checks everything that can be checked.</summary>
    /// <returns>What was checked.</returns>
    /// <exception cref="MismatchException">A check failed.</exception>
    /// <exception cref="RunFailedException">The values differ from those fetched earlier.</exception>
    public string Check(VggWeights weights)
    {
        var values = WeightsHash.OfValues(weights.Convolutions);
        if (request.Sha256 is { } wanted) return CheckUsersHash(wanted.ToLowerInvariant(), values);
        if (Source?.ValuesSha256 is { } known) return Same("the values' SHA-256", values, known);
        if (Source?.Sha256Prefix is { } prefix)
            return Same("the beginning of its SHA-256", WeightsHash.Sha256(remote)[..prefix.Length], prefix);
        if (Source?.Md5 is { } md5) return Same("its MD5", WeightsHash.Md5(remote), md5);
        return new ValuePins(request.Folder).Check(request.Url, values)
            ? "the values are those fetched earlier"
            : $"no hash was known: the values' SHA-256 {values} is now remembered";
    }

    /// <summary>The file has another size than published.</summary>
    public MismatchException WrongSize() =>
        new(string.Create(CultureInfo.InvariantCulture,
            $"'{request.Url}' has {remote.Length} bytes, expected {Source!.FileBytes}: it is not the file it should be; nothing was "
                + $"installed"));

    private string CheckUsersHash(string wanted, string values)
    {
        if (values == wanted) return "the values' SHA-256 is as given";
        remote.FetchAll();
        return Same("its SHA-256", WeightsHash.Sha256(remote), wanted);
    }

    private string Same(string what, string actual, string expected) => actual == expected
        ? $"{what} is as expected"
        : throw new MismatchException(
            $"'{request.Url}' is not the file it should be: {what} is {actual}, expected {expected}; nothing was installed");
}
