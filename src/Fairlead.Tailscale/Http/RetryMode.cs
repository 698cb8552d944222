namespace Fairlead.Tailscale.Http;

/// <summary>When a call may be sent again.</summary>
internal enum RetryMode
{
    /// <summary>Sending it twice does what sending it once does: again after 429, 5xx and lost connections.</summary>
    Idempotent,

    /// <summary>Only where the first try surely did nothing: after 429 and when no connection came about.</summary>
    OnlyIfNotProcessed,
}
