using System.Text;
using Fairlead.Tailnet.Dialing;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Noise;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Control.Transport;

/// <summary>Opens a channel to the server by whichever way works: those of the dial plan first, if there is one, then by name.</summary>
internal sealed class ChannelOpening(ControlConnectionOptions options)
{
    // Tailscale control protocol: TLS has to wait this long for plain HTTP.
    private static readonly TimeSpan TlsDelay = TimeSpan.FromMilliseconds(500);

    // For a candidate of a dial plan that does not say.
    private static readonly TimeSpan DefaultCandidateTimeout = TimeSpan.FromSeconds(10);

    // A plan comes from a server that is trusted but may err; upstream's have fewer than ten.
    private const int MaxCandidates = 32;

    private readonly ChannelUpgrade _upgrade = new(options);

    /// <exception cref="ControlConnectionException">No way worked: each with its reason, and what may be done.</exception>
    public async Task<NoiseStream> OpenAsync(ControlDialPlan? plan, MachinePublicKey serverKey, CancellationToken cancellationToken)
    {
        // Candidates behind a relay (ACEHost) are for clients that speak to those.
        var candidates = plan?.Candidates.Where(candidate => candidate is { IP: not null, ACEHost: "" }).Take(MaxCandidates).ToList() ?? [];
        if (candidates.Count > 0 && await TryPlanAsync(candidates, serverKey, cancellationToken).ConfigureAwait(false) is { } planned)
        {
            return planned;
        }

        try
        {
            return await RaceAsync(null, serverKey, cancellationToken).ConfigureAwait(false);
        }
        catch (AggregateException e)
        {
            throw Failure(e);
        }
    }

    private Task<NoiseStream> RaceAsync(System.Net.IPAddress? address, MachinePublicKey serverKey, CancellationToken cancellationToken)
    {
        var ways = ControlRoutes.Of(options.ControlUrl, options.ForceTls, address)
            .Select(route => (Func<CancellationToken, Task<NoiseStream>>)(stop => _upgrade.OpenAsync(route, serverKey, stop)))
            .ToList();
        return StaggeredRace.RunAsync(ways, TlsDelay, options.Time, cancellationToken);
    }

    // All candidates at their own times; of those that answer, one of the highest priority among the ones still in question.
    private async Task<NoiseStream?> TryPlanAsync(List<ControlIPCandidate> candidates, MachinePublicKey serverKey, CancellationToken cancellationToken)
    {
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var attempts = candidates.ToDictionary(candidate => TryCandidateAsync(candidate, serverKey, losers.Token), candidate => candidate.Priority);
        var pending = attempts.Keys.ToList();
        Task<NoiseStream?>? best = null;
        while (pending.Count > 0 && (best is null || pending.Any(attempt => attempts[attempt] > attempts[best])))
        {
            var done = await Task.WhenAny(pending).ConfigureAwait(false);
            pending.Remove(done);
            if (done.Result is not null && (best is null || attempts[done] > attempts[best]))
            {
                best = done;
            }
        }

        await losers.CancelAsync().ConfigureAwait(false);
        foreach (var attempt in attempts.Keys.Where(attempt => attempt != best))
        {
            _ = DisposeOfAsync(attempt);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return best?.Result;
    }

    // Null if it failed: the plan is an offer, and only the last resort has to explain itself.
    private async Task<NoiseStream?> TryCandidateAsync(ControlIPCandidate candidate, MachinePublicKey serverKey, CancellationToken cancellationToken)
    {
        var limit = candidate.DialTimeoutSec > 0 ? Seconds(candidate.DialTimeoutSec) : DefaultCandidateTimeout;
        try
        {
            await Task.Delay(Seconds(candidate.DialStartDelaySec), options.Time, cancellationToken).ConfigureAwait(false);
            using var timer = new CancellationTokenSource(limit, options.Time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
            return await RaceAsync(candidate.IP, serverKey, stop.Token).ConfigureAwait(false);
        }
        catch (AggregateException e)
        {
            options.Logger.LogDebug(e, "The coordination server does not answer at {Address}.", candidate.IP);
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    // Values are the server's; longer than the whole attempt may last is as good as that.
    private TimeSpan Seconds(double value) => TimeSpan.FromSeconds(Math.Clamp(double.IsFinite(value) ? value : 0, 0, options.ConnectTimeout.TotalSeconds));

    private ControlConnectionException Failure(AggregateException failures)
    {
        var text = new StringBuilder($"No channel to the coordination server {options.ControlUrl} could be opened.");
        foreach (var (route, reason) in ControlRoutes.Of(options.ControlUrl, options.ForceTls, null).Zip(failures.InnerExceptions))
        {
            text.Append($" Over {route}: {(reason is HttpRequestException { InnerException: { } inner } ? inner.Message : reason.Message)}{(reason.Message.EndsWith('.') ? "" : ".")}");
        }

        text.Append(" Check the control URL, and whether this machine reaches it; a proxy is named by HTTPS_PROXY, and TS_FORCE_NOISE_443=1 avoids port 80.");
        return new ControlConnectionException(text.ToString(), failures);
    }

    private static async Task DisposeOfAsync(Task<NoiseStream?> attempt)
    {
        if (await attempt.ConfigureAwait(false) is { } late)
        {
            await late.DisposeAsync().ConfigureAwait(false);
        }
    }
}
