using System.Globalization;
using System.Security.Cryptography;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Studio;

/// <summary>
/// The folder of the studio. Pages name pictures by their path below it, with <c>/</c>; nothing outside it can be named, also not through
/// links. Results and inputs that pages bring lie in <see cref="ResultsName"/>.
/// </summary>
internal sealed class StudioFolder
{
    /// <summary>The folder of the results, within the studio's.</summary>
    public const string ResultsName = "nst-results";

    /// <summary>The folder of uploads and masks, within the one of the results.</summary>
    public const string InputsName = ResultsName + "/inputs";

    /// <summary>What the names of samples begin with; they lie beside the program.</summary>
    public const string SamplePrefix = "sample:";

    private const string MaskPrefix = "mask-";
    private const int MostListed = 500, Deepest = 4;

    private static readonly HashSet<string> s_extensions = [.. PictureKind.All.Where(kind => kind.Reader != PictureReader.None)
        .SelectMany(kind => kind.Extensions)];

    /// <param name="folder">The folder that the user named.</param>
    /// <exception cref="InvalidInputException">It does not exist, cannot be written, or its results lie elsewhere.</exception>
    public StudioFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InvalidInputException($"the folder '{folder}' does not exist; expected a folder with pictures");
        Root = FileIdentity.Resolve(folder);
        Results = Path.Combine(Root, ResultsName);
        Inputs = Path.Combine(Results, "inputs");
        try
        {
            foreach (var path in (string[])[Results, Inputs])
            {
                Directory.CreateDirectory(path);
                if (!IsWithin(FileIdentity.Resolve(path)))
                    throw new InvalidInputException($"'{path}' is a link that leads out of the folder; remove it");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"cannot create the folder '{Results}' for results: {FileFailure.ReasonOf(failure)}; choose a folder that you can write",
                failure);
        }
    }

    /// <summary>The folder, without links.</summary>
    public string Root { get; }

    /// <summary>The folder of the results.</summary>
    public string Results { get; }

    /// <summary>The folder of uploads and masks.</summary>
    public string Inputs { get; }

    /// <summary>The pictures that a page can choose: the user's, at most one folder deep, then uploads, then samples.</summary>
    public IReadOnlyList<string> List()
    {
        var below = Folders(Root).SelectMany(folder => Names(Path.Combine(Root, folder)).Select(name => $"{folder}/{name}"));
        var own = Names(Root).Concat(below);
        var uploads = Names(Inputs).Where(name => !name.StartsWith(MaskPrefix, StringComparison.Ordinal))
            .Select(name => $"{InputsName}/{name}");
        return [.. own.Concat(uploads).Where(id => Find(id) is not null).Take(MostListed), .. Samples()];
    }

    /// <summary>The results, the latest first.</summary>
    public IEnumerable<string> ListResults() => Names(Results)
        .Select(name => $"{ResultsName}/{name}")
        .Select(id => (Id: id, Path: Find(id)))
        .Where(result => result.Path is not null)
        .OrderByDescending(result => File.GetLastWriteTimeUtc(result.Path!))
        .ThenByDescending(result => result.Id, StringComparer.Ordinal)
        .Select(result => result.Id)
        .Take(MostListed);

    /// <summary>The file of a picture that a page names; null if there is none, or none that pages may see.</summary>
    /// <param name="id">Its path below the folder, or the name of a sample.</param>
    public string? Find(string? id)
    {
        if (id is null) return null;
        if (id.StartsWith(SamplePrefix, StringComparison.Ordinal))
            return Samples().Contains(id) ? Path.Combine(SamplesFolder, id[SamplePrefix.Length..]) : null;
        if (!IsPlain(id) || !IsPicture(id)) return null;
        var path = Path.Combine(Root, id.Replace('/', Path.DirectorySeparatorChar));
        return File.Exists(path) && !SpecialFile.Is(path) && IsWithin(FileIdentity.Resolve(path)) ? path : null;
    }

    /// <summary>The name that commands give a picture, typed in the folder. Samples are copied into the folder first.</summary>
    /// <exception cref="InvalidInputException">There is no such picture.</exception>
    public string NameOf(string id)
    {
        var path = Find(id) ?? throw new InvalidInputException($"there is no picture '{id}' in the folder; reload the page");
        if (id.StartsWith(SamplePrefix, StringComparison.Ordinal)) id = Keep(path, id[SamplePrefix.Length..]);
        return id[0] is '-' or '@' ? "./" + id : id; // neither an option nor a response file
    }

    /// <summary>The picture that a record names; null if it is not in the folder.</summary>
    public string? IdOf(string? recorded)
    {
        if (string.IsNullOrEmpty(recorded)) return null;
        var relative = Path.GetRelativePath(Root, Path.GetFullPath(recorded, Root)).Replace(Path.DirectorySeparatorChar, '/');
        return Find(relative) is null ? null : relative;
    }

    /// <summary>A name for a new result that neither a file nor another result has.</summary>
    /// <param name="content">The content's name.</param>
    /// <param name="styles">The names of the styles.</param>
    /// <param name="extension">With the dot.</param>
    /// <param name="taken">Whether a name is taken by a result that is still to be made.</param>
    public string FreeResult(string content, IReadOnlyList<string> styles, string extension, Func<string, bool> taken)
    {
        var path = OutputNames.In(Results, content, styles, extension, path => taken(IdOfResult(path)));
        return IdOfResult(path);

        static string IdOfResult(string path) => $"{ResultsName}/{Path.GetFileName(path)}";
    }

    /// <summary>Moves a new file to the uploads; a file with the same bytes is used instead.</summary>
    /// <param name="temporary">The file, on the same disk.</param>
    /// <param name="name">A name of <see cref="CleanName"/>.</param>
    /// <returns>Its path below the folder.</returns>
    public string Adopt(string temporary, string name)
    {
        var (stem, extension) = (Path.GetFileNameWithoutExtension(name), Path.GetExtension(name));
        for (var number = 1; ; number++)
        {
            var free = number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}{extension}");
            var path = Path.Combine(Inputs, free);
            try
            {
                if (Path.Exists(path))
                {
                    if (Find($"{InputsName}/{free}") is null || FilePath.Sha256(path) != FilePath.Sha256(temporary)) continue;
                    File.Delete(temporary);
                }
                else File.Move(temporary, path, overwrite: false);
                return $"{InputsName}/{free}";
            }
            catch (IOException) when (Path.Exists(path))
            {
                // another page was faster
            }
        }
    }

    /// <summary>A name for an upload, whatever the page called it: one plain name of a picture.</summary>
    /// <exception cref="InvalidInputException">It does not end like the name of a picture.</exception>
    public static string CleanName(string? name)
    {
        var last = (name ?? "").Split('/', '\\')[^1];
        var extension = Path.GetExtension(last).ToLowerInvariant();
        if (!IsPicture(last))
            throw new InvalidInputException($"'{last}' does not end like a picture that nst reads; expected for instance .jpg or .png");
        var stem = string.Concat(last[..^extension.Length]
            .Where(character => !char.IsControl(character) && !char.IsSurrogate(character) && !"<>:\"|?*".Contains(character)));
        stem = stem.Trim().TrimStart('.', '-', '@', ' ').TrimEnd('.', ' ');
        if (stem.StartsWith(MaskPrefix, StringComparison.Ordinal)) stem = stem[MaskPrefix.Length..];
        return (stem.Length == 0 ? "picture" : stem[..Math.Min(stem.Length, 60)]) + extension;
    }

    /// <summary>Whether a page painted a picture as a mask.</summary>
    public static bool IsMask(string? id) => id?.StartsWith($"{InputsName}/{MaskPrefix}", StringComparison.Ordinal) == true;

    /// <summary>Writes a mask unless it is there.</summary>
    /// <returns>Its path below the folder.</returns>
    public string KeepMask(byte[] png)
    {
        var name = $"{MaskPrefix}{Convert.ToHexStringLower(SHA256.HashData(png))[..16]}.png";
        var path = Path.Combine(Inputs, name);
        if (!File.Exists(path)) AtomicFile.Write(path, temporary => File.WriteAllBytes(temporary, png));
        return $"{InputsName}/{name}";
    }

    private static string SamplesFolder => Path.Combine(AppContext.BaseDirectory, "samples");

    private static IEnumerable<string> Samples() =>
        Directory.Exists(SamplesFolder) ? Names(SamplesFolder).Select(name => SamplePrefix + name) : [];

    private string Keep(string sample, string name)
    {
        var temporary = Path.Combine(Inputs, $".{Guid.NewGuid():N}.tmp");
        File.Copy(sample, temporary);
        return Adopt(temporary, name);
    }

    /// <summary>The pictures right in a folder, by name.</summary>
    private static IEnumerable<string> Names(string folder) => Entries(folder, Directory.EnumerateFiles)
        .Where(IsPicture);

    private static IEnumerable<string> Folders(string folder) =>
        Entries(folder, Directory.EnumerateDirectories).Where(name => name != ResultsName);

    private static IEnumerable<string> Entries(string folder, Func<string, string, EnumerationOptions, IEnumerable<string>> enumerate)
    {
        try
        {
            return enumerate(folder, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.Hidden | FileAttributes.System })
                .Select(path => Path.GetFileName(path)).Where(IsPlain).Order(StringComparer.OrdinalIgnoreCase).ToArray();
        }
        catch (IOException)
        {
            return []; // just removed
        }
    }

    private static bool IsPlain(string id) =>
        id.Split('/') is { Length: <= Deepest } parts
        && parts.All(part => part.Length > 0 && part[0] != '.' && !part.Contains('\\') && !part.Contains('\0')
            && !(OperatingSystem.IsWindows() && part.Contains(':')));

    private static bool IsPicture(string name) => s_extensions.Contains(Path.GetExtension(name).ToLowerInvariant());

    private bool IsWithin(string resolved) =>
        resolved.StartsWith(Path.TrimEndingDirectorySeparator(Root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
