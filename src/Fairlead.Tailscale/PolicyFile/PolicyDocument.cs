namespace Fairlead.Tailscale.PolicyFile;

/// <param name="Text">The policy as HuJSON: JSON with comments and trailing commas, as its authors wrote it.</param>
/// <param name="ETag">
/// Names this version of it, unquoted. Null if the server gave none; a change based on it may then overwrite another's.
/// </param>
public sealed record PolicyDocument(string Text, string? ETag)
{
    /// <summary>The tag that stands for the policy a tailnet is born with: "set it only if nobody ever did".</summary>
    public const string DefaultETag = "ts-default";
}
