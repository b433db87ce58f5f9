using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Packages;

/// <summary>deploy/packages: the install script with a stand-in for the program, and the manifests.</summary>
public sealed class PackageScriptsTests : IDisposable
{
    private const string Version = "9.8.7";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_install_script_installs_replaces_and_removes()
    {
        await Pack("echo 9.8.7");
        for (var time = 0; time < 2; time++) // the second replaces the first
        {
            var result = await (time == 0 ? Install() : Install(version: ""));
            Assert.Equal((0, ""), (result.Code, result.Error));
            Assert.Contains($"export PATH=\"{_folder["prefix"]}/bin:$PATH\"", result.Output);
            var program = Process.Start(new ProcessStartInfo(_folder["prefix/bin/nst"]) { RedirectStandardOutput = true,
                RedirectStandardError = true })!;
            Assert.Equal("9.8.7\n", (await Nst.FinishAsync(program)).Output);
            Assert.Equal("page", File.ReadAllText(_folder["prefix/share/man/man1/nst.1"]));
            Assert.Equal(["nst"], Directory.GetFileSystemEntries(_folder["prefix/lib"]).Select(Path.GetFileName));
        }
        Assert.Equal(0, (await Install("--uninstall")).Code);
        Assert.Empty(Directory.GetFiles(_folder["prefix"], "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("printf x >> \"$name\"", "the checksum of nst-9.8.7-linux-x64.tar.gz is")]
    [InlineData(": > SHA256SUMS", "SHA256SUMS does not list nst-9.8.7-linux-x64.tar.gz")]
    [InlineData("rm \"$name\"", "cannot be read")]
    public async Task What_is_damaged_is_not_installed(string damage, string expected)
    {
        await Pack("echo 9.8.7");
        await Shell($"cd '{_folder["from"]}' && name=nst-{Version}-linux-x64.tar.gz && {damage}");
        var result = await Install();
        Assert.Equal(1, result.Code);
        Assert.Contains("install.sh: error: ", result.Error);
        Assert.Contains(expected, result.Error);
        Assert.False(Directory.Exists(_folder["prefix/lib/nst"]));
    }

    [Theory]
    [InlineData("--from '{0}/from'", "is no folder with one nst-VERSION-linux-x64.tar.gz; give --version X.Y.Z")] // two versions
    [InlineData("--from '{0}/none'", "is no folder with one nst-VERSION-linux-x64.tar.gz; give --version X.Y.Z")]
    [InlineData("--version 1.2.3", "this copy names no release; give --from URL|FOLDER")]
    public async Task A_version_that_nobody_named_is_asked_for(string options, string expected)
    {
        await Pack("echo 9.8.7");
        File.WriteAllText(_folder["from", "nst-9.8.8-linux-x64.tar.gz"], "");
        options = options.Replace("{0}", _folder.Root, StringComparison.Ordinal);
        var result = await Shell($"sh '{Script("install.sh")}' {options} --prefix '{_folder["prefix"]}'");
        Assert.Equal(1, result.Code);
        Assert.Contains(expected, result.Error);
    }

    [Fact]
    public async Task A_program_that_does_not_start_leaves_the_earlier_one()
    {
        await Pack("echo 9.8.7");
        await Install();
        await Pack("exit 3");
        var result = await Install();
        Assert.Equal(1, result.Code);
        Assert.Contains("does not start on this system; nothing was installed", result.Error);
        Assert.Equal("#!/bin/sh\necho 9.8.7\n", File.ReadAllText(_folder["prefix/lib/nst/nst"]));
        Assert.Single(Directory.GetFileSystemEntries(_folder["prefix/lib"]));
    }

    [Fact]
    public async Task The_manifests_have_no_gaps()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a script for Linux");
        var version = Regex.Match(File.ReadAllText(Repository.File("Directory.Build.props")), "<Version>(.*)</Version>").Groups[1].Value;
        File.WriteAllText(_folder["SHA256SUMS"],
            $"{new string('a', 64)}  nst-{version}-win-x64.zip\n{new string('b', 64)}  nst-{version}-osx-arm64.tar.gz\n");
        var result = await Shell("NST_MAINTAINER='Ann Example <ann@example.org>' NST_WINGET=Ann.nst bash "
            + $"'{Script("manifests.sh")}' '{_folder.Root}' https://example.org/v1");
        Assert.Equal((0, ""), (result.Code, result.Error));
        string[] files = ["install.sh", "homebrew/nst.rb", "winget/nst.yaml", "winget/nst.installer.yaml", "winget/nst.locale.en-US.yaml"];
        foreach (var file in files)
        {
            var text = File.ReadAllText(_folder[file]);
            Assert.DoesNotMatch("@[A-Z0-9_]+@", text);
            Assert.Contains(version, text);
        }
        Assert.Contains($"InstallerUrl: https://example.org/v1/nst-{version}-win-x64.zip", File.ReadAllText(_folder[files[3]]));
        Assert.Contains(new string('A', 64), File.ReadAllText(_folder[files[3]]));
        Assert.Contains($"sha256 \"{new string('b', 64)}\"", File.ReadAllText(_folder[files[1]]));
        Assert.All(files[2..], file => Assert.Contains("PackageIdentifier: Ann.nst\n", File.ReadAllText(_folder[file])));
        Assert.Contains("Publisher: \"Ann Example\"\n", File.ReadAllText(_folder[files[4]]));
    }

