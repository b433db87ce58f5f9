using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Imaging;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Studio;

/// <summary>The requests that pages of the studio can make.</summary>
internal sealed class StudioEndpoints(Studio studio)
{
    /// <summary>Nothing is loaded from elsewhere, and no script or style stands within the page.</summary>
    public const string Policy = "default-src 'none'; img-src 'self' blob: data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
        + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private const string NoContentPreset = "texture";

    private static readonly TimeSpan s_betweenEvents = TimeSpan.FromMilliseconds(150);
    private static readonly string[] s_scripts = ["viewer.js", "studio.js", "studio-memory.js", "studio-pictures.js", "studio-look.js",
        "studio-grid.js", "studio-queue.js", "studio-mask.js"];

    private readonly StudioUploads _uploads = new(studio.Folder);

    public void Map(IEndpointRouteBuilder routes)
    {
        Get("/", context => Send(context, "text/html; charset=utf-8", Html(context)));
        Get("/studio.css", context => Send(context, "text/css", Page.Resource("page.css") + Page.Resource("studio.css")));
        foreach (var script in s_scripts) Get("/" + script, context => Send(context, "text/javascript", Page.Resource(script)));
        Get("/events", Events);
        Get("/state", context => Send(context, "application/json", StudioState.Of(studio, context.Request.Query["page"])));
        Get("/lists", context => Send(context, "application/json", StudioState.Lists(studio)));
        Get("/thumb.jpg", context => Jpeg(context, StudioPictures.Thumbnail));
        Get("/view.jpg", context => Jpeg(context, StudioPictures.Shown));
        Get("/trial.jpg", context => Bytes(context, Trial(context, isGrid: false), StatusCodes.Status204NoContent));
        Get("/grid.jpg", context => Bytes(context, Trial(context, isGrid: true), StatusCodes.Status204NoContent));
        Get("/work.jpg", context => Bytes(context,
            studio.Queue.Items.FirstOrDefault(item => item.Id == Number(context, "id"))?.Work?.Picture, StatusCodes.Status204NoContent));
        Get("/file", Download);

        Post("/upload", async context => Answer(new { Id = await _uploads.Keep(context, context.Request.Query["name"]) }));
        Post("/mask", async context => Answer(new { Id = await _uploads.KeepMask(context) }));
        Post("/command", async context =>
        {
            var wish = await Read<Wish>(context);
            var output = studio.Queue.NameFor(wish);
            _ = studio.Binder.Bind(wish, output, resume: false);
            return Answer(new { Command = CommandText.Of(studio.Binder.Arguments(wish, output), OperatingSystem.IsWindows()) });
        });
        Post("/trial", async context =>
        {
            var wish = await Read<Wish>(context);
            return Answer(new
            {
                studio.Trials.Add(PageOf(context), [wish], isGrid: false, Number(context, "size"),
                    fresh: context.Request.Query["fresh"] == "1").Id,
            });
        });
        Post("/grid", async context =>
        {
            var wishes = await Read<Wish[]>(context);
            return Answer(new { studio.Trials.Add(PageOf(context), wishes, isGrid: true, Number(context, "size"), fresh: true).Id });
        });
        Post("/cancel", context => Did(() => studio.Trials.Cancel(PageOf(context), context.Request.Query["what"] == "grid")));
        Post("/paint", async context => Answer(new { studio.Queue.Add(await Read<Wish>(context)).Id }));
        Post("/pause", context => Did(() => studio.Queue.Pause(Number(context, "id"), keep: false)));
        Post("/stop", context => Did(() => studio.Queue.Pause(Number(context, "id"), keep: true)));
        Post("/go-on", context => Did(() => studio.Queue.GoOn(Number(context, "id"))));
        Post("/remove", context => Did(() => studio.Queue.Remove(Number(context, "id"))));
        Post("/clear", _ => Did(studio.Queue.RemoveDone));
        Post("/first", context => Did(() => studio.Queue.First(Number(context, "id"))));

        void Get(string path, Func<HttpContext, Task> answer) =>
            routes.MapGet(path, (HttpContext context) => Safely(context, () => answer(context)));

        void Post(string path, Func<HttpContext, Task<string>> answer) => routes.MapPost(path, (HttpContext context) =>
            Safely(context, async () => await Send(context, "application/json", await answer(context))));
    }

