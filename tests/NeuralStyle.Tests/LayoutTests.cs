using NetArchTest.Rules;
using NeuralStyle.Cli;
using NeuralStyle.Memory;
using NeuralStyle.Runs;

namespace NeuralStyle.Tests;

/// <summary>
/// Which folder ("room") of the sources may use which, read from the compiled program. The tables are in order, and a room uses only rooms
/// above its own: arrows point one way, and no two rooms need each other. A folder without a row belongs to the room of its parent.
/// </summary>
public sealed class LayoutTests
{
    /// <summary>A folder, or a single file at the root.</summary>
    /// <param name="Name">The namespace below that of the assembly.</param>
    /// <param name="Reason">Why it uses no more than this.</param>
    /// <param name="Uses">Rooms above; <c>*</c> for all of them.</param>
    private sealed record Room(string Name, string Reason, params string[] Uses);

    private const string Errors = "Errors"; // every room may throw

    private static readonly Room[] s_library =
    [
        new(Errors, "the two exceptions that users see"),
        new("Runtime.Files", "whole files or none; knows nothing of what is in them"),
        new("Runtime.Native", "libtorch must load before anything else can be used"),
        new("Runtime", "the machine; the same for any program that uses libtorch", "Runtime.Native"),
        new("Imaging", "pictures are read and written without any network", "Runtime.Files"),
        new("Losses", "pure functions of activations, whatever network they come from", "Runtime"),
        new("Measures", "pictures and activations to numbers that no run minimises; no network"),
        new("Vgg", "a network of plain arrays: no files of weights, no settings", "Runtime", "Runtime.Native"),
        new("Weights", "files of weights become plain arrays; nothing is computed", "Runtime.Files", "Vgg"),
        new("Weights.Download", "what is fetched is a weights file; formats do not know where files come from",
            "Runtime.Files", "Vgg", "Weights"),
        new("Weights.BuiltIn", "one weights file among others; the formats do not know of it",
            "Runtime.Files", "Vgg", "Weights"),
        new("Reduction", "networks and pictures become a smaller network; no run, no loss",
            "Runtime", "Runtime.Files", "Imaging", "Vgg"),
        new("Settings", "names of layers and kinds of losses; no tensor, no file", "Vgg", "Losses"),
        new("StyleInputs", "the pictures of a run, not yet read", "Imaging", "Settings"),
        new("Scales", "sizes and start pictures; no loss", "Imaging", "Vgg", "Settings", "StyleInputs"),
        new("Masks", "regions of pictures and layers; no loss", "Imaging", "Vgg", "Scales", "StyleInputs"),
        new("Colour", "pictures to pictures", "Runtime"),
        new("Evaluation.Tiling", "the geometry of tiles: sizes and layers, no loss and no memory plan", "Imaging", "Vgg"),
        new("Evaluation", "losses and gradient of one picture; does not know who asks, nor why it is cut",
            "Runtime", "Runtime.Native", "Imaging", "Losses", "Vgg", "Settings", "Masks", "Evaluation.Tiling"),
        new("Matching", "which positions of the style belong to those of the picture; the losses do not know how they were found",
            "Runtime", "Imaging", "Losses", "Vgg", "Settings", "Masks", "Evaluation.Tiling", "Evaluation"),
        new("Optimization", "consumes losses and gradients; knows neither network nor settings", "Runtime", "Evaluation"),
        new("Memory", "plans tiles from sizes and layers, without evaluating anything",
            "Runtime", "Imaging", "Losses", "Vgg", "Settings", "Evaluation.Tiling"),
        new("Runs", "the state of a run between two iterations; the network is not part of it",
            "Runtime", "Imaging", "Vgg", "Settings", "StyleInputs", "Scales", "Evaluation", "Optimization", "Memory"),
        new("Runs.Checkpoints", "that state as a file; the run does not know that it is saved",
            "Runtime", "Runtime.Files", "Settings", "Scales", "Memory", "Runs"),
        new("Film", "frames of a film and their motion: no network, no loss"),
        new("", "StyleTransfer is the one place that puts the rooms together", "*"),
        new("Diagnosis", "what is on the machine, and whether it works; nothing depends on it", "*"),
        new("Benchmarking", "measures the rooms; nothing depends on it", "*"),
    ];

    private static readonly Room[] s_program =
    [
        new("Jobs", "what is to be made and what became of it: plain data that all rooms exchange"),
        new("Options", "texts of the command line become values of a job; no option acts by itself", "Jobs"),
        new("Terminal", "draws pictures; knows no run", "Jobs"),
        new("Progress", "reports a run as text; knows no command", "Jobs"),
        new("Pages", "reports a run or a batch as HTML; knows no command", "Jobs", "Options", "Progress"),
        new("Running", "makes the picture of one job and reports it; knows no command and no batch",
            "Jobs", "Terminal", "Progress", "Pages"),
        new("Batch.Claims", "who works on which file, by files alone"),
        new("Batch.Inputs", "lists, patterns and tables become pairs; nothing is opened", "Options"),
        new("Batch", "plans many jobs and runs them; knows no command", "*"),
        new("Studio", "a folder, trials and a queue as a page; knows no command",
            "Jobs", "Options", "Progress", "Pages", "Running"),
        new("Films", "decodes, paints and encodes a film; knows no command",
            "Jobs", "Options", "Batch.Inputs", "Batch.Claims", "Progress", "Pages"),
        new("Doctor", "the facts about a machine as one page, with what to do; knows no command",
            "Jobs", "Progress", "Studio", "Films"),
        new("Commands", "one class for each command", "*"),
        new("", "parses the command line and runs one command", "Jobs", "Options", "Commands"),
    ];

