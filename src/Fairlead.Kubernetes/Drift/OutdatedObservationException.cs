using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Drift;

/// <summary>An object is not, or no longer, as it was observed, which the server's answer to a patch does not tell by itself.</summary>
internal sealed class OutdatedObservationException(string kind, ObjectKey key, Exception answer)
    : Exception($"{kind} {key} changed meanwhile", answer);
