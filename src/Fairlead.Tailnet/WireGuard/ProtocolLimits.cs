namespace Fairlead.Tailnet.WireGuard;

/// <summary>Constants of the protocol (whitepaper, 6.1), under the names it gives them where they are names.</summary>
internal static class ProtocolLimits
{
    public const ulong RekeyAfterMessages = 1UL << 60;

    public const ulong RejectAfterMessages = ulong.MaxValue - (1UL << 13);

    /// <summary>Bits of the replay window; a counter this far behind the newest is refused. RejectAfterMessages leaves room for it.</summary>
    public const int ReplayWindow = 8192;

    /// <summary>Most random delay added to a retry, so that two sides do not forever begin at the same time.</summary>
    public const int MaxJitterMilliseconds = 333;

    public static readonly TimeSpan RekeyAfterTime = TimeSpan.FromSeconds(120);

    public static readonly TimeSpan RejectAfterTime = TimeSpan.FromSeconds(180);

    public static readonly TimeSpan RekeyAttemptTime = TimeSpan.FromSeconds(90);

    public static readonly TimeSpan RekeyTimeout = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan CookieLifetime = TimeSpan.FromSeconds(120);

    /// <summary>After this long without a new handshake nothing secret of a peer is left.</summary>
    public static readonly TimeSpan ForgetAfterTime = 3 * RejectAfterTime;

    /// <summary>
    /// Least time between two initiations to a peer, if there is reason to believe that the first was lost. The whitepaper waits for
    /// REKEY-TIMEOUT always: it knows of nothing below it that tells when a way begins to work. Far above what receivers take for a flood.
    /// </summary>
    public static readonly TimeSpan EarlyRetry = TimeSpan.FromMilliseconds(250);

    /// <summary>How long after a peer was heard to look for us its initiation may still be under way: it may have to take a relay far away.</summary>
    public static readonly TimeSpan InitiationDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Initiations of one peer that come faster are not answered, whoever sent them.</summary>
    public static readonly TimeSpan InitiationInterval = TimeSpan.FromMilliseconds(20);
}
