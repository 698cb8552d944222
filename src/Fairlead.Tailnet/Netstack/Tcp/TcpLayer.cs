using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Buffers;
using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Finds the flow of each segment, opens flows, and keeps what all of them share.</summary>
internal sealed class TcpLayer
{
    private readonly ConcurrentDictionary<FlowKey, TcpFlow> _flows;
    private readonly ConcurrentDictionary<(IpAddress Address, ushort Port), TcpPortListener> _listeners = new();
    private readonly LocalAddresses _addresses;
    private readonly SynCookies _cookies;
    private readonly StackRandom _random;
    private readonly PathMtuCache _paths;
    private readonly FairShares _forwardedHandshakes;
    private readonly Lock _touchedGate = new();
    private bool _forwardsByCookie;
    private List<TransmissionControlBlock> _touched = [];
    private List<TransmissionControlBlock>? _spare = [];

    public TcpLayer(StackServices services)
    {
        Clock = services.Clock;
        Timers = services.Timers;
        Ip = services.Ip;
        Work = services.Work;
        _addresses = services.Addresses;
        _random = services.Random;
        _paths = services.Paths;
        _flows = new(concurrencyLevel: 4, capacity: 7, new FlowKeyComparer(services.Random.NextUInt64() | 1));
        Isn = new SequenceNumberGenerator(services.Random, Clock);
        _cookies = new SynCookies(Isn, Clock);
        Budget = new BufferBudget(Timers, Clock, services.Options.MaxBufferedBytes);
        TimeWait = new TimeWaitTable(this, services.Options.MaxTimeWait);
        _forwardedHandshakes = new FairShares(services.Options.MaxForwardedHandshakes);
    }

    public StackClock Clock { get; }

    public TimerQueue Timers { get; }

    public IpOutput Ip { get; }

    public WorkQueue Work { get; }

    public SequenceNumberGenerator Isn { get; }

    public BufferBudget Budget { get; }

    public TimeWaitTable TimeWait { get; }

    public TcpStatistics Statistics { get; } = new();

    /// <summary>Decides about flows nobody listens for.</summary>
    public TcpFlowHandler? Fallback { get; set; }

    public int FlowCount => _flows.Count;

    public int MtuTo(in IpAddress remote) => _paths.MtuTo(remote, Ip.Mtu);

    public void Flush() => Ip.Flush();

    public void Touch(TransmissionControlBlock block)
    {
        lock (_touchedGate)
        {
            _touched.Add(block);
        }
    }

    /// <summary>Takes a segment.</summary>
    /// <param name="foreign">The destination is none of our addresses.</param>
    public void Receive(in IpDatagram datagram, bool foreign)
    {
        if (!TcpSegment.TryParse(datagram, out var key, out var segment))
        {
            return;
        }

        if (_flows.TryGetValue(key, out var flow))
        {
            if (flow.Receive(segment))
            {
                return;
            }

            Remove(flow); // from TIME-WAIT to a new connection
        }

        if (FindListener(key) is { } listener)
        {
            ReceiveForListener(key, segment, listener);
        }
        else if (segment.Has(TcpFlags.Syn) && !segment.Has(TcpFlags.Ack | TcpFlags.Rst | TcpFlags.Fin) && Fallback is { } fallback)
        {
            ReceiveForFallback(key, segment, fallback);
        }
        else if (!AcceptForwardedCookie(key, segment) && (!foreign || Fallback is not null))
        {
            Refuse(key, segment);
        }
    }

    /// <summary>Brings what the batch touched to an end.</summary>
    /// <returns>Whether something was sent.</returns>
    public bool EndBatch()
    {
        List<TransmissionControlBlock> batch;
        lock (_touchedGate)
        {
            if (_touched.Count == 0)
            {
                return false;
            }

            batch = _touched;
            _touched = _spare ?? [];
            _spare = null;
        }

        var sent = false;
        foreach (var block in batch)
        {
            sent |= block.EndBatch();
        }

        batch.Clear();
        lock (_touchedGate)
        {
            _spare = batch;
        }

        return sent;
    }

    /// <exception cref="SocketException">Someone listens there already.</exception>
    public TcpPortListener Listen(IPEndPoint local, TcpListenOptions options)
    {
        options.Connection.Validated();
        var address = IpAddress.From(local.Address);
        if (local.Port != 0)
        {
            var listener = new TcpPortListener(this, local, options);
            return _listeners.TryAdd((address, (ushort)local.Port), listener) ? listener : throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }

        foreach (var port in EphemeralPorts.Candidates(_random))
        {
            var listener = new TcpPortListener(this, new IPEndPoint(local.Address, port), options);
            if (_listeners.TryAdd((address, port), listener))
            {
                return listener;
            }
        }

        throw new SocketException((int)SocketError.AddressAlreadyInUse);
    }

