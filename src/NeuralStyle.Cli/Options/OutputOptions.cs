using System.CommandLine;
using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Imaging;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Options;

/// <summary>Options about the files to write.</summary>
internal sealed class OutputOptions
{
    private static readonly PictureOutput s_default = new();

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "picture to write: .png, .jpg, .webp, .tif or .avif; - for standard output; "
            + "default: content--style.png next to the content",
        HelpName = "FILE|-",
    };

    public Option<string> Format { get; } = new("--format")
    {
        Description = "format of the result if -o gives no file name",
        HelpName = string.Join('|', PictureFormat.All.Select(format => format.Name.ToLowerInvariant())),
    };

    public Option<bool> NoClobber { get; } = new(EarlierResult.Option) { Description = EarlierResult.Description };

    public Option<string> BitDepth { get; } = new("--bit-depth")
    {
        Description = "bits per channel of PNG and TIFF",
        HelpName = "8|16",
        DefaultValueFactory = _ => s_default.BitDepth.ToString(CultureInfo.InvariantCulture),
    };

    public Option<string> Quality { get; } = new("--quality")
    {
        Description = "quality of JPEG, WebP and AVIF, 1 to 100",
        HelpName = "N",
        DefaultValueFactory = _ => s_default.Quality.ToString(CultureInfo.InvariantCulture),
    };

    public Option<string> Dpi { get; } = new("--dpi")
    {
        Description = string.Create(CultureInfo.InvariantCulture,
            $"pixels per inch for print; default: the content's, else {PictureOutput.UsualDpi}"),
        HelpName = "X",
    };

    public Option<bool> NoMetadata { get; } = new("--no-metadata") { Description = "do not record in the picture how it was made" };

    public Option<string> SaveEvery { get; } = new("--save-every")
    {
        Description = "write an intermediate picture every N iterations",
        HelpName = "N",
    };

    public Option<string> Log { get; } = new("--log")
    {
        Description = "append all settings and the losses of each iteration to a file, as JSON lines",
        HelpName = "FILE",
    };

    public Option<string> Report { get; } = new("--report")
    {
        Description = "write a page about the run: pictures to compare, loss curves, settings, times and the command",
        HelpName = "FILE.html",
    };

    public Option<bool> Show { get; } = new("--show") { Description = "show the result in the terminal" };

    public Option<string> ShowWay { get; } = new("--show-as")
    {
        Description = "way to show the result in the terminal; implies --show",
        HelpName = string.Join('|', ValueNames.All<ShowAs>()),
    };

    public IReadOnlyList<Option> Table =>
        [Output, Format, NoClobber, BitDepth, Quality, Dpi, NoMetadata, SaveEvery, Log, Report, Show, ShowWay];

    /// <summary>How to show the result; null for not at all.</summary>
    public ShowAs? ShowOf(ParseResult parse) => parse.GetValue(ShowWay) is { } way
        ? ValueNames.Parse<ShowAs>(ShowWay.Name, way)
        : parse.GetValue(Show) ? ShowAs.Auto : null;

    /// <summary>Iterations between intermediate pictures; null for none.</summary>
    public int? SaveEveryOf(ParseResult parse) =>
        parse.GetValue(SaveEvery) is { } text ? Values.InRange(SaveEvery.Name, text, 1, int.MaxValue) : null;

    /// <summary>How the file is encoded.</summary>
    public PictureOutput EncodingOf(OptionTexts texts)
    {
        var encoding = s_default;
        if (texts[BitDepth] is { } depth) encoding = encoding with { BitDepth = Values.InRange(BitDepth.Name, depth, 8, 16) };
        if (texts[Quality] is { } quality) encoding = encoding with { Quality = Values.InRange(Quality.Name, quality, 1, 100) };
        if (texts[Dpi] is { } dpi) encoding = encoding with { Dpi = DpiOf(dpi) };
        return encoding.BitDepth is 8 or 16
            ? encoding
            : throw new InvalidInputException($"{BitDepth.Name} is {encoding.BitDepth}; expected 8 or 16");
    }

    /// <summary>The format that was asked for; null for the one of the output's extension.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="output">The picture to write.</param>
    /// <exception cref="InvalidInputException">There is no such format, or the output's name says another one.</exception>
    public PictureFormat? FormatOf(ParseResult parse, string output)
    {
        if (parse.GetValue(Format) is not { } text) return output == StandardPictures.Name ? PictureFormat.All[0] : null;
        var name = text.TrimStart('.').ToLowerInvariant();
        var format = PictureFormat.All.FirstOrDefault(format =>
            format.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || format.Extensions.Contains("." + name))
            ?? throw ValueNames.Unknown(Format.Name, text, PictureFormat.All.Select(known => known.Name.ToLowerInvariant()).ToArray());
        return output == StandardPictures.Name || PictureFormat.Of(output) == format
            ? format
            : throw new InvalidInputException($"{Format.Name} {text} contradicts -o '{output}'; leave out {Format.Name}");
    }

    /// <summary>The extension of a default name.</summary>
    public string ExtensionOf(ParseResult parse) => (FormatOf(parse, StandardPictures.Name) ?? PictureFormat.All[0]).Extensions[0];

    private double DpiOf(string text)
    {
        var dpi = Values.Number(Dpi.Name, text);
        return dpi is >= 1 and <= 65_535
            ? dpi
            : throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture, $"{Dpi.Name} is {dpi}; expected 1 to 65535"));
    }

    public void AddTo(Command command)
    {
        foreach (var option in Table) command.Options.Add(option);
    }
}
