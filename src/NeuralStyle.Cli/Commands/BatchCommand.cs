using System.CommandLine;
using NeuralStyle.Cli.Batch;
using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst batch CONTENTS STYLES -o FOLDER</c>: many pictures, each made once however many processes work on them.</summary>
internal static class BatchCommand
{
    public static Command Create()
    {
        var inputs = new Argument<string[]>("INPUTS") { Description = "CONTENTS and STYLES, each a picture, a folder, a pattern in quotes, or a .txt file with one path a line", Arity = ArgumentArity.ZeroOrMore };
        var batch = new BatchOptions();
        var style = new StyleOptions();
        var picture = new PictureOptions(style);
        var options = new JobOptions(picture, new OutputOptions(), new CheckpointOptions(), new RunOptions());
        var run = options.Run;
        var preview = new PreviewOptions();
        var command = new Command("batch", "paint many pictures: every content in every style, skipping what is there") { inputs };
        batch.AddTo(command);
        picture.AddTo(command);
        foreach (var option in (Option[])[options.Output.SaveEvery, options.Output.NoMetadata, options.Checkpoint.Every, options.Checkpoint.None]) command.Options.Add(option);
        run.AddTo(command);
        preview.AddTo(command);
        command.SetAction(parse =>
        {
            var folder = parse.GetValue(batch.Output) ?? throw new InvalidInputException("no output folder; expected -o FOLDER");
            var items = Plan(parse, batch, picture, parse.GetValue(inputs) ?? [], folder);
            var jobs = new BatchJobs(parse, options, folder, parse.GetValue(batch.Log) is { } log ? BatchPlan.NameLogs(items, new NameTemplate(log, "--log", pictures: false)) : null);
            var request = new BatchRequest
            {
                Items = items,
                JobOf = jobs.Of,
                Options = picture,
                OutputFolder = folder,
                Shard = Shard.Parse(parse.GetValue(batch.Shard), parse.GetValue(batch.Shards), Environment.GetEnvironmentVariable),
                Devices = DevicesOf(parse, batch, run),
                Threads = run.ThreadCount(parse),
                Force = parse.GetValue(batch.Force),
                StaleAfter = TimeSpan.FromSeconds(Values.InRange("--stale-after", parse.GetValue(batch.StaleAfter)!, 1, 86_400)),
                Report = parse.GetValue(batch.Report),
                CommandLine = CommandText.Of(parse),
                Quiet = parse.GetValue(run.Quiet),
                Preview = preview.Of(parse),
            };
            _ = picture.Settings(picture.Given(parse)); // what is wrong for all is no single picture's fault
            jobs.Check(items);
            if (request.Report is { } page) CheckReport(page, parse.GetValue(batch.Pairs), request);
            if (!parse.GetValue(batch.DryRun)) return BatchRunner.Run(request, parse.InvocationConfiguration.Error);
            foreach (var item in request.Shard.Of(request.Items))
                parse.InvocationConfiguration.Output.WriteLine(string.Join('\t', item.Content, string.Join(PairsFile.Several, item.Styles), Path.Combine(folder, item.Name)));
            return ExitCodes.Done;
        });
        return command;
    }

    private static IReadOnlyList<BatchItem> Plan(ParseResult parse, BatchOptions batch, PictureOptions picture, IReadOnlyList<string> inputs, string folder)
    {
        if (File.Exists(folder)) throw new InvalidInputException($"the output '{folder}' is a file; expected a folder");
        var pairs = Pairs(parse, batch, picture, inputs, folder);
        var items = BatchPlan.Name(pairs, new NameTemplate(NameOf(parse, batch)), picture.Given(parse));
        if (items.Count == 0) throw new InvalidInputException("there is nothing to do: the plan has no pictures");
        BatchPlan.RefuseOverwriting(items, folder);
        return items;
    }

    private static IEnumerable<PlannedPair> Pairs(ParseResult parse, BatchOptions batch, PictureOptions picture, IReadOnlyList<string> inputs, string folder)
    {
        if (parse.GetValue(batch.Texture)) return Textures(parse, batch, picture, inputs, folder);
        if (parse.GetValue(batch.Tileable)) throw new InvalidInputException("--tileable needs --texture: a picture with a content does not repeat; leave it out, or give --texture");
        if (parse.GetValue(batch.Pairs) is { } file)
        {
            if (inputs.Count > 0 || parse.GetValue(batch.Zip)) throw new InvalidInputException("--pairs names contents and styles itself; leave out CONTENTS, STYLES and --zip");
            return PairsFile.Load(file, picture);
        }
        RefuseUnknownOptions(parse, inputs);
        if (inputs.Count != 2)
            throw new InvalidInputException($"expected two arguments, CONTENTS and STYLES, or --pairs FILE; found {inputs.Count}{(inputs.Count > 2 ? ": put patterns in quotes, so that the shell leaves them whole" : "")}");
        var (contents, styles) = (InputList.Expand(inputs[0], folder), InputList.Expand(inputs[1], folder));
        return parse.GetValue(batch.Zip) ? BatchPlan.Zip(contents, styles) : BatchPlan.EveryPair(contents, styles);
    }

    private static IEnumerable<PlannedPair> Textures(ParseResult parse, BatchOptions batch, PictureOptions picture, IReadOnlyList<string> inputs, string folder)
    {
        if (parse.GetValue(batch.Pairs) is not null || parse.GetValue(batch.Zip)) throw new InvalidInputException("--texture has no pairs; leave out --pairs and --zip");
        RefuseUnknownOptions(parse, inputs);
        if (inputs.Count != 1) throw new InvalidInputException($"--texture takes one argument, the styles; found {inputs.Count}{(inputs.Count > 1 ? ": leave out the contents, and put patterns in quotes" : "")}");
        return TexturePlan.Of(InputList.Expand(inputs[0], folder), parse.GetValue(batch.Tileable), picture.Given(parse));
    }

    /// <summary>A misspelt option would otherwise be taken for a picture.</summary>
    private static void RefuseUnknownOptions(ParseResult parse, IEnumerable<string> inputs)
    {
        if (inputs.FirstOrDefault(input => input.StartsWith('-')) is { } unknown)
            throw ValueNames.Unknown("option", unknown, parse.CommandResult.Command.Options.Select(option => option.Name).Order().ToArray());
    }

    private static string NameOf(ParseResult parse, BatchOptions batch) =>
        parse.GetValue(batch.Texture) && parse.GetResult(batch.Name) is not { Implicit: false } ? TexturePlan.Name : parse.GetValue(batch.Name)!;

    private static string[] DevicesOf(ParseResult parse, BatchOptions batch, RunOptions run)
    {
        var device = parse.GetValue(run.Device)!;
        if (parse.GetValue(batch.Devices) is not { } list) return [device];
        if (device != "auto") throw new InvalidInputException("--device and --devices were both given; give one of them");
        return list.Split(',', StringSplitOptions.TrimEntries);
    }

    private static void CheckReport(string page, string? pairs, BatchRequest request)
    {
        if (pairs is not null && Path.GetFullPath(pairs) == Path.GetFullPath(page)) throw new InvalidInputException($"--report '{page}' is also the file of --pairs; choose another name");
        ReportPath.Check(page, toBeMade: request.OutputFolder);
    }
}
