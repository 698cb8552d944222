using System.Collections.Immutable;

namespace Fairlead.Proxy.Forwarding;

/// <summary>Makes traffic take the desired ways and no others of its own.</summary>
public interface ITrafficForwarder : IAsyncDisposable
{
    /// <summary>Whether rules for IPv6 can be carried out.</summary>
    bool CarriesIPv6 { get; }

    /// <summary>What the rules in force ask for in vain; applying them again tries again. One Service's port must not end the others'.</summary>
    ImmutableArray<RefusedPort> Refused => [];

    /// <summary>
    /// Replaces the rules by these. Repeating it with the same rules does nothing; connections on ways that stay are not disturbed.
    /// </summary>
    /// <exception cref="ForwardingException">A rule cannot be carried out; its message names the rule and the remedy.</exception>
    Task ApplyAsync(ImmutableArray<ForwardingRule> rules, CancellationToken cancellationToken);
}
