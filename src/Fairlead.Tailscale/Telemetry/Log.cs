using Microsoft.Extensions.Logging;

namespace Fairlead.Tailscale.Telemetry;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Tailscale API client {Client}: {Error}; try {Attempt} failed, next in {Seconds:0.0} s")]
    public static partial void Retrying(ILogger logger, string client, string error, int attempt, double seconds);

    [LoggerMessage(2, LogLevel.Information, "Tailscale API client {Client}: new access token, valid until {ExpiresAt:u}")]
    public static partial void Refreshed(ILogger logger, string client, DateTimeOffset expiresAt);

    [LoggerMessage(3, LogLevel.Warning, "Tailscale API client {Client}: no new access token: {Error}")]
    public static partial void RefreshFailed(ILogger logger, string client, string error);
}
