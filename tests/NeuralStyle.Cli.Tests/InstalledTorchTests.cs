using System.Diagnostics;
using System.Text.Json;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests;

/// <summary>The real program on the libtorch of another folder: the bundled one stands in for that of an installed PyTorch.</summary>
public sealed class InstalledTorchTests : IDisposable
{
    private static readonly string s_native = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
    private readonly TempFolder _folder = new();

    public InstalledTorchTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux takes another libtorch");
        Assert.SkipUnless(File.Exists(Path.Combine(s_native, "libtorch_cpu.so")), "the library is not where this test looks for it");
        TestInputs.WritePhotograph(_folder["content.png"], 64, 48);
        TestInputs.WritePainting(_folder["style.jpg"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    private string Lib => _folder["torch/lib"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_computes_with_the_libtorch_of_the_folder_loads_no_other_and_warns_of_a_newer_one()
    {
        Install(File.Copy); // copies: to the loader a link is the same library as what it points to
        File.WriteAllText(_folder["torch/version.py"], "__version__ = '2.11.0+cu130'\ndebug = False\n");
        Newer(Path.Combine(Lib, "libtorch_cpu.so"));
        var process = Start("--first-iterations", "1000000", "--log", "run.jsonl");
        while (!process.HasExited && (!File.Exists(_folder["run.jsonl"]) || File.ReadLines(_folder["run.jsonl"]).Count() < 3))
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(process.HasExited, "the program ended by itself");
        var loaded = File.ReadLines($"/proc/{process.Id}/maps")
            .Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .Where(path => path.Contains("libtorch", StringComparison.Ordinal) || path.Contains("libc10", StringComparison.Ordinal))
            .Distinct()
            .Order()
            .ToArray();
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var result = await Nst.FinishAsync(process);
        Assert.Equal(130, result.Code);
        Assert.Contains("NST_LIBTORCH is PyTorch 2.11.0; nst is made for 2.10", result.Complaints[0]);
        Assert.Equal(((string[])["libc10.so", "libtorch.so", "libtorch_cpu.so"]).Select(name => Path.Combine(Lib, name)), loaded);
        Assert.Equal(Lib, JsonDocument.Parse(File.ReadLines(_folder["run.jsonl"])
            .First()).RootElement.GetProperty("run").GetProperty("libtorch").GetString());
    }

    [Fact]
    public async Task The_same_libtorch_in_another_folder_gives_the_same_bytes()
    {
        Install(Link);
        var there = await Nst.FinishAsync(Start("--first-iterations", "5", "--device", "cpu"));
        Assert.Equal((0, ""), (there.Code, there.Error));
        var bytes = File.ReadAllBytes(_folder["out.png"]);
        var here = await Nst.FinishAsync(Nst.Start(_folder.Root, Arguments("--first-iterations", "5", "--device", "cpu")));
        Assert.Equal((0, ""), (here.Code, here.Error));
        Assert.Equal(bytes, File.ReadAllBytes(_folder["out.png"]));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_or_not_the_right_one_is_told()
    {
        await Refused($"NST_LIBTORCH '{Lib}' is not a folder; expected the folder torch/lib of PyTorch 2.10, or leave NST_LIBTORCH unset");
        Install(Link);
        await Refused($"NST_LIBTORCH '{_folder["torch"]}' has no libc10.so, but its folder 'lib' has;", _folder["torch"]);
        File.Delete(Path.Combine(Lib, "libtorch_cpu.so"));
        await Refused($"NST_LIBTORCH '{Lib}' has no libtorch_cpu.so;");
        File.WriteAllText(Path.Combine(Lib, "libtorch_cpu.so"), "no library");
        await Refused($"NST_LIBTORCH '{Lib}' cannot be used: {Lib}/libtorch_cpu.so: file too short;");
    }

    [Theory]
    [InlineData("version.py", "from typing import Optional\n__all__ = ['__version__']\n__version__ = '2.6.0+cu124'\n", "2.6.0+cu124")]
    [InlineData("version.py", "__version__ = '2.1.0'\n", "2.1.0")]
    [InlineData("build-version", "1.13.1+cpu\n", "1.13.1+cpu")]
    public async Task Another_version_is_told_by_what_the_installation_says(string file, string text, string version)
    {
        Install(Link);
        File.WriteAllText(_folder[$"torch/{file}"], text);
        await Refused($"NST_LIBTORCH '{Lib}' is of version {version}, and 2.10 or 2.11 is needed;");
    }

    [Fact]
    public async Task A_library_that_says_nothing_of_its_version_is_too_old()
    {
        Install(Link);
        File.Delete(Path.Combine(Lib, "libtorch_cpu.so"));
        Link(Path.Combine(s_native, "libc10.so"), Path.Combine(Lib, "libtorch_cpu.so")); // any library
        await Refused($"NST_LIBTORCH '{Lib}' is of an old, unknown version; 2.10 or 2.11 is needed;");
    }

    [Fact]
    public async Task A_version_that_was_tried_is_taken_if_its_library_has_all_functions()
    {
        Install(Link);
        File.WriteAllText(_folder["torch/version.py"], "__version__ = '2.11.0+cu130'\n"); // the library itself is 2.10
        var done = await Nst.FinishAsync(Start("--first-iterations", "2", "--device", "cpu"));
        Assert.Equal((0, ""), (done.Code, done.Error));
    }

    [Fact]
    public async Task A_library_of_the_right_version_that_lacks_functions_is_told_before_any_work()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/cc"), "there is no C compiler");
        Directory.CreateDirectory(Lib);
        File.WriteAllText(_folder["stub.c"], "unsigned long aoti_torch_abi_version(void) { return 0x020a000000000000; }");
        foreach (var name in (string[])["libc10.so", "libtorch.so", "libtorch_cpu.so"])
        {
            using var compiler = Process.Start("cc",
                ["-shared", "-fPIC", $"-Wl,-soname,{name}", "-o", Path.Combine(Lib, name), _folder["stub.c"]]);
            await compiler.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, compiler.ExitCode);
        }
        await Refused($"NST_LIBTORCH '{Lib}' does not fit: ");
    }

    private void Install(Action<string, string> put)
    {
        Directory.CreateDirectory(Lib);
        foreach (var file in Directory.GetFiles(s_native, "*.so*").Where(file => Path.GetFileName(file) is not ("libLibTorchSharp.so"
            or "libtorch_python.so") && !file.Contains("vips", StringComparison.Ordinal)))
            put(file, Path.Combine(Lib, Path.GetFileName(file)));
    }

    /// <summary>Makes a libtorch 2.10 say that it is 2.11, in the function that tells it.</summary>
    private static void Newer(string library)
    {
        byte[] code = [0x48, 0xb8, 0, 0, 0, 0, 0, 0, 10, 2, 0xc3]; // mov $0x020a000000000000, %rax; ret
        using var file = File.Open(library, FileMode.Open);
        var block = new byte[1 << 24];
        for (long start = 0; ; start += block.Length - code.Length)
        {
            file.Position = start;
            var count = file.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
            Assert.True(count > code.Length, "the library has no such function");
            if (block.AsSpan(0, count).IndexOf(code) is not (>= 0 and var at)) continue;
            file.Position = start + at + 8;
            file.WriteByte(11);
            return;
        }
    }

    private static void Link(string target, string link) => File.CreateSymbolicLink(link, target);

    private async Task Refused(string message, string? folder = null)
    {
        var result = await Nst.FinishAsync(StartOn(folder ?? Lib));
        Assert.Equal(2, result.Code);
        Assert.StartsWith($"nst: error: {message}", Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out.png"]));
    }

    private Process Start(params string[] args) => StartOn(Lib, args);

    private Process StartOn(string folder, params string[] args) =>
        Nst.Start(_folder.Root, new Dictionary<string, string> { ["NST_LIBTORCH"] = folder }, Arguments(args));

    private static string[] Arguments(params string[] args) =>
        ["content.png", "style.jpg", "-o", "out.png", "--weights", "tiny.npz", "--size", "64", "--min-size", "64", "--threads", "1", "-q",
            .. args];
}
