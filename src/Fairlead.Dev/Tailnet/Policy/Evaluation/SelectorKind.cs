namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <summary>What a selector of the policy stands for.</summary>
internal enum SelectorKind
{
    /// <summary><c>*</c>.</summary>
    Everything,

    /// <summary>Untagged devices of one user, by login name.</summary>
    User,

    /// <summary>Untagged devices of a <c>group:</c>'s users.</summary>
    Group,

    Tag,

    /// <summary><c>autogroup:member</c>: untagged devices.</summary>
    Member,

    /// <summary><c>autogroup:tagged</c>.</summary>
    Tagged,

    /// <summary><c>autogroup:self</c>: untagged devices of the same user as the source.</summary>
    Self,

    /// <summary><c>autogroup:internet</c>: what exit nodes lead to.</summary>
    Internet,

    /// <summary>Addresses: an IP, a CIDR, a name of <c>hosts</c> or an <c>ipset:</c>.</summary>
    Prefixes,

    /// <summary>A Tailscale Service, <c>svc:</c> and its label.</summary>
    Service,
}
