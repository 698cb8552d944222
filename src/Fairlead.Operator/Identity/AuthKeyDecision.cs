namespace Fairlead.Operator.Identity;

/// <summary>What to do about the auth key of one replica.</summary>
public sealed record AuthKeyDecision(AuthKeyUse Use)
{
    /// <summary>With <see cref="AuthKeyUse.Issue"/>: the device that the new one replaces, to be deleted before; null: none.</summary>
    public string? StaleDevice { get; init; }

    /// <summary>The replica asks for a key and has to wait so long, as its parent's replicas had too many; null: it need not.</summary>
    public TimeSpan? WaitsFor { get; init; }

    /// <summary>The decision for a replica that cannot ask for another key, or whose request is not granted now.</summary>
    public static AuthKeyDecision WithoutReissue(ReplicaKey replica) => new(
        !replica.IsStored ? AuthKeyUse.Issue
        : replica.DeviceId is null || replica.Request is not null ? AuthKeyUse.Keep
        : AuthKeyUse.Omit);
}
