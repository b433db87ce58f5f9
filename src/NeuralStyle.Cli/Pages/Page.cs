using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Pages;

/// <summary>The frame of every page: one file that asks nobody for anything, which its own policy also tells the browser.</summary>
internal static class Page
{
    /// <summary>The whole page.</summary>
    /// <param name="title">Plain text.</param>
    /// <param name="body">HTML.</param>
    /// <param name="script">Name of the script beside the style sheet.</param>
    public static string Render(string title, string body, string script) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <meta name="generator" content="nst {RunRecord.CurrentVersion}">
        <title>{Html.Text(title)}</title>
        <style>
        {Resource("page.css")}</style>
        </head>
        <body>
        {body}<script>
        {Resource(script)}</script>
        </body>
        </html>

        """;

    private static string Resource(string name)
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream($"NeuralStyle.Cli.Pages.Assets.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
