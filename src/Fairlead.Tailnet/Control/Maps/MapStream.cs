using Fairlead.Tailnet.Control.Requests;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Timing;

namespace Fairlead.Tailnet.Control.Maps;

/// <summary>One long poll of the map: a request whose answer does not end.</summary>
internal sealed class MapStream(ControlRequests requests, TimeProvider time)
{
    public const string Path = "/machine/map";

    /// <summary>Servers send something every minute; after two a stream is dead.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(120);

    /// <summary>Longest sleep a server may ask for.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(5);

    /// <param name="request">With <see cref="MapRequest.Stream"/>.</param>
    /// <param name="received">Called with each message in turn, and with <see cref="MapSession.Take">its weight</see>; must not block.</param>
    /// <exception cref="ControlServerException">Refused.</exception>
    /// <exception cref="TimeoutException">The server fell silent.</exception>
    /// <exception cref="IOException">The stream broke off, or what came is no message.</exception>
    /// <exception cref="HttpRequestException">The connection failed.</exception>
    public async Task RunAsync(MapRequest request, Action<MapResponse, long> received, CancellationToken cancellationToken)
    {
        // Holds nothing that would need disposal, and the deadline may fire while it is no longer used.
        var silence = new CancellationTokenSource();
        using var deadline = new Deadline(time, () => _ = silence.CancelAsync());
        deadline.Set(Silence);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            using var response = await requests.SendAsync(HttpMethod.Post, Path, ControlJson.Serialize(request), either.Token, request.NodeKey).ConfigureAwait(false);
            var stream = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                var compression = request.Compress == MapRequest.Zstd ? MapCompression.Zstd : MapCompression.None;
                await ReadAsync(new MapFrameReader(stream, compression), received, deadline, either.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested && e is not ControlServerException)
        {
            throw new TimeoutException($"The coordination server has been silent for {Silence.TotalSeconds:F0} s.", e);
        }
    }

    private async Task ReadAsync(MapFrameReader reader, Action<MapResponse, long> received, Deadline deadline, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Each message in a method of its own: a variable of this one would keep it until the next one comes, which may take a minute.
            await ReadMessageAsync(reader, received, deadline, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadMessageAsync(MapFrameReader reader, Action<MapResponse, long> received, Deadline deadline, CancellationToken cancellationToken)
    {
        var before = reader.TotalWeight;
        var message = await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new EndOfStreamException("The coordination server ended the map stream.");
        if (message.Debug is { SleepSeconds: > 0 } debug)
        {
            deadline.Clear();
            await Task.Delay(SleepOf(debug), time, cancellationToken).ConfigureAwait(false);
        }

        deadline.Set(Silence);
        received(message, reader.TotalWeight - before);
    }

    private static TimeSpan SleepOf(DebugInstructions debug) =>
        debug.SleepSeconds < LongestSleep.TotalSeconds ? TimeSpan.FromSeconds(debug.SleepSeconds) : LongestSleep;
}
