namespace Fairlead.Kubernetes.Resources.Core;

public sealed record VolumeProjection : ExtensibleRecord
{
    public SecretProjection? Secret { get; init; }

    public ConfigMapProjection? ConfigMap { get; init; }

    public DownwardApiProjection? DownwardAPI { get; init; }

    public ServiceAccountTokenProjection? ServiceAccountToken { get; init; }

    public ClusterTrustBundleProjection? ClusterTrustBundle { get; init; }
}
