using NeuralStyle.Cli.Doctor;
using NeuralStyle.Diagnosis;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Cli.Tests.Doctor;

/// <summary>What <c>nst doctor</c> makes of the facts, without any machine.</summary>
public sealed class FindingsTests
{
    private const long Much = 100L << 30;

    private static readonly DoctorReport s_good = new()
    {
        Version = "1.0.0",
        Program = "/nst/",
        System = new SystemFacts("Linux", "Linux 6", "glibc 2.36", null, "x64", "x64", "10.0.0", HasOpenSsl: true),
        Processor = new ProcessorFacts("Fast", 8, ["AVX2"], 256),
        Memory = new MemoryFacts(Much, Much, null, null, Much, null, null, "madvise"),
        Libtorch = new TorchFacts(null, "2.10.0", "/nst", WrapperState.AsShipped, 8, HasCuda: false, CudaDevices: 0, 1),
        Graphics = null,
        Pictures = new PictureLibraryFacts(null, "8", "7", [new CodecFacts("JPEG", PictureReader.Libvips, Reads: true, Writes: true)]),
        Weights = new WeightsState("/weights", [new InstalledNetwork("vgg19", 1, "VGG-19", null)], "/weights/vgg19.npz", "installed", null),
        Folders = [new FolderFacts(Examination.CurrentFolder, ".", IsThere: true, IsWritable: true, Much)],
        Ffmpeg = new ProgramState("ffmpeg", "7", true, []),
        Browser = new ProgramState("browser", null, false, []),
        Variables = new Dictionary<string, string>(),
    };

    private static readonly GraphicsFacts s_gpu = new("NVIDIA L4", "550.1", Much);

    private static readonly Dictionary<string, Func<DoctorReport, DoctorReport>> s_changes = new()
    {
        ["broken: OpenSSL is not installed"] = good => good with { System = good.System with { HasOpenSsl = false } },
        ["broken: libtorch does not work: gone → install nst again"] = good => good with { Libtorch = new TorchFacts("gone") },
        ["broken: libtorch does not work: NST_LIBTORCH 'x' is not a folder → correct or unset NST_LIBTORCH"] =
            good => good with { Libtorch = new TorchFacts("NST_LIBTORCH 'x' is not a folder") },
        ["broken: libtorch does not work: gone → use the Linux build"] =
            good => good with { Libtorch = new TorchFacts("gone"), System = good.System with { Wine = "8.0" } },
        ["broken: libtorch does not work: gone → use a distribution with glibc"] =
            good => good with { Libtorch = new TorchFacts("gone"), System = good.System with { CLibrary = "not glibc" } },
        ["broken: libvips does not load: gone"] = good => good with { Pictures = new PictureLibraryFacts("gone") },
        ["broken: JPEG cannot be read or written"] = good => good with { Pictures = Codec("JPEG", reads: false, writes: false) },
        ["missing: AVIF cannot be written"] = good => good with { Pictures = Codec("AVIF", reads: true, writes: false) },
        ["missing: HEIC cannot be read"] = good => good with { Pictures = Codec("HEIC", reads: false, writes: null) },
        ["broken: NST_WEIGHTS is 'x' → name a network"] =
            good => good with { Weights = good.Weights with { InUse = null, Error = "NST_WEIGHTS is 'x'" } },
        ["missing: the network vgg16 is damaged: short → nst weights fetch vgg16"] =
            good => good with { Weights = good.Weights with { Installed = [new InstalledNetwork("vgg16", 1, null, "short")] } },
        ["advice: runs use the built-in network"] = good => good with { Weights = good.Weights with { InUse = "builtin", Installed = [] } },
        ["missing: the folder '.' (current folder) cannot be written → change to another folder"] =
            good => good with { Folders = [good.Folders[0] with { IsWritable = false }] },
        ["missing: only 0.1 GiB are free in '.'"] = good => good with { Folders = [good.Folders[0] with { Free = 107374182 }] },
        ["missing: nst video needs ffmpeg"] = good => good with { Ffmpeg = good.Ffmpeg with { Found = false } },
        ["missing: ffmpeg has no encoder libvpx-vp9, which .webm need"] =
            good => good with { Ffmpeg = good.Ffmpeg with { Lacks = ["libvpx-vp9"] } },
        ["advice: NVIDIA L4 is not used: this libtorch is the CPU build → install the CUDA build"] =
            good => good with { Graphics = [s_gpu] },
        ["advice: NVIDIA L4 is not used: libtorch finds no device that it can use → look at nvidia-smi, and install a newer driver than"] =
            good => good with { Graphics = [s_gpu], Libtorch = good.Libtorch with { HasCuda = true } },
        ["advice: the folder of the program is read-only"] =
            good => good with { Libtorch = good.Libtorch with { Wrapper = WrapperState.RepairedCopy } },
        ["advice: without AVX2 or NEON"] = good => good with { Processor = good.Processor with { Vectors = null } },
        ["advice: this virtual machine hides the processor's caches"] =
            good => good with { Processor = good.Processor with { ReportsCaches = false } },
        ["advice: libtorch takes 8 threads, and this process is granted 2 processors → --threads 2"] =
            good => good with { Memory = good.Memory with { Processors = 1.5 } },
        ["advice: libtorch takes only 1 threads of 8 processors → --threads 8"] =
            good => good with { Libtorch = good.Libtorch with { Threads = 1 } },
        ["advice: Linux's transparent huge pages are off"] = good => good with { Memory = good.Memory with { HugePages = "never" } },
        ["advice: a run may take only 0.5 GiB"] = good => good with { Memory = good.Memory with { Run = 1 << 29 } },
    };

    public static TheoryData<string> Changes => [.. s_changes.Keys];

    [Fact]
    public void A_good_machine_has_none()
    {
        Assert.Empty(Findings.Of(s_good));
        Assert.Empty(Findings.Of(s_good with { Graphics = [s_gpu], Libtorch = s_good.Libtorch with { HasCuda = true, CudaDevices = 1 } }));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void What_is_wrong_is_found_with_a_remedy(string expected)
    {
        var report = s_changes[expected](s_good);
        var finding = Assert.Single(Findings.Of(report));
        Assert.StartsWith(expected, $"{finding.Severity.ToString().ToLowerInvariant()}: {finding.What}"
            + (expected.Contains('→', StringComparison.Ordinal) ? $" → {finding.Remedy}" : ""), StringComparison.Ordinal);
        Assert.NotEmpty(finding.Remedy);
        var withIt = report with { Findings = [finding] };
        Assert.Equal(finding.Severity != Severity.Broken, withIt.IsHealthy);
        var page = new StringWriter();
        DoctorPage.Write(withIt, page);
        Assert.Contains($"{finding.What}{Environment.NewLine}  → {finding.Remedy}", page.ToString().ReplaceLineEndings());
    }

    private static PictureLibraryFacts Codec(string format, bool reads, bool? writes) =>
        new(null, "8", "7", [new CodecFacts(format, PictureReader.Libvips, reads, writes)]);
}
