using Fairlead.Tailnet.Netstack.Ip;

namespace Fairlead.Tailnet.Netstack.Icmp;

/// <summary>An echo request that waits for its reply. Times in the stack's microseconds.</summary>
internal sealed class PendingEcho(IpAddress destination, long sentAt) : IThreadPoolWorkItem
{
    public IpAddress Destination => destination;

    public long SentAt => sentAt;

    public long RepliedAt { get; set; }

    public TaskCompletionSource<long> Reply { get; } = new();

    public void Execute() => Reply.TrySetResult(RepliedAt);
}
