using Fairlead.Tailnet.Dialing;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Derp;

/// <summary>Makes connections to relays: TCP, TLS, upgrade, and the exchange of keys.</summary>
internal sealed class DerpConnector(NodePrivateKey node, DerpClientOptions options)
{
    private const string UpgradeHeaders = $"Upgrade: {DerpProtocol.UpgradeToken}\r\nConnection: Upgrade\r\n";

    // One try at one relay, all round trips included.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Connects to the first relay of a region that can be reached.</summary>
    /// <exception cref="IOException">None can; the message tells why of the last.</exception>
    public async Task<DerpConnection> ConnectAsync(DerpRegion region, CancellationToken ct)
    {
        Exception? failure = null;
        foreach (var relay in region.Nodes)
        {
            if (relay.STUNOnly)
                continue;
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
            using var timer = options.Time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), limited, Limit, Timeout.InfiniteTimeSpan);
            try
            {
                return await ConnectAsync(relay, limited.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                failure = new TimeoutException($"The relay {relay.HostName} did not answer within {Limit.TotalSeconds:0} s.");
            }
            catch (Exception e) when (DerpFailure.IsExpected(e))
            {
                failure = e;
            }
        }

        throw new IOException(
            failure is null ? $"Region {region.RegionID} has no relay to connect to." : $"No relay of region {region.RegionID} can be reached: {failure.Message}",
            failure);
    }

    private async Task<DerpConnection> ConnectAsync(DerpNode relay, CancellationToken ct)
    {
        var addresses = await DerpAddresses.FindAsync(relay, ct).ConfigureAwait(false);
        Stream stream = await StaggeredDial.ConnectAsync(addresses, relay.EffectiveDerpPort, options.Time, ct).ConfigureAwait(false);
        try
        {
            if (!options.PlainText)
                stream = await DerpTls.AuthenticateAsync(stream, relay, ct).ConfigureAwait(false);
            var status = await HttpExchange.GetAsync(stream, relay.HostName, DerpProtocol.Path, UpgradeHeaders, ct).ConfigureAwait(false);
            if (status != 101)
                throw new DerpFormatException($"The relay {relay.HostName} answered the upgrade to DERP with status {status} instead of 101.");
            return await ShakeHandsAsync(stream, relay, ct).ConfigureAwait(false);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<DerpConnection> ShakeHandsAsync(Stream stream, DerpNode relay, CancellationToken ct)
    {
        var reader = new DerpFrameReader(stream);
        try
        {
            await ExpectAsync(reader, DerpFrameType.ServerKey, relay, ct).ConfigureAwait(false);
            if (!DerpPayload.TryReadServerKey(reader.Payload, out var serverKey))
                throw new DerpFormatException($"The relay {relay.HostName} announces no key.");
            var info = new DerpClientInfo { CanAckPings = true, AppName = options.AppName };
            await stream.WriteAsync(DerpHandshake.WriteClientInfo(node, serverKey, info), ct).ConfigureAwait(false);
            await stream.FlushAsync(ct).ConfigureAwait(false);
            await ExpectAsync(reader, DerpFrameType.ServerInfo, relay, ct).ConfigureAwait(false);
            if (!DerpHandshake.TryReadServerInfo(node, serverKey, reader.Payload, out _))
                throw new DerpFormatException($"The relay {relay.HostName} does not hold the key it announces.");
            return new DerpConnection(stream, reader);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private static async Task ExpectAsync(DerpFrameReader reader, DerpFrameType type, DerpNode relay, CancellationToken ct)
    {
        if (!await reader.ReadAsync(ct).ConfigureAwait(false))
            throw new DerpFormatException($"The relay {relay.HostName} closed the connection before it sent {type}.");
        if (reader.Type != type)
            throw new DerpFormatException($"The relay {relay.HostName} sent {reader.Type} where {type} must come.");
    }
}
