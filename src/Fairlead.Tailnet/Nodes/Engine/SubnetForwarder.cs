using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Netstack.Udp;

namespace Fairlead.Tailnet.Nodes.Engine;

/// <summary>
/// Leads peers to networks behind this node: connections and datagram flows to addresses that are not the node's own go on over the system's
/// sockets. Which addresses those may be, the packet filter has decided.
/// </summary>
internal sealed class SubnetForwarder : IDisposable
{
    /// <summary>Flows and connections at a time; more are refused.</summary>
    private const int MaxOpen = 4096;

    private const int CopyBuffer = 64 * 1024;

    /// <summary>RFC 4787, REQ-5: a flow without packets for two minutes is over.</summary>
    private static readonly TimeSpan UdpIdle = TimeSpan.FromMinutes(2);

    private readonly NetworkStack _stack;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private int _open;

    public SubnetForwarder(NetworkStack stack, TimeProvider time)
    {
        _stack = stack;
        _time = time;
        stack.AcceptsAnyDestination = true;
        stack.TcpFallback = (_, local) => IsBehind(local) && HasRoom ? TcpFlowVerdict.Accept(Forward) : TcpFlowVerdict.Reject;
        stack.UdpFallback = (_, local) => IsBehind(local) && HasRoom ? UdpFlowVerdict.Accept(Forward) : UdpFlowVerdict.Reject;
    }

    private bool HasRoom => Volatile.Read(ref _open) < MaxOpen;

    public void Dispose()
    {
        _stopping.Cancel();
        _stack.TcpFallback = null;
        _stack.UdpFallback = null;
        _stopping.Dispose();
    }

    private bool IsBehind(IPEndPoint local) => !_stack.Addresses.Contains(local.Address);

    private void Forward(TcpConnection connection) => _ = ForwardAsync(connection);

    private void Forward(UdpSocket flow) => _ = ForwardAsync(flow);

    private async Task ForwardAsync(TcpConnection connection)
    {
        Interlocked.Increment(ref _open);
        try
        {
            using var socket = new Socket(connection.LocalEndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(connection.LocalEndPoint, _stopping.Token).ConfigureAwait(false);
            using var network = new NetworkStream(socket);
            using var broken = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            await Task.WhenAll(
                CopyAsync(connection, network, () => socket.Shutdown(SocketShutdown.Send), broken),
                CopyAsync(network, connection, connection.CloseWrite, broken)).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other end learns it as it would from the host itself.
            connection.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private static async Task CopyAsync(Stream from, Stream to, Action end, CancellationTokenSource broken)
    {
        try
        {
            await from.CopyToAsync(to, CopyBuffer, broken.Token).ConfigureAwait(false);
            end();
        }
        catch
        {
            await broken.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task ForwardAsync(UdpSocket flow)
    {
        Interlocked.Increment(ref _open);
        try
        {
            using (flow)
            {
                await ForwardUntilIdleAsync(flow).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The flow is over, or the system has no socket left for it.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task ForwardUntilIdleAsync(UdpSocket flow)
    {
        using var socket = new Socket(flow.LocalEndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        using var timer = _time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), idle, UdpIdle, Timeout.InfiniteTimeSpan);
        await socket.ConnectAsync(flow.LocalEndPoint, idle.Token).ConfigureAwait(false);
        await Task.WhenAll(OutAsync(), BackAsync()).ConfigureAwait(false);

        async Task OutAsync()
        {
            var buffer = new byte[ushort.MaxValue];
            while (true)
            {
                var received = await flow.ReceiveAsync(buffer, idle.Token).ConfigureAwait(false);
                timer.Change(UdpIdle, Timeout.InfiniteTimeSpan);
                await socket.SendAsync(buffer.AsMemory(0, received.Length), idle.Token).ConfigureAwait(false);
            }
        }

        async Task BackAsync()
        {
            var buffer = new byte[ushort.MaxValue];
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer, idle.Token).ConfigureAwait(false);
                timer.Change(UdpIdle, Timeout.InfiniteTimeSpan);
                flow.Send(buffer.AsSpan(0, length));
            }
        }
    }
}
