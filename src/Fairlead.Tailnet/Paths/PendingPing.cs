using Fairlead.Tailnet.Protocol.Disco;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

/// <summary>A ping that may still be answered.</summary>
/// <param name="Asked">Whoever waits for the first answer; null for pings of our own.</param>
internal readonly record struct PendingPing(DiscoTransactionId Transaction, PathAddress To, long Sent, TaskCompletionSource<PathPong>? Asked);
