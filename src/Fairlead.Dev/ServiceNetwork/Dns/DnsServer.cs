using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Dev.ServiceNetwork.Dns;

/// <summary>Answers queries over UDP and TCP: the cluster's names itself, others by asking a resolver.</summary>
internal sealed class DnsServer : IDisposable
{
    private const int LongestMessage = 65535;

    // Beyond these, queries are dropped, and askers ask again.
    private const int MaxQueries = 256;
    private const int MaxConnections = 64;

    private static readonly TimeSpan UpstreamLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(10);

    private readonly Socket _datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _connections = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly SemaphoreSlim _queries = new(MaxQueries);
    private readonly SemaphoreSlim _clients = new(MaxConnections);
    private readonly ClusterNames _names;
    private readonly IPEndPoint? _upstream;
    private readonly TimeProvider _time;

    /// <exception cref="SocketException">The address is in use.</exception>
    public DnsServer(IPEndPoint address, ClusterNames names, IPEndPoint? upstream, TimeProvider time)
    {
        (_names, _upstream, _time, EndPoint) = (names, upstream, time, address);
        try
        {
            _datagrams.Bind(address);
            _connections.Bind(address);
            _connections.Listen();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IPEndPoint EndPoint { get; }

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        ReceiveAsync(cancellationToken),
        AcceptLoop.RunAsync(_connections.AcceptAsync, client => Serve(client, cancellationToken), _time, cancellationToken));

    public void Dispose()
    {
        _datagrams.Dispose();
        _connections.Dispose();
        _queries.Dispose();
        _clients.Dispose();
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestMessage];
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var got = await _datagrams.ReceiveFromAsync(buffer.AsMemory(), SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), cancellationToken).ConfigureAwait(false);
                if (_queries.Wait(0, CancellationToken.None))
                    _ = AnswerAsync(buffer.AsSpan(0, got.ReceivedBytes).ToArray(), (IPEndPoint)got.RemoteEndPoint, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // An asker that no longer listens.
            }
        }
    }

    private async Task AnswerAsync(byte[] message, IPEndPoint asker, CancellationToken cancellationToken)
    {
        try
        {
            if (await AnswerAsync(message, ProtocolType.Udp, cancellationToken).ConfigureAwait(false) is { } answer)
                await _datagrams.SendToAsync(answer, SocketFlags.None, asker, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The asker is gone, or the server.
        }
        finally
        {
            Release(_queries);
        }
    }

    private void Serve(Socket client, CancellationToken cancellationToken)
    {
        if (_clients.Wait(0, CancellationToken.None))
            _ = ServeAsync(client, cancellationToken);
        else
            client.Dispose();
    }

    private async Task ServeAsync(Socket client, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = new NetworkStream(client, ownsSocket: true);
            while (true)
            {
                using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                idle.CancelAfter(IdleConnection);
                if (await ReadAsync(stream, idle.Token).ConfigureAwait(false) is not { } message ||
                    await AnswerAsync(message, ProtocolType.Tcp, idle.Token).ConfigureAwait(false) is not { } answer)
                {
                    return;
                }

                await WriteAsync(stream, answer, idle.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Idle, gone, or the server ends.
        }
        finally
        {
            Release(_clients);
        }
    }

    // What is under way when the server ends may outlive it for a moment.
    private static void Release(SemaphoreSlim semaphore)
    {
        try
        {
            semaphore.Release();
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }

    // Over TCP, a message's length goes before it (RFC 1035, section 4.2.2).
    private static async Task<byte[]?> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var length = new byte[2];
        if (await stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < 2)
            return null;
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(message, cancellationToken).ConfigureAwait(false);
        return message;
    }

    private static async Task WriteAsync(NetworkStream stream, byte[] message, CancellationToken cancellationToken)
    {
        var framed = new byte[2 + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancellationToken).ConfigureAwait(false);
    }

    /// <returns>Null for messages that deserve no answer.</returns>
    private async Task<byte[]?> AnswerAsync(byte[] message, ProtocolType protocol, CancellationToken cancellationToken)
    {
        // An answer to a response could go back and forth for ever.
        if (message.Length < 12 || (message[2] & 0x80) != 0)
            return null;
        if (DnsQuery.Read(message) is not { } query)
            return DnsMessage.WriteFormatError(message);
        var limit = protocol == ProtocolType.Tcp ? LongestMessage : query.PayloadSize;
        var answer = _names.Answer(query.Asked);
        if (answer is null && _upstream is not null)
            return await AskAsync(message, protocol, cancellationToken).ConfigureAwait(false) ?? Failure(query, DnsCode.ServerFailure, limit);
        return answer is null ? Failure(query, DnsCode.Refused, limit) : DnsMessage.Write(query, answer, limit, _upstream is not null);
    }

    private byte[] Failure(DnsQuery query, DnsCode code, int limit) => DnsMessage.Write(query, new DnsAnswer(code, [], []), limit, _upstream is not null);

    /// <summary>Passes a query on as it is.</summary>
    private async Task<byte[]?> AskAsync(byte[] message, ProtocolType protocol, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(UpstreamLimit);
        var isDatagram = protocol == ProtocolType.Udp;
        using var socket = new Socket(_upstream!.AddressFamily, isDatagram ? SocketType.Dgram : SocketType.Stream, protocol);
        try
        {
            await socket.ConnectAsync(_upstream, limit.Token).ConfigureAwait(false);
            if (!isDatagram)
            {
                using var stream = new NetworkStream(socket);
                await WriteAsync(stream, message, limit.Token).ConfigureAwait(false);
                return await ReadAsync(stream, limit.Token).ConfigureAwait(false);
            }

            await socket.SendAsync(message, SocketFlags.None, limit.Token).ConfigureAwait(false);
            var buffer = new byte[LongestMessage];
            while (true)
            {
                // A late answer to somebody else's query that had this port before is not ours.
                var read = await socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, limit.Token).ConfigureAwait(false);
                if (read >= 12 && buffer.AsSpan(0, 2).SequenceEqual(message.AsSpan(0, 2)))
                    return buffer[..read];
            }
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
