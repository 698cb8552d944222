using Fairlead.Bench.Clusters;
using Fairlead.Bench.Processes;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Access;

namespace Fairlead.Bench.Operators;

/// <summary>Starts an operator with the environment that a Deployment of it would have.</summary>
internal static class OperatorUnderTest
{
    /// <param name="command">Command line for a shell.</param>
    /// <param name="metricsPort">Where our operator serves its metrics; others do as they like.</param>
    public static ProcessGroup Start(string command, BenchCluster cluster, EmbeddedTailnet tailnet, string directory, int metricsPort)
    {
        var client = tailnet.Clients.AddOAuthClient(Scopes.Operator, ["tag:k8s-operator"]);
        return ProcessGroup.Start("the operator", command, Environment(cluster, tailnet, directory, client, metricsPort), Path.Combine(directory, "operator.log"));
    }

    private static Dictionary<string, string> Environment(
        BenchCluster cluster, EmbeddedTailnet tailnet, string directory, ApiClient client, int metricsPort) => new(StringComparer.Ordinal)
        {
            ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "",
            ["HOME"] = directory,
            ["TMPDIR"] = Path.GetTempPath(),
            ["KUBECONFIG"] = cluster.Kubeconfig,
            ["OPERATOR_NAMESPACE"] = Installation.OperatorNamespace,
            ["OPERATOR_HOSTNAME"] = "tailscale-operator",
            ["OPERATOR_SECRET"] = "operator",
            ["OPERATOR_INITIAL_TAGS"] = "tag:k8s-operator",
            ["OPERATOR_LOGGING"] = "info",
            ["OPERATOR_LOGIN_SERVER"] = tailnet.BaseAddress.GetLeftPart(UriPartial.Authority),
            ["PROXY_IMAGE"] = "tailscale/tailscale:bench",
            ["PROXY_TAGS"] = "tag:k8s",
            ["PROXY_FIREWALL_MODE"] = "auto",
            ["APISERVER_PROXY"] = "false",
            ["POD_NAME"] = "operator-0",
            ["POD_UID"] = Guid.NewGuid().ToString(),
            ["CLIENT_ID_FILE"] = Written(directory, "client_id", client.Id),
            ["CLIENT_SECRET_FILE"] = Written(directory, "client_secret", client.Secret!),
            ["FAIRLEAD_LISTEN_ADDRESS"] = $"127.0.0.1:{metricsPort}",
        };

    private static string Written(string directory, string name, string text)
    {
        var path = Path.Combine(directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
