using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Runtime;

namespace NeuralStyle.Cli.Pages;

/// <summary>The requests that the page can make.</summary>
internal static class PreviewEndpoints
{
    private static readonly TimeSpan BetweenEvents = TimeSpan.FromMilliseconds(200);

    public static void Map(IEndpointRouteBuilder routes, PreviewHub hub)
    {
        routes.MapGet("/", async (HttpContext context) =>
        {
            var query = context.Request.Query["token"] is [{ } token] ? $"?token={Html.Text(Uri.EscapeDataString(token))}" : "";
            var page = Page.Frame("nst", "<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"preview.css{query}\">",
                Page.Resource("preview.html"));
            await Send(context, "text/html; charset=utf-8", page.Replace("{query}", query, StringComparison.Ordinal));
        });
        routes.MapGet("/preview.css",
            (HttpContext context) => Send(context, "text/css", Page.Resource("page.css") + Page.Resource("preview.css")));
        routes.MapGet("/preview.js", (HttpContext context) => Send(context, "text/javascript", Page.Resource("preview.js")));
        routes.MapGet("/events", (HttpContext context) => Events(context, hub));
        routes.MapGet("/losses", (HttpContext context) => Send(context, "text/html; charset=utf-8", Losses(hub)));
        routes.MapGet("/settings", (HttpContext context) => Send(context, "text/html; charset=utf-8", Settings(hub)));
        routes.MapGet("/current.jpg", (HttpContext context) => Picture(context, () => hub.Current is { } run ? Locked(run) : null));
        routes.MapGet("/content.jpg",
            (HttpContext context) => Picture(context,
                () => hub.Current is { } run ? run.Film is null ? run.Input(run.Job.Content) : SourceOf(run) : null));
        routes.MapGet("/style.jpg", (HttpContext context) => Picture(context, () => hub.Current is { } run
            && Number(context) is var i
            && i < run.Job.Styles.Count ? run.Input(run.Job.Styles[i]) : null));
        routes.MapGet("/finished.jpg", (HttpContext context) => Picture(context, () => Finished(hub, context.Request.Query["name"])));
        Order("/pause", hub.Pause);
        Order("/go-on", hub.GoOn);
        Order("/stop", hub.Stop);
        Order("/save", () => hub.Current?.AskToSave());

        void Order(string path, Action act) => routes.MapPost(path, (HttpContext context) =>
        {
            act();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
    }

    /// <summary>Server-sent events: the state at once and after every change, but no more than a few times a second.</summary>
    private static async Task Events(HttpContext context, PreviewHub hub)
    {
        context.Response.ContentType = "text/event-stream";
        using var watching = hub.Watch();
        try
        {
            while (true)
            {
                var change = hub.NextChange();
                var ended = hub.End is not null;
                var json = PreviewState.Of(hub);
                await context.Response.WriteAsync($"data: {json}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                if (ended) return;
                await Task.Delay(BetweenEvents, context.RequestAborted);
                await change.WaitAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // the page was closed
        }
    }

    private static async Task Picture(HttpContext context, Func<byte[]?> read)
    {
        byte[]? bytes;
        try
        {
            bytes = read();
        }
        catch (InvalidInputException)
        {
            bytes = null; // the file has been removed
        }
        if (bytes is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = EncodedPicture.MediaType;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static string Losses(PreviewHub hub)
    {
        if (hub.Current is not { } run) return "";
        if (run.Film is { } film) return film.Render();
        lock (run.Gate) return LossCharts.Render(run.Curves.Bands, run.Curves.Points, run.Curves.Every);
    }

    private static string Settings(PreviewHub hub)
    {
        if (hub.Current is not { Job: var job }) return "";
        var command = job.CommandLine is { } line ? $"<div class=\"command\"><pre>{Html.Text(line)}</pre></div>\n" : "";
        return command + SettingsSection.Render(new RunRecord { Settings = job.Settings, StyleWeights = job.StyleWeights,
            Weights = new InputFile(job.Weights ?? "", "") });
    }

    private static byte[]? Locked(PreviewRun run)
    {
        lock (run.Gate) return run.Picture;
    }

    private static byte[]? SourceOf(PreviewRun run)
    {
        lock (run.Gate) return run.Frame?.Source;
    }

    /// <summary>Only pictures on the page's list can be requested.</summary>
    private static byte[]? Finished(PreviewHub hub, string? name)
    {
        if (hub.Finished.FirstOrDefault(picture => picture.Name == name)?.Path is not { } path) return null;
        using var quiet = ManagedMemory.Undisturbed(); // the run collects after each iteration
        using var picture = Imaging.Picture.Load(path);
        return EncodedPicture.Of(picture, longSide: 320, quality: 80).Bytes;
    }

    private static int Number(HttpContext context) => int.TryParse(context.Request.Query["i"], out var number) && number >= 0 ? number : 0;

    private static Task Send(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
