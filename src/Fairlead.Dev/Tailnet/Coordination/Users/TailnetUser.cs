namespace Fairlead.Dev.Tailnet.Coordination.Users;

/// <summary>A person of the tailnet.</summary>
/// <param name="Id">Number, below those of devices.</param>
/// <param name="LoginName">Like an e-mail address.</param>
/// <param name="Created">When it was first seen.</param>
internal sealed record TailnetUser(long Id, string LoginName, DateTimeOffset Created)
{
    /// <summary>The part of the login name before the <c>@</c>.</summary>
    public string DisplayName { get; } = LoginName.Split('@')[0];
}
