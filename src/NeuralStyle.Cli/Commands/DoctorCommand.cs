using System.CommandLine;
using System.Text.Json;
using NeuralStyle.Cli.Doctor;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runs;
using NeuralStyle.Runtime.Native;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst doctor</c>: what is here, whether it works, and what to do about what does not.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "print one line of JSON" };
        var command = new Command("doctor",
            "examine this machine: what works, what is missing, what would be faster; for your own eyes and for bug reports")
        {
            json,
            CreateProbe(),
            CreateRepair(),
        };
        command.SetAction(async (parse, _) =>
        {
            var output = parse.InvocationConfiguration.Output;
            var report = await Examination.Run();
            if (parse.GetValue(json))
            {
                var node = JsonSerializer.SerializeToNode(report, RunRecord.Json);
                HomeFolder.HideIn(node);
                output.WriteLine(node!.ToJsonString(RunRecord.Json));
            }
            else
            {
                var page = new StringWriter { NewLine = output.NewLine };
                DoctorPage.Write(report, page);
                output.Write(HomeFolder.Hide(page.ToString()));
            }
            return report.IsHealthy ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    /// <summary><c>nst doctor repair</c>, not listed: what the first run does where it must, done before packing.</summary>
    private static Command CreateRepair()
    {
        var command = new Command("repair", "make the native library of TorchSharp loadable on older systems than its compiler's");
        command.Hidden = true;
        command.SetAction(parse =>
        {
            var changed = NativeLibraries.RepairShipped();
            parse.InvocationConfiguration.Output.WriteLine(changed ? "repaired" : "nothing to repair");
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary><c>nst doctor probe PART</c>, not listed: tries one part in this process.</summary>
    private static Command CreateProbe()
    {
        var part = new Argument<string>("PART");
        var command = new Command("probe", "try one part in this process, and print what it found as JSON") { part };
        command.Hidden = true;
        command.SetAction(parse =>
        {
            var name = parse.GetValue(part)!;
            var facts = Probe.Try(name) ?? throw ValueNames.Unknown("part", name, [Probe.Libtorch, Probe.Pictures]);
            parse.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(facts, facts.GetType(), RunRecord.Json));
            return ExitCodes.Done;
        });
        return command;
    }
}
