using System.CommandLine;
using Fairlead.Bench.Measurements;
using Fairlead.Bench.Tailnet.Nodes;

namespace Fairlead.Bench.Tailnet;

/// <summary><c>tailnet</c>: what the node carries, and what limits it, measured in one run.</summary>
internal static class TailnetCommand
{
    public static Command Create(Option<string?> results)
    {
        var command = MeasurementCommand.Create("tailnet", "Throughput and limits of the tailnet node.", "Tailnet node", TailnetMeasurements.All, results);
        command.Subcommands.Add(NodesProcess.CreateCommand());
        return command;
    }
}