    public void Unlisten(TcpPortListener listener) =>
        _listeners.TryRemove(new((IpAddress.From(listener.LocalEndPoint.Address), (ushort)listener.LocalEndPoint.Port), listener));

    public async ValueTask<TcpConnection> ConnectAsync(IPEndPoint remote, IPEndPoint? local, TcpConnectionOptions options, CancellationToken cancellation)
    {
        options.Validated();
        cancellation.ThrowIfCancellationRequested();
        var opening = new OpenOperation(Work);
        var block = Reserve(remote, local, options, opening);
        using var registration = cancellation.UnsafeRegister(static state => ((TransmissionControlBlock)state!).CancelOpen(), block);
        block.Open();
        try
        {
            return await opening.Task.ConfigureAwait(false);
        }
        catch (IOException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    /// <summary>Takes a flow out of the table, if it is the one there.</summary>
    public void Remove(TcpFlow flow) => _flows.TryRemove(new(flow.Key, flow));

    public bool Replace(TcpFlow flow, TcpFlow by) => _flows.TryUpdate(flow.Key, by, flow);

    public bool Holds(TcpFlow flow) => _flows.TryGetValue(flow.Key, out var held) && held == flow;

    /// <summary>Ends flows of a local address that is none any more, or all of them.</summary>
    public void Drop(IpAddress? local, SocketError reason)
    {
        foreach (var flow in _flows.Values)
        {
            if (local is null || flow.Key.Local == local)
            {
                flow.Drop(reason);
                Remove(flow);
            }
        }
    }

    public void CloseListeners()
    {
        foreach (var listener in _listeners.Values)
        {
            listener.Dispose();
        }
    }

    /// <summary>An ICMP error that quotes a segment of ours.</summary>
    public void OnPathError(in FlowKey key, uint quotedSequence, SocketError error, bool hard, int pathMtu)
    {
        if (_flows.TryGetValue(key, out var flow) && flow is TransmissionControlBlock block)
        {
            block.OnPathError(quotedSequence, error, hard, pathMtu);
        }
    }

    /// <summary>Whether a sequence number is one that a connection of ours sent and waits to see acknowledged.</summary>
    public bool IsInFlight(in FlowKey key, uint sequence) =>
        _flows.TryGetValue(key, out var flow) && flow is TransmissionControlBlock block && block.IsInFlight(sequence);

    public void ForwardedHandshakeEnded(ForwardedHandshake handshake)
    {
        if (handshake.Owner is { } owner)
        {
            _forwardedHandshakes.GiveBack(owner);
        }
    }

    /// <summary>Ends connections that peers began and may not go on with.</summary>
    /// <param name="reasonToEnd">Null for those that may.</param>
    public void EndIncoming(Func<FlowKey, SocketError?> reasonToEnd)
    {
        foreach (var (key, flow) in _flows)
        {
            if (flow is TransmissionControlBlock { IsPassive: true } && reasonToEnd(key) is { } reason)
            {
                flow.Drop(reason);
            }
        }
    }

    /// <summary>Ends a connection that waits for the peer's first answer.</summary>
    public void Refused(in FlowKey key)
    {
        if (_flows.TryGetValue(key, out var flow) && flow is TransmissionControlBlock { IsPassive: false } block)
        {
            block.Refused();
        }
    }

    private TcpPortListener? FindListener(in FlowKey key)
    {
        if (_listeners.IsEmpty)
        {
            return null;
        }

        var any = key.Local.IsV4 ? IpAddress.From(IPAddress.Any) : IpAddress.From(IPAddress.IPv6Any);
        return _listeners.TryGetValue((key.Local, key.LocalPort), out var listener)
            || _listeners.TryGetValue((any, key.LocalPort), out listener)
            || _listeners.TryGetValue((IpAddress.From(IPAddress.IPv6Any), key.LocalPort), out listener)
            ? listener
            : null;
    }

    private void ReceiveForListener(in FlowKey key, in TcpSegment segment, TcpPortListener listener)
    {
        // RFC 9293 section 3.10.7.2
        if (segment.Has(TcpFlags.Rst))
        {
            return;
        }

        if (segment.Has(TcpFlags.Ack))
        {
            if (!segment.Has(TcpFlags.Syn) && listener.UsesCookies && _cookies.TryRead(key, segment, out var cookie))
            {
                AcceptCookie(key, segment, cookie, listener);
            }
            else
            {
                Refuse(key, segment);
            }

            return;
        }

        if (!segment.Has(TcpFlags.Syn) || segment.Has(TcpFlags.Fin))
        {
            return;
        }

        switch (listener.Admit())
        {
            case HandshakeAdmission.Remember:
                Begin(TransmissionControlBlock.Passive(this, key, listener.Options.Connection, segment, listener, null));
                break;
            case HandshakeAdmission.Cookie:
                SendCookie(key, segment, listener.Options.Connection);
                break;
        }
    }

    private void ReceiveForFallback(in FlowKey key, in TcpSegment segment, TcpFlowHandler fallback)
    {
        var verdict = fallback(key.RemoteEndPoint, key.LocalEndPoint);
        if (verdict.Handler is { } handler)
        {
            var owner = verdict.Owner ?? key.Remote;
            if (_forwardedHandshakes.TryTake(owner))
            {
                Begin(TransmissionControlBlock.Passive(this, key, verdict.Options.Validated(), segment, null, new ForwardedHandshake(handler, owner)));
            }
            else
            {
                Volatile.Write(ref _forwardsByCookie, true);
                SendCookie(key, segment, verdict.Options.Validated());
            }
        }
        else if (verdict.IsRejected)
        {
            Refuse(key, segment);
        }
    }

    /// <returns>False if the segment brings back no cookie of ours.</returns>
    private bool AcceptForwardedCookie(in FlowKey key, in TcpSegment segment)
    {
        if (!Volatile.Read(ref _forwardsByCookie)
            || Fallback is not { } fallback
            || !segment.Has(TcpFlags.Ack)
            || segment.Has(TcpFlags.Syn | TcpFlags.Rst)
            || !_cookies.TryRead(key, segment, out var cookie))
        {
            return false;
        }

        // Asked again: it is a while since the SYN, of which nothing is remembered.
        if (fallback(key.RemoteEndPoint, key.LocalEndPoint) is { Handler: { } handler } verdict)
        {
            var block = TransmissionControlBlock.FromCookie(this, key, verdict.Options.Validated(), segment, cookie, null, new ForwardedHandshake(handler, null));
            if (_flows.TryAdd(key, block))
            {
                block.Receive(segment);
            }
        }
        else
        {
            Refuse(key, segment);
        }

        return true;
    }

    private void SendCookie(in FlowKey key, in TcpSegment syn, TcpConnectionOptions options)
    {
        var number = _cookies.Create(key, syn.SequenceNumber, syn.Options.Mss);
        var timestamp = (uint)(Clock.Now / StackClock.Millisecond) + Isn.TimestampOffset(key);
        var mss = (ushort)Math.Min(ushort.MaxValue, MtuTo(key.Remote) - IpOutput.HeaderSize(key.Local) - TcpSegment.HeaderSize);
        TcpReplies.SendCookie(Ip, key, syn, number, timestamp, mss, TransmissionControlBlock.ScaleFor(options));
        Statistics.CookieSent();
    }

    private void Begin(TransmissionControlBlock block)
    {
        if (_flows.TryAdd(block.Key, block))
        {
            block.Open();
        }
        else
        {
            block.Abandon();
        }
    }

    private void AcceptCookie(in FlowKey key, in TcpSegment segment, in SynCookie cookie, TcpPortListener listener)
    {
        if (!listener.HasRoom)
        {
            return;
        }

        var block = TransmissionControlBlock.FromCookie(this, key, listener.Options.Connection, segment, cookie, listener, null);
        if (_flows.TryAdd(key, block))
        {
            listener.HandshakeBegan();
            block.Receive(segment);
        }
    }

    private void Refuse(in FlowKey key, in TcpSegment segment)
    {
        TcpReplies.SendReset(Ip, key, segment);
        Statistics.ResetSent();
    }

    private TransmissionControlBlock Reserve(IPEndPoint remote, IPEndPoint? local, TcpConnectionOptions options, OpenOperation opening)
    {
        var remoteAddress = IpAddress.From(remote.Address);
        var localAddress = local is null || local.Address.Equals(IPAddress.Any) || local.Address.Equals(IPAddress.IPv6Any)
            ? _addresses.SourceFor(remoteAddress)
            : IpAddress.From(local.Address);
        if (localAddress.IsV4 != remoteAddress.IsV4)
        {
            throw new SocketException((int)SocketError.AddressFamilyNotSupported);
        }

        if (local is { Port: > 0 })
        {
            return TryReserve(new FlowKey(localAddress, remoteAddress, (ushort)local.Port, (ushort)remote.Port), options, opening)
                ?? throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }

        foreach (var port in EphemeralPorts.Candidates(_random))
        {
            if (TryReserve(new FlowKey(localAddress, remoteAddress, port, (ushort)remote.Port), options, opening) is { } block)
            {
                return block;
            }
        }

        throw new SocketException((int)SocketError.AddressNotAvailable);
    }

    private TransmissionControlBlock? TryReserve(in FlowKey key, TcpConnectionOptions options, OpenOperation opening)
    {
        if (_flows.ContainsKey(key))
        {
            return null;
        }

        var block = TransmissionControlBlock.Active(this, key, options, opening);
        return _flows.TryAdd(key, block) ? block : null;
    }
}
