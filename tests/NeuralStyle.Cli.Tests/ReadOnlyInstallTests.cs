using System.Buffers.Binary;
using System.Diagnostics;
using NeuralStyle.Cli.Tests.Infra;
using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Cli.Tests;

/// <summary>The program in a folder that its user cannot write to, with the native library as its package ships it.</summary>
public sealed class ReadOnlyInstallTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_runs_and_leaves_nothing_behind(bool namesLibtorch)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux needs the repair");
        var native = Path.Combine("runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        Assert.SkipUnless(File.Exists(Path.Combine(AppContext.BaseDirectory, native)), "the library is not where this test looks for it");
        await Shell($"cp -al '{AppContext.BaseDirectory.TrimEnd('/')}' '{_folder["program"]}' || cp -a "
            + $"'{AppContext.BaseDirectory.TrimEnd('/')}' '{_folder["program"]}'");
        var library = Path.Combine(_folder["program"], native);
        var shipped = Strong(File.ReadAllBytes(library));
        Assert.True(ElfVersionNeeds.MakeWeak(shipped.ToArray(), "GLIBCXX_3.4.32"), "the library needs no repair, so nothing is tested");
        File.Delete(library); // it is the same file as the original
        File.WriteAllBytes(library, shipped);
        Directory.CreateDirectory(_folder["home"]);
        TestInputs.WritePhotograph(_folder["home/content.png"], 64, 48);
        TestInputs.WritePainting(_folder["home/style.jpg"], 64, 64);
        TestInputs.WriteWeights(_folder["home/tiny.npz"]);
        await Shell($"chmod -R a+rwX '{_folder["home"]}'; chmod a+x '{_folder.Root}'; chmod -R a+rX,a-w '{_folder["program"]}'");

        try
        {
            var root = Environment.IsPrivilegedProcess; // whom no permission stops
            var user = root ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : "";
            // in which case nst loads it in another way
            var libtorch = namesLibtorch ? $"NST_LIBTORCH='{Path.GetDirectoryName(library)}'" : "";
            var result =
                await Shell($"cd '{_folder["home"]}'; mkdir tmp; chmod a+rwx tmp; HOME=. TMPDIR=$PWD/tmp DOTNET_CLI_HOME=. {libtorch} "
                    + $"{user} dotnet '{_folder["program/nst.dll"]}' content.png style.jpg -o out.png --weights tiny.npz --size 48 "
                    + $"--first-iterations 1 -n 1 -q");
            Assert.SkipWhen(root
                && result.Error.Contains("setpriv:", StringComparison.Ordinal), "this machine does not let another user be taken");
            Assert.Equal(("", 0), (result.Error.Trim(), result.Code));
            Assert.True(File.Exists(_folder["home/out.png"]));
            Assert.Equal(shipped, File.ReadAllBytes(library));
            Assert.Empty(Directory.GetDirectories(_folder["home/tmp"], "nst-*"));
        }
        finally
        {
            await Shell($"chmod -R u+w '{_folder["program"]}'");
        }
    }

    /// <summary>The library as shipped: its one version requirement that older systems lack marked as a must again.</summary>
    private static byte[] Strong(byte[] library)
    {
        var hash = "GLIBCXX_3.4.32"u8.ToArray().Aggregate(0u, (h, c) =>
        {
            h = (h << 4) + c;
            var high = h & 0xf0000000;
            return (h ^ (high >> 24)) & ~high;
        });
        var entry = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, hash);
        for (var at = 0; (at = Array.IndexOf(library, entry[0], at)) >= 0; at++)
        {
            // vna_hash, vna_flags
            if (library.AsSpan(at).StartsWith(entry) && library[at + 4] is 0 or 2 && library[at + 5] == 0) library[at + 4] = 0;
        }
        return library;
    }

    private static async Task<NstResult> Shell(string command)
    {
        var start = new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return await Nst.FinishAsync(Process.Start(start)!);
    }
}
