using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Hosting;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>A proxy in this process, for tests of what takes long: by the environment that a Pod would give it, but by a time of its own.</summary>
internal sealed class InProcessProxy : IAsyncDisposable
{
    /// <summary>Secret of the proxy's state, in <see cref="TrafficEnvironment.Namespace"/>.</summary>
    public const string StateSecret = "proxy-state";

    private readonly CancellationTokenSource _stopping = new();
    private readonly TrafficEnvironment _environment;
    private readonly Task _running;

    private InProcessProxy(TrafficEnvironment environment, ProxyConfiguration configuration, TimeProvider time)
    {
        _environment = environment;
        _running = new ProxyProcess(
            configuration,
            new ProxyProcessOptions { Cluster = new ClusterConfigurationOptions { Path = environment.Parts.Kubeconfig }, Time = time }).RunAsync(_stopping.Token);
    }

    public bool IsRunning => !_running.IsCompleted;

    /// <summary>Starts one and waits until it told the operator that it forwards.</summary>
    public static async Task<InProcessProxy> StartAsync(
        TrafficEnvironment environment, string hostname, TimeProvider time, params IEnumerable<(string Name, string Value)> variables)
    {
        var parts = environment.Parts;
        var all = new Dictionary<string, string>(parts.Services.Variables, StringComparer.Ordinal)
        {
            ["FAIRLEAD_PROXY_ENGINE"] = "managed",
            ["FAIRLEAD_CLUSTER_SEARCH"] = $"{TrafficEnvironment.Namespace}.svc.cluster.local svc.cluster.local cluster.local",
            ["KUBERNETES_SERVICE_HOST"] = parts.Cluster.Url.Host,
            ["TS_KUBE_SECRET"] = StateSecret,
            ["TS_AUTHKEY"] = parts.Tailnet.Keys.Create(["tag:k8s"]).Secret!,
            ["TS_HOSTNAME"] = hostname,
            ["TS_EXTRA_ARGS"] = $"--login-server={parts.Settings.LoginServer}",
        };
        foreach (var (name, value) in variables)
        {
            all[name] = value;
        }

        environment.Api.Create("", "secrets", TrafficEnvironment.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = StateSecret } });
        var proxy = new InProcessProxy(environment, ProxyConfigurationReader.Read(all, hasDaemon: false), time);
        await environment.UntilAsync("the proxy told that it forwards", "", "secrets", () => proxy.State("device_ips") is not null);
        await TrafficEnvironment.PeerAsync(environment.Laptop, hostname);
        return proxy;
    }

    /// <summary>An entry of the state Secret as it is now; null without.</summary>
    public string? State(string key) =>
        (string?)_environment.Api.Get("", "secrets", TrafficEnvironment.Namespace, StateSecret)?["data"]?[key] is { } value
            ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(value))
            : null;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }
}
