using System.Collections.Concurrent;
using System.Text.Json;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Services;

namespace Fairlead.Dev.Tailnet.Coordination.NodeCalls;

/// <summary>
/// Learns which services nodes offer: a node tells only a hash of them, and is asked for the list when that is another than the one
/// the list at hand came with.
/// </summary>
internal sealed class ServicesPull(DeviceRegistry devices, NodeCaller caller) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Task> _running = new();

    /// <summary>Looks at the node's hash, and asks if need be. Called when the node told something, and when it gets a stream.</summary>
    public void Review(string nodeId)
    {
        if (devices.Find(nodeId)?.Node is not { } node || node.Hostinfo.ServicesHash == node.ServicesHash) return;
        if (node.Hostinfo.ServicesHash.Length == 0)
        {
            Store(nodeId, [], [], "");
            return;
        }
        _running.GetOrAdd(nodeId, static (id, self) => self.PullAsync(id), this);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Values);
        _stopping.Dispose();
    }

    private async Task PullAsync(string nodeId)
    {
        // The entry must be there before it is removed.
        await Task.Yield();
        var done = false;
        try
        {
            if (devices.Find(nodeId)?.Node?.Hostinfo.ServicesHash is not { Length: > 0 } hash) return;
            var reply = await caller.CallAsync(nodeId, "GET", "/vip-services", default, _stopping.Token);
            if (reply.Status != 200) return;
            var list = ControlJson.Deserialize<VipServicesResponse>(reply.Body.Span);
            // Kept with the hash that was the reason to ask, so that no answer can have it asked for again and again.
            Store(nodeId, [.. list.VIPServices.Where(service => service.Active).Select(service => service.Name)], [.. list.VIPServices.Select(service => service.Name)], hash);
            done = true;
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or FormatException or JsonException or OperationCanceledException)
        {
            // A node that cannot answer now is asked again at its next update or stream.
        }
        finally
        {
            _running.TryRemove(nodeId, out _);
        }
        // The hash may have changed again while the list was on its way.
        if (done) Review(nodeId);
    }

    private void Store(string nodeId, IReadOnlyList<string> offered, IReadOnlyList<string> served, string hash) => devices.Update(
        nodeId, device => device with { Node = device.Node! with { AdvertisedServices = offered, ServedServices = served, ServicesHash = hash } });
}
