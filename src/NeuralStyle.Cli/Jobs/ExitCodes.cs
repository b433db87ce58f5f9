namespace NeuralStyle.Cli.Jobs;

/// <summary>Exit codes of the program.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadInput = 2;
    public const int TryAgain = 75; // EX_TEMPFAIL of sysexits.h: a batch stopped by SIGTERM, to be queued again
    public const int Interrupted = 130; // 128 + SIGINT, as shells have it
    public const int Terminated = 143; // 128 + SIGTERM
}
