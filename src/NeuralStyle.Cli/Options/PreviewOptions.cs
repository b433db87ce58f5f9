using System.CommandLine;
using NeuralStyle.Cli.Jobs;

namespace NeuralStyle.Cli.Options;

/// <summary>Options about the page that shows a run while it continues; see docs/preview.md.</summary>
internal sealed class PreviewOptions
{
    public Option<bool> Preview { get; } = new("--preview") { Description =
        "serve a page that shows the run live, with buttons to pause, save and stop; --preview:PORT sets the port" };
    public Option<string> Port { get; } = new("--preview-port") { Description = "port of the page of --preview; default: a free port",
        HelpName = "PORT" };
    public Option<string> Bind { get; } =
        new("--preview-bind") { Description =
            "address to serve the page on, for instance 0.0.0.0 for access from other machines, with the printed token; "
                + "default: this machine only", HelpName = "ADDRESS" };

    public IReadOnlyList<Option> Table => [Preview, Port, Bind];

    public void AddTo(Command command)
    {
        foreach (var option in Table) command.Options.Add(option);
    }

    /// <summary>The command line's settings of the page; null for no page.</summary>
    public PreviewRequest? Of(ParseResult parse) =>
        PreviewRequest.Parse(parse.GetValue(Preview), parse.GetValue(Port), parse.GetValue(Bind));

    /// <summary>
    /// Writes <c>--preview:8080</c> and <c>--preview=8080</c> as <c>--preview --preview-port 8080</c>: the switch must not take the next
    /// argument, a picture, as its port.
    /// </summary>
    public static string[] Expand(IReadOnlyList<string> arguments) =>
        arguments.SelectMany(argument => argument.StartsWith("--preview:", StringComparison.Ordinal)
            || argument.StartsWith("--preview=", StringComparison.Ordinal)
            ? ["--preview", "--preview-port", argument["--preview:".Length..]]
            : (string[])[argument]).ToArray();

    /// <summary>Fails if the number after <c>--preview</c> was meant as its port.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="pictures">What would be taken for pictures.</param>
    public void RefusePort(ParseResult parse, IEnumerable<string> pictures)
    {
        if (parse.GetValue(Preview) && pictures.FirstOrDefault(name => name.All(char.IsAsciiDigit) && !File.Exists(name)) is { } port)
            throw new InvalidInputException($"'{port}' is no picture; if it is the port of the page, write {Preview.Name}:{port}");
    }
}
