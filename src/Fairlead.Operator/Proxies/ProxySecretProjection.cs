using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.Proxies;

/// <summary>
/// What the operator keeps of proxies' Secrets: configuration and device, not the keys and certificates of the node, which it
/// never needs and had better not hold.
/// </summary>
public static class ProxySecretProjection
{
    public static Secret Keep(Secret secret) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = secret.Metadata.Name,
            Namespace = secret.Metadata.Namespace,
            Uid = secret.Metadata.Uid,
            ResourceVersion = secret.Metadata.ResourceVersion,
            DeletionTimestamp = secret.Metadata.DeletionTimestamp,
            Labels = secret.Metadata.Labels,
            Finalizers = secret.Metadata.Finalizers,
        },
        Data = secret.Data?.Where(entry => IsKept(entry.Key)).ToDictionary(StringComparer.Ordinal),
    };

    private static bool IsKept(string key) =>
        key.EndsWith(".hujson", StringComparison.Ordinal)
        || key is ProxyStateKeys.DeviceId or ProxyStateKeys.DeviceFqdn or ProxyStateKeys.DeviceIps
            or ProxyStateKeys.PodUid or ProxyStateKeys.CapabilityVersion or ProxyStateKeys.ReissueAuthKey
            or ProxyStateKeys.HttpsEndpoint or ServeConfig.Key;
}
