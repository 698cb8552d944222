using System.Collections.Immutable;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.GroupServices.Egress;
using Fairlead.Proxy.GroupServices.Ingress;

namespace Fairlead.Proxy.GroupServices;

/// <summary>What the Services of both kinds mean for one Pod at one moment.</summary>
internal sealed record ServicesPlan(EgressServicesPlan Egress, IngressServicesPlan Ingress)
{
    public ImmutableArray<ForwardingRule> Rules { get; } = [.. Egress.Rules, .. Ingress.Rules];
}
