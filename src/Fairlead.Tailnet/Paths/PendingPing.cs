using Fairlead.Tailnet.Protocol.Disco;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

/// <summary>A ping that may still be answered.</summary>
/// <param name="Asked">Whoever waits for the first answer; null for pings of our own.</param>
/// <param name="IsFull">Whether it was as long as the largest datagram.</param>
internal readonly record struct PendingPing(DiscoTransactionId Transaction, PathAddress To, long Sent, TaskCompletionSource<PathPong>? Asked, bool IsFull);
