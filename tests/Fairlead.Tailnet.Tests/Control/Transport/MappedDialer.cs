using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Control.Transport;

namespace Fairlead.Tailnet.Tests.Control.Transport;

/// <summary>Connects well-known ports to those a test listens on, so that the rules for 80 and 443 can be tried.</summary>
internal sealed class MappedDialer : IControlDialer
{
    /// <summary>By port asked for: the port to connect to on this machine. A null never answers; what is missing is refused.</summary>
    public Dictionary<int, int?> Ports { get; } = [];

    /// <summary>What was asked for, as <c>host:port</c> or <c>host:port at address</c>.</summary>
    public ConcurrentQueue<string> Dialed { get; } = [];

    /// <summary>Addresses that refuse.</summary>
    public HashSet<IPAddress> Refusing { get; } = [];

    public async ValueTask<Stream> ConnectAsync(string host, int port, IPAddress? address, CancellationToken cancellationToken)
    {
        Dialed.Enqueue(address is null ? $"{host}:{port}" : $"{host}:{port} at {address}");
        if (!Ports.TryGetValue(port, out var mapped) || (address is not null && Refusing.Contains(address)))
        {
            throw new SocketException((int)SocketError.ConnectionRefused);
        }

        if (mapped is null)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return await ControlDialer.Instance.ConnectAsync("localhost", mapped!.Value, IPAddress.Loopback, cancellationToken);
    }
}
