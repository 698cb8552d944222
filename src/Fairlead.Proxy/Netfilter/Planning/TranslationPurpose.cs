namespace Fairlead.Proxy.Netfilter.Planning;

/// <summary>What a translation of destinations serves; rules are found again by it.</summary>
internal enum TranslationPurpose
{
    Ingress,
    IngressBackend,
    IngressService,
    Egress,
    EgressPort,
    ClusterTraffic,
}
