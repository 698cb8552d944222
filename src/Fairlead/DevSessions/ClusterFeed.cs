using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Fairlead.Dev.Cluster.Api;

namespace Fairlead.DevSessions;

/// <summary>Changes of several types of object as one sequence, without those that existed when it was made.</summary>
internal sealed class ClusterFeed(IClusterApi api)
{
    private readonly Channel<ObjectChange?> _changes = Channel.CreateUnbounded<ObjectChange?>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<Task> _watches = [];

    /// <summary>Starts to report a type.</summary>
    public void Watch(string group, string plural, CancellationToken cancellationToken)
    {
        var known = api.List(group, plural).ToDictionary(Uid, StringComparer.Ordinal);
        _watches.Add(CopyAsync(group, plural, known, cancellationToken));
    }

    /// <summary>Puts a null into the sequence, for its reader to look at something else.</summary>
    public void Wake() => _changes.Writer.TryWrite(null);

    /// <summary>Ends the sequence with an error.</summary>
    public void Fail(Exception error) => _changes.Writer.TryComplete(error);

    /// <summary>
    /// The changes; those that are there together come in the order in which they were made, which matters where one type's
    /// watch is faster than another's. Null after <see cref="Wake"/>.
    /// </summary>
    public async IAsyncEnumerable<ObjectChange?> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batch = new List<ObjectChange?>();
        while (await _changes.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_changes.Reader.TryRead(out var change))
            {
                batch.Add(change);
            }

            foreach (var change in batch.OrderBy(change => change?.Version ?? long.MaxValue))
            {
                yield return change;
            }

            batch.Clear();
        }
    }

    private async Task CopyAsync(string group, string plural, Dictionary<string, JsonObject> latest, CancellationToken cancellationToken)
    {
        var unseen = latest.Keys.ToHashSet(StringComparer.Ordinal);
        try
        {
            await foreach (var change in api.WatchAsync(group, plural, cancellationToken).ConfigureAwait(false))
            {
                var uid = Uid(change.Object);
                if (unseen.Remove(uid) && Version(latest[uid]) == Version(change.Object))
                {
                    continue;
                }

                latest.Remove(uid, out var before);
                var after = change.Type == "DELETED" ? null : change.Object;
                if (after is not null)
                {
                    latest[uid] = after;
                }

                _changes.Writer.TryWrite(new ObjectChange(plural, before ?? (after is null ? change.Object : null), after, Version(change.Object)));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The session ends.
        }
        catch (ApiStatusException e)
        {
            Fail(e);
        }
    }

    private static string Uid(JsonObject obj) => (string?)obj["metadata"]?["uid"] ?? "";

    private static long Version(JsonObject obj) =>
        long.Parse((string?)obj["metadata"]?["resourceVersion"] ?? "0", CultureInfo.InvariantCulture);
}