    /// <summary>What is wrong with a request is said in one line, as on the command line.</summary>
    private static async Task Safely(HttpContext context, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (OperationCanceledException)
        {
            // the page was closed
        }
        catch (Exception failure) when (failure is InvalidInputException or RunFailedException or JsonException or BadHttpRequestException)
        {
            if (context.Response.HasStarted) return;
            context.Response.StatusCode =
                failure is BadHttpRequestException { StatusCode: var code } ? code : StatusCodes.Status400BadRequest;
            await Send(context, "application/json", Answer(new
            {
                Error = failure switch
                {
                    JsonException => "this page and the program do not agree; reload the page",
                    BadHttpRequestException => "this file is too large",
                    _ => ErrorLine.Of(failure),
                },
            }));
        }
    }

    private static string Html(HttpContext context)
    {
        var query = $"?token={Pages.Html.Text(Uri.EscapeDataString((string?)context.Request.Query["token"] ?? ""))}";
        var presets = string.Concat(Presets.All.Where(preset => preset.Name != NoContentPreset)
            .Select(preset => $"<option value=\"{preset.Name}\" data-about=\"{Pages.Html.Text(preset.Description)}\" "
                + $"data-strength=\"{preset.Settings.Strength.ToString(CultureInfo.InvariantCulture)}\" "
                + $"data-iterations=\"{preset.Settings.Iterations}\">{preset.Name}</option>"));
        var head = $"<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"studio.css{query}\">\n"
            + string.Concat(s_scripts.Select(script => $"<script defer src=\"{script}{query}\"></script>\n"));
        return Page.Frame("nst studio", head, Page.Resource("studio.html").Replace("{presets}", presets, StringComparison.Ordinal));
    }

    /// <summary>Server-sent events: the state at once and after every change, but no more than a few times a second.</summary>
    private async Task Events(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        var page = context.Request.Query["page"];
        while (!context.RequestAborted.IsCancellationRequested)
        {
            var change = studio.Changed.Next;
            await context.Response.WriteAsync($"data: {StudioState.Of(studio, page)}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(s_betweenEvents, context.RequestAborted);
            await change.WaitAsync(context.RequestAborted);
        }
    }

    private async Task Jpeg(HttpContext context, int side)
    {
        byte[]? bytes;
        try
        {
            bytes = await studio.Pictures.Of(context.Request.Query["id"], side, context.RequestAborted);
        }
        catch (InvalidInputException)
        {
            bytes = null; // no picture, or damaged
        }
        await Bytes(context, bytes, StatusCodes.Status404NotFound);
    }

    private byte[]? Trial(HttpContext context, bool isGrid)
    {
        var cells = studio.Trials.Of(context.Request.Query["page"], isGrid)?.Cells;
        return Number(context, "i") is var i && i < cells?.Count ? cells[i].Work.Picture : null;
    }

    private async Task Download(HttpContext context)
    {
        if (studio.Folder.Find(context.Request.Query["id"]) is not { } path)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var name = Uri.EscapeDataString(Path.GetFileName(path));
        context.Response.Headers.ContentDisposition = $"attachment; filename*=UTF-8''{name}";
        context.Response.ContentType = "application/octet-stream";
        await context.Response.SendFileAsync(path, context.RequestAborted);
    }

    /// <summary>A picture; without one, another status: the work that a page asks about may just have ended.</summary>
    private static async Task Bytes(HttpContext context, byte[]? jpeg, int otherwise)
    {
        if (jpeg is null)
        {
            context.Response.StatusCode = otherwise;
            return;
        }
        context.Response.ContentType = EncodedPicture.MediaType;
        await context.Response.Body.WriteAsync(jpeg, context.RequestAborted);
    }

    private static string PageOf(HttpContext context) => (string?)context.Request.Query["page"] ?? "";

    private static int Number(HttpContext context, string name) =>
        int.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static async Task<T> Read<T>(HttpContext context) =>
        await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Wish.Json, context.RequestAborted)
        ?? throw new InvalidInputException("nothing was asked for");

    private static Task<string> Did(Action act)
    {
        act();
        return Task.FromResult("{}");
    }

    private static string Answer(object answer) => JsonSerializer.Serialize(answer, StudioState.Json);

    private static Task Send(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
