using System.Buffers;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Udp;

namespace Fairlead.Tailnet.Relaying;

/// <summary>
/// One flow of datagrams between the tailnet and a socket of the system. It is over when it is idle, or when its tailnet socket or the stack
/// ends it; while nothing happens on it, it holds no buffer.
/// </summary>
public sealed class DatagramRelay : IDisposable
{
    /// <summary>RFC 4787, REQ-5: a flow without packets for two minutes is over.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(2);

    private readonly UdpSocket _tailnet;
    private readonly CancellationTokenSource _ended;
    private readonly IdleLimit _idle;

    /// <param name="tailnet">Connected to its only peer; the flow's to dispose of.</param>
    /// <param name="stop">Ends the flow.</param>
    /// <param name="withdrawn">Ends it as well.</param>
    public DatagramRelay(UdpSocket tailnet, TimeProvider time, CancellationToken stop, CancellationToken withdrawn = default)
    {
        ArgumentNullException.ThrowIfNull(tailnet);
        ArgumentNullException.ThrowIfNull(time);
        _tailnet = tailnet;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(stop, withdrawn);
        Ended = _ended.Token;
        _idle = new IdleLimit(time, Idle, _ended);
    }

    /// <summary>Cancelled when the flow is over.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Sends into the tailnet. Once the flow is over, or where its peer refused an earlier one, the datagram is lost.</summary>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        try
        {
            _idle.Used();
            _tailnet.Send(datagram);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // As any network may, this one loses a datagram.
        }
    }

    /// <summary>Passes on what comes from the tailnet; ends with the flow, which is over then; never fails itself.</summary>
    /// <param name="passOnAsync">Its trouble with a socket ends the flow.</param>
    public async Task RunAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<int>> passOnAsync)
    {
        ArgumentNullException.ThrowIfNull(passOnAsync);
        try
        {
            while (true)
            {
                await _tailnet.ReceiveAsync(Memory<byte>.Empty, Ended).ConfigureAwait(false);
                await PassOnAsync(passOnAsync).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The flow is over, or refused; a new datagram begins a new one.
        }

        await EndAsync().ConfigureAwait(false);
    }

    /// <summary>The flow is over.</summary>
    public Task EndAsync() => _ended.CancelAsync();

    public void Dispose()
    {
        _idle.Dispose();
        _tailnet.Dispose();
        _ended.Dispose();
    }

    private async Task PassOnAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<int>> passOnAsync)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ushort.MaxValue);
        try
        {
            var received = await _tailnet.ReceiveAsync(buffer, Ended).ConfigureAwait(false);
            _idle.Used();
            await passOnAsync(buffer.AsMemory(0, received.Length), Ended).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
