using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Netstack.Tcp;

namespace Fairlead.Tailnet.Nodes.PeerApi;

/// <summary>
/// The HTTP server that peers find at a node's addresses. It offers no more than its presence, which is what pings of peers ask for; what
/// other nodes offer there (files, DNS for exit nodes) is refused.
/// </summary>
internal sealed class PeerApiServer : IDisposable
{
    /// <summary>A request's head; peers' are a few hundred bytes.</summary>
    private const int MaxHead = 8192;

    /// <summary>At a time, divided among peers; who asks for more than its share is turned away.</summary>
    private const int MaxConcurrent = 64;

    /// <summary>Connections that are not yet looked at, which takes no time.</summary>
    private const int Backlog = 16;

    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);

    private readonly TcpPortListener _listener;
    private readonly Func<IPAddress, object?> _peerOf;
    private readonly TimeProvider _time;
    private readonly FairShares _places = new(MaxConcurrent);
    private readonly CancellationTokenSource _stopping = new();

    private PeerApiServer(TcpPortListener listener, Func<IPAddress, object?> peerOf, TimeProvider time)
    {
        _listener = listener;
        _peerOf = peerOf;
        _time = time;
        _ = ServeAsync();
    }

    public ushort Port => (ushort)_listener.LocalEndPoint.Port;

    /// <param name="peerOf">The peer that an address is behind; peers are told apart by equality. Null if none is.</param>
    public static PeerApiServer Start(NetworkStack stack, IPAddress address, Func<IPAddress, object?> peerOf, TimeProvider time)
    {
        var options = new TcpListenOptions { AcceptBacklog = Backlog, HandshakeBacklog = Backlog };
        for (var attempt = 0; ; attempt++)
        {
            var port = attempt < PeerApiPort.Candidates ? PeerApiPort.Of(address, attempt) : (ushort)0;
            try
            {
                return new PeerApiServer(stack.ListenTcp(new IPEndPoint(address, port), options), peerOf, time);
            }
            catch (SocketException) when (port != 0)
            {
                // Somebody listens there; the next candidate may be free.
            }
        }
    }

    /// <summary>The whole answer to a request's head.</summary>
    internal static string Answer(ReadOnlySpan<char> head)
    {
        Span<Range> parts = stackalloc Range[3];
        if (head.IndexOf('\r') is var end and > 0 && head[..end].Split(parts, ' ') == 3)
        {
            var method = head[parts[0]];
            var path = head[parts[1]];
            if (method is "GET" or "HEAD" && path is "/")
            {
                const string Body = "This is a tailnet node.\n";
                return $"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n\r\n{(method is "HEAD" ? "" : Body)}";
            }

            return "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        }

        return "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        var stopping = _stopping.Token;
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptAsync(stopping).ConfigureAwait(false);
                if (_peerOf(connection.RemoteEndPoint.Address) is { } peer && _places.TryTake(peer))
                {
                    _ = HandleAsync(connection, peer, stopping);
                }
                else
                {
                    connection.Abort();
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The node stops.
        }
    }

    private async Task HandleAsync(TcpConnection connection, object peer, CancellationToken stopping)
    {
        try
        {
            await using (connection.ConfigureAwait(false))
            {
                using var limit = new CancellationTokenSource(RequestLimit, _time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
                var buffer = new byte[MaxHead];
                var length = 0;
                while (length < MaxHead && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
                {
                    var read = await connection.ReadAsync(buffer.AsMemory(length), either.Token).ConfigureAwait(false);
                    if (read == 0)
                    {
                        return;
                    }

                    length += read;
                }

                await connection.WriteAsync(Encoding.ASCII.GetBytes(Answer(Encoding.ASCII.GetString(buffer, 0, length))), either.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // A peer that goes away in between is none of our trouble.
        }
        finally
        {
            _places.GiveBack(peer);
        }
    }
}
