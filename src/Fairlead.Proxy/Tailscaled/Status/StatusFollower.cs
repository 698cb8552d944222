using System.Threading.Channels;
using Fairlead.Tailscale.LocalApi;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Tailscaled.Status;

/// <summary>
/// Keeps a feed of snapshots up to date: the daemon's notifications say when something changed, its status says what. So it does not matter
/// whether a daemon tells changes as whole network maps, as older ones do, or as differences.
/// </summary>
internal sealed partial class StatusFollower(LocalApiClient api, SnapshotFeed feed, TimeProvider time, ILogger logger)
{
    /// <summary>First version whose notifications can leave out the network map.</summary>
    private const int DifferencesCapability = 145;

    private const NotifyWatch Differences =
        NotifyWatch.InitialPreferences | NotifyWatch.InitialHealth | NotifyWatch.PeerChanges | NotifyWatch.NoNetworkMap | NotifyWatch.InitialStatus;

    private const NotifyWatch WholeMaps =
        NotifyWatch.InitialState | NotifyWatch.InitialNetworkMap | NotifyWatch.InitialHealth | NotifyWatch.NoPrivateKeys;

    /// <summary>In a large tailnet peers come and go all the time, and each reading is a long text.</summary>
    private static readonly TimeSpan ReadingInterval = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly RefusalWatch _refusal = new();
    private volatile IReadOnlyList<DnsRecord>? _mapRecords;

    /// <summary>Why logging in fails just now; empty while it does not.</summary>
    public string LoginTrouble => _refusal.Trouble;

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _changes.Writer.TryWrite(true);
        await Task.WhenAll(WatchAsync(cancellationToken), ReadAsync(cancellationToken)).ConfigureAwait(false);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                // Any answer tells the daemon's version.
                if (api.DaemonCapability == 0)
                {
                    await api.GetPreferencesAsync(cancellationToken).ConfigureAwait(false);
                }

                var mask = api.DaemonCapability >= DifferencesCapability ? Differences : WholeMaps;
                await foreach (var notify in api.WatchAsync(mask, cancellationToken).ConfigureAwait(false))
                {
                    Note(notify);
                }
            }
            catch (LocalApiException e)
            {
                Log.WatchEnded(logger, e.Message);
            }

            await Task.Delay(RetryInterval, time, cancellationToken).ConfigureAwait(false);

            // Something may have changed while nobody watched.
            _changes.Writer.TryWrite(true);
        }
    }

    private void Note(Notify notify)
    {
        if (notify.NetMap is { } map)
        {
            _mapRecords = map.DNS?.ExtraRecords ?? [];
        }

        if (notify.BrowseToURL is { Length: > 0 } page)
        {
            Log.LoginPage(logger, page);
        }

        // Both have to be noted.
        if (_refusal.Note(notify) | notify.ChangesStatus)
        {
            _changes.Writer.TryWrite(true);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in _changes.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                var status = await api.GetStatusAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
                var records = await RecordsAsync(status, cancellationToken).ConfigureAwait(false);
                feed.Publish(StatusReading.Read(status, records, _refusal.Refusal));
                if (status.BackendState == BackendState.Running)
                {
                    await Task.Delay(ReadingInterval, time, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (LocalApiException e)
            {
                Log.NoStatus(logger, e.Message);
                await Task.Delay(RetryInterval, time, cancellationToken).ConfigureAwait(false);
                _changes.Writer.TryWrite(true);
            }
        }
    }

    /// <summary>Daemons tell them in their status, in notifications, or when asked, by age.</summary>
    private async Task<IReadOnlyList<DnsRecord>> RecordsAsync(DaemonStatus status, CancellationToken cancellationToken)
    {
        if ((status.ExtraRecords ?? _mapRecords) is { } records)
        {
            return records;
        }

        if (api.DaemonCapability < DifferencesCapability)
        {
            return [];
        }

        try
        {
            return (await api.GetDnsConfigAsync(cancellationToken).ConfigureAwait(false)).ExtraRecords ?? [];
        }
        catch (LocalApiException e) when (e.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.ServiceUnavailable)
        {
            // There is no network map yet.
            return [];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "The watch ended and is begun anew: {Error}")]
        public static partial void WatchEnded(ILogger logger, string error);

        [LoggerMessage(2, LogLevel.Warning, "The daemon's status cannot be read: {Error}")]
        public static partial void NoStatus(ILogger logger, string error);

        [LoggerMessage(3, LogLevel.Warning, "Somebody has to log the device in at {Page}")]
        public static partial void LoginPage(ILogger logger, string page);
    }
}