    [Theory]
    [InlineData("Ann Example <ann@example.org>", "Ann.nst", "")]
    [InlineData("", "Ann.nst", "NST_MAINTAINER is not set; a release needs 'NAME <ADDRESS>'")]
    [InlineData("Ann Example", "Ann.nst", "NST_MAINTAINER is 'Ann Example'; expected 'NAME <ADDRESS>'")]
    [InlineData("Ann & Bob <ann@example.org>", "Ann.nst", "expected neither quotes")]
    [InlineData("Ann Example <ann@example.org>", "", "NST_WINGET is not set; a release needs")]
    [InlineData("Ann Example <ann@example.org>", "nst", "NST_WINGET is 'nst'; expected PUBLISHER.nst")]
    [InlineData("Ann Example <ann@example.org>", "Ann..nst", "expected PUBLISHER.nst")]
    public async Task A_release_says_who_publishes_it(string maintainer, string winget, string refusal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a script for Linux");
        var result = await Shell($"NST_MAINTAINER='{maintainer}' NST_WINGET='{winget}' bash '{Script("publisher.sh")}'");
        Assert.Equal(refusal.Length == 0 ? 0 : 1, result.Code);
        Assert.Contains(refusal, result.Error);
    }

    [Fact]
    public async Task The_list_of_parts_has_dotnet_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a script for Linux");
        File.WriteAllText(_folder["nst.deps.json"], """
            {
              "libraries": {
                "nst/0.1.0": {
                  "type": "project"
                },
                "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.12": {
                  "type": "runtimepack"
                }
              }
            }
            """);
        File.WriteAllText(_folder["list"], "{\n  \"components\": [\n    {\n      \"name\": \"NetVips\"\n    }\n  ]\n}\n");
        string Add(string file) => $"bash '{Script("add-runtime.sh")}' '{_folder["nst.deps.json"]}' '{_folder[file]}'";
        var added = await Shell(Add("list"));
        Assert.Equal((0, ""), (added.Code, added.Error));
        var parts = JsonNode.Parse(File.ReadAllText(_folder["list"]))!["components"]!.AsArray();
        Assert.Equal(["Microsoft.NETCore.App.Runtime.linux-x64", "NetVips"], parts.Select(part => (string?)part!["name"]));
        Assert.Equal(("10.0.12", "pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@10.0.12", "MIT"), ((string?)parts[0]!["version"],
            (string?)parts[0]!["purl"], (string?)parts[0]!["licenses"]![0]!["license"]!["id"]));

        File.WriteAllText(_folder["other"], "{}");
        Assert.Contains("no list of components", (await Shell(Add("other"))).Error);
        File.WriteAllText(_folder["nst.deps.json"], "{}");
        Assert.Contains("names no runtime pack", (await Shell(Add("list"))).Error);
    }

    /// <summary>An archive with a script for the program, as build.sh makes it.</summary>
    private async Task Pack(string script)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "a script for this system");
        var name = $"nst-{Version}-linux-x64";
        var result = await Shell($"""
            set -e
            rm -rf '{_folder["from"]}' && mkdir -p '{_folder["from"]}/{name}' && cd '{_folder["from"]}'
            for file in man/man1/nst.1 bash-completion/completions/nst zsh/site-functions/_nst fish/vendor_completions.d/nst.fish; do
              mkdir -p {name}/share/$(dirname $file); printf page > {name}/share/$file
            done
            printf '#!/bin/sh\n{script}\n' > {name}/nst; chmod +x {name}/nst
            tar -czf {name}.tar.gz {name}; rm -r {name}; sha256sum {name}.tar.gz > SHA256SUMS
            """);
        Assert.Equal(0, result.Code);
    }

    private static string Script(string name) => Repository.File("deploy", "packages", name);

    private Task<NstResult> Install(string more = "", string version = $"--version {Version}") => Shell(
        $"sh '{Script("install.sh")}' --from '{_folder["from"]}' {version} "
        + $"--prefix '{_folder["prefix"]}' {more}");

    private static async Task<NstResult> Shell(string command) => await Nst.FinishAsync(
        Process.Start(new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true })!);
}
