using Fairlead.Dev.Tailnet.Access;
using Fairlead.DevEnvironments;
using Fairlead.EndToEnd.Tests.Processes;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>The operator as a process of its own, which can be killed; set up as those in the environment's process are.</summary>
public sealed class OperatorProcess : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string> _variables;

    public OperatorProcess(TrafficEnvironment environment)
    {
        var parts = environment.Parts;
        var credentials = parts.Tailnet.Clients.AddOAuthClient(Scopes.Operator, ["tag:k8s-operator"]);
        _variables = new Dictionary<string, string>
        {
            ["KUBECONFIG"] = parts.Kubeconfig,
            ["OPERATOR_NAMESPACE"] = DevEnvironment.OperatorNamespace,
            ["OPERATOR_LOGIN_SERVER"] = parts.Settings.LoginServer,
            ["PROXY_IMAGE"] = DevImages.Proxy,
            ["FAIRLEAD_PROXY_ENGINE"] = "managed",
            ["PROXY_FIREWALL_MODE"] = parts.Settings.ProxyFirewallMode,
            ["CLIENT_ID_FILE"] = _directory.File("client_id", credentials.Id),
            ["CLIENT_SECRET_FILE"] = _directory.File("client_secret", credentials.Secret!),
            ["FAIRLEAD_LISTEN_ADDRESS"] = "off",
            ["FAIRLEAD_LEADER_ELECTION"] = "false",
            ["FAIRLEAD_LOG_FORMAT"] = "text",
        };
    }

    /// <summary>Starts the process; it is killed at the latest when it is disposed of.</summary>
    public RunningProgram Start() => RunningProgram.Start(["operator"], _variables);

    public void Dispose() => _directory.Dispose();
}
