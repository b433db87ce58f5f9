using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Pages;

/// <summary>
/// The frame of every page. Reports are one file that loads nothing, and their own Content-Security-Policy enforces that.
/// </summary>
internal static class Page
{
    private const string Policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

    /// <summary>A whole page in one file.</summary>
    /// <param name="title">Plain text.</param>
    /// <param name="body">HTML.</param>
    /// <param name="script">Name of the script beside the style sheet.</param>
    public static string Render(string title, string body, string script) => Frame(title, $"""
        <meta http-equiv="Content-Security-Policy" content="{Policy}">
        <meta name="generator" content="nst {RunRecord.CurrentVersion}">
        <style>
        {Resource("page.css")}</style>
        """, $"""
        {body}<script>
        {Resource(script)}</script>
        """);

    /// <summary>The HTML around the head and body of every page.</summary>
    /// <param name="title">Plain text.</param>
    /// <param name="head">HTML: style sheets and the like.</param>
    /// <param name="body">HTML.</param>
    public static string Frame(string title, string head, string body) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Html.Text(title)}</title>
        {head}
        </head>
        <body>
        {body}
        </body>
        </html>

        """;

    /// <summary>A file of one of the folders <c>Assets/</c>.</summary>
    public static string Resource(string name)
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream($"NeuralStyle.Cli.Assets.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
