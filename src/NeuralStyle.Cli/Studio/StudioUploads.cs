using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using NetVips;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Studio;

/// <summary>
/// Pictures that pages bring: bounded in bytes and in pixels, read by the same readers as all, and decoded once before they are kept.
/// </summary>
internal sealed class StudioUploads(StudioFolder folder)
{
    /// <summary>Most bytes of a picture and of a mask.</summary>
    public const int MostBytes = 256 << 20, MostMaskBytes = 16 << 20;

    private const int Glance = 64; // long side at which a picture is decoded to see that it can be

    private static readonly PictureLimits s_limits = new() { MostPixels = 400_000_000 };

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Keeps the body of a request as a picture.</summary>
    /// <returns>Its name for pages.</returns>
    /// <exception cref="InvalidInputException">It is no picture, or too large.</exception>
    public async Task<string> Keep(HttpContext context, string? asked)
    {
        var name = StudioFolder.CleanName(asked);
        Allow(context, MostBytes);
        await _one.WaitAsync(context.RequestAborted);
        // its extension counts for some kinds
        var temporary = Path.Combine(folder.Inputs, $".{Guid.NewGuid():N}.tmp{Path.GetExtension(name)}");
        try
        {
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
                await context.Request.Body.CopyToAsync(file, context.RequestAborted);
            Check(temporary, name, context.RequestAborted);
            return folder.Adopt(temporary, name);
        }
        catch (IOException failure) when (failure is not BadHttpRequestException)
        {
            throw new InvalidInputException($"'{name}' cannot be kept: {FileFailure.ReasonOf(failure)}", failure);
        }
        finally
        {
            File.Delete(temporary);
            _one.Release();
        }
    }

    /// <summary>Keeps the body of a request as a mask.</summary>
    /// <returns>Its name for pages.</returns>
    /// <exception cref="InvalidInputException">It is no PNG, or too large.</exception>
    public async Task<string> KeepMask(HttpContext context)
    {
        Allow(context, MostMaskBytes);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var png = body.ToArray();
        if (!png.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']))
            throw new InvalidInputException("the mask is no PNG");
        var temporary = Path.Combine(folder.Inputs, $".{Guid.NewGuid():N}.tmp.png");
        try
        {
            await File.WriteAllBytesAsync(temporary, png, context.RequestAborted);
            Check(temporary, "the mask", context.RequestAborted);
        }
        finally
        {
            File.Delete(temporary);
        }
        return folder.KeepMask(Plain(png));
    }

    /// <summary>The pixels alone. Firefox adds random bytes to what it encodes; the same mask would get another name each time.</summary>
    private static byte[] Plain(byte[] png)
    {
        using var image = Image.NewFromBuffer(png);
        return image.PngsaveBuffer(keep: Enums.ForeignKeep.None);
    }

    private static void Check(string path, string name, CancellationToken cancellation)
    {
        try
        {
            using var quiet = ManagedMemory.Undisturbed(); // a run collects after each iteration
            using var picture = Picture.Load(path, new PictureReading { Limits = s_limits, Cancellation = cancellation });
            picture.ToTensorOnWhite(picture.Size.LongSide > Glance ? picture.Size.WithLongSide(Glance) : picture.Size).Dispose();
        }
        catch (InvalidInputException failure)
        {
            throw new InvalidInputException(failure.Message.Replace(path, name, StringComparison.Ordinal), failure);
        }
    }

    private static void Allow(HttpContext context, long bytes) =>
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = bytes;
}
