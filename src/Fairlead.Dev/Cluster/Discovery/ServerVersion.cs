using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Discovery;

/// <summary>The Kubernetes version whose behaviour the server follows.</summary>
internal static class ServerVersion
{
    private const string Major = "1";
    private const string Minor = "36";

    public const string GitVersion = $"v{Major}.{Minor}.0-fairlead";

    public static JsonObject Document() => new()
    {
        ["major"] = Major,
        ["minor"] = Minor,
        ["emulationMajor"] = Major,
        ["emulationMinor"] = Minor,
        ["minCompatibilityMajor"] = Major,
        ["minCompatibilityMinor"] = "35",
        ["gitVersion"] = GitVersion,
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "1970-01-01T00:00:00Z",
        ["goVersion"] = "",
        ["compiler"] = "",
        ["platform"] = "linux/amd64",
    };
}
