using System.Net.Sockets;
using System.Net;
using Fairlead.Tailnet.Nodes.Engine.Forwarding;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Transport;
using FlowKey = Fairlead.Tailnet.Netstack.Ip.FlowKey;

namespace Fairlead.Tailnet.Nodes.Engine;

/// <content>Leading peers beyond the node, and ending what they may not go on with.</content>
internal sealed partial class NodeEngine
{
    /// <summary>
    /// Leads peers to these subnets from now on, as far as they are approved, and tells them of these endpoints. What is none of the subnets
    /// any more ends at once, whether or not the server takes note. May be called while a map is applied.
    /// </summary>
    public void Advertise(TailnetNodePreferences preferences)
    {
        _preferences = preferences;
        _mapFilter.Use(preferences);
        EndForbidden();
        _paths.SetExplicitEndpoints(StaticEndpoints());
        if (_host.HasStack)
        {
            _host.Stack.AcceptsAnyDestination = AdvertisedRoutes > 0;
            if (AdvertisedRoutes > 0)
            {
                BeginForwarding();
            }
        }
    }

    /// <inheritdoc cref="TailnetNode.LeadFlows"/>
    public void LeadFlows(Func<IPEndPoint, FlowRoute?> routeOf)
    {
        _ownFlows = routeOf;
        BeginForwarding();
    }

    /// <summary>Preferences and flows may be changed by any thread, and while the node stops.</summary>
    private void BeginForwarding()
    {
        var stack = _host.Stack;
        lock (_forwarding)
        {
            if (!_isForwardingOver)
            {
                _forwarder ??= new FlowForwarder(stack, RouteOf, PeerOf, _options.Time);
            }
        }
    }

    private void EndForwarding()
    {
        lock (_forwarding)
        {
            _isForwardingOver = true;
            _forwarder?.Dispose();
        }
    }

    private object? PeerOf(IPAddress address) => _tunnel.FindPeer(MappedAddress.From(address));

    private FlowRoute? RouteOf(IPEndPoint asked) =>
        _host.Stack.Addresses.Contains(asked.Address) ? _ownFlows?.Invoke(asked)
        : Filter.Program.Beyond.Contains(MappedAddress.From(asked.Address)) ? new FlowRoute(asked)
        : null;

    private UdpAddress[] StaticEndpoints() => [.. _preferences.StaticEndpoints.Select(UdpAddress.From)];

    private void EndForbidden()
    {
        if (_host.HasStack)
        {
            _host.Stack.EndIncoming(ReasonToEnd);
        }
    }

    /// <summary>Why what a peer began here is over: its right was withdrawn, or it left the tailnet.</summary>
    private SocketError? ReasonToEnd(FlowKey flow, byte protocol)
    {
        var remote = new UInt128(flow.Remote.High, flow.Remote.Low);
        return _tunnel.FindPeer(remote) is not { } peer ? SocketError.HostUnreachable
            : Filter.Program.Permits(peer, remote, new UInt128(flow.Local.High, flow.Local.Low), flow.LocalPort, protocol) ? null
            : SocketError.AccessDenied;
    }
}
