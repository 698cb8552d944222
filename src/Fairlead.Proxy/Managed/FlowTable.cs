using System.Net;

namespace Fairlead.Proxy.Managed;

/// <summary>Flows by client. Where there is no room for another, the one that was used least lately makes it.</summary>
/// <param name="capacity">Flows at a time.</param>
/// <param name="end">Called for a flow that makes room for another; it must not call back, and not wait.</param>
internal sealed class FlowTable<TFlow>(int capacity, Action<TFlow> end)
    where TFlow : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<EndPoint, LinkedListNode<(EndPoint Client, TFlow Flow)>> _flows = [];
    private readonly LinkedList<(EndPoint Client, TFlow Flow)> _byUse = [];

    /// <summary>The client's flow, which is used by this; null if it has none.</summary>
    public TFlow? Use(EndPoint client)
    {
        lock (_lock)
        {
            if (!_flows.TryGetValue(client, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value.Flow;
        }
    }

    /// <summary>Adds a flow, in place of the client's earlier one if there is one.</summary>
    public void Put(EndPoint client, TFlow flow)
    {
        lock (_lock)
        {
            if (_flows.TryGetValue(client, out var earlier))
            {
                Displace(earlier);
            }
            else if (_flows.Count >= capacity)
            {
                Displace(_byUse.First!);
            }

            _flows[client] = _byUse.AddLast((client, flow));
        }
    }

    /// <summary>The flow is over; the client may have another by now, which stays.</summary>
    public void Remove(EndPoint client, TFlow flow)
    {
        lock (_lock)
        {
            if (_flows.TryGetValue(client, out var node) && node.Value.Flow == flow)
            {
                _flows.Remove(client);
                _byUse.Remove(node);
            }
        }
    }

    private void Displace(LinkedListNode<(EndPoint Client, TFlow Flow)> node)
    {
        _flows.Remove(node.Value.Client);
        _byUse.Remove(node);
        end(node.Value.Flow);
    }
}
