namespace Fairlead.DevSessions;

/// <summary>Where the parts of a session are reached.</summary>
internal sealed record DevEndpoints(Uri KubernetesApi, Uri ControlPlane, string Kubeconfig);
