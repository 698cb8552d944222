using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Paths;

/// <summary>
/// What is known of the ways to a peer while somebody talks to it. Peers that nobody talks to have none of this: in a large tailnet those
/// are nearly all. Written under the engine's lock; what senders read without it is volatile.
/// </summary>
internal sealed class ActivePath
{
    // A peer pings us on as many addresses as we have, every few seconds. More than this is a fault or an attack.
    private const double PingsPerSecond = 30;
    private const double PingBurst = 100;

    // Calls come fast while a peer looks for us and then once in five seconds; each makes us ping a table full of addresses.
    private const double CallsPerSecond = 1;
    private const double CallBurst = 3;

    private volatile PathCandidate? _best;
    private volatile PathCandidate? _lastHeard;
    private volatile int _learnedRegion;
    private volatile bool _isBusy;
    private long _trustedUntil;
    private long _lastSend;

    public CandidateTable Candidates { get; } = new();

    public List<PendingPing> Pings { get; } = [];

    /// <summary>What we share with the peer's disco key; made when first needed.</summary>
    public NaclBox? Box { get; set; }

    public TokenBucket PingBudget = new(PingsPerSecond, PingBurst);

    public TokenBucket CallBudget = new(CallsPerSecond, CallBurst);

    /// <summary>The direct address to send to, trusted or not.</summary>
    public PathCandidate? Best
    {
        get => _best;
        set => _best = value;
    }

    /// <summary>The address that the peer was heard from last.</summary>
    public PathCandidate? LastHeard
    {
        get => _lastHeard;
        set => _lastHeard = value;
    }

    /// <summary>Until when <see cref="Best"/> alone is enough.</summary>
    public long TrustedUntil
    {
        get => Volatile.Read(ref _trustedUntil);
        set => Volatile.Write(ref _trustedUntil, value);
    }

    /// <summary>Region through which the peer wrote to us; 0 for none. It listens there.</summary>
    public int LearnedRegion
    {
        get => _learnedRegion;
        set => _learnedRegion = value;
    }

    public long LastSend
    {
        get => Volatile.Read(ref _lastSend);
        set => Volatile.Write(ref _lastSend, value);
    }

    /// <summary>Whether the engine's deadline takes care of the peer.</summary>
    public bool IsBusy
    {
        get => _isBusy;
        set => _isBusy = value;
    }

    /// <summary>Last time anything proven came from the peer, or went to it.</summary>
    public long LastUsed { get; set; }

    public long LastDiscovery { get; set; }

    /// <summary>Discoveries in a row that found nothing.</summary>
    public int FailedDiscoveries { get; set; }

    /// <summary>When we last told the peer our addresses.</summary>
    public long LastCall { get; set; }
}
