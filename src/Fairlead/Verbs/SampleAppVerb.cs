using Fairlead.CommandLine;
using Fairlead.SampleApps;

namespace Fairlead.Verbs;

/// <summary><c>fairlead dev sample-app</c>: the web app that stands for the image <c>fairlead/sample-app</c> of the examples.</summary>
internal static class SampleAppVerb
{
    public const string Name = "sample-app";

    public static Verb Create()
    {
        var verb = new Verb(Name, "Runs the web app of the examples. Configured by environment variables.")
        {
            Examples =
            [
                ("fairlead dev sample-app", "answers on port 8080; PORT chooses another"),
                ("DATABASE=localhost:6379 fairlead dev sample-app", "counts visits in a database that speaks Redis' protocol"),
            ],
        };
        verb.SetAction(async (_, stopping) =>
        {
            await SampleApp.RunAsync(SampleAppSettings.From(name => Environment.GetEnvironmentVariable(name) ?? ""), stopping).ConfigureAwait(false);
            return ExitCodes.Success;
        });
        return verb;
    }
}
