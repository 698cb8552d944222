using System.CommandLine;
using Fairlead.CommandLine;
using Fairlead.DevSessions;
using Fairlead.Output;
using Spectre.Console;

namespace Fairlead.Verbs;

/// <summary><c>fairlead dev</c>: the whole thing on a laptop, and its parts alone.</summary>
internal static class DevVerb
{
    /// <summary>Width of output that goes into a file or pipe, where lines are not to be broken.</summary>
    private const int UnboundedWidth = 10_000;

    public static Command Create()
    {
        var once = new Option<bool>("--once") { Description = "End as soon as everything the manifests ask for exists and has answered." };
        var files = new Option<string[]>("--file", "-f")
        {
            Description = "Manifests to apply: a file, a directory, or - for standard input. Default: three examples.",
            HelpName = "FILE",
        };
        var directory = new Option<string>("--directory", "-d")
        {
            Description = "Where the kubeconfig and what Pods need goes.",
            DefaultValueFactory = _ => DevSessionOptions.DefaultDirectory,
            HelpName = "DIR",
        };
        var timeout = new Option<int>("--timeout")
        {
            Description = "Seconds after which objects that are not there count as missing.",
            DefaultValueFactory = _ => 30,
            HelpName = "SECONDS",
        };
        var port = PortOption.Create("--port", "Port of the Kubernetes API on 127.0.0.1. Default: a free one.");
        var tailnetPort = PortOption.Create("--tailnet-port", "Port of the control plane on 127.0.0.1. Default: a free one.");
        var explain = new Option<bool>("--explain", "-e") { Description = "Tell of every object, and what it is for." };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Show the operator's log on standard error." };
        var output = OutputOption.Create(OutputOption.Text, OutputOption.Json);
        timeout.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var seconds) && seconds is < 1 or > 3600)
            {
                result.AddError("--timeout must be from 1 to 3600 seconds.");
            }
        });
        var verb = new Verb("dev", "Runs a cluster, a tailnet and the operator on this machine, and shows a request on its way through them.")
        {
            Examples =
            [
                ("fairlead dev", "watch the examples get their proxies and answer; stop with Ctrl-C"),
                ("fairlead dev exec -- curl http://lolice-argocd/", "meanwhile, in another terminal"),
                ("fairlead dev -f my-service.yaml", "the same with manifests of your own"),
                ("fairlead dev --once --output json", "for scripts: one JSON object a line, exit code 0 when all has answered"),
            ],
        };
        foreach (var option in (ReadOnlySpan<Option>)[once, files, directory, timeout, port, tailnetPort, explain, verbose, output])
        {
            verb.Options.Add(option);
        }

        verb.Subcommands.Add(DevExecVerb.Create());
        verb.Subcommands.Add(SampleAppVerb.Create());
        verb.Subcommands.Add(EmbeddedClusterVerb.Create());
        verb.Subcommands.Add(EmbeddedTailnetVerb.Create());
        verb.SetAction((result, stopping) =>
        {
            var writer = result.InvocationConfiguration.Output;
            IDevReport report = result.GetValue(output) == OutputOption.Json ? new JsonReport(writer) : new TextReport(ConsoleOn(writer), result.GetValue(explain), OwnCommand);
            var options = new DevSessionOptions
            {
                Directory = result.GetRequiredValue(directory),
                Files = result.GetValue(files) ?? [],
                Once = result.GetValue(once),
                Limit = TimeSpan.FromSeconds(result.GetValue(timeout)),
                ApiPort = result.GetValue(port),
                TailnetPort = result.GetValue(tailnetPort),
                Verbose = result.GetValue(verbose),
            };
            return new DevSession(options, report).RunAsync(stopping);
        });
        return verb;
    }

    /// <summary>Scripts that stand before the program tell by what name they were called.</summary>
    private static string OwnCommand => Environment.GetEnvironmentVariable("FAIRLEAD_COMMAND") is { Length: > 0 } given ? given : RootVerb.Name;

    /// <summary>Colours and other control sequences only on a terminal, and not where <c>NO_COLOR</c> is set.</summary>
    private static IAnsiConsole ConsoleOn(TextWriter writer)
    {
        var plain = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = UnboundedWidth;
        }

        return console;
    }
}
