using System.Diagnostics;
using System.Net;
using Fairlead.Bench.Measurements;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Bench.Tailnet;

/// <summary>One TCP stream between two network stacks of this process: what they cost without encryption and sockets.</summary>
internal sealed class NetstackThroughput : IMeasurement
{
    private const int Mtu = 1280;
    private const int HeaderBytes = 20 + 20 + 12; // IPv4, TCP, and its timestamps

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3); // in which windows and buffers grow and code is optimized
    private static readonly IPEndPoint Server = new(IPAddress.Parse("100.64.0.2"), 80);

    public string Name => "netstack";

    public async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var there = new InMemoryLink(Mtu);
        var back = new InMemoryLink(Mtu);
        using var client = new NetworkStack(there);
        using var server = new NetworkStack(back);
        there.Receiver = server;
        back.Receiver = client;
        client.AddAddress(IPAddress.Parse("100.64.0.1"));
        server.AddAddress(Server.Address);
        using var listener = server.ListenTcp(Server);
        await using var sender = await client.ConnectTcpAsync(Server, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var receiver = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = Task.Run(() => SendAsync(sender, stop.Token), cancellationToken);
        var buffer = new byte[256 * 1024];
        await ReceiveAsync(receiver, buffer, WarmUp).ConfigureAwait(false);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var bytes = await ReceiveAsync(receiver, buffer, duration).ConfigureAwait(false);
        var elapsed = Stopwatch.GetElapsedTime(started);
        processor = Environment.CpuUsage.TotalTime - processor;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        await stop.CancelAsync().ConfigureAwait(false);
        receiver.Abort();
        await sending.ConfigureAwait(false);
        var packets = Math.Max(1, bytes / (Mtu - HeaderBytes));
        return
        [
            new MeasuredFigure("one TCP stream, stack to stack in memory", "Gbit/s", bytes * 8 / elapsed.TotalSeconds / 1e9, $"MTU {Mtu}; {(double)allocated / packets:F3} bytes allocated per packet"),
            new MeasuredFigure("both stacks, per second of processor time", "Gbit", bytes * 8 / processor.TotalSeconds / 1e9),
        ];
    }

    private static async Task SendAsync(TcpConnection connection, CancellationToken stop)
    {
        var data = new byte[256 * 1024];
        new Random(1).NextBytes(data);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await connection.WriteAsync(data, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (IOException) when (stop.IsCancellationRequested)
        {
            // The receiver ends the stream by a reset.
        }
    }

    private static async Task<long> ReceiveAsync(TcpConnection connection, byte[] buffer, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        var total = 0L;
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            total += await connection.ReadAsync(buffer).ConfigureAwait(false);
        }

        return total;
    }
}
