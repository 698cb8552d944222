using System.Collections.Immutable;
using Fairlead.Proxy.Forwarding;

namespace Fairlead.Proxy.Tailscaled;

/// <summary>A tailscaled without a TUN device serves and proxies, but the kernel sees none of its traffic: there is nothing to forward.</summary>
internal sealed class UserspaceForwarder : ITrafficForwarder
{
    public bool CarriesIPv6 => true;

    public Task ApplyAsync(ImmutableArray<ForwardingRule> rules, CancellationToken cancellationToken) => rules.IsDefaultOrEmpty
        ? Task.CompletedTask
        : throw new ForwardingException(
            $"The rule {rules[0]} needs a TUN device: set TS_USERSPACE=false and give the proxy the capability NET_ADMIN, or use the managed engine.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
