using Fairlead.Tailnet.Protocol.Stun;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.NetCheck;

/// <summary>Requests that are out and the probes they belong to. Answers count once, and only from the server that was asked.</summary>
internal sealed class StunRound(IReadOnlyList<StunProbe> probes, IDatagramSender sender, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<StunTransactionId, (StunProbe Probe, long Sent)> _requests = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when every probe is answered.</summary>
    public Task Complete => _complete.Task;

    /// <summary>The shortest latency so far.</summary>
    public TimeSpan? Fastest
    {
        get
        {
            lock (_lock)
                return probes.Min(probe => probe.Latency);
        }
    }

    /// <summary>Asks all that have not answered.</summary>
    public void Ask()
    {
        Span<byte> request = stackalloc byte[StunMessage.RequestSize];
        foreach (var probe in probes)
        {
            var transaction = StunTransactionId.Create();
            lock (_lock)
            {
                if (probe.Latency is not null)
                    continue;
                _requests[transaction] = (probe, time.GetTimestamp());
            }

            sender.Send(PathAddress.Direct(probe.Server), request[..StunMessage.WriteRequest(request, transaction)], StunMessage.RequestSize);
        }
    }

    public void Receive(ReadOnlySpan<byte> datagram, in UdpAddress from)
    {
        if (!StunMessage.TryReadResponse(datagram, out var transaction, out var mapped))
            return;
        lock (_lock)
        {
            if (!_requests.Remove(transaction, out var request)
                || request.Probe.Server.Address != from.Address
                || request.Probe.Server.Port != from.Port
                || request.Probe.Latency is not null)
            {
                return;
            }

            request.Probe.Latency = time.GetElapsedTime(request.Sent);
            request.Probe.Mapped = new UdpAddress(mapped.Address, mapped.Port);
            if (probes.All(probe => probe.Latency is not null))
                _complete.TrySetResult();
        }
    }

    /// <summary>What has been answered until now.</summary>
    public IReadOnlyList<StunProbe> Answered()
    {
        lock (_lock)
            return [.. probes.Where(probe => probe.Latency is not null)];
    }
}
