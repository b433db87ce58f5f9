namespace NeuralStyle.Cli.Jobs;

/// <summary>Who is told what, in lines for a person.</summary>
/// <param name="Tell">What is good to know; not with <c>--quiet</c>.</param>
/// <param name="Warn">What is wrong without ending the run.</param>
internal sealed record Notices(Action<string> Tell, Action<string> Warn);
