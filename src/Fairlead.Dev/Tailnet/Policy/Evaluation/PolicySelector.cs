using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <param name="Kind">What it stands for.</param>
/// <param name="Text">As it is written in the policy.</param>
internal sealed record PolicySelector(SelectorKind Kind, string Text)
{
    /// <summary>Addresses, for <see cref="SelectorKind.Prefixes"/>.</summary>
    public IReadOnlyList<IPPrefix> Prefixes { get; init; } = [];

    /// <summary>Login names, for <see cref="SelectorKind.User"/> and <see cref="SelectorKind.Group"/>.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Does it name this device by its owner or tags? Addresses, services and relative groups never do.</summary>
    public bool Names(PolicyNode node) => Kind switch
    {
        SelectorKind.Everything => true,
        SelectorKind.Tag => node.Tags.Contains(Text),
        SelectorKind.Tagged => node.IsTagged,
        SelectorKind.Member => !node.IsTagged,
        SelectorKind.User or SelectorKind.Group => !node.IsTagged && Users.Contains(node.User, StringComparer.OrdinalIgnoreCase),
        _ => false,
    };
}
