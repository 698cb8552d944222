using Fairlead.Tailscale.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tailscale;

/// <summary>Immutable settings of a <see cref="TailscaleClient"/>; vary them with <c>with</c>.</summary>
public sealed record TailscaleClientOptions
{
    /// <summary>The control plane a client talks to unless told otherwise.</summary>
    public static readonly Uri DefaultBaseAddress = new("https://controlplane.tailscale.com");

    /// <summary>Root of the control plane, without <c>/api/v2</c>. A path prefix is kept; a trailing slash makes no difference.</summary>
    public Uri BaseAddress { get; init; } = DefaultBaseAddress;

    /// <summary>Where access tokens come from.</summary>
    public required ICredentialSource Credentials { get; init; }

    /// <summary>Tells clients apart in logs and in the <c>client</c> label of metrics, e.g. the name of a Tailnet resource.</summary>
    public string Name { get; init; } = "default";

    public string UserAgent { get; init; } = "fairlead";

    /// <summary>The tailnet path segment; <c>-</c> means the tailnet the credentials belong to.</summary>
    public string Tailnet { get; init; } = "-";

    /// <summary>Limit of one call, with all its tries, waits and the token it may have to fetch.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Tries per call (at least 1), where a retry is safe at all.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>
    /// The longest <c>Retry-After</c> that is waited for inside a call. A longer one ends the call, with
    /// <see cref="Errors.TailscaleApiException.RetryAfter"/> set, so that the caller's worker is not held up.
    /// </summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(10);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Source of the jitter between tries. Used under a lock, so an instance that is not thread-safe will do.</summary>
    public Random Random { get; init; } = Random.Shared;

    public ILogger Logger { get; init; } = NullLogger.Instance;
}
