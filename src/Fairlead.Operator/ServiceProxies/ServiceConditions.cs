using Fairlead.Operator.Proxies;

namespace Fairlead.Operator.ServiceProxies;

/// <summary>Condition types and reasons on Services. Those of <see cref="ProxyReady"/> are wire contract with upstream.</summary>
public static class ServiceConditions
{
    public const string ProxyReady = "TailscaleProxyReady";

    /// <inheritdoc cref="ProxyProgressCondition"/>
    public const string ProxyRunning = ProxyProgressCondition.Type;

    public const string Created = "ProxyCreated";
    public const string Failed = "ProxyFailed";
    public const string Invalid = "ProxyInvalid";
    public const string Pending = "ProxyPending";

    /// <summary>Event reasons.</summary>
    public const string InvalidConfigEvent = "INVALIDCONFIG";

    public const string InvalidServiceEvent = "INVALIDSERVICE";

    public const string HandedOverEvent = "HandedOverToProxyGroup";

    public const string HandOverWaitsEvent = "HandOverToProxyGroupWaits";

    /// <summary>Condition types by which a ProxyGroup's controllers say that its proxies serve a Service. Wire contract with upstream.</summary>
    public const string GroupIngressConfigured = "TailscaleIngressSvcConfigured";

    public const string GroupEgressConfigured = "TailscaleEgressSvcConfigured";

    /// <summary>What the types of all conditions begin with that the controller of ProxyGroups' egress Services sets.</summary>
    public const string GroupEgressPrefix = "TailscaleEgressSvc";
}
