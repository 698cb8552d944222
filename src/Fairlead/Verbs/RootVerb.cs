using System.CommandLine;

namespace Fairlead.Verbs;

/// <summary>The command line: one verb for each thing the program can be.</summary>
internal static class RootVerb
{
    public static RootCommand Create() => new("Fairlead leads cluster workloads onto a tailnet, and tailnet destinations into a cluster.")
    {
        OperatorVerb.Create(),
    };
}
