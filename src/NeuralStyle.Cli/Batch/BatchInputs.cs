using System.CommandLine;
using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;

namespace NeuralStyle.Cli.Batch;

/// <summary>The plan of a command line: contents and styles, a file of pairs, or textures of styles.</summary>
internal sealed class BatchInputs(BatchOptions batch, JobOptions options)
{
    /// <summary>The pictures to make, in the same order for every process.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="inputs">Its arguments.</param>
    /// <param name="folder">Where results go.</param>
    /// <exception cref="InvalidInputException">There is nothing to do, or the arguments contradict each other.</exception>
    public IReadOnlyList<BatchItem> Plan(ParseResult parse, IReadOnlyList<string> inputs, string folder)
    {
        if (File.Exists(folder)) throw new InvalidInputException($"the output '{folder}' is a file; expected a folder");
        var items = BatchPlan.Name(Pairs(parse, inputs, folder), batch.NameOf(parse), options.Picture.Given(OptionTexts.Of(parse)));
        if (items.Count == 0) throw new InvalidInputException("the plan has no pictures; give other inputs");
        return items;
    }

    private IEnumerable<PlannedPair> Pairs(ParseResult parse, IReadOnlyList<string> inputs, string folder)
    {
        if (parse.GetValue(batch.Texture)) return Textures(parse, inputs, folder);
        if (parse.GetValue(batch.Tileable)) throw TextureOptions.LoneTileable("--texture");
        if (parse.GetValue(batch.Pairs) is { } file)
        {
            if (inputs.Count > 0 || parse.GetValue(batch.Zip))
                throw new InvalidInputException("--pairs already names contents and styles; leave out CONTENTS, STYLES and --zip");
            return PairsFile.Load(file, options.Picture);
        }
        if (inputs.Count < 2)
            throw new InvalidInputException($"expected two arguments, CONTENTS and STYLES, or --pairs FILE; found {inputs.Count}");
        if (inputs.Count > 2) RefuseUnclear(inputs);
        var note = NoteOf(parse);
        var contents = inputs.SkipLast(1).SelectMany(input => InputList.Expand(input, folder, note)).ToArray();
        var styles = InputList.Expand(inputs[^1], folder, note);
        return parse.GetValue(batch.Zip) ? BatchPlan.Zip(contents, styles) : BatchPlan.EveryPair(contents, styles);
    }

    /// <summary>
    /// A shell that expanded a pattern gives many contents, and the styles last. If the last one is next to the others, it may be a content
    /// too, or one of several styles.
    /// </summary>
    private static void RefuseUnclear(IReadOnlyList<string> inputs)
    {
        var last = Path.GetDirectoryName(Path.GetFullPath(inputs[^1]));
        if (Directory.Exists(inputs[^1]) || inputs.SkipLast(1).All(input => Path.GetDirectoryName(Path.GetFullPath(input)) != last)) return;
        throw new InvalidInputException($"found {inputs.Count} arguments, and cannot tell contents from styles; put patterns in quotes, so "
            + $"that there are two: nst batch '{Path.Combine(Path.GetDirectoryName(inputs[0]) ?? "", "*" + Path.GetExtension(inputs[0]))}' "
            + $"STYLES -o FOLDER");
    }

    private Action<string>? NoteOf(ParseResult parse) => parse.GetValue(options.Run.Quiet)
        ? null
        : line => ErrorLine.Hint(parse.InvocationConfiguration.Error, line);

    private IEnumerable<PlannedPair> Textures(ParseResult parse, IReadOnlyList<string> inputs, string folder)
    {
        if (parse.GetValue(batch.Pairs) is not null || parse.GetValue(batch.Zip))
            throw new InvalidInputException("--texture makes no pairs; leave out --pairs and --zip");
        if (inputs.Count != 1)
        {
            var hint = inputs.Count > 1 ? ": leave out the contents, and put patterns in quotes" : "";
            throw new InvalidInputException($"--texture takes one argument, the styles; found {inputs.Count}{hint}");
        }
        var texture = new TextureOptions(options).Of(OptionTexts.Of(parse), parse.GetValue(batch.Tileable));
        return InputList.Expand(inputs[0], folder, NoteOf(parse)).Select(style => new PlannedPair(style, [style], null, texture));
    }
}
