using System.Globalization;

namespace NeuralStyle.Cli.Batch.Inputs;

/// <summary>The variables that engines set for their tasks: Slurm job arrays and Kubernetes Indexed Jobs.</summary>
internal static class ShardVariables
{
    private const string TaskId = "SLURM_ARRAY_TASK_ID", TaskCount = "SLURM_ARRAY_TASK_COUNT", TaskMin = "SLURM_ARRAY_TASK_MIN",
        TaskMax = "SLURM_ARRAY_TASK_MAX", TaskStep = "SLURM_ARRAY_TASK_STEP", CompletionIndex = "JOB_COMPLETION_INDEX";

    /// <summary>The part for this task.</summary>
    /// <param name="count">The value of <c>--shards</c>.</param>
    /// <param name="variable">Reads an environment variable.</param>
    public static Shard Read(int? count, Func<string, string?> variable)
    {
        if (variable(TaskId) is { Length: > 0 } task) return Slurm(task, count, variable);
        if (variable(CompletionIndex) is not { Length: > 0 } index)
            throw new InvalidInputException($"--shard auto: neither {TaskId} (Slurm job array) nor {CompletionIndex} (Kubernetes "
                + $"Indexed Job) is set; give --shard K/N");
        if (count is not { } shards)
            throw new InvalidInputException(
                $"--shard auto: {CompletionIndex} does not give the number of parts; add --shards N with N equal to the job's completions");
        return Checked(Number(CompletionIndex, index), shards, $"{CompletionIndex} is {index}");
    }

    private static Shard Slurm(string task, int? asked, Func<string, string?> variable)
    {
        var least = Of(TaskMin, 0);
        var step = Math.Max(1, Of(TaskStep, 1));
        var span = variable(TaskMax) is { Length: > 0 } most ? (Number(TaskMax, most) - least) / step + 1 : (int?)null;
        var count = variable(TaskCount) is { Length: > 0 } given
            ? Number(TaskCount, given)
            : span ?? asked ?? throw new InvalidInputException($"--shard auto: {TaskCount} is not set; give --shard K/N");
        var offset = Number(TaskId, task) - least;
        if (span is { } all && all != count || offset % step != 0)
            throw new InvalidInputException($"--shard auto: the array's task numbers have gaps ({count} tasks from {least}); use an "
                + $"array without gaps, or --shard ${TaskId}/N by hand");
        if (asked is { } shards && shards != count)
            throw new InvalidInputException(
                $"--shards is {shards}, but the array has {count} tasks; leave --shards out, or give --shard ${TaskId}/{shards} by hand");
        return Checked(offset / step, count, $"{TaskId} is {task}");

        int Of(string name, int fallback) => variable(name) is { Length: > 0 } text ? Number(name, text) : fallback;
    }

    private static Shard Checked(int index, int count, string what) => index >= 0 && index < count
        ? new Shard(index, count)
        : throw new InvalidInputException($"--shard auto: {what}, which is not one of {count} parts; set --shards to the job's size");

    private static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new InvalidInputException($"--shard auto: {name} is '{text}', which is not a whole number");
}
