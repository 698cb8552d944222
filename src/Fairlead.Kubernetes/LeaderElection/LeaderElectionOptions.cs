namespace Fairlead.Kubernetes.LeaderElection;

/// <summary>Which lease to hold and how.</summary>
public sealed record LeaderElectionOptions
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>This process among all candidates; unique, for example the Pod's name and a random suffix.</summary>
    public required string Identity { get; init; }

    /// <summary>How long others wait after the last sign of life before they take the lease. Whole seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the holder tries to renew before it gives up. What it does must have ended by <see cref="LeaseDuration"/>:
    /// the difference is the time for that.
    /// </summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between tries to take or renew the lease.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    internal void Validate()
    {
        if (LeaseDuration <= RenewDeadline)
        {
            throw new ArgumentException($"Leader election: LeaseDuration ({LeaseDuration}) must be longer than RenewDeadline ({RenewDeadline}).");
        }

        if (RenewDeadline <= RetryPeriod * 1.2)
        {
            throw new ArgumentException($"Leader election: RenewDeadline ({RenewDeadline}) must be longer than 1.2 times RetryPeriod ({RetryPeriod}).");
        }
    }
}
