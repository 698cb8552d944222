using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Operator.Proxies;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>
/// Plays the proxies: each Pod logs in with the key in its configuration and writes its device into its Secret, as the proxy
/// container does. A finalizer on the Pod stands for the running process: the Pod is gone no earlier than that.
/// </summary>
internal sealed class ProxyFleet : IAsyncDisposable
{
    private const string Process = "faults.test/process";

    private readonly IClusterApi _api;
    private readonly EmbeddedTailnet _tailnet;
    private readonly string _namespace;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _turn = new();
    private readonly Task _watching;

    public ProxyFleet(IClusterApi api, EmbeddedTailnet tailnet, string @namespace)
    {
        _api = api;
        _tailnet = tailnet;
        _namespace = @namespace;
        _watching = Task.WhenAll(WatchAsync("pods"), WatchAsync("secrets"));
    }

    /// <summary>Log-ins the tailnet refused; there must be none.</summary>
    public ConcurrentQueue<string> Refused { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync(string plural)
    {
        await foreach (var change in EndlessWatch.Of(_api, "", plural, _stop.Token))
        {
            var metadata = change.Object["metadata"]!;
            if ((string?)metadata["namespace"] == _namespace && ProxyLabels.ParentOf(Labels(metadata)) is not null)
            {
                lock (_turn)
                {
                    Run((string)metadata["name"]!);
                }
            }
        }
    }

    private static Dictionary<string, string>? Labels(JsonNode metadata) =>
        metadata["labels"]?.AsObject().ToDictionary(label => label.Key, label => (string)label.Value!);

    private void Run(string name)
    {
        while (true)
        {
            try
            {
                Step(name);
                return;
            }
            catch (ApiStatusException e) when (e.Code == 409)
            {
                // The operator or the cluster wrote in between: look again.
            }
            catch (ApiStatusException e) when (e.Code == 404)
            {
                return;
            }
        }
    }

    private void Step(string name)
    {
        if (_api.Get("", "pods", _namespace, name) is not { } pod)
        {
            return;
        }

        var metadata = pod["metadata"]!.AsObject();
        var runs = metadata["finalizers"] is JsonArray { Count: > 0 };
        if (metadata["deletionTimestamp"] is not null)
        {
            if (runs)
            {
                metadata.Remove("finalizers");
                _api.Update("", "pods", _namespace, pod);
            }

            return;
        }

        if (!runs)
        {
            metadata["finalizers"] = new JsonArray(Process);
            _api.Update("", "pods", _namespace, pod);
        }

        if (_api.Get("", "secrets", _namespace, name) is { } secret)
        {
            LogIn(secret, (string)metadata["uid"]!);
        }
    }

    private void LogIn(JsonObject secret, string podUid)
    {
        var data = secret["data"]!.AsObject();
        var config = JsonNode.Parse(Convert.FromBase64String((string)data["cap-107.hujson"]!))!;
        if (data.ContainsKey(ProxyStateKeys.DeviceId) || (string?)config["AuthKey"] is not { } key)
        {
            return;
        }

        // The node key is in the state from the first try on, so that a repeated write does not make a second device.
        var machine = $"n{(string)secret["metadata"]!["uid"]!}".Replace("-", "", StringComparison.Ordinal);
        if (_tailnet.Devices.Find(machine) is not { } device)
        {
            try
            {
                device = _tailnet.Devices.Register(new DeviceRegistration { Hostname = (string)config["Hostname"]!, AuthKey = key, NodeId = machine });
            }
            catch (InvalidOperationException refusal)
            {
                Refused.Enqueue($"{secret["metadata"]!["name"]}: {refusal.Message}");
                return;
            }
        }

        data[ProxyStateKeys.PodUid] = Base64(podUid);
        data[ProxyStateKeys.CapabilityVersion] = Base64("107");
        data[ProxyStateKeys.DeviceId] = Base64(device.NodeId);
        data[ProxyStateKeys.DeviceFqdn] = Base64(device.Name + ".");
        data[ProxyStateKeys.DeviceIps] = Base64(new JsonArray([.. device.Addresses.Select(ip => JsonValue.Create(ip))]).ToJsonString());
        _api.Update("", "secrets", _namespace, secret);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
