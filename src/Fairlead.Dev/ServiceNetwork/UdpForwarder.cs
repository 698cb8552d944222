using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Dev.ServiceNetwork;

/// <summary>Forwards the datagrams to one UDP port: those of one client to one endpoint, until it has been silent for a while.</summary>
internal sealed class UdpForwarder : IPortForwarder
{
    // Linux forgets a UDP flow with answers after two minutes, too.
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(2);
    private const int MaxFlows = 1024;
    private const int LongestDatagram = 65535;

    private readonly ConcurrentDictionary<IPEndPoint, UdpFlow> _flows = new();
    private readonly BackendChoice _choice;
    private readonly TimeProvider _time;
    private readonly Socket _socket;
    private readonly ITimer _sweep;
    private volatile ServiceBackends _backends;

    /// <exception cref="SocketException">The port cannot be had.</exception>
    public UdpForwarder(IPEndPoint address, ServiceBackends backends, BackendChoice choice, TimeProvider time)
    {
        (_backends, _choice, _time) = (backends, choice, time);
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            _socket.Bind(address);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        _sweep = time.CreateTimer(_ => Sweep(), null, Idle, Idle);
        _ = ReceiveAsync();
    }

    public void Update(ServiceBackends backends)
    {
        _backends = backends;
        foreach (var (client, flow) in _flows)
        {
            if (!backends.Known.Contains(flow.Endpoint))
                End(client);
        }
    }

    public void Dispose()
    {
        _sweep.Dispose();
        _socket.Dispose();
        foreach (var client in _flows.Keys)
            End(client);
    }

    private void End(IPEndPoint client)
    {
        if (_flows.TryRemove(client, out var flow))
            flow.Dispose();
    }

    private void Sweep()
    {
        var oldest = _time.GetUtcNow() - Idle;
        foreach (var (client, flow) in _flows)
        {
            if (flow.Used < oldest)
                End(client);
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[LongestDatagram];
        while (true)
        {
            try
            {
                var got = await _socket.ReceiveFromAsync(buffer.AsMemory(), SocketFlags.None, new IPEndPoint(IPAddress.Any, 0)).ConfigureAwait(false);
                await ForwardAsync((IPEndPoint)got.RemoteEndPoint, buffer.AsMemory(0, got.ReceivedBytes)).ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted)
            {
                return;
            }
            catch (SocketException)
            {
                // An endpoint that refused an earlier datagram; datagrams may be lost.
            }
        }
    }

    private async ValueTask ForwardAsync(IPEndPoint client, ReadOnlyMemory<byte> datagram)
    {
        if (!_flows.TryGetValue(client, out var flow))
        {
            var backends = _backends;
            if (_choice.For(client.Address, backends) is not [var endpoint, ..])
                return;
            if (_flows.Count >= MaxFlows)
                End(_flows.MinBy(f => f.Value.Used).Key);
            _choice.Served(client.Address, endpoint, backends);
            _flows[client] = flow = new UdpFlow(endpoint, client, _socket, _time);
        }

        await flow.SendAsync(datagram).ConfigureAwait(false);
    }
}
