using NeuralStyle.Vgg;

namespace NeuralStyle.Weights.Download;

/// <summary>What to fetch, and where to.</summary>
/// <param name="Name">The name to install it under.</param>
/// <param name="Url">Where it is: https, or http on this machine itself.</param>
/// <param name="Folder">Where to install; created when it is not there.</param>
internal sealed record FetchRequest(string Name, Uri Url, string Folder)
{
    /// <summary>The published file, with its hashes; null for another address.</summary>
    public KnownSource? Source { get; init; }

    /// <summary>The hexadecimal SHA-256 that the user expects, of the file or of its values; null to trust the first download.</summary>
    public string? Sha256 { get; init; }

    /// <summary>How numbers are written.</summary>
    public NumberFormat Format { get; init; }

    /// <summary>Whether to keep the original file, which is then fetched whole.</summary>
    public bool Keep { get; init; }

    /// <summary>What the user says about preprocessing and padding.</summary>
    public WeightsOverrides? Overrides { get; init; }

    /// <summary>Time-outs, retries and limits.</summary>
    public FetchOptions Options { get; init; } = new();
}

/// <summary>What was fetched.</summary>
/// <param name="Path">The installed file.</param>
/// <param name="Weights">What it holds.</param>
/// <param name="FileBytes">Size of the file on the server.</param>
/// <param name="BytesFetched">Bytes that came over the network in this run.</param>
/// <param name="Requests">Requests made.</param>
/// <param name="Verification">What was checked, for people.</param>
internal sealed record FetchResult(string Path, VggWeights Weights, long FileBytes, long BytesFetched, int Requests, string Verification);

/// <summary>
/// Fetches weights with as few bytes as the format and the server allow, verifies them, and installs a compact .npz. An interrupted
/// download continues where it stopped.
/// </summary>
internal static class WeightsFetcher
{
    /// <summary>Fetches and installs.</summary>
    /// <param name="request">What, from where, where to.</param>
    /// <param name="progress">Receives a report about every piece that arrives.</param>
    /// <param name="token">Stops the download; bytes that have arrived are kept for the next run.</param>
    /// <exception cref="InvalidInputException">The address or hash is not usable, or the file is no VGG.</exception>
    /// <exception cref="RunFailedException">The network, the server or the disk failed, or the file is not the one expected.</exception>
    public static FetchResult Fetch(FetchRequest request, IProgress<FetchProgress>? progress = null, CancellationToken token = default)
    {
        Validate(request);
        try
        {
            Directory.CreateDirectory(request.Folder);
            return FetchLocked(request, progress, token);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new InvalidInputException($"cannot write to the folder '{request.Folder}': {failure.Message.TrimEnd('.')}", failure);
        }
        catch (IOException failure)
        {
            throw new RunFailedException($"cannot store weights in '{request.Folder}': {failure.Message.TrimEnd('.')}", failure);
        }
    }

    /// <summary>The files that a request creates or replaces.</summary>
    public static IEnumerable<string> FilesOf(FetchRequest request)
    {
        yield return Installed(request);
        if (request.Keep) yield return Original(request);
    }

    private static string Installed(FetchRequest request) => Path.Combine(request.Folder, request.Name + ".npz");

    private static string Original(FetchRequest request) => Path.Combine(request.Folder, NameOfOriginal(request.Url.Segments[^1]));

    private static FetchResult FetchLocked(FetchRequest request, IProgress<FetchProgress>? progress, CancellationToken token)
    {
        using var guard = new FetchLock(request.Folder, request.Name);
        using var requester = new HttpRequester(request.Options);
        using var part = new PartialFile(Path.Combine(request.Folder, $".{request.Name}.part"), request.Url);
        try
        {
            using var remote = RemoteFile.Open(request.Url, part, requester, Limit(request), progress, token);
            return Install(request, part, remote);
        }
        catch (InvalidInputException)
        {
            part.Delete(); // a damaged file is no start for another attempt
            throw;
        }
        catch (RunFailedException failure) when (failure.InnerException is OversizeException)
        {
            part.Delete();
            throw;
        }
        catch (FetchVerifier.MismatchException failure)
        {
            part.Delete();
            throw new RunFailedException(failure.Message, failure);
        }
    }

    private static FetchResult Install(FetchRequest request, PartialFile part, RemoteFile remote)
    {
        var fileName = request.Url.Segments[^1];
        var verifier = new FetchVerifier(request, remote);
        if (request.Source is { IsSizeExact: true } exact && remote.Length != exact.FileBytes) throw verifier.WrongSize();
        if (request.Keep || verifier.NeedsWholeFile) remote.FetchAll();
        var (weights, layers) = WeightsReader.Guard(request.Url.ToString(), () =>
        {
            using var archive = ArchiveReader.Open(remote);
            using var reader = new WeightsReader(archive, remote.Length, fileName, remote.IsWhole ? WeightsHash.Sha256(remote) : "");
            return (reader.Read(request.Overrides), reader.Inspect().Layers.Count);
        });
        if (request.Source is { } source && request.Overrides?.Preprocessing is null)
            weights = weights with { Preprocessing = source.Preprocessing, PreprocessingGuess = null };
        var verification = verifier.Check(weights);
        var path = Installed(request);
        var origin = $"{request.Url} ({layers} convolutions){(weights.PreprocessingGuess is null ? "" : ", preprocessing guessed")}";
        NpzWriter.Write(path, weights, request.Format, origin);
        var result = new FetchResult(path, weights, remote.Length, remote.BytesFetched, remote.Requests, verification);
        if (request.Keep) part.Keep(Original(request));
        else part.Delete();
        return result;
    }

    private static void Validate(FetchRequest request)
    {
        if (!HttpRequester.IsAllowed(request.Url))
            throw new InvalidInputException($"'{request.Url}' is not allowed; expected https (plain http only for this machine itself)");
        if (request.Sha256 is { } hash && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit)))
            throw new InvalidInputException($"the SHA-256 is '{hash}'; expected 64 hexadecimal digits");
        if (request.Name.Length is 0 or > 64 || !request.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new InvalidInputException($"'{request.Name}' is not a valid name for weights; expected letters, digits, - and _");
    }

    // Published sizes are rounded; a file that is larger by a quarter is another one.
    private static FetchOptions Limit(FetchRequest request) => request.Source is { } source
        ? request.Options with { MaximumBytes = Math.Min(request.Options.MaximumBytes, source.FileBytes + source.FileBytes / 4) }
        : request.Options;

    // Files that end with .npz are installed networks, and values.json holds the hashes that later downloads are compared with.
    private static string NameOfOriginal(string fileName)
    {
        var name = SafeName(fileName);
        return name.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? name + ".original"
            : name;
    }

    // The last part of an address can be anything; only its harmless characters become part of a path.
    private static string SafeName(string fileName)
    {
        var name = string.Concat(Uri.UnescapeDataString(fileName).Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            .TrimStart('.');
        return name.Length == 0 ? "original" : name;
    }
}
