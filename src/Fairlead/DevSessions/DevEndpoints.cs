namespace Fairlead.DevSessions;

/// <summary>Where the parts of a session are reached.</summary>
/// <param name="Directory">Of the session, by which other commands find it.</param>
internal sealed record DevEndpoints(Uri KubernetesApi, Uri ControlPlane, string Kubeconfig, string Directory);
