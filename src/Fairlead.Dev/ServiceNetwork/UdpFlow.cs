using System.Net;
using System.Net.Sockets;

namespace Fairlead.Dev.ServiceNetwork;

/// <summary>The datagrams between one client and one endpoint.</summary>
internal sealed class UdpFlow : IDisposable
{
    private const int LongestDatagram = 65535;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly IPEndPoint _client;
    private readonly Socket _service;
    private readonly TimeProvider _time;
    private long _used;

    public UdpFlow(IPEndPoint endpoint, IPEndPoint client, Socket service, TimeProvider time)
    {
        (Endpoint, _client, _service, _time) = (endpoint, client, service, time);
        if (IPAddress.IsLoopback(client.Address) && IPAddress.IsLoopback(endpoint.Address))
            _socket.Bind(new IPEndPoint(client.Address, 0));
        _socket.Connect(endpoint);
        Touch();
        _ = AnswerAsync();
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>When a datagram went either way last.</summary>
    public DateTimeOffset Used => new(Interlocked.Read(ref _used), TimeSpan.Zero);

    public async ValueTask SendAsync(ReadOnlyMemory<byte> datagram)
    {
        Touch();
        await _socket.SendAsync(datagram, SocketFlags.None).ConfigureAwait(false);
    }

    public void Dispose() => _socket.Dispose();

    private void Touch() => Interlocked.Exchange(ref _used, _time.GetUtcNow().UtcTicks);

    private async Task AnswerAsync()
    {
        var buffer = new byte[LongestDatagram];
        while (true)
        {
            try
            {
                var read = await _socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None).ConfigureAwait(false);
                Touch();
                await _service.SendToAsync(buffer.AsMemory(0, read), SocketFlags.None, _client).ConfigureAwait(false);
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
                // The endpoint refused; it may listen again later.
            }
        }
    }
}
