using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace NeuralStyle.Cli.Pages;

/// <summary>
/// Decides which requests are allowed. For this machine only: another site may send its visitor's browser here, but its Origin reveals it;
/// or it may point its own name at this machine ("DNS rebinding"), but then the Host is foreign. For other machines: a token.
/// </summary>
/// <param name="Hosts">The accepted Host headers; null for any, if a token is required.</param>
/// <param name="Token">The token that every request must have; null for none.</param>
internal sealed record RequestGuard(IReadOnlyCollection<string>? Hosts, string? Token)
{
    private const int UsualPort = 80; // which browsers leave out

    /// <summary>For a page on a port of this machine alone.</summary>
    /// <param name="address">What it listens on.</param>
    /// <param name="port">The port.</param>
    public static RequestGuard Local(IPAddress address, int port)
    {
        var own = address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : $"{address}";
        var names = ((string[])["127.0.0.1", "localhost", "[::1]", own]).Distinct().ToArray();
        return new([.. names.Select(name => $"{name}:{port}"), .. port == UsualPort ? names : []], null);
    }

    /// <summary>The same with a new token: other users of this machine, too, can reach its ports.</summary>
    /// <inheritdoc cref="Local"/>
    public static RequestGuard LocalWithToken(IPAddress address, int port) => Local(address, port) with { Token = NewToken() };

    /// <summary>For a page that other machines can reach: a new token of 128 random bits.</summary>
    public static RequestGuard Remote() => new(null, NewToken());

    /// <summary>Why a request is refused; null if it is allowed.</summary>
    /// <param name="host">Its Host header.</param>
    /// <param name="origin">Its Origin header; null for none, as from programs and typed addresses.</param>
    /// <param name="token">Its token.</param>
    public string? Refusal(string? host, string? origin, string? token)
    {
        if (Hosts is not null && (host is null || !Hosts.Contains(host))) return "this is not the address of this page";
        if (origin is not null && origin != $"http://{host}") return "only this page itself may ask";
        return Token is null || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token ?? ""), Encoding.UTF8.GetBytes(Token))
            ? null
            : "the address lacks the token; use the one that nst printed";
    }

    private static string NewToken() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
