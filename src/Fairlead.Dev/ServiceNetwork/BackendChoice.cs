using System.Net;

namespace Fairlead.Dev.ServiceNetwork;

/// <summary>Chooses the endpoint of each connection: in turn, or as before for clients that are to stay with theirs.</summary>
internal sealed class BackendChoice(TimeProvider time)
{
    // Clients beyond this number lose their endpoint, the one idle longest first.
    private const int Remembered = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, (IPEndPoint Endpoint, DateTimeOffset Used)> _clients = [];
    private int _next;

    /// <summary>The endpoints to try, in order; empty without any.</summary>
    public IReadOnlyList<IPEndPoint> For(IPAddress client, ServiceBackends backends)
    {
        var active = backends.Active;
        if (active.IsEmpty)
            return [];
        lock (_gate)
        {
            var first = _next = (_next + 1) % active.Length;
            if (backends.Affinity is { } affinity)
                first = Kept(client, backends, affinity) ?? first;
            return [.. Enumerable.Range(0, active.Length).Select(i => active[(first + i) % active.Length])];
        }
    }

    /// <summary>The client is served by this endpoint.</summary>
    public void Served(IPAddress client, IPEndPoint endpoint, ServiceBackends backends)
    {
        if (backends.Affinity is null)
            return;
        lock (_gate)
        {
            _clients[client] = (endpoint, time.GetUtcNow());
            if (_clients.Count > Remembered)
                _clients.Remove(_clients.MinBy(c => c.Value.Used).Key);
        }
    }

    private int? Kept(IPAddress client, ServiceBackends backends, TimeSpan affinity)
    {
        if (!_clients.TryGetValue(client, out var kept) || time.GetUtcNow() - kept.Used > affinity)
            return null;
        var index = backends.Active.IndexOf(kept.Endpoint);
        return index < 0 ? null : index;
    }
}
