using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>A published weights file.</summary>
/// <param name="Name">What users call it: <c>nst weights fetch NAME</c>, <c>--weights NAME</c>.</param>
/// <param name="Network">VGG-19 or VGG-16, and who trained it.</param>
/// <param name="Purpose">What it is good for.</param>
/// <param name="Url">Where it is.</param>
/// <param name="FileBytes">Size of the file as published; approximate unless <see cref="IsSizeExact"/>.</param>
/// <param name="DownloadBytes">Bytes to download, approximately.</param>
/// <param name="Preprocessing">How pictures enter the network.</param>
internal sealed record KnownSource(
    string Name, string Network, string Purpose, Uri Url, long FileBytes, long DownloadBytes, Preprocessing Preprocessing)
{
    /// <summary>VGG by Karen Simonyan and Andrew Zisserman, University of Oxford.</summary>
    public const string License = "CC BY 4.0, K. Simonyan and A. Zisserman";

    /// <summary>Whether <see cref="FileBytes"/> is exact, so that another size is an error.</summary>
    public bool IsSizeExact { get; init; }

    /// <summary>The hexadecimal digits that the file's SHA-256 begins with, as far as published.</summary>
    public string? Sha256Prefix { get; init; }

    /// <summary>The hexadecimal MD5 of the file, if its publisher gives that.</summary>
    public string? Md5 { get; init; }

    /// <summary>The SHA-256 of the convolutions' values (<see cref="WeightsHash"/>), if it is known.</summary>
    public string? ValuesSha256 { get; init; }

    /// <summary>The name of the file.</summary>
    public string FileName => Url.Segments[^1];
}

/// <summary>
/// The table of published files. Sizes and hashes are those of their publishers. The first entry of each network is the
/// smallest official file, which <c>fetch vgg19</c> and <c>fetch vgg16</c> download.
/// </summary>
internal static class KnownSources
{
    private const string Keras = "https://storage.googleapis.com/tensorflow/keras-applications/";

    /// <summary>All sources.</summary>
    public static IReadOnlyList<KnownSource> All { get; } =
    [
        new("vgg19", "VGG-19, Oxford (Caffe)", "the network of the original method: the best results",
            new Uri(Keras + "vgg19/vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"), 80_000_000, 80_000_000, Preprocessing.CaffeBgr)
            { Md5 = "253f8cb515780f3b799900260a226db6" },
        new("vgg16", "VGG-16, Oxford (Caffe)", "slightly faster than VGG-19, slightly plainer pictures",
            new Uri(Keras + "vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"), 59_000_000, 59_000_000, Preprocessing.CaffeBgr)
            { Md5 = "6d6bbae143d832006294945121d1f1fc" },
        new("vgg16-npz", "VGG-16, Oxford (Caffe)", "the file that tutorials use (frossard)",
            new Uri("https://www.cs.toronto.edu/~frossard/vgg16/vgg16_weights.npz"), 553_436_134, 59_000_000, Preprocessing.CaffeRgb)
            { IsSizeExact = true },
        new("vgg19-caffe", "VGG-19, Oxford (Caffe)", "the file of neural-style: the same filters as vgg19",
            new Uri("https://web.eecs.umich.edu/~justincj/models/vgg19-d01eb7cb.pth"), 548_000_000, 548_000_000, Preprocessing.CaffeBgr)
            { Sha256Prefix = "d01eb7cb" },
        new("vgg16-caffe", "VGG-16, Oxford (Caffe)", "the smaller file of neural-style: the same filters as vgg16",
            new Uri("https://web.eecs.umich.edu/~justincj/models/vgg16-00b39a1b.pth"), 528_000_000, 528_000_000, Preprocessing.CaffeBgr)
            { Sha256Prefix = "00b39a1b" },
        new("vgg19-torchvision", "VGG-19, torchvision", "trained separately, with other filters; used by style-transfer-pytorch",
            new Uri("https://download.pytorch.org/models/vgg19-dcbb9e9d.pth"), 548_000_000, 548_000_000, Preprocessing.Torchvision)
            { Sha256Prefix = "dcbb9e9d" },
        new("vgg16-torchvision", "VGG-16, torchvision", "trained separately, with other filters",
            new Uri("https://download.pytorch.org/models/vgg16-397923af.pth"), 528_000_000, 528_000_000, Preprocessing.Torchvision)
            { Sha256Prefix = "397923af" },
    ];

    /// <summary>The source of a name.</summary>
    /// <exception cref="InvalidInputException">The name is unknown; the message lists the known ones.</exception>
    public static KnownSource Parse(string name) => All.FirstOrDefault(source => source.Name == name)
        ?? throw new InvalidInputException($"'{name}' is not a known source of weights; expected "
            + $"{string.Join(", ", All.Select(source => source.Name))}, or the address of a file");

    /// <summary>The source that a file is, by its hash.</summary>
    public static KnownSource? FindByHash(string sha256) =>
        All.FirstOrDefault(source => source.Sha256Prefix is { } prefix && sha256.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The source that a file is, by the hash that Keras publishes.</summary>
    public static KnownSource? FindByMd5(string md5) => All.FirstOrDefault(source => source.Md5 == md5);

    /// <summary>The source that a file seems to come from, by its name.</summary>
    public static KnownSource? FindByFileName(string fileName) =>
        All.FirstOrDefault(source => source.FileName.Equals(fileName, StringComparison.OrdinalIgnoreCase));
}
