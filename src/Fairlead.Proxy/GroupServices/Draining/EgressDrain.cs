using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.GroupServices.Egress;
using Fairlead.Proxy.Targets;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.GroupServices.Draining;

/// <summary>
/// Holds the kubelet off ending the Pod while the cluster still leads egress connections to it: until each egress Service, asked again and
/// again, has led somewhere else.
/// </summary>
internal sealed partial class EgressDrain(
    Func<EgressServices> services, ImmutableArray<IPAddress> podIps, INameResolver resolver, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>For the nodes whose packet filters are behind this one's: nobody tells when the last has followed.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Where nothing can be found out, as behind a network policy, waiting longer ends nothing. Egress Pods are to have 360 s, of which
    /// stopping takes its part.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Returns at once if there are no Services; ends early if the kubelet does not wait any more.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = services();
        if (now.Entries.IsEmpty)
        {
            return;
        }

        Log.Drains(logger, now.Entries.Count);
        using var probe = new HealthProbe(podIps, time);
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await Task.WhenAll(now.Entries.Select(entry => DrainAsync(entry.Key, entry.Value, now.Pings, probe, either.Token))).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.LimitReached(logger, Limit.TotalMinutes);
        }

        await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        Log.Drained(logger);
    }

    private async Task DrainAsync(string name, EgressServiceEntry service, int pings, HealthProbe probe, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(service.HealthCheckEndpoint, UriKind.Absolute, out var endpoint) || endpoint.Scheme != Uri.UriSchemeHttp)
        {
            return;
        }

        while (!await LeadsElsewhereAsync(endpoint, pings, probe, cancellationToken).ConfigureAwait(false))
        {
            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
        }

        Log.LeadsElsewhere(logger, name);
    }

    /// <summary>A Service has an address for each family, and each may be behind the others.</summary>
    private async Task<bool> LeadsElsewhereAsync(Uri endpoint, int pings, HealthProbe probe, CancellationToken cancellationToken)
    {
        ImmutableArray<IPAddress> addresses;
        try
        {
            addresses = IPAddress.TryParse(endpoint.DnsSafeHost, out var literal) ? [literal] : await resolver.ResolveAsync(endpoint.DnsSafeHost, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return false;
        }

        foreach (var address in addresses.Where(address => podIps.Any(own => own.AddressFamily == address.AddressFamily)))
        {
            for (var ping = 0; ping < pings; ping++)
            {
                if (await probe.AskAsync(endpoint, address, cancellationToken).ConfigureAwait(false) is WhoAnswered.Self or WhoAnswered.Unknown)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The Pod is to end; waiting for {Services} egress Services to lead to others")]
        public static partial void Drains(ILogger logger, int services);

        [LoggerMessage(2, LogLevel.Information, "Egress Service {Name} leads to others")]
        public static partial void LeadsElsewhere(ILogger logger, string name);

        [LoggerMessage(3, LogLevel.Warning, "After {Minutes} minutes it is not certain that all egress Services lead to others; the Pod may end all the same")]
        public static partial void LimitReached(ILogger logger, double minutes);

        [LoggerMessage(4, LogLevel.Information, "The Pod may end")]
        public static partial void Drained(ILogger logger);
    }
}
