using System.CommandLine;
using NeuralStyle.Cli.Batch;
using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Pages;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst batch CONTENTS STYLES -o FOLDER</c>: many pictures, each made once, by any number of processes.</summary>
internal static class BatchCommand
{
    public static Command Create()
    {
        var inputs = new Argument<string[]>("INPUTS")
        {
            Description = "CONTENTS and STYLES: each a picture, a folder, a pattern in quotes, or a .txt file with one path per line",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var (batch, options) = (new BatchOptions(), new JobOptions());
        var command = new Command("batch", "paint each content in each style; skips pictures that are up to date") { inputs };
        batch.AddTo(command);
        options.Picture.AddTo(command);
        Option[] shared = [options.Output.NoClobber, options.Output.SaveEvery, options.Output.NoMetadata, options.Checkpoint.Every,
            options.Checkpoint.None];
        foreach (var option in shared) command.Options.Add(option);
        options.Run.AddTo(command);
        options.Preview.AddTo(command);
        command.SetAction(parse => Run(parse, batch, options, parse.GetValue(inputs) ?? []));
        return command;
    }

    private static int Run(ParseResult parse, BatchOptions batch, JobOptions options, IReadOnlyList<string> inputs)
    {
        UnknownOptions.Refuse(parse, inputs);
        var folder = parse.GetValue(batch.Output) ?? throw new InvalidInputException("no output folder; expected -o FOLDER");
        var items = new BatchInputs(batch, options).Plan(parse, inputs, folder);
        var logs = parse.GetValue(batch.Log) is { } log
            ? BatchPlan.NameLogs(items, new NameTemplate(log, batch.Log.Name, pictures: false))
            : null;
        var jobs = new BatchJobs(parse, options, folder, logs);
        var all = jobs.Check(items);
        var request = new BatchRequest
        {
            Items = items,
            JobOf = jobs.Of,
            Options = options.Picture,
            OutputFolder = folder,
            Shard = Shard.Parse(parse.GetValue(batch.Shard), parse.GetValue(batch.Shards), Environment.GetEnvironmentVariable),
            Devices = DevicesOf(parse, batch, options.Run),
            Threads = options.Run.ThreadCount(parse),
            Force = parse.GetValue(batch.Force),
            NoClobber = parse.GetValue(options.Output.NoClobber),
            StaleAfter = batch.StaleAfterOf(parse),
            Report = parse.GetValue(batch.Report),
            CommandLine = CommandText.Of(parse),
            Quiet = parse.GetValue(options.Run.Quiet),
            Preview = options.Preview.Of(parse),
        };
        if (request is { Force: true, NoClobber: true })
            throw new InvalidInputException($"--force and {EarlierResult.Option} were both given; leave out one of them");
        if (request.Report is { } page) ReportPath.Check(page, toBeMade: folder);
        BatchFiles.Check(all, ListsOf(parse, batch, inputs), folder, request.Report, request.Shard);
        if (!parse.GetValue(batch.DryRun)) return BatchRunner.Run(request, parse.InvocationConfiguration.Error);
        var notes = request.Quiet ? TextWriter.Null : parse.InvocationConfiguration.Error;
        var words = DryRun.Words(request, parse.InvocationConfiguration.Error, notes);
        foreach (var item in request.Shard.Of(request.Items))
        {
            string[] cells = [item.Content, string.Join(PairsFile.Several, item.Styles), Path.Combine(folder, item.Name), words[item]];
            parse.InvocationConfiguration.Output.WriteLine(string.Join('\t', cells.Select(Printable.Cell)));
        }
        return ExitCodes.Done;
    }

    private static string[] DevicesOf(ParseResult parse, BatchOptions batch, RunOptions run)
    {
        if (parse.GetValue(batch.Devices) is not { } list) return [run.DeviceOf(parse)];
        if (OptionTexts.Of(parse).Has(run.Device))
            throw new InvalidInputException("--device and --devices were both given; give one of them");
        return list.Split(',', StringSplitOptions.TrimEntries);
    }

    /// <summary>The files that the plan was read from; pictures among them are inputs anyway.</summary>
    private static IEnumerable<(string What, string Path)> ListsOf(ParseResult parse, BatchOptions batch, IReadOnlyList<string> inputs) =>
    [
        .. inputs.Where(File.Exists).Select(list => ("the list", list)),
        .. parse.GetValue(batch.Pairs) is { } pairs ? (ReadOnlySpan<(string, string)>)[("--pairs", pairs)] : [],
        .. ResponseFiles.Of(parse).Select(file => ("the response file", file)),
    ];
}
