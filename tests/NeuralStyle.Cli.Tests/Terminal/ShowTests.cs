using System.Diagnostics;
using System.Text.RegularExpressions;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Terminal;

/// <summary><c>--show</c> with the real program, with its output redirected and in a terminal.</summary>
public sealed class ShowTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ShowTests()
    {
        TestInputs.WritePhotograph(_folder["content.png"], 64, 48);
        TestInputs.WritePainting(_folder["style.jpg"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Redirected_output_gets_no_picture_and_one_line_says_so()
    {
        var result = await Run("--show");
        Assert.Equal((0, ""), (result.Code, result.Output));
        Assert.Contains("the output is not a terminal",
            Assert.Single(result.Complaints, line => line.Contains("--show", StringComparison.Ordinal)));
        Assert.True(File.Exists(_folder["out.png"]));
    }

    [Fact]
    public async Task A_way_that_was_asked_for_is_written_wherever_the_output_goes()
    {
        var result = await Run("--show-as", "blocks", "-q");
        Assert.Equal((0, ""), (result.Code, result.Error));
        var lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(22, lines.Length); // of 24, two are left for the prompt
        Assert.All(lines, line => Assert.Equal(59, line.Count(character => character == '▀'))); // 64x48 pixels made 44 high
        var sixel = await Run("--show-as", "sixel", "-q");
        Assert.Equal((48, 64), (SixelDecoder.Decode(sixel.Output).GetLength(0), SixelDecoder.Decode(sixel.Output).GetLength(1)));
    }

    [Fact]
    public async Task A_way_that_is_not_known_is_refused_before_the_run()
    {
        var result = await Run("--show-as", "sixels");
        Assert.Equal(2, result.Code);
        Assert.Contains("did you mean 'sixel'?", Assert.Single(result.Complaints));
    }

    [Theory]
    [InlineData("\\033[6;12;6t\\033[?62;4c", "\eP0;1;0q")]
    [InlineData("\\033[?62;22c", "\e[38;2;")]
    [InlineData("", "\e[38;2;")]
    public async Task A_terminal_is_asked_and_gets_the_finest_that_it_understands(string answer, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || !Exists("python3"), "needs python3 to play the terminal");
        var start = new ProcessStartInfo("python3",
            ["-c", Terminal, answer, "dotnet", Path.Combine(AppContext.BaseDirectory, "nst.dll"), .. Arguments, "--show", "-q"])
        {
            WorkingDirectory = _folder.Root,
            RedirectStandardOutput = true,
            Environment = { ["TERM"] = "xterm-256color", ["COLORTERM"] = "truecolor", ["TMUX"] = "", ["TERM_PROGRAM"] = "",
                ["KITTY_WINDOW_ID"] = "", ["KONSOLE_VERSION"] = "", ["LC_TERMINAL"] = "", ["STY"] = "" },
        };
        using var python = Process.Start(start)!;
        var output = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, python.ExitCode);
        Assert.Contains("\e[16t\e[c", output);
        Assert.Contains(expected, output);
        Assert.Contains("settings as before: True", output);
        if (answer.Contains(";4", StringComparison.Ordinal)) Assert.Matches(new Regex("q\"1;1;64;48"), output);
    }

    /// <summary>Runs a program in a pseudo-terminal of 80 by 24, and answers its question.</summary>
    private const string Terminal = """
        import fcntl, os, pty, struct, sys, termios
        answer = sys.argv[1].encode().decode('unicode_escape').encode()
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
        before = termios.tcgetattr(slave)
        child = os.fork()
        if child == 0:
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for stream in 0, 1, 2:
                os.dup2(slave, stream)
            os.execvp(sys.argv[2], sys.argv[2:])
        seen, code = b'', None
        os.set_blocking(master, False)
        import time
        while True:
            try:
                piece = os.read(master, 65536)
                seen += piece
                if b'\x1b[c' in piece:
                    os.write(master, answer)
            except BlockingIOError:
                if code is not None:
                    break
                done, status = os.waitpid(child, os.WNOHANG)
                if done:
                    code = os.waitstatus_to_exitcode(status)
                time.sleep(0.02)
        sys.stdout.buffer.write(seen)
        print('settings as before:', termios.tcgetattr(slave)[:4] == before[:4])
        sys.exit(code)
        """;

    private static string[] Arguments =>
        ["content.png", "style.jpg", "-o", "out.png", "--weights", "tiny.npz", "--size", "64", "--first-iterations", "1", "--iterations",
            "1", "--device", "cpu"];

    private static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private Task<NstResult> Run(params string[] args) => Nst.FinishAsync(Nst.Start(_folder.Root, [.. Arguments, .. args]));
}
