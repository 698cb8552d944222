using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Targets;

/// <summary>Follows what a name of the cluster's DNS stands for.</summary>
internal sealed partial class BackendNames(INameResolver resolver, TimeProvider time, ILogger logger)
{
    /// <summary>Between looks while all is well, and the longest wait after failures; as upstream's proxies have it.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    /// <summary>The addresses, in a fixed order, each time they changed. A failure, or a name without addresses, leaves them as they are.</summary>
    public async IAsyncEnumerable<ImmutableArray<IPAddress>> WatchAsync(string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = ImmutableArray<IPAddress>.Empty;
        var retry = FirstRetry;
        while (true)
        {
            var found = await TryResolveAsync(name, cancellationToken).ConfigureAwait(false);
            if (!found.IsEmpty && !found.SequenceEqual(known))
            {
                known = found;
                yield return found;
            }

            await Task.Delay(found.IsEmpty ? retry : Interval, time, cancellationToken).ConfigureAwait(false);
            retry = found.IsEmpty ? TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, Interval.Ticks)) : FirstRetry;
        }
    }

    private async Task<ImmutableArray<IPAddress>> TryResolveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = await resolver.ResolveAsync(name, cancellationToken).ConfigureAwait(false);
            if (found.IsEmpty)
            {
                Log.NoAddresses(logger, name);
            }

            return [.. found.Distinct().OrderBy(address => address.ToString(), StringComparer.Ordinal)];
        }
        catch (SocketException e)
        {
            Log.NotResolved(logger, name, e.Message);
            return [];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "DNS has no addresses for {Name}; the present ones stay in use")]
        public static partial void NoAddresses(ILogger logger, string name);

        [LoggerMessage(2, LogLevel.Warning, "DNS did not answer for {Name}: {Reason}; the present addresses stay in use")]
        public static partial void NotResolved(ILogger logger, string name, string reason);
    }
}
