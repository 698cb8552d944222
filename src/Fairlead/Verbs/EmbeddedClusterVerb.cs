using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using Fairlead.CommandLine;
using Fairlead.Dev.Cluster;
using Fairlead.Output;
using Microsoft.Extensions.Logging;

namespace Fairlead.Verbs;

/// <summary><c>fairlead dev cluster</c>: the embedded Kubernetes API alone, until it is told to stop.</summary>
internal static class EmbeddedClusterVerb
{
    private static readonly IPNetwork Ipv4Services = IPNetwork.Parse("10.96.0.0/16");
    private static readonly IPNetwork Ipv6Services = IPNetwork.Parse("fd00:10:96::/112");

    public static Command Create()
    {
        var kubeconfig = new Option<string>("--kubeconfig")
        {
            Description = "File to write the kubeconfig to, readable by its owner alone.",
            HelpName = "FILE",
            Required = true,
        };
        var port = PortOption.Create("--port", "Port on 127.0.0.1. Default: a free one.");
        var audit = new Option<string>("--audit-log") { Description = "File to append an audit line to for each request.", HelpName = "FILE" };
        var dualStack = new Option<bool>("--dual-stack") { Description = "Give Services IPv6 addresses as well." };
        var output = OutputOption.Create(OutputOption.Text, OutputOption.Json);
        var verb = new Verb("cluster", "Runs the embedded Kubernetes API alone.")
        {
            Examples =
            [
                ("fairlead dev cluster --kubeconfig /tmp/dev.kubeconfig", "then, elsewhere: kubectl --kubeconfig /tmp/dev.kubeconfig get ns"),
            ],
        };
        foreach (var option in (ReadOnlySpan<Option>)[kubeconfig, port, audit, dualStack, output])
        {
            verb.Options.Add(option);
        }

        verb.SetAction(async (result, stopping) =>
        {
            using var problems = LoggerFactory.Create(OperatorLogging.Problems);
            ImmutableArray<IPNetwork> ranges = result.GetValue(dualStack) ? [Ipv4Services, Ipv6Services] : [Ipv4Services];
            var options = new EmbeddedClusterOptions
            {
                Port = result.GetValue(port),
                AuditLogPath = result.GetValue(audit),
                ServiceRanges = ranges,
                LoggerFactory = problems,
            };
            var path = result.GetRequiredValue(kubeconfig);
            var cluster = await EmbeddedCluster.StartAsync(options, stopping).ConfigureAwait(false);
            await using (cluster.ConfigureAwait(false))
            {
                await cluster.WriteKubeconfigAsync(path, stopping).ConfigureAwait(false);
                var server = cluster.Url.GetLeftPart(UriPartial.Authority);
                var line = result.GetValue(output) == OutputOption.Json
                    ? JsonText.OneLine(new JsonObject { ["kubernetesApi"] = server, ["kubeconfig"] = path })
                    : $"Kubernetes API on {server}, kubeconfig {path}; Ctrl-C stops it";
                await result.InvocationConfiguration.Output.WriteLineAsync(line).ConfigureAwait(false);
                await UntilStopped.WaitAsync(stopping).ConfigureAwait(false);
            }

            return ExitCodes.Success;
        });
        return verb;
    }
}
