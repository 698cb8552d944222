namespace Fairlead.Operator.Identity;

/// <summary>The tailnet an object is on, as far as it can be spoken to.</summary>
/// <param name="Name">Name of the Tailnet object; empty: the operator's own tailnet.</param>
/// <param name="LoginUrl">Control server of its devices; empty where the Tailnet object is not known.</param>
/// <param name="Problem">Why the object must wait; null when it need not.</param>
public sealed record TailnetChoice(string Name, string LoginUrl, TailnetProblem? Problem)
{
    /// <summary>Lists of Tailnets and their Secrets mostly take no longer.</summary>
    private static readonly TimeSpan ListingTime = TimeSpan.FromSeconds(1);

    /// <summary>When to look again although nothing changes; null: when the Tailnet does.</summary>
    public TimeSpan? LookAgainAfter => Problem is TailnetProblem.Unknown ? ListingTime : null;

    /// <summary>What keeps the tailnet from being used and what to do, for a condition; null when nothing does.</summary>
    public string? Message => Problem switch
    {
        null => null,
        TailnetProblem.Missing => $"Tailnet \"{Name}\" does not exist; create it, or choose another in spec.tailnet",
        TailnetProblem.Unknown => $"whether Tailnet \"{Name}\" can be used is not known yet; if this stays, give the operator the right to list tailnets.tailscale.com and the Secrets of its namespace",
        _ => $"Tailnet \"{Name}\" is not ready; its condition TailnetReady says why",
    };
}
