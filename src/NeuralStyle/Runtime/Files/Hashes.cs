using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace NeuralStyle.Runtime.Files;

/// <summary>SHA-256 as lower-case hexadecimal.</summary>
/// <remarks>
/// On Linux, .NET computes it by the system's OpenSSL, and ends the process where there is none, as in small containers.
/// <see cref="Require"/> comes first and says so.
/// </remarks>
internal static class Hashes
{
    // the names that .NET tries, the newest first
    private static readonly string[] s_libraries = ["libssl.so.3", "libssl.so.1.1", "libssl.so.1.0.2", "libssl.so.1.0.0", "libssl.so.10"];

    private static readonly Lazy<bool> s_isThere = new(() => !OperatingSystem.IsLinux()
        || Environment.GetEnvironmentVariable("CLR_OPENSSL_VERSION_OVERRIDE") is { Length: > 0 } // names another one
        || s_libraries.Any(name => NativeLibrary.TryLoad(name, out _)));

    /// <summary>Whether hashes can be computed here, and servers be asked by https.</summary>
    public static bool IsPossible => s_isThere.Value;

    /// <summary>Fails where <see cref="IsPossible"/> is false.</summary>
    /// <exception cref="RunFailedException">OpenSSL is missing.</exception>
    public static void Require()
    {
        if (!IsPossible)
            throw new RunFailedException("OpenSSL is not installed, which nst needs for checksums and https; install it, for instance: "
                + "apt install libssl3");
    }

    /// <summary>Of all that is left of a stream.</summary>
    public static string Sha256(Stream stream)
    {
        Require();
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Of bytes.</summary>
    public static string Sha256(byte[] bytes)
    {
        Require();
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
