using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Derp;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.NetCheck;

/// <summary>
/// Finds out how we are seen from outside and how far each region is. It asks through the sockets that carry the tailnet's traffic, since
/// only their mapping is of use; who reads those sockets hands STUN answers to <see cref="Receive"/>.
/// </summary>
/// <param name="sender">The sockets.</param>
/// <param name="options">How relays are reached when UDP does not work.</param>
public sealed class NetChecker(IDatagramSender sender, DerpClientOptions options)
{
    // UDP loses packets: three requests, the pauses between them longer than most round trips of the planet.
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(450), TimeSpan.FromMilliseconds(800)];

    // Who has not answered after four times the fastest round trip cannot become home, and is not worth waiting for.
    private const int Patience = 4;

    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan HttpsLimit = TimeSpan.FromSeconds(5);

    private readonly HttpsLatency _https = new(options);
    private volatile StunRound? _round;

    /// <summary>One round. To be called once at a time.</summary>
    /// <param name="hasIPv4">Whether there is an IPv4 socket.</param>
    /// <param name="hasIPv6">Whether there is an IPv6 socket.</param>
    public async Task<NetworkReport> RunAsync(DerpMap map, bool hasIPv4, bool hasIPv6, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(map);
        var regions = (map.Regions ?? new Dictionary<int, DerpRegion?>())
            .Where(entry => entry.Value is { NoMeasureNoHome: false })
            .Select(entry => entry.Value! with { RegionID = entry.Key })
            .ToList();
        var found = await Task.WhenAll(regions.Select(region => FindServersAsync(region, ct))).ConfigureAwait(false);
        var probes = found.SelectMany(probe => probe).Where(probe => probe.Server.IsIPv4 ? hasIPv4 : hasIPv6).ToList();
        var answered = await AskAsync(probes, ct).ConfigureAwait(false);
        var https = answered.Count > 0 ? [] : await MeasureHttpsAsync(regions, ct).ConfigureAwait(false);
        return Report(answered, https) with { HasIPv6 = hasIPv6 };
    }

    /// <summary>Takes a STUN datagram. One that answers nothing is ignored.</summary>
    public void Receive(ReadOnlySpan<byte> datagram, in UdpAddress from) => _round?.Receive(datagram, from);

    private static NetworkReport Report(IReadOnlyList<StunProbe> answered, Dictionary<int, TimeSpan> https)
    {
        var latencies = https.ToDictionary(entry => entry.Key, entry => new RegionLatency(null, null, entry.Value));
        foreach (var region in answered.GroupBy(probe => probe.Region))
        {
            latencies[region.Key] = new RegionLatency(
                region.Where(probe => probe.Server.IsIPv4).Min(probe => probe.Latency),
                region.Where(probe => !probe.Server.IsIPv4).Min(probe => probe.Latency),
                null);
        }

        var mappedIPv4 = answered.Where(probe => probe.Server.IsIPv4).Select(probe => probe.Mapped).ToList();
        return new NetworkReport
        {
            IPv4Works = mappedIPv4.Count > 0,
            IPv6Works = answered.Any(probe => !probe.Server.IsIPv4),
            MappedIPv4 = mappedIPv4.FirstOrDefault(),
            MappedIPv6 = answered.FirstOrDefault(probe => !probe.Server.IsIPv4)?.Mapped ?? default,
            MappingVaries = mappedIPv4.Count < 2 ? null : mappedIPv4.Distinct().Count() > 1,
            Latencies = latencies,
        };
    }

    private async Task<IReadOnlyList<StunProbe>> AskAsync(List<StunProbe> probes, CancellationToken ct)
    {
        if (probes.Count == 0)
            return [];
        var round = new StunRound(probes, sender, options.Time);
        _round = round;
        try
        {
            var started = options.Time.GetTimestamp();
            foreach (var pause in Pauses)
            {
                round.Ask();
                using var answered = CancellationTokenSource.CreateLinkedTokenSource(ct);
                await Task.WhenAny(round.Complete, Task.Delay(pause, options.Time, answered.Token)).ConfigureAwait(false);
                await answered.CancelAsync().ConfigureAwait(false);
                ct.ThrowIfCancellationRequested();
                if (round.Complete.IsCompleted || IsEnough(options.Time.GetElapsedTime(started), round.Fastest))
                    break;
            }

            return round.Answered();
        }
        finally
        {
            _round = null;
        }
    }

    private static bool IsEnough(TimeSpan waited, TimeSpan? fastest) =>
        fastest is { } latency && waited >= LeastPatience && waited >= latency * Patience;

    private async Task<Dictionary<int, TimeSpan>> MeasureHttpsAsync(List<DerpRegion> regions, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var timer = options.Time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), limited, HttpsLimit, Timeout.InfiniteTimeSpan);
        var measured = await Task.WhenAll(regions.Select(async region =>
            (region.RegionID, Latency: await _https.MeasureAsync(region, limited.Token).ConfigureAwait(false)))).ConfigureAwait(false);
        ct.ThrowIfCancellationRequested();
        return measured.Where(entry => entry.Latency is not null).ToDictionary(entry => entry.RegionID, entry => entry.Latency!.Value);
    }

    /// <summary>The STUN servers of a region that are asked: the first node that has one, in each family.</summary>
    private static async Task<IReadOnlyList<StunProbe>> FindServersAsync(DerpRegion region, CancellationToken ct)
    {
        foreach (var node in region.Nodes)
        {
            if (node.EffectiveStunPort is not { } port)
                continue;
            try
            {
                var addresses = IPAddress.TryParse(node.STUNTestIP, out var test) ? [test] : await DerpAddresses.FindAsync(node, ct).ConfigureAwait(false);
                var probes = addresses
                    .DistinctBy(address => address.AddressFamily)
                    .Select(address => new StunProbe(region.RegionID, UdpAddress.From(address, (ushort)port)))
                    .ToList();
                if (probes.Count > 0)
                    return probes;
            }
            catch (SocketException)
            {
                // Its name does not resolve; the next node may have an address.
            }
        }

        return [];
    }
}
