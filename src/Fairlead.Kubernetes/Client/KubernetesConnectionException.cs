namespace Fairlead.Kubernetes.Client;

/// <summary>The API server could not be reached, went silent, or the connection broke. The message names the server and a remedy.</summary>
public sealed class KubernetesConnectionException(Uri server, string message, bool requestMayHaveArrived, Exception? innerException = null)
    : Exception(message, innerException)
{
    public Uri Server { get; } = server;

    /// <summary>False if certainly nothing was sent, so that even a creation can be repeated.</summary>
    public bool RequestMayHaveArrived { get; } = requestMayHaveArrived;
}
