namespace NeuralStyle.Cli.Jobs;

/// <summary>Receivers of lines for the user.</summary>
/// <param name="Tell">Information; not with <c>--quiet</c>.</param>
/// <param name="Warn">Problems that do not end the run.</param>
internal sealed record Notices(Action<string> Tell, Action<string> Warn);
