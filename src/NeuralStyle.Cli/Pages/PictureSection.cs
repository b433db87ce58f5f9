using System.Globalization;
using System.Text;
using NeuralStyle.Imaging;
using static TorchSharp.torch;

namespace NeuralStyle.Cli.Pages;

/// <summary>The pictures of a run: the result against the content under a slider, crops at full size, and the inputs.</summary>
internal static class PictureSection
{
    private const int Shown = 1600, Thumbnail = 640, LargestCrop = 384, SmallestCrop = 96; // long sides in pixels
    private const int Quality = 88, CropQuality = 93;

    public static string Render(RunReportData data)
    {
        using var scope = NewDisposeScope();
        var size = ImageTensor.SizeOf(data.Result);
        var (content, result) = (data.Inputs.Content.ToTensorOnWhite(size), data.Result);
        // as in the written file: transparent where the content is
        if (data.Inputs.Content.HasAlpha && data.Job.Format.Alpha)
        {
            var alpha = data.Inputs.Content.AlphaTensor(size);
            result = (result * alpha).add_(1 - alpha);
        }
        var name = data.IsTexture ? "style" : "content";
        var html = new StringBuilder();
        var (left, right) = (Embedded(content, Shown, Quality), Embedded(result, Shown, Quality));
        html.Append("<section class=\"first\">\n").Append(Viewer(name, left, "result", right));
        html.Append(CultureInfo.InvariantCulture,
            $"<p class=\"hint\">Drag the slider to compare. The wheel, or + and −, enlarge; drag the picture to move "
                + $"it.{(size.LongSide > Shown ? $" Shown at {right.Size}; the crops below are at full size." : "")}</p>\n</section>\n");

        var side = Math.Min(LargestCrop, size.LongSide / 4);
        if (side >= SmallestCrop)
        {
            html.Append("<section><h2>Crops at full size</h2>\n<div class=\"crops\">\n");
            foreach (var crop in CropFinder.Find(result, side, 3))
            {
                html.Append(CultureInfo.InvariantCulture,
                    $"<div>{Viewer(name, Encode(content), "result", Encode(result))}<p class=\"hint\">at {crop.X}, {crop.Y}</p></div>\n");
                EncodedPicture Encode(Tensor picture) =>
                    EncodedPicture.Of(picture.narrow(2, crop.Y, crop.Height).narrow(3, crop.X, crop.Width), CropQuality);
            }
            html.Append("</div>\n</section>\n");
        }

        html.Append("<section><h2>Inputs</h2>\n<div class=\"inputs\">\n");
        foreach (var (what, picture) in data.Inputs.Named().Skip(data.IsTexture ? 1 : 0))
        {
            html.Append(CultureInfo.InvariantCulture,
                $"<figure><img alt=\"\" "
                    + $"src=\"{Html.Data(EncodedPicture.Of(picture, Thumbnail, Quality))}\"><figcaption><b>{Html.Text(what)}</b> "
                    + $"{Html.Text(picture.Path)}<br>{picture.Size} · SHA-256 <code "
                    + $"title=\"{picture.Sha256}\">{picture.Sha256[..12]}…</code></figcaption></figure>\n");
        }
        return html.Append("</div>\n</section>\n").ToString();
    }

    private static EncodedPicture Embedded(Tensor image, int longSide, int quality)
    {
        using var scope = NewDisposeScope();
        var size = ImageTensor.SizeOf(image);
        return EncodedPicture.Of(size.LongSide > longSide ? ImageTensor.Resize(image, size.WithLongSide(longSide)) : image, quality);
    }

    /// <summary>Two pictures under a slider.</summary>
    public static string Viewer(string leftName, EncodedPicture left, string rightName, EncodedPicture right)
    {
        var ratio = ((double)right.Size.Width / right.Size.Height).ToString("0.####", CultureInfo.InvariantCulture);
        return $"<div class=\"viewer\" style=\"--ratio:{ratio};--width:{right.Size.Width}px\">\n"
            + $"<div class=\"stage\"><img alt=\"{rightName}\" src=\"{Html.Data(right)}\">"
            + $"<div class=\"over\"><img alt=\"{leftName}\" src=\"{Html.Data(left)}\"></div><i class=\"line\"></i>"
            + $"<span class=\"tag left\">{leftName}</span><span class=\"tag right\">{rightName}</span></div>\n"
            + "<div class=\"tools\"><input type=\"range\" min=\"0\" max=\"100\" step=\"0.1\" value=\"50\" "
            + $"aria-label=\"from {leftName} to {rightName}\">"
            + "<button type=\"button\" data-zoom=\"-1\" aria-label=\"smaller\">−</button>"
            + "<button type=\"button\" data-zoom=\"1\" aria-label=\"larger\">+</button>"
            + "<button type=\"button\" data-zoom=\"0\">fit</button></div>\n</div>\n";
    }
}
