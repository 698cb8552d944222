using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Tailnet.Timing;
using Fairlead.Tailnet.Transport;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Derp;

/// <summary>
/// The connection to one region. To home it is kept; to another it is made when there is something to send and closes when there has
/// been nothing for a while. What is sent while it is being made waits for it; what is sent while it backs off is dropped.
/// </summary>
internal sealed partial class DerpRegionLink : IAsyncDisposable
{
    // A connection that lasted so long shows that the relay works; losing it is no reason to back off further.
    private static readonly TimeSpan Proven = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);

    // A relay cannot keep anyone away for longer than a failure could.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly int _id;
    private readonly DerpConnector _connector;
    private readonly IDerpObserver _observer;
    private readonly DerpClientOptions _options;
    private readonly BackOff _backOff;
    private readonly Deadline _watch;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private DerpRegion _region;
    private DerpOutbox? _outbox;
    private Stream? _stream;
    private Task _running = Task.CompletedTask;
    private bool _isRunning;
    private bool _isHome;
    private bool _isWanted;
    private bool _isStopped;
    private string _problem = "";
    private TimeSpan _askedWait;
    private long _lastUsed;
    private long _lastReceived;
    private long _bytesSent;
    private long _bytesReceived;
    private long _packetsDropped;

    public DerpRegionLink(DerpRegion region, DerpConnector connector, IDerpObserver observer, DerpClientOptions options)
    {
        _id = region.RegionID;
        _region = region;
        _connector = connector;
        _observer = observer;
        _options = options;
        _backOff = new BackOff(FirstWait, LongestWait, options.Random);
        _watch = new Deadline(options.Time, Watch);
        _log = options.Logging.CreateLogger<DerpClient>();
    }

    public bool IsConnected => Volatile.Read(ref _stream) is not null;

    public DerpRegionStatus Status
    {
        get
        {
            lock (_lock)
            {
                var sent = _bytesSent + (_outbox?.BytesSent ?? 0);
                return new DerpRegionStatus(_id, _isHome, IsConnected, _problem, sent, Volatile.Read(ref _bytesReceived), Volatile.Read(ref _packetsDropped));
            }
        }
    }

    public void SetHome(bool isHome)
    {
        DerpOutbox? outbox;
        lock (_lock)
        {
            if (_isHome == isHome)
                return;
            _isHome = isHome;
            outbox = _stream is null ? null : _outbox;
            if (isHome)
                EnsureRunning();
            else
                Touch();
        }

        if (outbox is not null)
            NotePreferred(outbox, isHome);
        if (IsConnected)
            Watch();
    }

    /// <summary>Takes on what the map says now. A connection to a relay that is no longer named is given up.</summary>
    public void SetRegion(DerpRegion region)
    {
        Stream? abandoned = null;
        lock (_lock)
        {
            if (!_region.Nodes.SequenceEqual(region.Nodes))
                abandoned = _stream;
            _region = region;
        }

        abandoned?.Dispose();
    }

    public void Send(NodePublicKey to, ReadOnlySpan<byte> datagrams, int datagramSize)
    {
        DerpOutbox? outbox;
        lock (_lock)
        {
            Touch();
            _isWanted = true;
            EnsureRunning();
            outbox = _outbox;
        }

        var dropped = outbox is null
            ? (datagrams.Length + datagramSize - 1) / datagramSize
            : outbox.AppendPackets(to, datagrams, datagramSize);
        if (dropped > 0)
            Interlocked.Add(ref _packetsDropped, dropped);
        outbox?.Flush();
    }

    /// <summary>The network has changed: a connection over the old one may be dead without knowing.</summary>
    public void Reconnect()
    {
        Stream? abandoned;
        lock (_lock)
            abandoned = _stream;
        abandoned?.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        Stream? abandoned;
        lock (_lock)
        {
            _isStopped = true;
            abandoned = _stream;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        abandoned?.Dispose();
        _watch.Dispose();
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Touch() => _lastUsed = _options.Time.GetTimestamp();

    /// <summary>With the lock held.</summary>
    private void EnsureRunning()
    {
        if (_isRunning || _isStopped)
            return;
        _isRunning = true;
        _outbox = new DerpOutbox(_options.MaxQueuedBytes);
        _running = Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        while (true)
        {
            var started = _options.Time.GetTimestamp();
            try
            {
                await UseConnectionAsync().ConfigureAwait(false);
                SetProblem("");
            }
            catch (Exception e) when (DerpFailure.IsExpected(e))
            {
                SetProblem(e.Message);
                if (!_stop.IsCancellationRequested)
                    LogLost(_log, _id, e.Message);
            }
            catch (OperationCanceledException)
            {
                // Stopping; the check below ends the loop.
            }
            catch (Exception e)
            {
                // A fault of whoever takes the packets must not cut the node off for good.
                SetProblem(e.Message);
                LogFault(_log, e, _id);
            }

            if (!Disconnected())
                return;
            _observer.ConnectionChanged(_id);
            if (_options.Time.GetElapsedTime(started) > Proven)
                _backOff.Reset();
            var wait = _askedWait + _backOff.Next();
            _askedWait = TimeSpan.Zero;
            try
            {
                await Task.Delay(wait, _options.Time, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Stopping; the check below ends the loop.
            }

            if (!MayTryAgain())
                return;
        }
    }

    private async Task UseConnectionAsync()
    {
        await using var connection = await _connector.ConnectAsync(_region, _stop.Token).ConfigureAwait(false);
        DerpOutbox outbox;
        bool isHome;
        lock (_lock)
        {
            if (_isStopped)
                return;
            outbox = _outbox!;
            isHome = _isHome;
            _problem = "";
            _lastReceived = _options.Time.GetTimestamp();
            Touch();
            Volatile.Write(ref _stream, connection.Stream);
        }

        if (isHome)
            NotePreferred(outbox, true);
        outbox.Attach(connection.Stream);
        LogConnected(_log, _id);
        _observer.ConnectionChanged(_id);
        Watch();
        await ReadAsync(connection.Reader, outbox).ConfigureAwait(false);
    }

    /// <returns>Whether the connection is to be made again.</returns>
    private bool Disconnected()
    {
        bool goesOn;
        lock (_lock)
        {
            Volatile.Write(ref _stream, null);
            _bytesSent += _outbox!.BytesSent;
            _outbox.Close();
            _outbox = null;
            goesOn = !_isStopped && (_isHome || _isWanted);
            _isRunning = goesOn;
            _isWanted = false;
            if (!goesOn)
                _problem = "";
        }

        _watch.Clear();
        if (!goesOn && !_stop.IsCancellationRequested)
            _observer.ConnectionChanged(_id);
        return goesOn;
    }

    private bool MayTryAgain()
    {
        lock (_lock)
        {
            _isRunning = !_isStopped && (_isHome || _isWanted);
            _outbox = _isRunning ? new DerpOutbox(_options.MaxQueuedBytes) : null;
            return _isRunning;
        }
    }

    private async Task ReadAsync(DerpFrameReader reader, DerpOutbox outbox)
    {
        var before = reader.BytesRead;
        while (true)
        {
            if (HandleFrames(reader, outbox))
                _observer.EndOfBatch();
            if (!await reader.FillAsync(_stop.Token).ConfigureAwait(false))
                throw new IOException($"The relay of region {_id} closed the connection.");
            Volatile.Write(ref _lastReceived, _options.Time.GetTimestamp());
            Interlocked.Add(ref _bytesReceived, reader.BytesRead - before);
            before = reader.BytesRead;
        }
    }

    /// <returns>Whether a packet was among them.</returns>
    private bool HandleFrames(DerpFrameReader reader, DerpOutbox outbox)
    {
        var any = false;
        while (reader.TryRead())
        {
            switch (reader.Type)
            {
                case DerpFrameType.RecvPacket when DerpPayload.TryReadPacket(reader.Payload, out var from, out var packet):
                    any = true;
                    _observer.Receive(packet, PathAddress.Relayed(_id, from));
                    break;
                case DerpFrameType.PeerGone when DerpPayload.TryReadPeerGone(reader.Payload, out var node, out var reason):
                    _observer.PeerGone(_id, node, reason);
                    break;
                case DerpFrameType.Ping when DerpPayload.TryReadToken(reader.Payload, out var token):
                    Pong(outbox, token);
                    break;
                case DerpFrameType.Health:
                    SetProblem(DerpPayload.ReadHealth(reader.Payload));
                    _observer.ConnectionChanged(_id);
                    break;
                case DerpFrameType.Restarting when DerpPayload.TryReadRestarting(reader.Payload, out var reconnectIn, out _):
                    _backOff.Reset();
                    _askedWait = reconnectIn < LongestWait ? reconnectIn : LongestWait;
                    break;
            }
        }

        if (any)
            Volatile.Write(ref _lastUsed, _options.Time.GetTimestamp());
        return any;
    }

    private void SetProblem(string problem)
    {
        lock (_lock)
            _problem = problem;
    }

    /// <summary>Gives up a connection that is silent for too long, or unused and not to home; else sets the time to look again.</summary>
    private void Watch()
    {
        Stream? abandoned = null;
        lock (_lock)
        {
            if (_stream is null)
                return;
            var silent = DerpProtocol.SilenceLimit - _options.Time.GetElapsedTime(Volatile.Read(ref _lastReceived));
            var unused = _isHome ? TimeSpan.MaxValue : _options.IdleLimit - _options.Time.GetElapsedTime(Volatile.Read(ref _lastUsed));
            if (unused <= TimeSpan.Zero)
                _isWanted = false;
            if (silent <= TimeSpan.Zero || unused <= TimeSpan.Zero)
                abandoned = _stream;
            else
                _watch.Set(silent < unused ? silent : unused);
        }

        abandoned?.Dispose();
    }

    private static void Pong(DerpOutbox outbox, ulong token)
    {
        Span<byte> frame = stackalloc byte[DerpProtocol.HeaderSize + DerpProtocol.PingSize];
        DerpFrameWriter.Pong(frame, token);
        outbox.TryAppend(frame);
        outbox.Flush();
    }

    private static void NotePreferred(DerpOutbox outbox, bool isHome)
    {
        Span<byte> frame = stackalloc byte[DerpProtocol.HeaderSize + 1];
        DerpFrameWriter.NotePreferred(frame, isHome);
        outbox.TryAppend(frame);
        outbox.Flush();
    }

    [LoggerMessage(1, LogLevel.Debug, "Connected to the relay of region {Region}.")]
    private static partial void LogConnected(ILogger logger, int region);

    [LoggerMessage(2, LogLevel.Debug, "No connection to the relay of region {Region}: {Reason}")]
    private static partial void LogLost(ILogger logger, int region, string reason);

    [LoggerMessage(3, LogLevel.Error, "Handling what the relay of region {Region} sent failed.")]
    private static partial void LogFault(ILogger logger, Exception exception, int region);
}
