namespace Fairlead.Kubernetes.Resources.Core;

public sealed record PodDnsConfig : ExtensibleRecord
{
    public IReadOnlyList<string>? Nameservers { get; init; }

    public IReadOnlyList<string>? Searches { get; init; }

    public IReadOnlyList<PodDnsConfigOption>? Options { get; init; }
}
