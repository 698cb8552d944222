using Fairlead.Operator.Resources.Tailnets;

namespace Fairlead.Operator.Tailnets;

/// <summary>Everything the plan for one Tailnet depends on.</summary>
internal sealed record TailnetSnapshot
{
    public required Tailnet Tailnet { get; init; }

    /// <summary>Why its Secret holds no credentials; null when it does.</summary>
    public string? SecretProblem { get; init; }

    /// <summary>What the credentials can do; null where there are none to try, or nowhere to try them.</summary>
    public TailnetAccess? Access { get; init; }

    public required DateTimeOffset Now { get; init; }
}
