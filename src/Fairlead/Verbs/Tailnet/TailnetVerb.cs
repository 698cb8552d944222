using System.CommandLine;
using Fairlead.CommandLine;
using Fairlead.TailnetNodes;

namespace Fairlead.Verbs.Tailnet;

/// <summary><c>fairlead tailnet</c>: a node of a tailnet in the foreground, and what can be done with it.</summary>
internal static class TailnetVerb
{
    public static Command Create() => new Verb("tailnet", "Runs a tailnet node without privileges, and uses it.")
    {
        TailnetUpVerb.Create(),
        TailnetStatusVerb.Create(),
        TailnetPingVerb.Create(),
        TailnetNcVerb.Create(),
        TailnetServeVerb.Create(),
        TailnetProxyVerb.Create(),
    };

    /// <summary>The option that says which node is meant.</summary>
    public static Option<string> StateOption() => new("--state")
    {
        Description = "Directory of the node's identity, and of the socket by which other commands find it.",
        DefaultValueFactory = _ => NodeDirectory.Default,
        HelpName = "DIR",
    };
}
