using NeuralStyle.Memory;

namespace NeuralStyle.Tests.Memory;

public sealed class GpuMemoryTests
{
    [Fact]
    public void The_driver_is_asked_for_the_device_that_CUDA_numbers()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        var (path, visible) = (Environment.GetEnvironmentVariable("PATH"), Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES"));
        using var folder = new TempFolder();
        var tool = Path.Combine(folder.Root, "nvidia-smi");
        File.WriteAllText(tool,
            "#!/bin/sh\ncase \"$2 $3\" in '5 --query-gpu=memory.free') echo 1024;; '7 --query-gpu=memory.used') echo 12.5;; *) echo no "
                + "such device; exit 6;; esac\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Environment.SetEnvironmentVariable("PATH", folder.Root + Path.PathSeparator + path);
            Environment.SetEnvironmentVariable("CUDA_VISIBLE_DEVICES", "7, 5");
            Assert.Equal(1L << 30, GpuMemory.Free(1));
            Assert.Equal(12_800 << 10, GpuMemory.Used(0));
            Assert.Null(GpuMemory.Free(0));
            Environment.SetEnvironmentVariable("CUDA_VISIBLE_DEVICES", null);
            Assert.Equal(1L << 30, GpuMemory.Free(5));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
            Environment.SetEnvironmentVariable("CUDA_VISIBLE_DEVICES", visible);
        }
    }
}
