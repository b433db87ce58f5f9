using NeuralStyle.Cli.Jobs;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Batch;

/// <summary>Opens every input once before the work, so that unreadable ones are known before hours of work.</summary>
internal static class InputCheck
{
    /// <summary>The unreadable pictures, with the reason. Reads only headers.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="error">Receives a line about each, once.</param>
    /// <param name="cancellation">Ends the check.</param>
    public static Dictionary<string, string> Unreadable(IEnumerable<StyleJob> jobs, TextWriter error, CancellationToken cancellation)
    {
        Dictionary<string, string> unreadable = [];
        foreach (var input in jobs.SelectMany(job => job.Inputs.Select(path => (Path: path, job.Output))).GroupBy(use => use.Path))
        {
            if (cancellation.IsCancellationRequested) break;
            try
            {
                Picture.Load(input.Key, new PictureReading { Cancellation = cancellation }).Dispose();
            }
            catch (InvalidInputException failure)
            {
                unreadable[input.Key] = failure.Message;
                var count = input.Select(use => use.Output).Distinct().Count();
                ErrorLine.Write(error, $"{failure.Message}; {count} picture{(count == 1 ? "" : "s")} cannot be made");
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        return unreadable;
    }
}
