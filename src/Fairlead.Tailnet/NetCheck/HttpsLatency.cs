using Fairlead.Tailnet.Derp;
using Fairlead.Tailnet.Dialing;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.NetCheck;

/// <summary>Measures how far a region is where UDP does not work: the round trip of a small request over an open connection.</summary>
internal sealed class HttpsLatency(DerpClientOptions options)
{
    /// <returns>Null if no relay of the region answers.</returns>
    public async Task<TimeSpan?> MeasureAsync(DerpRegion region, CancellationToken ct)
    {
        foreach (var relay in region.Nodes)
        {
            if (relay.STUNOnly)
                continue;
            try
            {
                return await MeasureAsync(relay, ct).ConfigureAwait(false);
            }
            catch (Exception e) when (DerpFailure.IsExpected(e))
            {
                // The next relay of the region may answer.
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        return null;
    }

    private async Task<TimeSpan?> MeasureAsync(DerpNode relay, CancellationToken ct)
    {
        var addresses = await DerpAddresses.FindAsync(relay, ct).ConfigureAwait(false);
        Stream stream = await StaggeredDial.ConnectAsync(addresses, relay.EffectiveDerpPort, options.Time, ct).ConfigureAwait(false);
        try
        {
            if (!options.PlainText)
                stream = await DerpTls.AuthenticateAsync(stream, relay, ct).ConfigureAwait(false);
            var started = options.Time.GetTimestamp();
            var status = await HttpExchange.GetAsync(stream, relay.HostName, DerpProtocol.LatencyCheckPath, "", ct).ConfigureAwait(false);
            return status == 200 ? options.Time.GetElapsedTime(started) : null;
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }
}