    public static TheoryData<string> LibraryRooms => [.. s_library.Select(room => room.Name)];

    public static TheoryData<string> ProgramRooms => [.. s_program.Select(room => room.Name)];

    [Theory]
    [MemberData(nameof(LibraryRooms))]
    public void A_room_of_the_library_uses_only_its_table(string room) => Check(typeof(StyleTransfer), s_library, room);

    [Theory]
    [MemberData(nameof(ProgramRooms))]
    public void A_room_of_the_program_uses_only_its_table(string room) => Check(typeof(NstProgram), s_program, room);

    [Fact]
    public void Every_folder_has_a_room()
    {
        foreach (var (anchor, rooms) in ((Type, Room[])[])[(typeof(StyleTransfer), s_library), (typeof(NstProgram), s_program)])
        {
            var homeless = Named(anchor).Where(type => RoomOf(anchor, rooms, type) is null).Select(type => type.FullName);
            Assert.True(!homeless.Any(), $"in no room of {nameof(LayoutTests)}; add a row for the folder: {string.Join(", ", homeless)}");
            foreach (var room in rooms) // no row without a folder
                Assert.Contains(Named(anchor), type => RoomOf(anchor, rooms, type) == room);
        }
    }

    [Fact]
    public void A_room_uses_rooms_above_it_alone()
    {
        foreach (var rooms in (Room[][])[s_library, s_program])
        {
            foreach (var (index, room) in rooms.Index())
                Assert.All(room.Uses.Where(name => name != "*"), name => Assert.Contains(rooms[..index], above => above.Name == name));
        }
    }

    [Fact]
    public void Arrows_are_seen_in_signatures_and_in_lambdas()
    {
        Assert.NotEmpty(Arrows(typeof(StyleTransfer), type => type == typeof(RunState), [typeof(MemoryChoice)]));
        Assert.NotEmpty(Arrows(typeof(StyleTransfer), type => type == typeof(StyleTransfer), [typeof(LossQueue)]));
    }

    private static void Check(Type anchor, Room[] rooms, string name)
    {
        var (index, room) = rooms.Index().Single(entry => entry.Item.Name == name);
        var allowed = room.Uses is ["*"]
            ? rooms[..(index + 1)]
            : [room, .. rooms.Where(other => room.Uses.Contains(other.Name) || other.Name == Errors)];
        var forbidden = Named(anchor).Where(type => !allowed.Contains(RoomOf(anchor, rooms, type))).ToArray();
        if (forbidden.Length == 0) return; // the topmost room
        var arrows = Arrows(anchor, type => RoomOf(anchor, rooms, type) == room, forbidden);
        Assert.True(arrows.Count == 0, $"'{name}' uses what is not in its table ({room.Reason}):\n{string.Join('\n', arrows)}");
    }

    /// <summary>Types that use forbidden ones, each with one of them.</summary>
    private static IReadOnlyList<string> Arrows(Type anchor, Func<Type, bool> from, IEnumerable<Type> to)
    {
        var subjects = Named(anchor).Where(from).Select(type => type.FullName!).ToHashSet();
        var result = Types.InAssembly(anchor.Assembly).That().MeetCustomRule(type => subjects.Contains(type.FullName))
            .ShouldNot().HaveDependencyOnAny(to.Select(type => type.FullName!).ToArray()).GetResult();
        return result.FailingTypes.Select(type => $"{type.FullName}: {type.Explanation}").ToArray();
    }

    /// <summary>The types of an assembly that the sources name, without nested ones: those count as part of the outer.</summary>
    private static IEnumerable<Type> Named(Type anchor) => anchor.Assembly.GetTypes().Where(type =>
        !type.IsNested && type.Namespace is { } space && (space + ".").StartsWith(anchor.Namespace + ".", StringComparison.Ordinal));

    private static Room? RoomOf(Type anchor, Room[] rooms, Type type)
    {
        var file = type.FullName![(anchor.Namespace!.Length + 1)..];
        var folder = type.Namespace == anchor.Namespace ? "" : type.Namespace![(anchor.Namespace.Length + 1)..];
        return rooms.FirstOrDefault(room => room.Name == file)
            ?? rooms.Where(room => room.Name == folder || Within(room.Name)).MaxBy(room => room.Name.Length);

        bool Within(string room) => room.Length > 0 && folder.StartsWith(room + ".", StringComparison.Ordinal);
    }
}
