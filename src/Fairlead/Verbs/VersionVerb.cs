using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Fairlead.CommandLine;
using Fairlead.Output;

namespace Fairlead.Verbs;

/// <summary><c>fairlead version</c>: what is running, for bug reports and scripts.</summary>
internal static class VersionVerb
{
    /// <summary>The release, without the commit it was built from.</summary>
    public static string Release => Informational.Split('+')[0];

    private static string Informational =>
        typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    public static Command Create()
    {
        var output = OutputOption.Create(OutputOption.Text, OutputOption.Json);
        var verb = new Verb("version", "Prints the version.")
        {
            Examples = [("fairlead version --output json", "the version for a script")],
        };
        verb.Options.Add(output);
        verb.SetAction(result =>
        {
            var commit = Informational.Split('+') is [_, var sha] ? sha : null;
            var writer = result.InvocationConfiguration.Output;
            if (result.GetValue(output) == OutputOption.Json)
            {
                writer.WriteLine(JsonText.Indented(new JsonObject
                {
                    ["version"] = Release,
                    ["commit"] = commit,
                    ["runtime"] = RuntimeInformation.FrameworkDescription,
                    ["platform"] = RuntimeInformation.RuntimeIdentifier,
                }));
            }
            else
            {
                var built = commit is null ? "" : $" (commit {commit[..Math.Min(commit.Length, 12)]})";
                writer.WriteLine($"fairlead {Release}{built}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
            }

            return ExitCodes.Success;
        });
        return verb;
    }
}
