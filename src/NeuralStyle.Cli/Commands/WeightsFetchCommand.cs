using System.CommandLine;
using System.Runtime.InteropServices;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;
using NeuralStyle.Weights.Download;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst weights fetch</c>: downloads a network and installs it where runs find it.</summary>
internal static class WeightsFetchCommand
{
    public static Command Create(WeightsLocator? locator)
    {
        var name =
            new Argument<string?>("NAME") { Description =
                "known source (see 'nst weights list'), or with --url the name to install under; default: vgg19",
                    Arity = ArgumentArity.ZeroOrOne };
        var to = new Option<string?>("--to") { Description =
            "folder to install into; default: the user's own; vgg: found by runs in the current folder", HelpName = "DIR" };
        var url = new Option<string?>("--url") { Description = "download from this https address instead of a known source",
            HelpName = "URL" };
        var sha256 = new Option<string?>("--sha256") { Description =
            "expected SHA-256 of the file, or of its values as 'nst weights inspect' prints it; needs --url", HelpName = "HASH" };
        var keep = new Option<bool>("--keep") { Description = "download the whole file and keep it next to the installed network" };
        var options = new WeightsOptions();
        var command = new Command("fetch", "download a trained network, verify it and install it") { name, to, url, sha256, keep };
        options.AddTo(command);
        command.Options.Add(options.NoClobber);
        command.SetAction(parse =>
        {
            var address = parse.GetValue(url);
            if (parse.GetValue(sha256) is not null && address is null)
                throw new InvalidInputException("--sha256 needs --url; nst has the hashes of known sources itself");
            var source = address is null ? KnownSources.Parse(parse.GetValue(name) ?? KnownSources.All[0].Name) : null;
            var from = source?.Url ?? ParseUrl(address!);
            var request = new FetchRequest(parse.GetValue(name)
                ?? source?.Name
                ?? NameFrom(from), from, parse.GetValue(to)
                ?? (locator ?? new WeightsLocator()).CacheFolder)
            {
                Source = source,
                Sha256 = parse.GetValue(sha256),
                Keep = parse.GetValue(keep),
                Format = options.Format(parse),
                Overrides = options.Bind(parse),
            };
            foreach (var path in WeightsFetcher.FilesOf(request))
                EarlierResult.Meet(path, parse.GetValue(options.NoClobber), parse.InvocationConfiguration.Error);
            return Run(request, parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error);
        });
        return command;
    }

    private static int Run(FetchRequest request, TextWriter output, TextWriter error)
    {
        using var stop = new CancellationTokenSource();
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = !stop.IsCancellationRequested; // the second one ends the program at once
            stop.Cancel();
        });
        var isTerminal = LiveTerminal.Is(error);
        try
        {
            ErrorLine.Hint(error, $"fetching {request.Name} from {request.Url}");
            var result = FetchReporter.Show(error, isTerminal, reporter => WeightsFetcher.Fetch(request, reporter, stop.Token));
            ErrorLine.Hint(error,
                $"fetched {result.BytesFetched} of {result.FileBytes} bytes in "
                    + $"{result.Requests} request{(result.Requests == 1 ? "" : "s")}; {result.Verification}");
            PreprocessingHint.Write(result.Weights, error);
            ErrorLine.Hint(error, $"{result.Weights.Convolutions.Count} convolutions down to {result.Weights.Deepest}, preprocessing "
                + $"{PreprocessingNames.NameOf(result.Weights.Preprocessing)}, licence of VGG: {KnownSource.License}");
            output.WriteLine(Printable.Result(result.Path));
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            ErrorLine.Warn(error, "stopped; the bytes that have arrived are kept, run the same command again to continue");
            return ExitCodes.Interrupted;
        }
    }

    private static string NameFrom(Uri url)
    {
        var name = string.Concat(Path.GetFileNameWithoutExtension(url.AbsolutePath)
            .Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
        return name.Length > 0
            ? name
            : throw new InvalidInputException(
                $"'{url}' has no name at its end; give the name to install under, for instance: nst weights fetch mine --url …");
    }

    private static Uri ParseUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url)
        ? url
        : throw new InvalidInputException($"--url is '{text}', which is not an address; expected https://…");
}
