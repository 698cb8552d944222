using System.CommandLine;
using Fairlead.CommandLine;

namespace Fairlead.Verbs;

/// <summary>The command line: one verb for each thing the program can be.</summary>
internal static class RootVerb
{
    public const string Name = "fairlead";

    public static RootCommand Create()
    {
        var root = new RootCommand("Fairlead leads cluster workloads onto a tailnet, and tailnet destinations into a cluster.")
        {
            OperatorVerb.Create(),
            ProxyVerb.Create(),
            DevVerb.Create(),
            RenderVerb.Create(),
            CrdsVerb.Create(),
            Tailnet.TailnetVerb.Create(),
            VersionVerb.Create(),
            CompletionVerb.Create(),
        };
        HelpWithExamples.AddTo(root);
        return root;
    }
}
