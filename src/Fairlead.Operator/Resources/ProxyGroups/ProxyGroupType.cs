namespace Fairlead.Operator.Resources.ProxyGroups;

/// <summary>What a ProxyGroup is for. Wire contract.</summary>
public static class ProxyGroupType
{
    /// <summary>Leads from the cluster to the tailnet.</summary>
    public const string Egress = "egress";

    /// <summary>Leads from the tailnet into the cluster.</summary>
    public const string Ingress = "ingress";

    /// <summary>Serves the cluster's API to the tailnet.</summary>
    public const string KubeApiServer = "kube-apiserver";
}
