namespace Fairlead.Operator.Identity;

public enum TailnetProblem
{
    /// <summary>No Tailnet of that name exists.</summary>
    Missing,

    /// <summary>
    /// Nobody knows yet whether it can be used: Tailnets or their Secrets are not listed. An object on it is to be left as it is, its status
    /// included, until they are.
    /// </summary>
    Unknown,

    /// <summary>It exists and its credentials do not work, or were not tried yet.</summary>
    NotReady,
}
