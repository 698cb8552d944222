using Fairlead.Dev.Tailnet.Coordination.Faults;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Control.Pings;

namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary>The stream of map messages to one node, from its request until it, its connection or its node ends.</summary>
internal sealed class MapStream(
    string nodeId, MapRequest request, MapSessions sessions, MapFeed feed, MapCompression compression, MapFaults faults, TimeProvider time) : IDisposable
{
    private static readonly byte[] KeepAlive = "{\"KeepAlive\":true}"u8.ToArray();

    private readonly Lock _gate = new();
    private readonly MapSignal _signal = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Queue<byte[]> _side = new();
    private long _written = time.GetTimestamp();
    private bool _keepAliveDue;
    private bool _disposed;

    public string NodeId => nodeId;

    /// <summary>Sends what there is to be sent until the stream ends; returns when the server ends it.</summary>
    public async Task RunAsync(Stream body, CancellationToken aborted)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, _ending.Token);
        feed.Listen(_signal);
        var (session, missed) = sessions.Open(nodeId, request, this);
        try
        {
            foreach (var json in missed)
            {
                await faults.DelayAsync(either.Token);
                await WriteAsync(body, MapFrame.Encode(json, compression), either.Token);
            }
            while (await SendAsync(body, session, either.Token)) await _signal.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The end was asked for.
        }
        finally
        {
            feed.Forget(_signal);
            session.Leave(this);
        }
    }

    /// <summary>Ends the stream; the node may start another.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (!_disposed) _ending.Cancel();
        }
    }

    /// <summary>Asks the node to do something.</summary>
    public void Send(PingRequest request) => SendFrame(MapFrame.Encode(new MapResponse { PingRequest = request }, compression));

    /// <summary>Sends bytes as they are.</summary>
    public void SendFrame(byte[] frame)
    {
        lock (_gate) _side.Enqueue(frame);
        _signal.Set();
    }

    /// <summary>Has a sign of life sent if nothing was for so long.</summary>
    public void KeepAliveAfter(TimeSpan silence)
    {
        if (time.GetElapsedTime(Volatile.Read(ref _written)) < silence) return;
        Volatile.Write(ref _keepAliveDue, true);
        _signal.Set();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _ending.Dispose();
        }
    }

    private async Task<bool> SendAsync(Stream body, ContinuedSession session, CancellationToken ct)
    {
        await faults.DelayAsync(ct);
        var view = feed.Current;
        if (view.Find(nodeId) is null)
        {
            if (session.Farewell() is { } last) await WriteAsync(body, MapFrame.Encode(last.Span, compression), ct);
            return false;
        }
        var sent = false;
        if (session.Next(this, view) is { } message)
        {
            await WriteAsync(body, MapFrame.Encode(message.Span, compression), ct);
            sent = true;
        }
        while (NextSideFrame() is { } frame)
        {
            await WriteAsync(body, frame, ct);
            sent = true;
        }
        if (Volatile.Read(ref _keepAliveDue) && !sent) await WriteAsync(body, MapFrame.Encode(KeepAlive, compression), ct);
        Volatile.Write(ref _keepAliveDue, false);
        return true;
    }

    private byte[]? NextSideFrame()
    {
        lock (_gate) return _side.TryDequeue(out var frame) ? frame : null;
    }

    private async Task WriteAsync(Stream body, byte[] frame, CancellationToken ct)
    {
        await body.WriteAsync(frame, ct);
        await body.FlushAsync(ct);
        Volatile.Write(ref _written, time.GetTimestamp());
    }
}
