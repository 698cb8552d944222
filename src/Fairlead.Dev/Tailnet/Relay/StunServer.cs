using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Protocol;
using Fairlead.Tailnet.Protocol.Stun;

namespace Fairlead.Dev.Tailnet.Relay;

/// <summary>Answers binding requests on UDP: tells clients where they are seen to come from.</summary>
internal sealed class StunServer : IDisposable
{
    // What is longer than this is no binding request.
    private const int MaxRequest = 1500;

    private readonly IReadOnlyList<Socket> _sockets;
    private readonly RelayFaults _faults;
    private readonly RelayTally _tally;
    private readonly CancellationTokenSource _stop = new();

    private StunServer(IReadOnlyList<Socket> sockets, RelayFaults faults, RelayTally tally)
    {
        _sockets = sockets;
        _faults = faults;
        _tally = tally;
        foreach (var socket in sockets)
            _ = AnswerAsync(socket, _stop.Token);
    }

    /// <summary>The same for all addresses.</summary>
    public int Port => ((IPEndPoint)_sockets[0].LocalEndPoint!).Port;

    public static StunServer Start(IEnumerable<IPAddress> addresses, int port, RelayFaults faults, RelayTally tally) =>
        new(ListeningSockets.Bind(addresses, port, SocketType.Dgram, ProtocolType.Udp), faults, tally);

    public void Dispose()
    {
        _stop.Cancel();
        foreach (var socket in _sockets)
            socket.Dispose();
        _stop.Dispose();
    }

    private async Task AnswerAsync(Socket socket, CancellationToken ct)
    {
        var request = new byte[MaxRequest];
        var response = new byte[StunMessage.MaxResponseSize];
        var from = new SocketAddress(socket.AddressFamily);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var length = await socket.ReceiveFromAsync(request, SocketFlags.None, from, ct);
                var size = Answer(request.AsSpan(0, length), from, response);
                if (size > 0)
                    await socket.SendToAsync(response.AsMemory(0, size), SocketFlags.None, from, ct);
            }
            catch (SocketException)
            {
                // An earlier answer could not be delivered; the next request is none the worse for it.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    /// <returns>The answer's size; 0 if there is none.</returns>
    private int Answer(ReadOnlySpan<byte> request, SocketAddress from, Span<byte> response)
    {
        if (_faults.IgnoreStun || !StunMessage.TryReadRequest(request, out var transaction))
            return 0;
        Interlocked.Increment(ref _tally.StunRequests);
        EndPoint template = new IPEndPoint(from.Family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        var seen = (IPEndPoint)template.Create(from);
        var told = _faults.MapAddress?.Invoke(seen) ?? seen;
        return StunMessage.WriteResponse(response, transaction, WireEndPoint.From(told.Address.GetAddressBytes(), (ushort)told.Port));
    }
}
